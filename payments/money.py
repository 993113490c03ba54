"""Amounts of money: whole pence, sterling, never a float."""

import re

from payments.errors import BadAmount

#: No single amount in this service may pass it: a slip of the keyboard, not a payment.
MOST_PENCE = 100_000_000

_POUNDS = re.compile(r"£?\s*(?P<pounds>\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.(?P<pence>\d{1,2}))?")


def parse_pounds(text: str) -> int:
    """Pence from what a person types: "13.50", "£1,200", "12.9".

    Raises:
        BadAmount: not an amount of money, or more precise than a penny.
    """
    found = _POUNDS.fullmatch(text.strip())
    if found is None:
        raise BadAmount("Enter an amount in pounds and pence, like 13.50.")
    pounds = int(found["pounds"].replace(",", ""))
    return pounds * 100 + int((found["pence"] or "").ljust(2, "0"))


def pounds(pence: int) -> str:
    """The amount as written in England: "£1,234.56", "-£3.00"."""
    sign = "-" if pence < 0 else ""
    whole, rest = divmod(abs(pence), 100)
    return f"{sign}£{whole:,}.{rest:02d}"


def for_minutes(rate_pence: int, minutes: int) -> int:
    """Pence due for `minutes` at `rate_pence` an hour; half a penny goes up, in the worker's favour."""
    return (rate_pence * minutes * 2 + 60) // 120


def positive(pence: int) -> int:
    """The amount unchanged.

    Raises:
        BadAmount: nothing, less than nothing, or more than `MOST_PENCE`.
    """
    if pence <= 0:
        raise BadAmount("The amount must be more than £0.00.")
    if pence > MOST_PENCE:
        raise BadAmount(f"The amount can't be more than {pounds(MOST_PENCE)}.")
    return pence

"""Figures the way a person says them, in British English."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

#: Names of competencies are the caller's; a code without one is said as it is.
NO_NAMES: Mapping[str, str] = MappingProxyType({})

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# strftime's names follow the machine's locale; these don't.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def pounds(pence: int) -> str:
    """1350 -> £13.50."""
    return f"£{pence // 100:,}.{pence % 100:02d}"


def hours(minutes: int) -> str:
    """1080 -> 18 hours, 60 -> 1 hour, 150 -> 2.5 hours."""
    said = f"{minutes / 60:g}"
    return f"{said} hour" if said == "1" else f"{said} hours"


def month(day: date) -> str:
    """A day in May 2026 -> May 2026."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def day_and_month(day: date) -> str:
    """4 May 2026."""
    return f"{day.day} {month(day)}"


def either(things: Sequence[str]) -> str:
    """[a, b, c] -> a, b or c."""
    *first, last = things
    return f"{', '.join(first)} or {last}" if first else last

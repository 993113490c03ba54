"""The demo's assistants and holders, one at a time, by chance within what is likely."""

import random
from datetime import date, timedelta

from matching.week import WeeklyWindow
from payments.budgets import FundingStream, ManagementType
from web.demo import sides
from web.demo.chance import likely, number
from web.demo.names import Addresses, full_name, is_mans
from web.demo.records import Assistant, Budget, Holder, Person
from web.demo.skills import BACKGROUNDS, Background, checked, held
from web.demo.weeks import SHAPES, drawn
from web.demo.words import about

#: The National Living Wage from April 2026, in pence an hour; nobody here asks for less.
LIVING_WAGE = 1271
MOST_RATE = 1900

_RATES = {
    1271: 24,
    1280: 8,
    1300: 18,
    1325: 10,
    1350: 14,
    1375: 5,
    1400: 9,
    1450: 5,
    1500: 4,
    1550: 2,
    1600: 1,
    1650: 1,
}
_FOR_NIGHTS = (50, 75, 100, 150, 200)
_LEAST_HOURS = {0: 14, 2: 12, 3: 14, 4: 22, 6: 18, 8: 12, 10: 5, 12: 3}
_MOST_HOURS = {8: 4, 10: 6, 12: 10, 16: 20, 20: 20, 24: 10, 30: 14, 37: 10, 40: 4, 48: 2}

#: How far before and after today a budget reaches at least, so that there is room to look back and to book.
_ROOM = timedelta(days=60)
_APRIL = 4

# How many holders in a hundred; yearly thousands of pounds, from and to, each with its share. NHS continuing
# healthcare comes to about £70,000 on average, as a public report of 2019 has it.
_STREAMS: dict[FundingStream, tuple[int, str, tuple[tuple[int, int, int], ...]]] = {
    FundingStream.NHS_CHC: (
        52,
        "Personal health budget",
        ((15, 30, 12), (30, 60, 30), (60, 90, 36), (90, 130, 14), (130, 180, 8)),
    ),
    FundingStream.NHS_CHC_FAST_TRACK: (4, "Fast track personal health budget", ((15, 40, 1),)),
    FundingStream.NHS_CCC: (8, "Children's continuing care", ((20, 60, 3), (60, 110, 1))),
    FundingStream.NHS_S117: (7, "Aftercare budget", ((15, 45, 1),)),
    FundingStream.NHS_OTHER: (7, "Joint health and care budget", ((20, 70, 1),)),
    FundingStream.SOCIAL_CARE_ADULT: (18, "Direct payment", ((12, 25, 2), (25, 45, 1))),
    FundingStream.SOCIAL_CARE_CHILD: (4, "Direct payment for a child", ((8, 25, 1),)),
}
_MANAGED = {
    ManagementType.DIRECT_PAYMENT: 50,
    ManagementType.DIRECT_PAYMENT_MANAGED: 28,
    ManagementType.THIRD_PARTY: 12,
    ManagementType.NOTIONAL: 10,
}


def person(dice: random.Random, addresses: Addresses) -> Person:
    """Somebody new, who joined within the last year."""
    name = full_name(dice)
    return Person(number(dice), addresses(name), name, joined_days_ago=dice.randint(60, 365))


def assistant(dice: random.Random, somebody: Person, postcode: str, *, today: date) -> Assistant:
    """What this person would say of themselves as an assistant."""
    background = likely(dice, {name: one.share for name, one in BACKGROUNDS.items()})
    shape = likely(dice, {name: share for name, (share, _) in SHAPES.items()})
    windows = drawn(dice, SHAPES[shape][1])
    least, most = _limits(dice, windows)
    nights = shape == "nights"
    offer = sides.offer(dice, sector=postcode, man=is_mans(somebody.name), nights=nights, today=today)
    return Assistant(
        id=number(dice),
        person=somebody,
        postcode=postcode,
        about=about(dice, background, offer),
        lowest_rate_pence=_rate(dice, BACKGROUNDS[background], nights=nights),
        least_minutes=least,
        most_minutes=most,
        windows=windows,
        skills=tuple((code, checked(dice, code, today=today)) for code in held(dice, BACKGROUNDS[background])),
        offer=offer,
    )


def _rate(dice: random.Random, background: Background, *, nights: bool) -> int:
    skilled = dice.choice((0, background.dearer_pence // 2, background.dearer_pence))
    return min(MOST_RATE, likely(dice, _RATES) + skilled + (dice.choice(_FOR_NIGHTS) if nights else 0))


def _limits(dice: random.Random, windows: tuple[WeeklyWindow, ...]) -> tuple[int, int]:
    """The least worth taking from one holder and the most for all together, whole hours, in minutes a week."""
    free = sum(window.minutes for window in windows) // 60
    most = max(min(likely(dice, _MOST_HOURS), free), free // 2)
    return min(likely(dice, _LEAST_HOURS), most) * 60, most * 60


def holder(dice: random.Random, somebody: Person, postcode: str, *, today: date) -> Holder:
    """A holder with one budget for this year, in one line."""
    stream = likely(dice, {stream: share for stream, (share, _, _) in _STREAMS.items()})
    _, name, bands = _STREAMS[stream]
    low, high = likely(dice, {(low, high): share for low, high, share in bands})
    # from whole hundreds a year, as plans are costed by the week and rounded
    pence = dice.randint(low * 10, high * 10) * 10_000
    return Holder(
        id=number(dice),
        person=somebody,
        postcode=postcode,
        budget=budget(dice, name, stream, likely(dice, _MANAGED), pence, today=today),
    )


def budget(
    dice: random.Random,
    name: str,
    funding_stream: FundingStream,
    management_type: ManagementType,
    pence: int,
    *,
    today: date,
) -> Budget:
    """A budget for the year around today."""
    starts_on, ends_on = year_around(today)
    return Budget(number(dice), number(dice), name, starts_on, ends_on, funding_stream, management_type, pence)


def year_around(today: date) -> tuple[date, date]:
    """From 1 April to 31 March; longer in spring, when one year ends just before or after today.

    Somebody who tries the demo in the first days of April can't look back on shifts otherwise, and in the last
    days of March can't book any.
    """
    first = date(today.year if today.month >= _APRIL else today.year - 1, _APRIL, 1)
    last = first.replace(year=first.year + 1) - timedelta(days=1)
    return min(first, (today - _ROOM).replace(day=1)), max(last, (today + _ROOM).replace(day=1) - timedelta(days=1))

"""What goes into matching: plain values, checked when they are made.

Rates are whole pence an hour, times are half hours of the week in Europe/London, journeys are minutes one way.
Nothing here says who a person is: no name, age or other protected characteristic. Gender is there for a
requirement with a lawful reason, and for nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import UUID

from matching.errors import BadProfile
from matching.places import Place
from matching.terms import GENDER, NO_TERMS, Terms
from matching.travel import LONGEST_MINUTES, Mode
from matching.week import MINUTES_IN_A_WEEK, STEP, WeeklyWindow, half_hours, minutes_of

Status = Literal["looking", "open", "not_now"]

# what the pool keeps of dates are two bytes, in days from its first day on
EARLIEST, LAST = date(2000, 1, 1), date(2179, 6, 4)
#: Metres of the National Grid, to the east and the north, that hold all of Great Britain.
MAP_WIDTH, MAP_HEIGHT = 700_000, 1_300_000
#: Minutes a week that may be promised to others, more than there are: agreements may overlap.
MOST_BOOKED = 2 * MINUTES_IN_A_WEEK
#: A rate is two bytes in the pool.
MOST_PENCE = 65_535


@dataclass(frozen=True, slots=True)
class Evidence:
    """When a competency or a check was proved and the last day it holds; None holds until it is withdrawn.

    Raises:
        BadProfile: it ends before it was checked, or a date is not of this century or the next.
    """

    checked_on: date
    valid_until: date | None

    def __post_init__(self) -> None:
        if self.valid_until is not None and self.valid_until < self.checked_on:
            raise BadProfile("valid_until", "A check can't run out before the day it was made.")
        for name, day in (("checked_on", self.checked_on), ("valid_until", self.valid_until)):
            if day is not None and not EARLIEST <= day <= LAST:
                raise BadProfile(name, f"Give a date from {EARLIEST.year} to {LAST.year - 1}.")


@dataclass(frozen=True, slots=True)
class Need:
    """What one holder asks for: where, when, what the person must and may know and be, and at what rate.

    `windows` are the times that would do. All of them are wanted, or `minutes_a_week` of them; `preferred` are
    those of them liked best. `required`, `checks` and `languages` must be held on the dates; what is wished only
    counts in the order. `blocked` are people one of the two doesn't want to meet again, `known` those who have
    worked for this holder.

    Raises:
        BadProfile: no time was asked, a figure is out of range, the end is before the start, or a gender is
            required without the reason that makes it lawful (Equality Act 2010, schedule 9 part 1).
    """

    id: UUID
    place: Place
    windows: tuple[WeeklyWindow, ...]
    required: frozenset[str]
    wished: frozenset[str]
    rate_pence: int
    starts_on: date
    ends_on: date | None = None
    minutes_a_week: int | None = None
    preferred: tuple[WeeklyWindow, ...] = ()
    checks: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    languages_wished: frozenset[str] = frozenset()
    terms: Terms = NO_TERMS
    gender_reason: str = ""
    blocked: frozenset[UUID] = frozenset()
    known: frozenset[UUID] = frozenset()

    def __post_init__(self) -> None:
        _on_the_map(self.place)
        if not self.windows:
            raise BadProfile("windows", "Say at least one time of the week when support is needed.")
        _between(0, MOST_PENCE, "rate_pence", self.rate_pence)
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise BadProfile("ends_on", "The last day can't be before the first.")
        if self.minutes_a_week is not None:
            _between(STEP, minutes_of(half_hours(self.windows)), "minutes_a_week", self.minutes_a_week)
        if self.terms.needs & GENDER and not self.gender_reason.strip():
            raise BadProfile(
                "gender_reason", "Say why it has to be a woman or a man. The law asks for a reason, like intimate care."
            )
        if self.terms.refuses & GENDER:
            raise BadProfile("terms", "Say whom you need, with the reason, rather than whom you refuse.")


@dataclass(frozen=True, slots=True)
class Candidate:
    """What one personal assistant offers and the limits they set, minutes and hours being a week's.

    `travel_minutes` is how long they travel one way, by `mode`. `booked` is time already promised to someone;
    `booked_minutes` is how much work that is, which may be more than the windows show. No windows means never
    free. `least_minutes` is the least worth taking from one holder, `most_minutes` the most they work for everyone
    together. `confirmed_on` is when they last said that all this is so.

    Raises:
        BadProfile: a figure is out of range or not a number, or the least is more than the most.
    """

    id: UUID
    place: Place
    windows: tuple[WeeklyWindow, ...]
    competencies: Mapping[str, Evidence] = field(hash=False)
    lowest_rate_pence: int
    travel_minutes: int
    least_minutes: int
    most_minutes: int
    mode: Mode = "car"
    checks: Mapping[str, Evidence] = field(default_factory=dict, hash=False)
    languages: frozenset[str] = frozenset()
    terms: Terms = NO_TERMS
    booked: tuple[WeeklyWindow, ...] = ()
    booked_minutes: int = 0
    status: Status = "looking"
    confirmed_on: date | None = None

    def __post_init__(self) -> None:
        _on_the_map(self.place)
        _between(0, MOST_PENCE, "lowest_rate_pence", self.lowest_rate_pence)
        _between(0, LONGEST_MINUTES, "travel_minutes", self.travel_minutes)
        _between(0, MOST_BOOKED, "booked_minutes", self.booked_minutes)
        _between(0, MINUTES_IN_A_WEEK, "most_minutes", self.most_minutes)
        _between(0, self.most_minutes, "least_minutes", self.least_minutes)


def _on_the_map(place: Place) -> None:
    if not (0 <= place.easting < MAP_WIDTH and 0 <= place.northing < MAP_HEIGHT):
        raise BadProfile("place", "That place is not on the map of Great Britain.")


def _between(least: int, most: int, name: str, value: float) -> None:
    # NaN is not between anything, and half a penny is none
    if not least <= value <= most or value != int(value):
        raise BadProfile(name, f"Give a whole number from {least} to {most:,}.")

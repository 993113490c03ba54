"""What goes into matching and what comes out: plain values, checked when they are made.

Rates are whole pence an hour, times are minutes of the week in Europe/London, distances are miles.
Nothing here says who a person is: no name, age, sex or other protected characteristic.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import UUID

from matching.errors import BadProfile, BadWindow
from matching.places import Place

Side = Literal["holder", "assistant"]

STEP = 30
MINUTES_IN_A_DAY = 24 * 60
MINUTES_IN_A_WEEK = 7 * MINUTES_IN_A_DAY
HALF_HOURS_IN_A_DAY = MINUTES_IN_A_DAY // STEP
HALF_HOURS_IN_A_WEEK = MINUTES_IN_A_WEEK // STEP
_WHOLE_WEEK = (1 << HALF_HOURS_IN_A_WEEK) - 1


@dataclass(frozen=True, slots=True)
class WeeklyWindow:
    """A stretch of every week in half-hour steps; it may run past midnight and past Sunday.

    `weekday` 0 is Monday, `start` is minutes after midnight, `minutes` is how long, a day at most.

    Raises:
        BadWindow: one of the three is out of range.
    """

    weekday: int
    start: int
    minutes: int

    def __post_init__(self) -> None:
        if self.weekday not in range(7):
            raise BadWindow("weekday", "Choose a day from Monday to Sunday.")
        if self.start not in range(0, MINUTES_IN_A_DAY, STEP):
            raise BadWindow("start", "Start on the hour or at half past, between 00:00 and 23:30.")
        if self.minutes not in range(STEP, MINUTES_IN_A_DAY + STEP, STEP):
            raise BadWindow("minutes", "Make it between half an hour and 24 hours long, in half hours.")


def half_hours(windows: Iterable[WeeklyWindow]) -> int:
    """The 336 half hours of the week as bits, Monday 00:00 lowest; overlaps count once."""
    week = 0
    for window in windows:
        first = window.weekday * HALF_HOURS_IN_A_DAY + window.start // STEP
        line = ((1 << window.minutes // STEP) - 1) << first
        week |= (line | line >> HALF_HOURS_IN_A_WEEK) & _WHOLE_WEEK
    return week


@dataclass(frozen=True, slots=True)
class Evidence:
    """When a competency was checked and the last day it holds; None holds until it is withdrawn.

    Raises:
        BadProfile: it ends before it was checked.
    """

    checked_on: date
    valid_until: date | None

    def __post_init__(self) -> None:
        if self.valid_until is not None and self.valid_until < self.checked_on:
            raise BadProfile("valid_until", "A check can't run out before the day it was made.")


@dataclass(frozen=True, slots=True)
class Need:
    """What one holder asks for: where, when, what the person must and may know, and at what rate.

    Raises:
        BadProfile: no time was asked, the rate is negative or the end is before the start.
    """

    id: UUID
    place: Place
    windows: tuple[WeeklyWindow, ...]
    required: frozenset[str]
    wished: frozenset[str]
    rate_pence: int
    starts_on: date
    ends_on: date | None = None

    def __post_init__(self) -> None:
        if not self.windows:
            raise BadProfile("windows", "Say at least one time of the week when support is needed.")
        _at_least(0, "rate_pence", self.rate_pence)
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise BadProfile("ends_on", "The last day can't be before the first.")


@dataclass(frozen=True, slots=True)
class Candidate:
    """What one personal assistant offers and the limits they set, minutes and hours being a week's.

    `booked` is time already promised to someone; `booked_minutes` is how much work that is, which
    may be more than the windows show. No windows means never free. `least_minutes` is the least
    worth taking from one holder, `most_minutes` the most they work for everyone together.

    Raises:
        BadProfile: a figure is negative or not a number, or the least is more than the most.
    """

    id: UUID
    place: Place
    windows: tuple[WeeklyWindow, ...]
    competencies: Mapping[str, Evidence] = field(hash=False)
    lowest_rate_pence: int
    travel_miles: float
    least_minutes: int
    most_minutes: int
    booked: tuple[WeeklyWindow, ...] = ()
    booked_minutes: int = 0
    looking: bool = True

    def __post_init__(self) -> None:
        _at_least(0, "lowest_rate_pence", self.lowest_rate_pence)
        _at_least(0, "travel_miles", self.travel_miles)
        _at_least(0, "least_minutes", self.least_minutes)
        _at_least(0, "booked_minutes", self.booked_minutes)
        _at_least(self.least_minutes, "most_minutes", self.most_minutes)


def _at_least(least: int, name: str, value: float) -> None:
    # NaN is neither below nor above anything, so the question is asked this way round
    if not value >= least or not math.isfinite(value):
        raise BadProfile(name, f"Give a number that is {least} or more.")


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for (or not) a yes of one side, and how much: `points` are log-odds.

    `code` is stable and says which kind of reason it is; `sentence` is said to the holder.
    """

    code: str
    side: Side
    sentence: str
    points: float


@dataclass(frozen=True, slots=True)
class SideScore:
    """How likely one side says yes: `base` plus the points of its reasons is `log_odds`, exactly."""

    base: float
    log_odds: float
    probability: float


@dataclass(frozen=True, slots=True)
class Match:
    """One candidate on a shortlist; `score` is the probability that both sides say yes.

    `reasons` of both sides, most points first; `free_minutes` of those asked, a week.
    """

    candidate_id: UUID
    score: float
    holder: SideScore
    assistant: SideScore
    miles: float
    free_minutes: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One hard rule: how many people it removed and how many were left after it."""

    code: str
    sentence: str
    removed: int
    left: int


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The best matches for a need, best first, and what became of everyone else.

    `considered` is the whole pool; the funnel's removals and those left add up to it.
    """

    need_id: UUID
    considered: int
    matches: tuple[Match, ...]
    funnel: tuple[FunnelStep, ...]

    @property
    def fitting(self) -> int:
        """How many people pass every hard rule, shown or not."""
        return self.funnel[-1].left

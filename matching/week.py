"""The week as 336 half hours in Europe/London, and the parts of it that people name."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from matching.errors import BadWindow

STEP = 30
MINUTES_IN_A_DAY = 24 * 60
MINUTES_IN_A_WEEK = 7 * MINUTES_IN_A_DAY
HALF_HOURS_IN_A_DAY = MINUTES_IN_A_DAY // STEP
HALF_HOURS_IN_A_WEEK = MINUTES_IN_A_WEEK // STEP
_WHOLE_WEEK = (1 << HALF_HOURS_IN_A_WEEK) - 1

#: Times of the week that are found, and paid for, apart from each other.
Block = Literal["day", "evening", "night", "weekend"]


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


def minutes_of(week: int) -> int:
    """How much time the half hours are."""
    return week.bit_count() * STEP


def _every(days: Iterable[int], start: int, hours: int) -> int:
    return half_hours(WeeklyWindow(day, start * 60, hours * 60) for day in days)


#: Every half hour of the week is in one block. A night is from 22:00 to 07:00, whatever the day.
BLOCKS: dict[Block, int] = {
    "day": _every(range(5), 7, 10),
    "evening": _every(range(5), 17, 5),
    "night": _every(range(7), 22, 9),
    "weekend": _every((5, 6), 7, 15),
}


def main_block(week: int) -> Block:
    """The block that most of the half hours are in; the earlier named of two with as many."""
    return max(BLOCKS, key=lambda block: (week & BLOCKS[block]).bit_count())

"""Hours of the week in the shapes people live in: school hours, mornings, evenings, weekends, nights, whole days."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from matching.week import STEP, WeeklyWindow

WORKDAYS, WEEKEND, ALL_DAYS = range(5), range(5, 7), range(7)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The same hours on some days: which days, how many of them, the first start, the last, and how long.

    Starts and lengths are hours, whole or half; a stretch may run past midnight.
    """

    days: Sequence[int]
    number: tuple[int, int]
    starts: tuple[float, float]
    lengths: tuple[float, float]

    def drawn(self, dice: random.Random) -> list[WeeklyWindow]:
        """One person's version of it; the start and the length are the same every day, as most people live."""
        days = sorted(dice.sample(self.days, dice.randint(*self.number)))
        start, minutes = _half_hours(dice, self.starts), _half_hours(dice, self.lengths)
        return [WeeklyWindow(day, start, minutes) for day in days]


def drawn(dice: random.Random, stretches: Sequence[Stretch]) -> tuple[WeeklyWindow, ...]:
    """A week of several stretches, in order; the stretches were chosen so that none overlap."""
    windows = [window for stretch in stretches for window in stretch.drawn(dice)]
    return tuple(sorted(windows, key=lambda window: (window.weekday, window.start)))


def _half_hours(dice: random.Random, hours: tuple[float, float]) -> int:
    first, last = (round(hour * 60 / STEP) for hour in hours)
    return dice.randint(first, last) * STEP


NIGHTS = Stretch(ALL_DAYS, (2, 5), (20.0, 22.0), (8.0, 11.0))
_MORNINGS = Stretch(WORKDAYS, (3, 5), (6.5, 8.0), (4.0, 5.5))
_EVENINGS = Stretch(WORKDAYS, (2, 5), (16.0, 18.0), (4.0, 5.5))
_WEEKENDS = Stretch(WEEKEND, (1, 2), (7.0, 9.0), (6.0, 13.0))

#: When the demo's assistants can work: how many in a hundred, and the stretches of their week.
SHAPES = {
    "school_hours": (18, (Stretch(WORKDAYS, (3, 5), (9.0, 9.5), (5.0, 6.0)),)),
    "mornings": (11, (_MORNINGS,)),
    "mornings_and_weekends": (8, (_MORNINGS, _WEEKENDS)),
    "evenings": (9, (_EVENINGS,)),
    "evenings_and_weekends": (10, (_EVENINGS, _WEEKENDS)),
    "weekends": (7, (_WEEKENDS,)),
    "nights": (10, (NIGHTS,)),
    "full_time": (17, (Stretch(WORKDAYS, (4, 5), (7.0, 9.0), (8.0, 11.0)),)),
    "long_days": (10, (Stretch(ALL_DAYS, (3, 5), (7.0, 7.5), (11.0, 13.0)),)),
}

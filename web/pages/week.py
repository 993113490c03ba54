"""Weekly hours as people say them: the same times on several days are said once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

from marketplace.availability import WEEKDAYS, Hours


@dataclass(frozen=True, slots=True)
class Times:
    """The days, 0 is Monday, that have these times; an end at or before the start is on the next day."""

    days: tuple[int, ...]
    start: time
    end: time

    @property
    def run(self) -> bool:
        """Whether the days are three or more without a gap, so that the first and the last say all."""
        shortest = 3
        return len(self.days) >= shortest and self.days[-1] - self.days[0] == len(self.days) - 1


def grouped(hours: Iterable[Hours]) -> list[Times]:
    """The hours of a week by their times, in the order of the first day each comes on."""
    days: dict[tuple[time, time], list[int]] = {}
    for one in hours:
        days.setdefault((one.start, one.end), []).append(WEEKDAYS.index(one.weekday))
    made = [Times(tuple(sorted(on)), start, end) for (start, end), on in days.items()]
    return sorted(made, key=lambda times: (times.days, times.start))

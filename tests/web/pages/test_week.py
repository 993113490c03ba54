from datetime import time

import pytest

from marketplace.availability import WEEKDAYS, Hours
from web.pages.week import Times, grouped


def on(days: str, start: int = 8, end: int = 12) -> list[Hours]:
    """Hours on days by their numbers, 0 is Monday."""
    return [Hours(weekday=WEEKDAYS[int(day)], start=time(start), end=time(end)) for day in days]


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ([], []),
        (on("0"), [((0,), 8)]),
        (on("420"), [((0, 2, 4), 8)]),
        ([*on("5", 22, 6), *on("01234")], [((0, 1, 2, 3, 4), 8), ((5,), 22)]),
        ([*on("1", 18, 20), *on("1"), *on("0", 18, 20)], [((0, 1), 18), ((1,), 8)]),
    ],
)
def test_the_same_times_on_several_days_are_said_once(hours: list[Hours], said: list[tuple[object, int]]) -> None:
    assert [(times.days, times.start.hour) for times in grouped(hours)] == said


@pytest.mark.parametrize(
    ("days", "run"), [((0,), False), ((0, 1), False), ((0, 1, 2), True), ((0, 2, 3), False), ((0, 1, 2, 3, 4), True)]
)
def test_three_days_or_more_without_a_gap_are_a_run(days: tuple[int, ...], run: bool) -> None:
    assert Times(days, time(8), time(12)).run is run

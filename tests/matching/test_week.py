"""The week in half hours: over midnight, over Sunday, and in blocks."""

import pytest

from matching.errors import BadWindow
from matching.week import BLOCKS, MINUTES_IN_A_WEEK, WeeklyWindow, half_hours, main_block, minutes_of
from tests.matching.world import every_day, hours


@pytest.mark.parametrize(
    ("windows", "bits"),
    [
        ((), set()),
        ((hours(0, 0, 0.5),), {0}),
        ((hours(0, 23.5, 1),), {47, 48}),
        ((hours(6, 23.5, 1),), {335, 0}),
        ((hours(1, 8, 1), hours(1, 8.5, 1)), {64, 65, 66}),
        ((hours(6, 0, 24),), set(range(288, 336))),
    ],
)
def test_windows_are_half_hours_that_run_past_midnight_and_past_sunday(
    windows: tuple[WeeklyWindow, ...], bits: set[int]
) -> None:
    assert half_hours(windows) == sum(1 << bit for bit in bits)


@pytest.mark.parametrize(
    ("weekday", "start", "minutes", "field"),
    [
        (-1, 0, 30, "weekday"),
        (7, 0, 30, "weekday"),
        (0, -30, 30, "start"),
        (0, 15, 30, "start"),
        (0, 1440, 30, "start"),
        (0, 0, 0, "minutes"),
        (0, 0, 45, "minutes"),
        (0, 0, 1470, "minutes"),
    ],
)
def test_what_is_no_time_of_the_week_is_refused_by_name(weekday: int, start: int, minutes: int, field: str) -> None:
    with pytest.raises(BadWindow) as refused:
        WeeklyWindow(weekday, start, minutes)
    assert refused.value.field == field


def test_every_half_hour_is_in_one_block() -> None:
    assert sum(BLOCKS.values()) == (1 << 336) - 1
    assert sum(map(minutes_of, BLOCKS.values())) == MINUTES_IN_A_WEEK


@pytest.mark.parametrize(
    ("windows", "block"),
    [
        (every_day(8, 4, days=5), "day"),
        (every_day(16, 4, days=5), "evening"),
        (every_day(22, 9), "night"),
        ((hours(5, 9, 8), hours(6, 9, 8), hours(0, 8, 4)), "weekend"),
        ((hours(0, 15, 4),), "day"),
    ],
)
def test_hours_belong_to_the_block_most_of_them_are_in(windows: tuple[WeeklyWindow, ...], block: str) -> None:
    assert main_block(half_hours(windows)) == block

"""Figures the way a person says them."""

from datetime import date

import pytest

from matching.words import day_and_month, either, hours, month, pounds


@pytest.mark.parametrize(
    ("pence", "said"),
    [(0, "£0.00"), (5, "£0.05"), (1290, "£12.90"), (1350, "£13.50"), (123_456, "£1,234.56")],
)
def test_pence_are_said_in_pounds_with_two_figures_after_the_point(pence: int, said: str) -> None:
    assert pounds(pence) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 hours"), (30, "0.5 hours"), (60, "1 hour"), (90, "1.5 hours"), (1200, "20 hours"), (10_080, "168 hours")],
)
def test_minutes_are_said_in_hours_without_needless_noughts(minutes: int, said: str) -> None:
    assert hours(minutes) == said


@pytest.mark.parametrize(
    ("day", "month_said", "day_said"),
    [
        (date(2026, 1, 31), "January 2026", "31 January 2026"),
        (date(2026, 5, 4), "May 2026", "4 May 2026"),
        (date(2027, 12, 1), "December 2027", "1 December 2027"),
    ],
)
def test_dates_are_said_with_the_name_of_the_month(day: date, month_said: str, day_said: str) -> None:
    assert month(day) == month_said
    assert day_and_month(day) == day_said


@pytest.mark.parametrize(
    ("things", "said"),
    [(["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c")],
)
def test_one_of_several_things_is_said_with_or_before_the_last(things: list[str], said: str) -> None:
    assert either(things) == said

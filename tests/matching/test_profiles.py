"""Values that can't be are refused where they are made; half hours of the week are counted right."""

import math
from dataclasses import FrozenInstanceError, fields
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.errors import BadProfile, BadWindow, MatchingError
from matching.profiles import Candidate, Evidence, FunnelStep, Need, Shortlist, WeeklyWindow, half_hours
from tests.matching.world import candidate, every_day, hours, need, uuid

# a busy machine is no failure
unhurried = settings(deadline=None)

windows = st.builds(
    WeeklyWindow,
    weekday=st.integers(0, 6),
    start=st.integers(0, 47).map(lambda step: step * 30),
    minutes=st.integers(1, 48).map(lambda step: step * 30),
)


def steps(window: WeeklyWindow) -> set[int]:
    """The half hours of one window, counted by hand."""
    first = window.weekday * 48 + window.start // 30
    return {(first + step) % 336 for step in range(window.minutes // 30)}


def bits(week: int) -> set[int]:
    return {half_hour for half_hour in range(400) if week >> half_hour & 1}


@pytest.mark.parametrize(
    ("weekday", "start", "minutes", "field"),
    [
        (7, 0, 60, "weekday"),
        (-1, 0, 60, "weekday"),
        (0, 24 * 60, 60, "start"),
        (0, -30, 60, "start"),
        (0, 15, 60, "start"),
        (0, 0, 0, "minutes"),
        (0, 0, -60, "minutes"),
        (0, 0, 45, "minutes"),
        (0, 0, 27 * 60, "minutes"),
        (0, 0, 24 * 60 + 30, "minutes"),
        (0, math.nan, 60, "start"),
        (0, 0, math.nan, "minutes"),
    ],
)
def test_a_window_that_is_not_a_time_of_the_week_is_refused(
    weekday: float, start: float, minutes: float, field: str
) -> None:
    with pytest.raises(BadWindow) as refusal:
        WeeklyWindow(weekday, start, minutes)
    assert refusal.value.field == field
    assert refusal.value.sentence.endswith(".")


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (hours(0, 0, 0.5), {0}),
        (hours(0, 8, 1), {16, 17}),
        (hours(4, 22, 4), set(range(4 * 48 + 44, 4 * 48 + 52))),
        (hours(6, 23, 2), {334, 335, 0, 1}),
        (hours(6, 23.5, 24), {335, *range(47)}),
        (hours(2, 0, 24), set(range(96, 144))),
    ],
)
def test_half_hours_run_over_midnight_and_from_sunday_into_monday(window: WeeklyWindow, expected: set[int]) -> None:
    assert bits(half_hours([window])) == expected


def test_overlapping_windows_count_once_and_none_is_nothing() -> None:
    assert half_hours([hours(0, 8, 2), hours(0, 9, 2)]) == half_hours([hours(0, 8, 3)])
    assert half_hours([]) == 0


@unhurried
@given(st.lists(windows, max_size=12))
def test_half_hours_are_the_union_of_what_each_window_counts_by_hand(some: list[WeeklyWindow]) -> None:
    assert bits(half_hours(some)) == set().union(*map(steps, some))


@unhurried
@given(windows)
def test_a_window_has_as_many_half_hours_as_its_length_wherever_it_begins(window: WeeklyWindow) -> None:
    assert half_hours([window]).bit_count() * 30 == window.minutes


def test_support_round_the_clock_every_day_is_a_need_like_any_other() -> None:
    whole = need(windows=every_day(0, 24))
    assert half_hours(whole.windows).bit_count() == 336


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"windows": ()}, "windows"),
        ({"rate_pence": -1}, "rate_pence"),
        ({"rate_pence": math.nan}, "rate_pence"),
        ({"starts_on": date(2026, 9, 2), "ends_on": date(2026, 9, 1)}, "ends_on"),
    ],
)
def test_a_need_that_can_not_be_is_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadProfile) as refusal:
        need(**changes)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lowest_rate_pence": -1}, "lowest_rate_pence"),
        ({"lowest_rate_pence": math.nan}, "lowest_rate_pence"),
        ({"travel_miles": -0.1}, "travel_miles"),
        ({"travel_miles": math.nan}, "travel_miles"),
        ({"travel_miles": math.inf}, "travel_miles"),
        ({"least_minutes": -30}, "least_minutes"),
        ({"booked_minutes": -30}, "booked_minutes"),
        ({"least_minutes": 600, "most_minutes": 570}, "most_minutes"),
        ({"most_minutes": math.nan}, "most_minutes"),
    ],
)
def test_a_candidate_that_can_not_be_is_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadProfile) as refusal:
        candidate(**changes)
    assert refusal.value.field == field
    assert isinstance(refusal.value, MatchingError)


@pytest.mark.parametrize(
    "changes",
    [{"windows": ()}, {"travel_miles": 0}, {"least_minutes": 0, "most_minutes": 0}, {"lowest_rate_pence": 0}],
)
def test_a_candidate_may_offer_nothing_just_now(changes: dict[str, Any]) -> None:
    assert candidate(**changes).looking


def test_evidence_can_not_run_out_before_it_was_checked() -> None:
    day = date(2026, 5, 1)
    assert Evidence(day, day).valid_until == day
    assert Evidence(day, None).valid_until is None
    with pytest.raises(BadProfile, match="before the day it was made"):
        Evidence(day, day - timedelta(days=1))


def test_profiles_do_not_change_once_made() -> None:
    with pytest.raises(FrozenInstanceError):
        need().rate_pence = 1
    with pytest.raises(FrozenInstanceError):
        candidate().travel_miles = 100.0


def test_equal_values_are_equal_and_can_be_counted() -> None:
    assert need() == need()
    assert len({need(), need(), need(rate_pence=1400)}) == 2
    assert len({candidate(), candidate(), candidate(2)}) == 2


@pytest.mark.parametrize("kind", [Need, Candidate])
def test_no_profile_can_hold_a_protected_characteristic(kind: type[Need] | type[Candidate]) -> None:
    allowed = {
        *("id", "place", "windows", "required", "wished", "rate_pence", "starts_on", "ends_on", "competencies"),
        *("lowest_rate_pence", "travel_miles", "least_minutes", "most_minutes", "booked", "booked_minutes", "looking"),
    }
    assert {field.name for field in fields(kind)} <= allowed


def test_a_shortlist_knows_how_many_fit_whether_shown_or_not() -> None:
    funnel = (FunnelStep("a", "A", removed=3, left=7), FunnelStep("b", "B", removed=2, left=5))
    assert Shortlist(uuid(1), considered=10, matches=(), funnel=funnel).fitting == 5

"""Journeys by the model: longer is never quicker, and who travels so long gets so far and no further."""

from typing import get_args

import pytest

from matching.travel import (
    FURTHEST,
    LONGEST_MINUTES,
    MINUTES,
    MODES,
    STRIDE,
    Mode,
    ModelTimes,
    metres,
    minutes,
)
from tests.matching.world import place


@pytest.mark.parametrize(
    ("mode", "kilometres", "expected"),
    [
        ("car", 0, 5),
        ("car", 5, 17),
        ("car", 30, 49),
        ("public_transport", 5, 35),
        ("cycle", 4, 21),
        ("foot", 2, 33),
        ("foot", 200, LONGEST_MINUTES + 1),
    ],
)
def test_minutes_are_those_a_person_would_plan_for(mode: Mode, kilometres: int, expected: int) -> None:
    assert minutes(mode, kilometres * 1000) == expected


@pytest.mark.parametrize("mode", get_args(Mode))
def test_further_never_takes_less_time(mode: Mode) -> None:
    taken = [minutes(mode, away) for away in range(0, 400_000, 250)]
    assert taken == sorted(taken)
    assert max(taken) == LONGEST_MINUTES + 1


@pytest.mark.parametrize("mode", get_args(Mode))
def test_who_travels_so_long_gets_to_the_furthest_metre_and_not_to_the_next(mode: Mode) -> None:
    for limit in range(LONGEST_MINUTES + 1):
        furthest = int(FURTHEST[MODES.index(mode), limit])
        assert furthest < 0 or minutes(mode, furthest) <= limit
        assert minutes(mode, furthest + 1) > limit


def test_nobody_gets_anywhere_in_less_time_than_it_takes_to_set_off() -> None:
    assert FURTHEST[MODES.index("car"), 3] == -1
    assert FURTHEST[MODES.index("foot"), 1] > 0
    assert MINUTES.shape[1] * STRIDE > FURTHEST.max()


def test_metres_are_as_the_crow_flies_the_same_both_ways() -> None:
    here, there = place(), place(3, 4)
    assert metres(here, there) == metres(there, here) == 8046
    assert metres(here, here) == 0


def test_the_model_answers_like_anything_else_that_knows_travel_times() -> None:
    assert ModelTimes().minutes("foot", place(), [place(), place(1, 0), place(100, 0)]) == [1, 26, None]

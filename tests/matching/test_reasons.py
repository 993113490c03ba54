"""What a person would say, and that every point is said somewhere."""

from datetime import date
from fractions import Fraction
from math import fsum
from typing import Any

import numpy as np
import pytest

from matching.eligibility import ask
from matching.features import features_of
from matching.pool import Pool
from matching.profiles import Candidate, Evidence, Need, Reason, WeeklyWindow
from matching.reasons import Pair, explain
from tests.matching.world import NAMES, TODAY, candidate, checked, every_day, hours, need, place

HOIST = frozenset({"hoist"})


def reasons(a_need: Need, person: Candidate, worth: float = 1.0) -> dict[str, Reason]:
    """Each reason by its code, with the feature's own value as its points."""
    question, alone = ask(a_need, today=TODAY), Pool([person])
    features = features_of(question, alone, np.array([0]))
    points = [(feature, worth * float(feature.values[0])) for feature in features]
    pair = Pair(question, person, question.week & alone.free_weeks[0])
    return {reason.code: reason for reason in explain(pair, points, NAMES)}


@pytest.mark.parametrize(
    ("asks", "offers", "code", "sentence"),
    [
        ({}, {"place": place(2.1, 0)}, "nearness", "2.1 miles away"),
        ({}, {"place": place(1, 0)}, "nearness", "1.0 miles away"),
        ({}, {"place": place(0.4, 0)}, "nearness", "Less than half a mile away"),
        ({}, {"place": place(3.6, 0, "district")}, "nearness", "About 4 miles away"),
        ({"place": place(0, 0, "district")}, {}, "nearness", "About 1 mile away"),
        ({}, {}, "journey", "Within the 10 miles they travel"),
        ({}, {"travel_miles": 7.5}, "journey", "Within the 7.5 miles they travel"),
        ({}, {}, "rate", "Your £13.50 an hour is above the £12.90 they ask"),
        ({"rate_pence": 1290}, {}, "rate", "Your £12.90 an hour is what they ask"),
        ({}, {}, "hours_wanted", "Would fill 20 of the 40 hours a week they still have to give"),
        (
            {},
            {"booked_minutes": 930, "windows": every_day(8, 3.5)},
            "hours_wanted",
            "Would fill 17.5 of the 24.5 hours a week they still have to give",
        ),
        ({}, {}, "hours_free", "Free for all of your 20 hours"),
        (
            {"required": HOIST},
            {"competencies": {"hoist": Evidence(date(2026, 5, 4), None)}},
            "competency:hoist",
            "Says they are skilled in moving and handling with a hoist, checked May 2026",
        ),
        (
            {"wished": HOIST},
            {"competencies": {"hoist": Evidence(date(2025, 12, 31), None)}},
            "competency:hoist",
            "Says they are skilled in moving and handling with a hoist, checked December 2025",
        ),
        (
            {"wished": HOIST},
            {},
            "competency:hoist",
            "Not skilled in moving and handling with a hoist, which you wished for",
        ),
        (
            {"wished": HOIST},
            {"competencies": {"hoist": checked(30, valid_days=3)}},
            "competency:hoist",
            (
                "Says they are skilled in moving and handling with a hoist, which you wished for, "
                "but the check does not cover your dates"
            ),
        ),
        (
            {"wished": frozenset({"peg"})},
            {"competencies": {"peg": checked(-30)}},
            "competency:peg",
            "Says they are skilled in peg, which you wished for, but the check does not cover your dates",
        ),
    ],
)
def test_a_reason_is_said_as_a_person_would(
    asks: dict[str, Any], offers: dict[str, Any], code: str, sentence: str
) -> None:
    assert reasons(need(**asks), candidate(**offers))[code].sentence == sentence


@pytest.mark.parametrize(
    ("asked", "offered", "said"),
    [
        ((*every_day(8, 4, days=4), hours(4, 17, 4)), every_day(8, 8), "16 of your 20 hours; not Friday evening"),
        ((hours(0, 8, 4),), (hours(0, 9, 3),), "3 of your 4 hours; not part of Monday morning"),
        ((hours(0, 8, 8),), (hours(0, 8, 4),), "4 of your 8 hours; not Monday afternoon"),
        ((hours(4, 22, 9),), (hours(4, 22, 8),), "8 of your 9 hours; not Saturday morning"),
        ((hours(1, 22, 8), hours(3, 8, 9)), (hours(3, 8, 9),), "9 of your 17 hours; not Tuesday night"),
        ((hours(6, 22, 8), hours(3, 8, 9)), (hours(3, 8, 9),), "9 of your 17 hours; not Sunday night"),
        ((hours(0, 2, 3), hours(3, 8, 9)), (hours(3, 8, 9),), "9 of your 12 hours; not Sunday night"),
        (
            every_day(8, 1, days=6),
            every_day(8, 1, days=3),
            "3 of your 6 hours; not Thursday morning, Friday morning or Saturday morning",
        ),
        (
            every_day(18, 1),
            every_day(18, 1, days=3),
            "3 of your 7 hours; not Thursday evening, Friday evening, Saturday evening or 1 other time",
        ),
        (
            (*every_day(8, 1), *every_day(18, 1)),
            every_day(8, 1),
            "7 of your 14 hours; not Monday evening, Tuesday evening, Wednesday evening or 4 other times",
        ),
    ],
)
def test_hours_that_are_not_free_are_named_as_one_would_say_them(
    asked: tuple[WeeklyWindow, ...], offered: tuple[WeeklyWindow, ...], said: str
) -> None:
    found = reasons(need(windows=asked), candidate(windows=offered))["hours_free"]
    assert found.sentence == f"Free for {said}"


def test_each_reason_says_whose_yes_it_moves() -> None:
    found = reasons(need(required=HOIST), candidate(competencies={"hoist": checked()}))
    assert {code: reason.side for code, reason in found.items()} == {
        "nearness": "holder",
        "hours_free": "holder",
        "competency:hoist": "holder",
        "rate": "assistant",
        "hours_wanted": "assistant",
        "journey": "assistant",
    }


def test_reasons_stand_most_points_first_and_then_by_code() -> None:
    found = list(reasons(need(wished=frozenset({"peg"})), candidate(place=place(5, 0))).values())
    points = [reason.points for reason in found]
    assert points == sorted(points, reverse=True)
    same = list(reasons(need(), candidate(), worth=0.0))
    assert same == sorted(same)


def test_a_wish_and_the_age_of_its_check_are_one_reason_with_both_their_points() -> None:
    found = reasons(need(wished=HOIST), candidate(competencies={"hoist": checked(365)}))["competency:hoist"]
    assert found.points == pytest.approx(1 + 0.5)


def test_no_point_is_lost_on_the_way_to_the_sentences() -> None:
    a_need = need(required=HOIST, wished=frozenset({"peg", "suction"}))
    person = candidate(competencies={"hoist": checked(50), "peg": checked(10)}, place=place(3, 1))
    question = ask(a_need, today=TODAY)
    features = features_of(question, Pool([person]), np.array([0]))
    points = [(feature, float(Fraction(round(float(feature.values[0]) * 1024), 1024))) for feature in features]
    said = explain(Pair(question, person, question.week), points, {})
    assert fsum(reason.points for reason in said) == fsum(worth for _, worth in points)
    assert len(said) == 8

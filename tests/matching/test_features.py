"""Each feature is the figure its name says, between 0 and 1, for exactly the rows asked."""

from dataclasses import fields
from random import Random
from typing import Any

import numpy as np
import pytest

from matching.eligibility import ask, sift
from matching.features import Feature, features_of
from matching.pool import Pool
from matching.profiles import Candidate, Need
from matching.ranker import Weights
from tests.matching.world import (
    TODAY,
    candidate,
    checked,
    every_day,
    hours,
    need,
    place,
    random_need,
    random_pool,
)


def of_one(a_need: Need, person: Candidate) -> dict[tuple[str, str], float]:
    features = features_of(ask(a_need, today=TODAY), Pool([person]), np.array([0]))
    return {(feature.code, feature.about): float(feature.values[0]) for feature in features}


@pytest.mark.parametrize(
    ("asks", "offers", "code", "value"),
    [
        ({}, {}, "nearness", 1.0),
        ({}, {"place": place(5, 0)}, "nearness", 0.5),
        ({}, {"place": place(0, 10)}, "nearness", 0.25),
        ({}, {}, "hours_free", 1.0),
        ({}, {"windows": every_day(8, 2)}, "hours_free", 0.0),
        ({}, {"windows": every_day(8, 3)}, "hours_free", 0.5),
        ({}, {"booked": (hours(0, 8, 4),)}, "hours_free", 0.6),
        ({"rate_pence": 1290}, {}, "rate", 0.0),
        ({"rate_pence": 1340}, {}, "rate", 0.25),
        ({"rate_pence": 1490}, {}, "rate", 1.0),
        ({"rate_pence": 9000}, {}, "rate", 1.0),
        ({}, {"most_minutes": 1200}, "hours_wanted", 1.0),
        ({}, {"most_minutes": 2400}, "hours_wanted", 0.5),
        ({}, {"most_minutes": 2400, "booked_minutes": 900}, "hours_wanted", 0.8),
        ({}, {}, "journey", 1.0),
        ({}, {"place": place(2.5, 0)}, "journey", 0.75),
        ({}, {"place": place(10, 0)}, "journey", 0.0),
        ({}, {"travel_miles": 0}, "journey", 1.0),
    ],
)
def test_a_feature_is_the_figure_its_name_says(
    asks: dict[str, Any], offers: dict[str, Any], code: str, value: float
) -> None:
    assert of_one(need(**asks), candidate(**offers))[code, ""] == pytest.approx(value, abs=1e-3)


@pytest.mark.parametrize(
    ("required", "wished", "evidence", "expected"),
    [
        ("", "", {"hoist": checked()}, {}),
        ("hoist", "", {"hoist": checked()}, {("fresh_check", "hoist"): 1.0}),
        ("hoist", "", {"hoist": checked(365)}, {("fresh_check", "hoist"): 0.5}),
        ("hoist", "hoist", {"hoist": checked()}, {("fresh_check", "hoist"): 1.0}),
        ("", "peg", {}, {("wished", "peg"): 0.0, ("fresh_check", "peg"): 0.0}),
        ("", "peg", {"peg": checked()}, {("wished", "peg"): 1.0, ("fresh_check", "peg"): 1.0}),
        ("", "peg", {"peg": checked(9, valid_days=1)}, {("wished", "peg"): 0.0, ("fresh_check", "peg"): 0.0}),
        (
            "hoist",
            "peg suction",
            {"hoist": checked(), "suction": checked(730)},
            {
                ("fresh_check", "hoist"): 1 / 3,
                ("wished", "peg"): 0.0,
                ("fresh_check", "peg"): 0.0,
                ("wished", "suction"): 1 / 2,
                ("fresh_check", "suction"): 1 / 12,
            },
        ),
    ],
)
def test_competencies_share_the_worth_of_wishes_and_of_fresh_checks(
    required: str, wished: str, evidence: dict[str, Any], expected: dict[tuple[str, str], float]
) -> None:
    a_need = need(required=frozenset(required.split()), wished=frozenset(wished.split()))
    found = of_one(a_need, candidate(competencies=evidence))
    assert {key: value for key, value in found.items() if key[1]} == pytest.approx(expected)


def test_every_feature_has_a_weight_and_every_weight_but_the_bases_a_feature() -> None:
    a_need = need(required=frozenset({"hoist"}), wished=frozenset({"peg"}))
    codes = {code for code, _ in of_one(a_need, candidate())}
    assert codes == {field.name for field in fields(Weights)} - {"holder_base", "assistant_base"}


def test_values_lie_between_nought_and_one_for_everyone_who_fits() -> None:
    pool, dice = Pool(random_pool(3, 400)), Random(3)
    for _ in range(20):
        question = ask(random_need(dice), today=TODAY)
        rows, _ = sift(question, pool)
        for feature in features_of(question, pool, rows):
            assert feature.values.shape == rows.shape
            assert np.all((feature.values >= 0) & (feature.values <= 1)), feature.code


def test_features_are_only_of_the_rows_asked() -> None:
    pool = Pool([candidate(1), candidate(2, place=place(5, 0)), candidate(3)])
    nearness: Feature = features_of(ask(need(), today=TODAY), pool, np.array([1]))[0]
    assert (nearness.code, nearness.values.tolist()) == ("nearness", pytest.approx([0.5], abs=1e-3))

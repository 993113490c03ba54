from uuid import UUID

import pytest

from marketplace.competencies import Competency
from matching.profiles import Match, Reason, SideScore
from matching.ranker import Weights
from web.pages.fit import Told, chance, named, speaks_for, told

WEIGHTS = Weights()


@pytest.mark.parametrize(
    ("score", "word"),
    [
        (1.0, "very_good"),
        (0.5, "very_good"),
        (0.4999, "good"),
        (1 / 3, "good"),
        (0.3333, "fair"),
        (1 / 6, "fair"),
        (0.1666, "possible"),
        (0.0, "possible"),
    ],
)
def test_a_chance_has_a_word_with_the_bound_in_the_better_one(score: float, word: str) -> None:
    assert chance(score) == word


@pytest.mark.parametrize(
    ("code", "points", "speaks"),
    [
        ("hours_free", WEIGHTS.hours_free, True),
        ("hours_free", WEIGHTS.hours_free - 0.001, False),  # a gap is named, so it speaks against
        ("nearness", WEIGHTS.nearness / 2, True),
        ("nearness", WEIGHTS.nearness / 2 - 0.001, False),
        ("hours_wanted", WEIGHTS.hours_wanted / 2, True),
        ("hours_wanted", 0.0, False),
        ("competency:hoist", 0.001, True),
        ("competency:hoist", 0.0, False),
        ("rate", 0.0, True),  # it is what they ask
        ("journey", 0.0, True),  # it is within what they travel
    ],
)
def test_a_reason_speaks_for_a_yes_when_it_is_at_least_half_as_good_as_it_could_be(
    code: str, points: float, speaks: bool
) -> None:
    assert speaks_for(Reason(code, "holder", "", points), WEIGHTS) is speaks


def test_each_side_is_told_its_own_reasons_with_those_for_a_yes_first() -> None:
    reasons = (
        Reason("competency:first_aid", "holder", "no first aid", 0.0),
        Reason("nearness", "holder", "near", 1.5),
        Reason("rate", "assistant", "well paid", 1.0),
    )
    side = SideScore(0.0, 0.0, 0.5)
    match = Match(UUID(int=1), 0.25, side, side, 1.0, 60, reasons)
    assert told(match, WEIGHTS, side="holder") == [Told("near", True), Told("no first aid", False)]
    assert told(match, WEIGHTS, side="assistant") == [Told("well paid", True)]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (Competency.HOIST, "Using a hoist"),
        (Competency.PEG_FEEDING, "PEG feeding"),
        (Competency.SIGN_LANGUAGE, "British Sign Language"),
    ],
)
def test_a_skill_that_begins_a_line_keeps_its_own_capitals(code: str, name: str) -> None:
    assert named(code) == name

from uuid import UUID

import pytest

from matching.results import FunnelStep, Match, Reason, SideScore
from matching.scorecard import GRAIN, STARTING
from web.pages.fit import Told, about, chance, hardest, speaks_for, told

BEST = {code: STARTING.best(code) / GRAIN for code in STARTING.tables}


def reason(code: str, points: float, *, best: float | None = None, sentence: str = "") -> Reason:
    """A reason of the holder's side; the best is the starting scorecard's unless it is given."""
    return Reason(code, "holder", sentence, points, BEST[code.partition(":")[0]] if best is None else best)


def match(*reasons: Reason) -> Match:
    side = SideScore(0.0, 0.0, 0.5)
    return Match(UUID(int=1), 0.25, side, side, 1.0, 10, 60, reasons, {}, 1)


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
        ("hours", BEST["hours"], True),
        ("hours", BEST["hours"] - 0.001, False),  # a gap is named, so it speaks against
        ("journey", BEST["journey"] / 2, True),
        ("journey", BEST["journey"] / 2 - 0.001, False),
        ("preferred", BEST["preferred"] / 2, True),
        ("preferred", 0.0, False),
        ("fill", BEST["fill"] / 2, True),
        ("fill", 0.0, False),
        ("known", BEST["known"], True),
        ("required:hoist", 0.0, True),  # an old check still is one
        ("wished:hoist", 0.001, True),
        ("wished:hoist", 0.0, False),
        ("spoken:pl", 0.001, True),
        ("spoken:pl", 0.0, False),
        ("rate", 0.0, True),  # it is what they ask
        ("journey_share", 0.0, True),  # it is within what they travel
        ("status", -0.5, False),
        ("confirmed", -0.5, False),
    ],
)
def test_a_reason_speaks_for_a_yes_when_it_is_at_least_half_as_good_as_it_could_be(
    code: str, points: float, speaks: bool
) -> None:
    assert speaks_for(reason(code, points)) is speaks


def test_every_feature_of_the_scorecard_is_told_apart_by_this_table() -> None:
    assert set(BEST) == {
        *("hours", "journey", "preferred", "fill", "known", "required", "wished", "spoken"),
        *("rate", "journey_share", "status", "confirmed"),
    }


def test_each_side_is_told_its_own_reasons_with_those_for_a_yes_first() -> None:
    one = match(
        reason("wished:first_aid", 0.0, sentence="no first aid"),
        reason("journey", 1.5, sentence="near"),
        Reason("rate", "assistant", "well paid", 1.0, 1.0),
    )
    assert told(one, side="holder") == [Told("near", True), Told("no first aid", False)]
    assert told(one, side="assistant") == [Told("well paid", True)]


@pytest.mark.parametrize(
    ("code", "points", "said"),
    [
        ("status", 0.0, False),
        ("status", -0.5, True),
        ("confirmed", 0.0, False),
        ("confirmed", -8 / 52, False),  # eight weeks: the next visit to their work page asks
        ("confirmed", -9 / 52, True),
        ("journey", 0.0, True),
    ],
)
def test_a_profile_that_is_as_it_should_be_goes_without_saying(code: str, points: float, *, said: bool) -> None:
    assert bool(told(match(reason(code, points)), side="holder")) is said


def test_one_sentence_can_be_said_as_a_fact() -> None:
    assert about(match(reason("rate", 0.0), reason("journey", 1.0, sentence="Near")), "journey") == "Near"


@pytest.mark.parametrize(
    ("removed", "code"),
    [
        ([], None),
        ([("rate", 2, 3), ("booked", 3, 0), ("car", 0, 0)], "booked"),
        ([("rate", 4, 3), ("booked", 2, 1)], "rate"),
        ([("rate", 0, 1), ("booked", 0, 1)], None),
    ],
)
def test_the_hardest_rule_took_out_the_last_or_else_the_most(
    removed: list[tuple[str, int, int]], code: str | None
) -> None:
    found = hardest([FunnelStep("not_looking", "", 0, 9), *(FunnelStep(one, "", *each) for one, *each in removed)])
    assert (found.code if found else None) == code

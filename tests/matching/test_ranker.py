"""The ranker on a tiny world whose right order is known, and against the oracle on random ones."""

import math
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from matching.errors import BadQuestion
from matching.pool import Pool
from matching.profiles import Match, Need, Shortlist, Side
from matching.ranker import STARTING_WEIGHTS, Ranker, Weights
from tests.matching import oracle
from tests.matching.world import (
    NAMES,
    TODAY,
    candidate,
    checked,
    every_day,
    need,
    place,
    random_need,
    random_pool,
    uuid,
)


def shortlist(a_need: Need, pool: Pool, k: int = 1000, weights: Weights = STARTING_WEIGHTS) -> Shortlist:
    return Ranker(weights).rank(a_need, pool, k=k, today=TODAY, names=NAMES)


def order(found: Shortlist) -> list[int]:
    return [match.candidate_id.int for match in found.matches]


def points(match: Match, side: Side) -> float:
    return math.fsum(reason.points for reason in match.reasons if reason.side == side)


TINY_NEED = need(required=frozenset({"hoist"}), wished=frozenset({"peg"}))
TINY_WORLD = Pool(
    [
        candidate(1, place=place(1, 0), competencies={"hoist": checked(30), "peg": checked(30)}),
        candidate(2, place=place(1, 0), competencies={"hoist": checked(30)}),
        candidate(3, place=place(4, 0), competencies={"hoist": checked(30)}),
        candidate(4, place=place(4, 0), competencies={"hoist": checked(300)}),
        candidate(5, place=place(4, 0), competencies={"hoist": checked(300)}, windows=every_day(8, 3)),
        candidate(6, place=place(9, 0), competencies={"hoist": checked(300)}, windows=every_day(8, 3)),
        candidate(7, place=place(9, 0), competencies={"hoist": checked(300)}, windows=every_day(8, 2)),
        candidate(8, place=place(0, 0), competencies={"peg": checked(1)}),
        candidate(9, place=place(0, 0), competencies={"hoist": checked(1)}, looking=False),
    ]
)


def test_a_tiny_world_is_ranked_as_anyone_would() -> None:
    assert order(shortlist(TINY_NEED, TINY_WORLD)) == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("k", [1, 2, 3, 7, 8, 100])
def test_the_best_k_are_the_first_k_of_everyone(k: int) -> None:
    found = shortlist(TINY_NEED, TINY_WORLD, k=k)
    assert order(found) == [1, 2, 3, 4, 5, 6, 7][:k]
    assert found.fitting == 7
    assert found.considered == 9
    assert found.need_id == TINY_NEED.id


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"place": place(1, 0)}, {"place": place(2, 0)}),
        ({"windows": every_day(8, 4)}, {"windows": every_day(8, 3.5)}),
        ({"competencies": {"peg": checked(90)}}, {"competencies": {}}),
        ({"competencies": {"peg": checked(1)}}, {"competencies": {"peg": checked(400)}}),
        ({"lowest_rate_pence": 1200}, {"lowest_rate_pence": 1300}),
        ({"most_minutes": 1200}, {"most_minutes": 2400}),
        ({"travel_miles": 20.0, "place": place(4, 0)}, {"travel_miles": 5.0, "place": place(4, 0)}),
    ],
)
def test_one_thing_better_and_the_rest_the_same_stands_higher(better: dict[str, Any], worse: dict[str, Any]) -> None:
    pool = Pool([candidate(1, **worse), candidate(2, **better)])
    assert order(shortlist(need(wished=frozenset({"peg"})), pool)) == [2, 1]


def test_equals_stand_in_the_order_of_their_ids() -> None:
    pool = Pool(candidate(number) for number in (5, 3, 9, 1))
    assert order(shortlist(need(), pool)) == [1, 3, 5, 9]
    assert order(shortlist(need(), pool, k=2)) == [1, 3]
    # an unstable sort keeps a handful in order by luck, not hundreds of two kinds
    many = Pool(candidate(number, place=place(number % 2, 0)) for number in range(400))
    assert order(shortlist(need(), many)) == [*range(0, 400, 2), *range(1, 400, 2)]


def test_nobody_to_choose_from_is_an_empty_list_with_its_funnel() -> None:
    found = shortlist(need(), Pool())
    assert (found.matches, found.considered, found.fitting, len(found.funnel)) == ((), 0, 0, 7)
    nobody = shortlist(need(rate_pence=0), TINY_WORLD)
    assert (nobody.matches, nobody.considered, nobody.fitting) == ((), 9, 0)


@pytest.mark.parametrize("k", [0, -1])
def test_a_list_of_no_one_is_refused(k: int) -> None:
    with pytest.raises(BadQuestion, match="at least one person"):
        shortlist(need(), Pool(), k=k)


@pytest.mark.parametrize("weight", [math.nan, math.inf, -math.inf, 20.5])
def test_a_weight_that_is_no_weight_is_refused(weight: float) -> None:
    with pytest.raises(BadQuestion) as refusal:
        Weights(journey=weight)
    assert refusal.value.field == "journey"


@pytest.mark.parametrize("extreme", [20.0, -20.0])
def test_the_heaviest_weights_still_give_probabilities(extreme: float) -> None:
    heavy = Weights(*[extreme] * 9)
    for match in shortlist(TINY_NEED, TINY_WORLD, weights=heavy).matches:
        assert 0 <= match.score <= 1


def test_other_weights_make_another_order() -> None:
    pool = Pool([candidate(1, place=place(8, 0), lowest_rate_pence=1150), candidate(2, lowest_rate_pence=1350)])
    assert order(shortlist(need(), pool)) == [2, 1]
    money = replace(STARTING_WEIGHTS, nearness=0.0, journey=0.0, rate=5.0)
    assert order(shortlist(need(), pool, weights=money)) == [1, 2]


def test_a_match_carries_its_figures_and_its_reasons() -> None:
    best = shortlist(TINY_NEED, TINY_WORLD, k=1).matches[0]
    assert best.candidate_id == uuid(1)
    assert best.miles == pytest.approx(1, abs=0.001)
    assert best.free_minutes == 1200
    assert best.score == pytest.approx(best.holder.probability * best.assistant.probability)
    assert [reason.sentence for reason in best.reasons] == [
        "Free for all of your 20 hours",
        "Within the 10 miles they travel",
        "1.0 miles away",
        "Says they are skilled in peg, checked August 2026",
        "Would fill 20 of the 40 hours a week they still have to give",
        "Your £13.50 an hour is above the £12.90 they ask",
        "Says they are skilled in moving and handling with a hoist, checked August 2026",
    ]


@pytest.mark.parametrize("seed", range(10))
def test_the_ranker_gives_the_same_people_in_the_same_order_as_the_oracle(seed: int) -> None:
    people = random_pool(seed, 150)
    pool, dice = Pool(people), Random(f"needs {seed}")
    for _ in range(5):
        a_need = random_need(dice)
        expected = oracle.rank(a_need, people, STARTING_WEIGHTS, TODAY)
        found = shortlist(a_need, pool).matches
        assert [match.candidate_id for match in found] == [one.id for one in expected]
        assert [match.holder.log_odds for match in found] == [one.holder for one in expected]
        assert [match.assistant.log_odds for match in found] == [one.assistant for one in expected]
        assert [match.score for match in found] == pytest.approx([one.score for one in expected])
        assert order(shortlist(a_need, pool, k=5)) == [one.id.int for one in expected[:5]]


@pytest.mark.parametrize("seed", range(4))
def test_the_points_of_each_sides_reasons_and_its_base_are_its_log_odds_exactly(seed: int) -> None:
    pool, dice = Pool(random_pool(seed, 200)), Random(seed)
    odd = Weights(-1.9, 1.37, 1.51, 0.93, 0.57, -1.3, 1.01, 0.77, 1.23)
    for _ in range(5):
        for match in shortlist(random_need(dice), pool, weights=odd).matches:
            assert match.holder.base + points(match, "holder") == match.holder.log_odds
            assert match.assistant.base + points(match, "assistant") == match.assistant.log_odds
            assert match.holder.probability == pytest.approx(1 / (1 + math.exp(-match.holder.log_odds)))

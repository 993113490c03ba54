"""A list, its scores and its funnel; and lists that share scarce people."""

import math
from random import Random

import numpy as np
import pytest

from matching.errors import BadQuestion
from matching.pool import Pool
from matching.profiles import Candidate, Need
from matching.ranker import Ranker
from matching.results import Shortlist
from matching.scorecard import BY_CODE, FINE, STARTING, Scorecard
from matching.sharing import PRICE_GRAIN, Shares
from matching.terms import Terms
from tests.matching import oracle
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
    uuid,
)


def ranked(a_need: Need, people: list[Candidate], k: int = 20) -> Shortlist:
    return Ranker().rank(a_need, Pool(people), k=k, today=TODAY)


def ids(found: Shortlist) -> list[int]:
    return [one.candidate_id.int for one in found.matches]


def test_scores_are_those_worked_out_by_hand() -> None:
    people = random_pool(21, 300)
    for seed in range(10):
        a_need = random_need(Random(seed), people)
        by_hand = oracle.rank(a_need, people, STARTING, TODAY)[:20]
        found = ranked(a_need, people).matches
        assert [one.candidate_id for one in found] == [one.id for one in by_hand]
        for ours, theirs in zip(found, by_hand, strict=True):
            assert ours.holder.log_odds == theirs.holder_log_odds / 1024
            assert ours.assistant.log_odds == theirs.assistant_log_odds / 1024
            assert ours.score == pytest.approx(math.exp(theirs.key / FINE), rel=1e-5)


@pytest.mark.parametrize("k", [0, -1])
def test_a_list_of_nobody_cant_be_asked_for(k: int) -> None:
    with pytest.raises(BadQuestion):
        ranked(need(), [candidate()], k)


def test_a_list_has_k_people_or_all_who_fit() -> None:
    people = [candidate(number) for number in range(1, 31)]
    assert len(ranked(need(), people, 7).matches) == 7
    assert len(ranked(need(), people, 100).matches) == ranked(need(), people, 7).fitting == 30


def test_equals_stand_in_the_order_of_their_ids_however_they_came() -> None:
    people = [candidate(number) for number in (9, 3, 2**70, 5, 2**64 + 1)]
    assert ids(ranked(need(), people)) == [3, 5, 9, 2**64 + 1, 2**70]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"place": place(1, 0)}, {"place": place(5, 0)}),
        ({}, {"windows": every_day(8, 3)}),
        ({"lowest_rate_pence": 1250}, {"lowest_rate_pence": 1350}),
        ({}, {"status": "open"}),
        ({"confirmed_on": TODAY}, {"confirmed_on": None}),
        ({"most_minutes": 1200}, {"most_minutes": 2400}),
        ({"competencies": {"hoist": checked(3)}}, {}),
        ({"languages": frozenset({"pl"})}, {}),
    ],
)
def test_the_nearer_freer_keener_person_stands_first(better: dict[str, object], worse: dict[str, object]) -> None:
    asked = need(wished=frozenset({"hoist"}), languages_wished=frozenset({"pl"}))
    assert ids(ranked(asked, [candidate(1, **worse), candidate(2, **better)])) == [2, 1]


def test_who_has_worked_for_the_holder_stands_before_an_equal_stranger() -> None:
    assert ids(ranked(need(known=frozenset({uuid(2)})), [candidate(1), candidate(2)])) == [2, 1]


def test_nobody_left_is_an_answer_with_reasons() -> None:
    for people in ([], [candidate(1, status="not_now")], [candidate(1, windows=())]):
        found = ranked(need(), people)
        assert found.matches == ()
        assert found.fitting == 0
        assert sum(step.removed for step in found.funnel) == found.considered == len(people)


def test_everybody_around_the_clock_is_ranked() -> None:
    around = need(windows=every_day(0, 24), terms=Terms(brings=frozenset({"live_in"})))
    found = ranked(around, [candidate(1, windows=every_day(0, 24), most_minutes=10_080), candidate(2)])
    assert ids(found) == [1]
    assert found.matches[0].free_minutes == 168 * 60


def test_what_was_shown_can_be_learnt_from() -> None:
    asked = need(wished=frozenset({"hoist", "peg"}), required=frozenset({"suction"}))
    [one] = ranked(asked, [candidate(1, competencies={"hoist": checked(65), "suction": checked(5)})]).matches
    assert one.values["wished"] == (3, 0)
    assert one.values["required"] == (0,)
    assert one.values["hours"] == (100,)
    assert "preferred" not in one.values
    assert "spoken" not in one.values
    assert ranked(asked, []).model == STARTING.version


def test_another_scorecard_is_another_order() -> None:
    tables = {code: (0,) * BY_CODE[code].size for code in BY_CODE}
    tables["rate"] = tuple(range(BY_CODE["rate"].size))
    card = Scorecard("rates only", STARTING.bases, tables)
    people = [candidate(1, lowest_rate_pence=1340), candidate(2, lowest_rate_pence=1250, place=place(8, 0))]
    found = Ranker(card).rank(need(), Pool(people), k=2, today=TODAY)
    assert (ids(found), found.model) == ([2, 1], "rates only")


# --- scarce people


def dear(*numbers: int, price: float = 3.0, block: str = "day") -> Shares:
    prices = np.zeros((len(numbers), 4), dtype=np.uint16)
    prices[:, Shares.block(block)] = round(price * PRICE_GRAIN)  # type: ignore[arg-type] # a block by name
    rivals = np.full((len(numbers), 4), 14, dtype=np.uint16)
    return Shares(tuple(map(uuid, numbers)), prices, rivals)


def test_a_list_that_shares_puts_people_whom_many_need_lower_and_keeps_the_plain_order_beside_it() -> None:
    people = [candidate(number, place=place(number / 2, 0)) for number in (1, 2, 3)]
    pool = Pool(people, shares=dear(1))
    plain = Ranker().rank(need(), pool, k=3, today=TODAY)
    shared = Ranker().rank(need(), pool, k=3, today=TODAY, shared=True)
    assert (ids(plain), ids(shared)) == ([1, 2, 3], [2, 3, 1])
    assert [one.plain_rank for one in shared.matches] == [2, 3, 1]
    assert [one.rivals for one in shared.matches] == [0, 0, 14]
    assert {one.candidate_id: one.score for one in plain.matches} == {
        one.candidate_id: one.score for one in shared.matches
    }
    assert (plain.shared, shared.shared) == (False, True)


def test_a_price_is_for_one_time_of_the_week() -> None:
    people = [candidate(number, place=place(number / 2, 0), windows=every_day(0, 24)) for number in (1, 2)]
    pool = Pool(people).with_shares(dear(1, block="night"))
    nights = need(windows=(hours(1, 22, 8),))
    assert ids(Ranker().rank(need(), pool, k=2, today=TODAY, shared=True)) == [1, 2]
    assert ids(Ranker().rank(nights, pool, k=2, today=TODAY, shared=True)) == [2, 1]


def test_prices_stay_with_people_who_change_and_with_a_pool_that_is_rebuilt() -> None:
    people = [candidate(number, place=place(number / 2, 0)) for number in (1, 2)]
    pool = Pool(people, shares=dear(1)).with_changes(upsert=[candidate(1, lowest_rate_pence=1280)])
    for one in (pool, pool.rebuilt()):
        assert ids(Ranker().rank(need(), one, k=2, today=TODAY, shared=True)) == [2, 1]


def test_shares_whose_shapes_dont_fit_are_refused() -> None:
    with pytest.raises(BadQuestion):
        Shares((uuid(1),), np.zeros((2, 4), dtype=np.uint16), np.zeros((1, 4), dtype=np.uint16))


# --- cover


def test_cover_puts_who_knows_the_holder_first_whatever_else() -> None:
    people = [candidate(number, place=place(number / 4, 0)) for number in range(1, 9)]
    asked = need(windows=(hours(0, 8, 4),), known=frozenset({uuid(7), uuid(3)}))
    found = Ranker().cover(asked, Pool(people), k=4, today=TODAY, within=30)
    assert ids(found) == [3, 7, 1, 2]
    assert found.matches[0].reasons[0].sentence


def test_cover_in_time_leaves_out_who_lives_too_far_for_it() -> None:
    people = [candidate(1, place=place(8, 0)), candidate(2, place=place(1, 0))]
    asked = need(windows=(hours(0, 8, 4),))
    assert ids(Ranker().cover(asked, Pool(people), k=4, today=TODAY, within=15)) == [2]
    assert ids(Ranker().cover(asked, Pool(people), k=4, today=TODAY, within=60)) == [2, 1]

"""Answers: what is refused, and what the columns say of them."""

import math
from random import Random
from typing import Any

import numpy as np
import pytest

from matching.answers import Answer, looked_at, probability, tabulate
from matching.errors import BadQuestion
from matching.pool import Pool
from matching.ranker import Ranker
from matching.scorecard import BY_CODE, FEATURES, STARTING
from matching.terms import GENDER
from tests.matching.world import NAMES, TODAY, random_need, random_pool, uuid
from tests.simulator import TRUTH, Simulator, log_odds

VALUES = {
    "journey": (12,),
    "hours": (100,),
    "preferred": (40,),
    "known": (0,),
    "journey_share": (40,),
    "rate": (60,),
    "fill": (50,),
    "status": (0,),
    "confirmed": (3,),
    "required": (6, 30),
    "wished": (0,),
    "spoken": (1,),
}


def answer(**changes: Any) -> Answer:
    """The first of a list, invited and taken."""
    parts: dict[str, Any] = {"need_id": uuid(1), "rank": 1, "values": VALUES, "holder": True, "assistant": True}
    return Answer(**{**parts, **changes})


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("rank", {"rank": 0}),
        ("rank", {"rank": -3}),
        ("rank", {"rank": 1.5}),
        ("rank", {"rank": math.nan}),
        ("rank", {"rank": math.inf}),
        ("lasted", {"holder": False, "assistant": None, "lasted": True}),
        ("lasted", {"assistant": None, "lasted": True}),
        ("lasted", {"assistant": False, "lasted": False}),
        ("gender", {"values": VALUES | {"gender": (1,)}}),
        ("age", {"values": VALUES | {"age": (47,)}}),
        ("journey", {"values": {code: values for code, values in VALUES.items() if code != "journey"}}),
        ("hours", {"values": VALUES | {"hours": ()}}),
        ("hours", {"values": VALUES | {"hours": (50, 60)}}),
        ("hours", {"values": VALUES | {"hours": (101,)}}),
        ("preferred", {"values": VALUES | {"preferred": (-1,)}}),
        ("rate", {"values": VALUES | {"rate": (math.nan,)}}),
        ("rate", {"values": VALUES | {"rate": (0.5,)}}),
        ("required", {"values": VALUES | {"required": (3, 61)}}),
        ("spoken", {"values": VALUES | {"spoken": (2,)}}),
    ],
)
def test_an_answer_that_cannot_be_is_refused_by_the_name_of_what_is_wrong(field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(BadQuestion) as refusal:
        answer(**changes)
    assert refusal.value.field == field


def test_what_was_not_asked_for_has_no_value() -> None:
    asked = {code: VALUES[code] for code in VALUES if code not in {"preferred", "required", "wished", "spoken"}}
    bare, empty = answer(values=asked), answer(values=asked | {"preferred": (), "wished": ()})
    table = tabulate([bare, empty])
    assert len(set(table.log_odds(STARTING, "holder"))) == 1


def test_nothing_protected_can_be_learnt_from() -> None:
    assert not {*GENDER, "sex", "age", "race", "religion", "disability"} & set(BY_CODE)


@pytest.mark.parametrize("seed", range(3))
def test_a_card_says_of_what_was_shown_what_the_ranker_said(seed: int) -> None:
    dice, pool = Random(seed), Pool(random_pool(seed, 200))
    shown = [
        (need.id, rank, match)
        for need in (random_need(dice) for _ in range(20))
        for rank, match in enumerate(Ranker().rank(need, pool, k=20, today=TODAY, names=NAMES).matches, start=1)
    ]
    assert len(shown) > 20
    table = tabulate(Answer(need_id, rank, match.values, holder=None) for need_id, rank, match in shown)
    in_order = [match for _, _, match in sorted(shown, key=lambda one: (one[0], one[1]))]
    assert table.log_odds(STARTING, "holder").tolist() == [match.holder.log_odds for match in in_order]
    assert table.log_odds(STARTING, "assistant").tolist() == [match.assistant.log_odds for match in in_order]


@pytest.mark.parametrize("side", ["holder", "assistant"])
def test_columns_add_up_to_what_is_added_up_the_slow_way(side: Any) -> None:
    table = tabulate(Simulator().answers(needs=20, seed=1))
    slow = [log_odds(TRUTH, side, one.values) for one in table.answers]
    # each thing asked is cut off to a whole 1024th
    assert table.log_odds(TRUTH, side) == pytest.approx(slow, abs=8 / 1024)


def test_the_order_in_which_answers_come_changes_nothing() -> None:
    answers = Simulator().answers(needs=10, seed=1)
    shuffled = Random(2).sample(answers, k=len(answers))
    one, other = tabulate(answers), tabulate(shuffled)
    assert one.answers == other.answers
    assert all(np.array_equal(one.columns[each.code].values, other.columns[each.code].values) for each in FEATURES)


def test_nobodys_answers_are_columns_of_length_nought() -> None:
    table = tabulate([])
    assert len(table) == 0
    assert table.chance(STARTING, "holder").tolist() == []


def test_an_unknown_answer_is_neither_yes_nor_no() -> None:
    taken, waiting = answer(rank=1), answer(rank=2, assistant=None)
    declined, passed_over = answer(rank=3, assistant=False), answer(rank=4, holder=False, assistant=None)
    table = tabulate([taken, waiting, declined, passed_over, answer(rank=5, holder=None, assistant=None)])
    known, yes = table.said("holder")
    assert (known.tolist(), yes.tolist()) == ([True, True, True, True, False], [True, True, True, False, False])
    known, yes = table.said("assistant")
    assert (known.tolist(), yes.tolist()) == ([True, False, True, False, False], [True, False, False, False, False])


def test_the_first_is_always_looked_at_and_later_ones_less_and_less() -> None:
    chances = looked_at(np.arange(1, 30))
    assert chances[0] == 1
    assert (np.diff(chances) < 0).all()
    assert chances[14] == 0.25
    table = tabulate([answer(rank=15)])
    assert table.looked_at("assistant").tolist() == [1.0]
    assert table.chance(STARTING, "holder") == pytest.approx(probability(table.log_odds(STARTING, "holder")) / 4)


def test_the_most_absurd_log_odds_are_still_a_probability() -> None:
    assert ((probability(np.array([-1e300, 1e300])) > 0) & (probability(np.array([-1e300, 1e300])) < 1)).all()

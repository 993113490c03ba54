"""Learning on worlds whose right answer is known: what they mind is found, what they don't isn't, and little is learnt
from little."""

import json
import math
from collections.abc import Callable
from dataclasses import asdict, replace
from random import Random

import numpy as np
import pytest

from matching.answers import Answer
from matching.evaluate import evaluate
from matching.learning import Fitted, fit
from matching.scorecard import BY_CODE, FEATURES, GRAIN, STARTING, Bases, Scorecard
from tests.matching.test_answers import VALUES, answer
from tests.matching.world import uuid
from tests.simulator import TRUTH, Simulator, card_of

CODES = tuple(BY_CODE)
#: Which way each table may go, as said in docs/learning.md.
NEVER_DOWN = ("hours", "preferred", "rate", "spoken")
NEVER_UP = ("journey", "journey_share")
FALLING = {"journey", "journey_share", "confirmed", "required"}


def learn(answers: list[Answer], start: Scorecard = STARTING) -> Fitted:
    return fit(answers, version="learnt", start=start)


def swing(card: Scorecard, code: str) -> float:
    """Between the best and the worst that it can be, in log-odds."""
    return (max(card.tables[code]) - min(card.tables[code])) / GRAIN


def moves(card: Scorecard, code: str, answers: list[Answer]) -> float:
    """How far apart it puts the people who were shown: the standard deviation of its points, in log-odds."""
    shown = [card.tables[code][value] for one in answers for value in one.values.get(code, ())]
    return float(np.std(shown) / GRAIN)


def furthest(one: Scorecard, other: Scorecard) -> float:
    """The most by which any points differ, in log-odds."""
    return float(np.abs(one.points - other.points).max() / GRAIN)


def mind_only(code: str, strength: float) -> Scorecard:
    """People to whom one thing matters, from its worst value to its best, and nothing else does."""
    last = BY_CODE[code].size - 1
    way = -1 if code in FALLING else 1
    return card_of("one thing", (-0.5, -0.5), **{code: lambda value: way * strength * value / last})


@pytest.mark.parametrize("code", CODES)
def test_the_one_thing_they_mind_is_found_and_the_others_fade(code: str) -> None:
    # a journey of four hours is on no list
    strength = 12.0 if code == "journey" else 3.0
    answers = Simulator(truth=mind_only(code, strength), hidden=0.0, everyone=True).answers(needs=500, seed=1)
    card = learn(answers).card
    others = [one.code for one in FEATURES if one.side == BY_CODE[code].side and one.code != code]
    assert moves(card, code, answers) > 4 * max(moves(card, other, answers) for other in others)
    assert moves(card, code, answers) == pytest.approx(moves(mind_only(code, strength), code, answers), rel=0.25)


@pytest.mark.parametrize("seed", range(3))
def test_nobody_is_taken_to_prefer_what_nobody_prefers(seed: int) -> None:
    perverse = card_of(
        "perverse",
        (0.0, 0.0),
        journey=lambda minutes: minutes / 30,
        hours=lambda percent: -percent / 50,
        preferred=lambda percent: -percent / 50,
        journey_share=lambda percent: percent / 50,
        rate=lambda pence: -pence / 100,
        spoken=lambda spoken: -2.0 * spoken,
        wished=lambda held: -2.0 if held else 0.0,
        confirmed=lambda weeks: weeks / 20,
    )
    card = learn(Simulator(truth=perverse, everyone=True).answers(needs=60, seed=seed)).card
    for code in NEVER_DOWN:
        assert (np.diff(card.tables[code]) >= 0).all()
    for code in NEVER_UP:
        assert (np.diff(card.tables[code]) <= 0).all()
    assert card.tables["wished"][1] >= card.tables["wished"][0]
    assert (np.diff(card.tables["confirmed"][:53]) <= 0).all()


@pytest.mark.parametrize("answers", [[], [answer(holder=None, assistant=None)]])
def test_without_answers_the_start_stays_and_it_says_so(answers: list[Answer]) -> None:
    told = learn(answers)
    assert told.card is STARTING
    assert not told.replaces
    assert "nothing to learn from yet" in told.sentence
    assert (told.holder.yes, told.holder.no, told.holder.before) == (0, 0, None)


@pytest.mark.parametrize("yes", [True, False])
def test_a_side_that_only_ever_gives_one_answer_stays_as_it_was(yes: bool) -> None:
    said = [
        answer(need_id=uuid(number), rank=rank, holder=rank < 3, assistant=yes if rank < 3 else None)
        for number in range(20)
        for rank in range(1, 6)
    ]
    told = learn(said)
    assert (told.holder.learnt, told.assistant.learnt) == (True, False)
    assert (told.assistant.yes, told.assistant.no) == ((40, 0) if yes else (0, 40))
    assert told.card.bases.assistant == STARTING.bases.assistant
    for feature in FEATURES:
        if feature.side == "assistant":
            assert told.card.tables[feature.code] == STARTING.tables[feature.code]


def test_ten_answers_move_little_and_replace_nothing() -> None:
    told = learn(Simulator().answers(needs=1, seed=3)[:10])
    assert told.holder.learnt
    assert furthest(told.card, STARTING) < 0.7
    assert not told.replaces


def test_one_list_is_learnt_from_but_says_nothing_about_itself() -> None:
    told = learn([answer(rank=rank, holder=rank == 1, assistant=None) for rank in range(1, 9)])
    assert told.card.version == "learnt"
    assert (told.holder.learnt, told.holder.before, told.holder.after) == (True, None, None)
    assert not told.replaces
    assert "collect more answers" in told.sentence
    # PostgreSQL's JSON knows no infinity
    json.dumps(asdict(told.gain), allow_nan=False)


def test_what_nobody_answered_about_stays() -> None:
    strangers = [
        replace(one, values=one.values | {"known": (0,)})
        for one in Simulator(everyone=True).answers(needs=40, seed=1)
        if "spoken" not in one.values
    ]
    told = learn(strangers)
    # as far as the calibration, which is for the side as a whole, lets it
    slope = swing(told.card, "known") / swing(STARTING, "known")
    assert 0.8 < slope < 1.2
    assert swing(told.card, "spoken") == pytest.approx(slope * swing(STARTING, "spoken"), abs=2 / GRAIN)


def test_where_everybody_is_the_same_only_the_base_can_be_learnt() -> None:
    dice = Random(1)
    alike = [answer(need_id=uuid(n), rank=1, holder=dice.random() < 0.6, assistant=None) for n in range(400)]
    told = learn(alike)
    assert told.holder.after is not None
    assert told.holder.before is not None
    assert told.holder.after.log_loss < told.holder.before.log_loss
    assert told.holder.after.calibration_error < 0.1
    assert furthest(told.card, STARTING) < 1.5


def test_learning_twice_gives_the_same_and_so_do_the_answers_in_another_order() -> None:
    answers = Simulator().answers(needs=40, seed=2)
    once = learn(answers)
    turned = [
        replace(one, values={code: one.values[code][::-1] for code in reversed(one.values)})
        for one in Random(7).sample(answers, k=len(answers))
    ]
    assert learn(answers) == once
    assert learn(turned) == once


def test_twice_the_same_answers_teach_much_the_same() -> None:
    answers = Simulator().answers(needs=600, seed=2)
    assert furthest(learn(answers).card, learn([*answers, *answers]).card) < 0.35
    assert furthest(learn(answers).card, STARTING) > 0.7


def test_more_answers_teach_more() -> None:
    test = Simulator(everyone=True).answers(needs=300, seed=9)
    losses = [
        sum(side.log_loss for side in (told.holder, told.assistant) if side is not None)
        for told in (evaluate(learn(Simulator().answers(needs=n, seed=4)).card, test) for n in (0, 60, 240, 960))
    ]
    assert losses == sorted(losses, reverse=True)
    truth = evaluate(TRUTH, test)
    assert truth.holder is not None
    assert truth.assistant is not None
    assert losses[-1] - (truth.holder.log_loss + truth.assistant.log_loss) < (losses[0] - losses[-1]) / 8


@pytest.mark.parametrize("bias", [-1.5, 1.5])
def test_a_start_that_is_too_sure_is_calibrated(bias: float) -> None:
    biased = replace(TRUTH, bases=Bases(*(round(base + bias * GRAIN) for base in (-2253, -819))))
    test = Simulator().answers(needs=400, seed=8)
    told = learn(Simulator().answers(needs=400, seed=7), start=biased)
    before, after = evaluate(biased, test), evaluate(told.card, test)
    for one, other in ((before.holder, after.holder), (before.assistant, after.assistant)):
        assert one is not None
        assert other is not None
        assert other.calibration_error < one.calibration_error / 3
    assert told.replaces


def test_what_is_measured_on_held_out_needs_is_what_new_answers_show() -> None:
    told = learn(Simulator().answers(needs=400, seed=7))
    fresh = evaluate(told.card, Simulator().answers(needs=400, seed=8))
    for held_out, new in ((told.holder.after, fresh.holder), (told.assistant.after, fresh.assistant)):
        assert held_out is not None
        assert new is not None
        assert held_out.log_loss == pytest.approx(new.log_loss, rel=0.05)


@pytest.mark.parametrize("seed", range(5))
def test_a_start_that_is_the_truth_is_not_replaced_and_hardly_moved(seed: int) -> None:
    told = learn(Simulator(hidden=0.0).answers(needs=150, seed=seed), start=TRUTH)
    assert not told.replaces
    assert furthest(told.card, TRUTH) < 0.8


def test_somebody_far_down_who_was_not_invited_says_little() -> None:
    def passed_over(rank: int) -> int:
        invited = [answer(need_id=uuid(n), assistant=None) for n in range(40)]
        others = [answer(need_id=uuid(n), rank=rank, holder=False, assistant=None) for n in range(40) for _ in range(4)]
        return learn(invited + others).card.bases.holder

    assert passed_over(2) < passed_over(6) < passed_over(40)


def test_the_order_shown_is_not_taken_for_what_people_want() -> None:
    # nobody minds anything; those shown first are the nearest, and are looked at most
    blind = Simulator(truth=card_of("indifferent", (0.0, 0.0)), hidden=0.0)
    answers = blind.answers(needs=600, seed=6)
    as_if_all_were_seen = [replace(one, rank=1) for one in answers]
    assert swing(learn(answers).card, "journey") < 0.5
    assert swing(learn(answers).card, "journey") < swing(learn(as_if_all_were_seen).card, "journey")


@pytest.mark.parametrize(
    ("attention", "found"),
    [
        (lambda _rank: 1.0, 0.0),
        (lambda rank: math.log2(1 + rank) ** -0.5, 0.5),
        (lambda rank: math.log2(1 + rank) ** -1.0, 1.0),
        (lambda rank: math.log2(1 + rank) ** -2.0, 2.0),
    ],
)
def test_how_far_down_a_list_people_look_is_found_and_what_they_want_all_the_same(
    attention: Callable[[int], float], found: float
) -> None:
    told = learn(Simulator(attention=attention).answers(needs=400, seed=6))
    assert told.attention == pytest.approx(found, abs=0.3)
    everyone = Simulator(everyone=True).answers(needs=200, seed=7)
    start, card = evaluate(STARTING, everyone), evaluate(told.card, everyone)
    assert card.holder is not None
    assert start.holder is not None
    assert card.holder.log_loss < start.holder.log_loss
    assert (card.auc or 0) > (start.auc or 0)


def test_without_a_sign_of_it_looks_fall_as_is_usual() -> None:
    assert learn([]).attention == 1
    assert learn([answer(need_id=uuid(n), holder=n % 2 == 0, assistant=None) for n in range(50)]).attention == 1


def test_a_yes_that_lasted_counts_for_more() -> None:
    def offer(number: int, pence: int, *, lasted: bool | None) -> Answer:
        said = lasted is not None or number % 2 == 0
        return answer(need_id=uuid(number), values=VALUES | {"rate": (pence,)}, assistant=said, lasted=lasted)

    def slope_of_rate(lasting: bool | None) -> int:
        # an even number of each rate's answers is a yes; those to a good rate may have lasted
        well = [offer(n, 300, lasted=lasting if n % 2 == 0 else None) for n in range(200)]
        badly = [offer(n, 0, lasted=None) for n in range(200, 400)]
        points = learn([*well, *badly]).card.tables["rate"]
        return points[300] - points[0]

    assert slope_of_rate(lasting=True) > slope_of_rate(lasting=None)
    assert slope_of_rate(lasting=False) == slope_of_rate(lasting=None)


def test_a_card_learnt_from_can_be_learnt_from_again() -> None:
    first = learn(Simulator().answers(needs=300, seed=1)).card
    again = learn(Simulator().answers(needs=300, seed=2), start=first)
    test = Simulator().answers(needs=400, seed=3)
    once, twice = evaluate(first, test).holder, evaluate(again.card, test).holder
    assert once is not None
    assert twice is not None
    assert twice.log_loss < once.log_loss + 0.002


def test_what_is_learnt_can_be_stored_as_whole_points() -> None:
    card = learn(Simulator().answers(needs=60, seed=1)).card
    assert all(type(one) is int for table in card.tables.values() for one in table)
    assert {type(card.bases.holder), type(card.bases.assistant)} == {int}

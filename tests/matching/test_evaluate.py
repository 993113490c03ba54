"""What is measured of predictions, on small cases worked out by hand and on a world where the better model is known."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, log_loss

from matching.answers import Answer
from matching.evaluate import (
    FOLDS,
    calibration_error,
    compare_with_trees,
    evaluate,
    folds,
    gained,
    losses_of,
    scores,
)
from matching.learning import Fitted, fit
from matching.scorecard import STARTING
from tests.matching.test_answers import VALUES, answer
from tests.matching.world import uuid
from tests.simulator import TRUTH, Simulator

HALF = np.full(4, 0.5)
TWO_OF_FOUR = np.array([True, False, True, False])


def learnt(answers: Sequence[Answer]) -> Fitted:
    return fit(answers, version="learnt")


def test_scores_are_what_scikit_learn_makes_of_them() -> None:
    dice = np.random.default_rng(1)
    chance, yes = dice.uniform(0.01, 0.99, 200), dice.random(200) < 0.3
    told = scores(chance, yes)
    assert told.log_loss == pytest.approx(log_loss(yes, chance))
    assert told.brier == pytest.approx(brier_score_loss(yes, chance))


@pytest.mark.parametrize(
    ("chance", "yes", "error"),
    [
        (HALF, TWO_OF_FOUR, 0.5),  # fewer rows than bins: each is on its own
        (np.full(1000, 0.5), np.tile(TWO_OF_FOUR, 250), 0.0),
        (np.full(1000, 0.7), np.tile(TWO_OF_FOUR, 250), 0.2),
        (np.repeat([0.1, 0.9], 500), np.repeat([True, False], 500), 0.9),
        (np.repeat([0.0, 1.0], 500), np.repeat([False, True], 500), 0.0),
    ],
)
def test_the_calibration_error_is_how_far_foretold_is_from_what_came(
    chance: np.ndarray, yes: np.ndarray, error: float
) -> None:
    assert calibration_error(chance, yes) == pytest.approx(error)


def test_being_sure_and_wrong_is_dear_but_not_infinitely() -> None:
    assert losses_of(np.array([0.5, 1.0]), np.array([True, True])) == pytest.approx([math.log(2), 0])
    assert np.isfinite(losses_of(np.array([0.0, 1.0]), np.array([True, False]))).all()


@pytest.mark.parametrize(("needs", "several"), [(0, 0), (1, 0), (2, 2), (4, 4), (5, FOLDS), (40, FOLDS)])
def test_no_need_is_both_learnt_from_and_tested_on(needs: int, several: int) -> None:
    rows = np.repeat(np.arange(needs), 7)
    parts = list(folds(rows))
    assert len(parts) == several
    assert not any(set(rows[train]) & set(rows[test]) for train, test in parts)
    assert sorted(np.concatenate([test for _, test in parts])) == list(range(len(rows))) if parts else True


def test_a_gain_counts_needs_and_not_answers() -> None:
    one_need = gained(np.zeros(1000, dtype=int), np.ones(1000))
    assert (one_need.mean, one_need.needs, one_need.sure) == (1000, 1, False)
    steady = gained(np.repeat(np.arange(40), 5), np.tile([1.0, 1.0, 0.0, 0.0, 0.1], 40))
    assert steady.mean == pytest.approx(2.1)
    assert (steady.needs, steady.sure) == (40, True)
    few = gained(np.arange(10), np.ones(10))
    assert not few.sure
    luck = gained(np.arange(100), np.tile([1.0, -0.9], 50))
    assert luck.mean == pytest.approx(0.05)
    assert not luck.sure


def test_of_no_answers_nothing_can_be_said() -> None:
    told = evaluate(STARTING, [])
    assert (told.holder, told.assistant, told.auc, told.holder_auc, told.ndcg) == (None,) * 5
    assert compare_with_trees([], learnt) is None
    assert compare_with_trees([answer(), answer(rank=2, assistant=False)], learnt) is None


def test_a_list_in_the_right_order_has_the_best_of_both_figures() -> None:
    near, far = VALUES | {"journey": (5,)}, VALUES | {"journey": (60,)}
    right = [answer(values=near), answer(rank=2, values=far, assistant=False)]
    wrong = [answer(values=near, assistant=False), answer(rank=2, values=far)]
    best, worst = evaluate(STARTING, right), evaluate(STARTING, wrong)
    assert (best.auc, best.holder_auc, best.ndcg) == (1, 1, 1)
    assert (worst.auc, worst.holder_auc, worst.ndcg) == (0, 0, pytest.approx(1 / math.log2(3)))
    assert best.holder is not None
    assert worst.holder is not None
    assert best.holder.log_loss == worst.holder.log_loss  # both were invited either way


def test_both_sides_yes_is_foretold_by_both_and_not_by_the_holders_alone() -> None:
    paid, unpaid = VALUES | {"rate": (300,)}, VALUES | {"rate": (0,)}
    told = evaluate(STARTING, [answer(values=paid), answer(rank=2, values=unpaid, assistant=False)])
    assert (told.auc, told.holder_auc) == (1, 0.5)


def test_whoever_did_not_answer_is_not_counted() -> None:
    known = [answer(), answer(rank=2, holder=False, assistant=None)]
    unknown = [answer(rank=3, assistant=None), answer(rank=4, holder=None, assistant=None)]
    assert evaluate(STARTING, known).auc == evaluate(STARTING, [*known, *unknown]).auc


def test_a_list_of_one_has_no_order() -> None:
    assert evaluate(STARTING, [answer()]).ndcg is None


def test_the_hidden_truth_foretells_better_than_the_start() -> None:
    answers = Simulator(everyone=True).answers(needs=150, seed=3)
    truth, start = evaluate(TRUTH, answers), evaluate(STARTING, answers)
    assert truth.holder is not None
    assert start.holder is not None
    assert truth.holder.log_loss < start.holder.log_loss
    assert truth.holder.calibration_error < start.holder.calibration_error
    assert (truth.auc or 0) > (start.auc or 0)
    assert (truth.ndcg or 0) > (start.ndcg or 0)
    assert (truth.auc or 0) > (truth.holder_auc or 0)


def test_trees_do_not_win_where_points_add_up() -> None:
    compared = compare_with_trees(Simulator().answers(needs=150, seed=4), learnt)
    assert compared is not None
    assert compared.card < compared.trees
    assert not compared.trees_win


def test_trees_win_where_two_things_only_count_together() -> None:
    # who is open to more is wanted for long hours, who is looking for short ones: no sum of points says that
    answers = [
        replace(one, holder=(one.values["fill"][0] > 55) == bool(one.values["status"][0]), lasted=None)
        for one in Simulator(everyone=True).answers(needs=150, seed=5)
    ]
    compared = compare_with_trees(answers, learnt)
    assert compared is not None
    assert compared.trees_win


def test_a_comparison_needs_needs_and_both_answers() -> None:
    agreeable = [answer(need_id=uuid(number)) for number in range(10)]
    assert compare_with_trees(agreeable, learnt) is None

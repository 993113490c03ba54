"""What learning makes of simulated answers: beside the points it starts from, and beside gradient boosting."""

import time
from collections.abc import Iterator, Sequence
from functools import partial

from matching.answers import Answer
from matching.evaluate import Evaluation, Scores, compare_with_trees, evaluate
from matching.learning import fit
from matching.scorecard import STARTING
from tests.benchmarks.harness import Bench, Figure, Result, WrongAnswer, benchmark
from tests.simulator import TRUTH, Simulator

LOSS = Figure("log-loss after learning", "times the starting scorecard's", 0.96, "at_most")
CALIBRATION = Figure("calibration error after learning, the worse side", "% of probability", 3, "at_most")
BOTH_SIDES = Figure("AUC of both sides' yes", "times that of the holder's alone", 1.05, "at_least")
TREES = Figure("log-loss of gradient boosting on held-out needs", "times the scorecard's", 1, "at_least")

NEEDS = 1200


@benchmark("learning", LOSS, CALIBRATION, BOTH_SIDES, TREES)
def learning(bench: Bench) -> Iterator[Result]:
    """A scorecard learnt from simulated answers: held-out log-loss, calibration, both sides beside one, and trees."""
    fresh = 600 if bench.quick else 1200
    with bench.doing("Simulating answers"):
        answers = Simulator().answers(needs=NEEDS, seed=bench.dice.getrandbits(32))
        # as lists are shown, and as nobody ever sees it: everyone looked at and asked
        shown = Simulator().answers(needs=2 * fresh, seed=bench.dice.getrandbits(32))
        everyone = Simulator(everyone=True).answers(needs=fresh, seed=bench.dice.getrandbits(32))
    with bench.doing("Learning"):
        began = time.thread_time()
        told = fit(answers, version="learnt")
        seconds = time.thread_time() - began
    if not told.replaces:
        raise WrongAnswer(told.sentence)
    note = f"simulated, learnt from {len(answers):,} answers to {NEEDS:,} lists in {seconds:.1f} s of CPU"
    start, card, truth = (evaluate(one, everyone) for one in (STARTING, told.card, TRUTH))
    best = f"the hidden truth itself {_loss(truth):.4f}"
    ours, peer = f"{_loss(card):.4f} nats", f"{_loss(start):.4f} nats"
    yield LOSS.result(_loss(card) / _loss(start), ours=ours, peer=peer, note=f"{note}; {best}")
    errors = [100 * side.calibration_error for side in _sides(evaluate(told.card, shown, attention=told.attention))]
    before = [100 * side.calibration_error for side in _sides(evaluate(STARTING, shown))]
    yield CALIBRATION.result(max(errors), ours=_percents(errors), peer=_percents(before), note="holder, assistant")
    yield _both_sides(card)
    yield _trees(bench, answers)


def _loss(told: Evaluation) -> float:
    return sum(side.log_loss for side in _sides(told))


def _sides(told: Evaluation) -> list[Scores]:
    return [side for side in (told.holder, told.assistant) if side is not None]


def _percents(errors: Sequence[float]) -> str:
    return ", ".join(f"{error:.1f}%" for error in errors)


def _both_sides(told: Evaluation) -> Result:
    if told.auc is None or told.holder_auc is None:
        raise WrongAnswer("Nobody agreed, or everybody did.")
    ratio = told.auc / told.holder_auc
    return BOTH_SIDES.result(ratio, ours=f"{told.auc:.3f}", peer=f"{told.holder_auc:.3f}", note="that both say yes")


def _trees(bench: Bench, answers: Sequence[Answer]) -> Result:
    with bench.doing("Growing trees"):
        compared = compare_with_trees(answers, partial(fit, version="learnt"))
    if compared is None:
        raise WrongAnswer("There are no folds to compare on.")
    ours, peer = f"{compared.card:.4f} nats", f"{compared.trees:.4f} nats"
    note = "sure that trees win" if compared.trees_win else "not sure that trees win"
    return TREES.result(compared.trees / compared.card, ours=ours, peer=peer, note=f"five folds of needs; {note}")

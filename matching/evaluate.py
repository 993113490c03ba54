"""How good a scorecard's predictions are, beside what people said, and whether a heavier model would do better."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import ndcg_score, roc_auc_score
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from matching.answers import Answer, Answers, Floats, Ints, Truths, probability, tabulate
from matching.results import Side
from matching.scorecard import FEATURES, Scorecard

SIDES: tuple[Side, Side] = ("holder", "assistant")
#: What is measured is measured on needs that weren't learnt from, in so many turns.
FOLDS = 5
#: People looked at first.
TOP = 5
#: A gain counts if it is more than so many of its own standard errors.
SURE = 2.0
#: A standard error of fewer needs than this says nothing.
FEWEST_NEEDS = 30
_BINS = 10
_SEED = 20261123


class Foretells(Protocol):
    """What learning gives."""

    @property
    def card(self) -> Scorecard:
        """Both sides' points."""

    @property
    def attention(self) -> float:
        """How steeply looks at a list fall; see `answers.looked_at`."""


Learner: TypeAlias = Callable[[Sequence[Answer]], Foretells]


@dataclass(frozen=True, slots=True)
class Scores:
    """Of probabilities, less is better in all three: log-loss in nats, Brier score, expected calibration error."""

    log_loss: float
    brier: float
    calibration_error: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A scorecard on answers; None where nothing can be said.

    `holder` is about being looked at and invited, `assistant` about accepting. `auc`, `holder_auc` and `ndcg` are about
    both saying yes: the order by both sides' probability, by the holder's alone, and the average NDCG of the first
    TOP of each list on which somebody was agreed on. These three favour the card by which the lists were shown, as
    those whom it put first were looked at; the first two take that into account.
    """

    holder: Scores | None
    assistant: Scores | None
    auc: float | None
    holder_auc: float | None
    ndcg: float | None


@dataclass(frozen=True, slots=True)
class Gain:
    """Log-loss saved a need, in nats, with its standard error; nought where there are too few needs to tell."""

    mean: float
    error: float
    needs: int

    @property
    def sure(self) -> bool:
        """More than chance would make of it."""
        return self.needs >= FEWEST_NEEDS and self.mean > SURE * self.error


@dataclass(frozen=True, slots=True)
class Comparison:
    """Log-loss an answer of both sides together, on needs neither learnt from; `gain` is what the trees save."""

    card: float
    trees: float
    gain: Gain

    @property
    def trees_win(self) -> bool:
        """Whether the heavier model is worth thinking about."""
        return self.gain.sure


def evaluate(card: Scorecard, answers: Sequence[Answer], *, attention: float = 1.0) -> Evaluation:
    """How well a scorecard foretells these answers; it must not have learnt from them.

    `attention` is how steeply looks at a list fall, as `fit` found it.
    """
    table = tabulate(answers)
    holder, assistant = (probability(table.log_odds(card, side)) for side in SIDES)
    known, both = _both(table)
    return Evaluation(
        holder=_side_scores(table, "holder", card, attention),
        assistant=_side_scores(table, "assistant", card, attention),
        auc=_auc(both[known], (holder * assistant)[known]),
        holder_auc=_auc(both[known], holder[known]),
        ndcg=_ndcg(table.needs[known], both[known], (holder * assistant)[known]),
    )


def compare_with_trees(answers: Sequence[Answer], learn: Learner) -> Comparison | None:
    """A learner's scorecards beside gradient boosting, on the same folds; None if the answers don't make folds.

    The trees may use the rank as they like and everything the card uses, in any combination, without a reason to give:
    what they can't win here, nobody has to explain.
    """
    table = tabulate(answers)
    columns = _columns_for_trees(table)
    card_losses, tree_losses, asked = np.zeros(len(table)), np.zeros(len(table)), 0
    for train, test in folds(table.needs):
        told = learn([table.answers[row] for row in train.tolist()])
        for side in SIDES:
            known, yes = table.said(side)
            learnt, held_out = train[known[train]], test[known[test]]
            if len(held_out) and 0 < yes[learnt].sum() < len(learnt):
                chance = table.chance(told.card, side, told.attention)[held_out]
                card_losses[held_out] += losses_of(chance, yes[held_out])
                chance = _by_trees(columns[learnt], yes[learnt], columns[held_out])
                tree_losses[held_out] += losses_of(chance, yes[held_out])
                asked += len(held_out)
    if not asked:
        return None
    saved = gained(table.needs, card_losses - tree_losses)
    return Comparison(float(card_losses.sum() / asked), float(tree_losses.sum() / asked), saved)


def _by_trees(columns: Floats, yes: Truths, held_out: Floats) -> Floats:
    trees = HistGradientBoostingClassifier(random_state=_SEED, early_stopping=False, max_iter=60, max_depth=4)
    with one_thread():
        chance: Floats = trees.fit(columns, yes).predict_proba(held_out)[:, 1]
    return chance


def one_thread() -> AbstractContextManager[Any]:
    """Keeps the libraries below to one thread: where cores are shared, several wait for each other tenfold.

    It also sums in the same order on every machine.
    """
    limits: AbstractContextManager[Any] = threadpool_limits(1)
    return limits


def folds(needs: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Rows to learn from and rows to test on, FOLDS times or less, so that no need is in both; none with one need.

    People of one list were chosen against each other: a list in both would be its own crib.
    """
    several = min(FOLDS, len(np.unique(needs)))
    if several > 1:
        yield from GroupKFold(several).split(needs, groups=needs)


def gained(needs: Ints, saved: Floats) -> Gain:
    """What was saved a need, from what was saved a row; answers of one need hang together, so needs are counted."""
    numbers = np.unique(needs, return_inverse=True)[1]
    sums = np.bincount(numbers, saved)
    if len(sums) <= 1:
        return Gain(float(sums.sum()), 0.0, len(sums))
    return Gain(float(sums.mean()), float(sums.std(ddof=1) / np.sqrt(len(sums))), len(sums))


def scores(chance: Floats, yes: Truths) -> Scores:
    """Of probabilities of a yes beside what was said; at least one row."""
    return Scores(
        log_loss=float(losses_of(chance, yes).mean()),
        brier=float(np.mean((chance - yes) ** 2)),
        calibration_error=calibration_error(chance, yes),
    )


def losses_of(chance: Floats, yes: Truths) -> Floats:
    """Each row's log-loss, in nats."""
    told: Floats = -np.log(np.clip(np.where(yes, chance, 1 - chance), np.finfo(float).tiny, 1))
    return told


def calibration_error(chance: Floats, yes: Truths) -> float:
    """Expected calibration error: how far what was foretold is from what came, in ten bins of equally many rows."""
    order = np.argsort(chance, kind="stable")
    apart = [abs((chance[rows] - yes[rows]).sum()) for rows in np.array_split(order, _BINS)]
    return float(sum(apart) / len(chance))


def _side_scores(table: Answers, side: Side, card: Scorecard, attention: float) -> Scores | None:
    known, yes = table.said(side)
    return scores(table.chance(card, side, attention)[known], yes[known]) if known.any() else None


def _both(table: Answers) -> tuple[Truths, Truths]:
    """Of whom it is known whether both said yes, and whether they did."""
    (holder_known, invited), (assistant_known, accepted) = map(table.said, SIDES)
    refused = (holder_known & ~invited) | (assistant_known & ~accepted)
    return refused | (holder_known & assistant_known), invited & accepted


def _auc(yes: Truths, chance: Floats) -> float | None:
    if not yes.any() or yes.all():
        return None
    return float(roc_auc_score(yes, chance))


def _ndcg(needs: Ints, yes: Truths, chance: Floats) -> float | None:
    found = []
    for need in np.unique(needs):
        rows = needs == need
        # a list of one has no order
        if rows.sum() > 1 and yes[rows].any():
            found.append(ndcg_score([yes[rows]], [chance[rows]], k=TOP))
    return float(np.mean(found)) if found else None


def _columns_for_trees(table: Answers) -> Floats:
    columns = [table.ranks.astype(float)]
    for feature in FEATURES:
        column = table.columns[feature.code]
        averages = column.summed(np.arange(feature.size, dtype=float), len(table))
        asked = np.bincount(column.rows, minlength=len(table))
        columns += [np.where(asked, averages, np.nan), asked]
    return np.column_stack(columns)

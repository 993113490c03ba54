"""A scorecard learnt from what people answered: judgement, corrected as far as the answers bear it out.

For each side the log-odds of a yes are the starting scorecard's plus a correction of each table, straight between a few
bends. The corrections are the most probable ones given the answers and a belief held before them: that the starting
tables are about right. So a thousand answers move what they speak about, ten move little, and what nobody answered
about stays. It is logistic regression with an offset, a ridge on the steps from bend to bend, and signs on some of
them; scikit-learn's has neither offset nor signs, hence SciPy's bounded minimiser.

The result is a scorecard again, calibrated by one slope and one shift a side (Platt). Isotonic calibration would bend
each sum as a whole, and the points of the reasons would no longer add up to it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

from matching.answers import Answer, Answers, Floats, Ints, Truths, probability, tabulate
from matching.evaluate import SIDES, Gain, Scores, folds, gained, losses_of, one_thread, scores
from matching.results import Side
from matching.scorecard import BY_CODE, FEATURES, GRAIN, HEAVIEST, STARTING, Bases, Scorecard


@dataclass(frozen=True, slots=True)
class Learned:
    """What one side's answers gave: how many said yes and no, and both scorecards' scores on held-out needs.

    `learnt` is False if there was nothing to learn from, and the side stays as it was. The scores are None if the
    answers are all about one need.
    """

    yes: int
    no: int
    learnt: bool
    before: Scores | None = None
    after: Scores | None = None


@dataclass(frozen=True, slots=True)
class Fitted:
    """A scorecard learnt from answers; `gain` is what it saves on held-out needs, both sides together.

    `attention` is how steeply holders' looks at a list fall (see `answers.looked_at`): 1 as long as nothing says
    otherwise.
    """

    card: Scorecard
    attention: float
    holder: Learned
    assistant: Learned
    gain: Gain

    @property
    def replaces(self) -> bool:
        """Whether it is better than the one it started from, and not by chance."""
        return self.gain.sure

    @property
    def sentence(self) -> str:
        """What came out, for whoever decides on it."""
        if not (self.holder.learnt or self.assistant.learnt):
            return "There is nothing to learn from yet: that takes a yes and a no. The scorecard stays as it is."
        if self.replaces:
            return "The new scorecard foretells answers it hasn't seen better than the old one. Use it."
        return "The new scorecard isn't surely better than the old one. Keep the old one, and collect more answers."


@dataclass(frozen=True, slots=True)
class _Bends:
    """Values at which a table may bend, and the way of each step between two: 1 never down, -1 never up, 0 either.

    With `level`, the table may also be lifted as a whole, for what not every holder asks: who asks may be choosier.
    """

    at: tuple[int, ...]
    ways: tuple[int, ...]
    level: bool = False

    def __len__(self) -> int:
        return len(self.ways) + self.level

    def ramps(self, size: int) -> Floats:
        """One row a correction: a step is nought up to its first bend, one from its second on, straight between."""
        first, last = np.array(self.at[:-1])[:, None], np.array(self.at[1:])[:, None]
        ramps: Floats = np.clip((np.arange(size) - first) / (last - first), 0.0, 1.0)
        return np.vstack([np.ones((int(self.level), size)), ramps])

    def steps(self) -> Iterator[tuple[int, int, int]]:
        """From which value to which, and the way."""
        return zip(self.at[:-1], self.at[1:], self.ways, strict=True)

    def limits(self, points: Floats) -> Iterator[tuple[float, float]]:
        """The least and the most that each correction of a table may be."""
        if self.level:
            yield -np.inf, np.inf
        for first, last, way in self.steps():
            flat = points[first] - points[last]
            yield (flat if way > 0 else -np.inf), (flat if way < 0 else np.inf)

    def ironed(self, points: Floats) -> Floats:
        """The table without turns between two bends: there the correction is straight and the start is not."""
        points = points.copy()
        for first, last, way in self.steps():
            if way:
                part = way * points[first : last + 1]
                points[first : last + 1] = way * np.minimum(np.maximum.accumulate(part), max(part[0], part[-1]))
        return points


def _bends(*at: int, way: int = 0, level: bool = False) -> _Bends:
    return _Bends(at, (way,) * (len(at) - 1), level)


#: Nobody prefers the longer journey, fewer of their hours or less pay, or is less wanted for a skill they were asked
#: for, or more likely there the longer nothing was heard of them. The rest may turn out either way.
_BENDS = {
    "journey": _bends(0, 10, 20, 30, 45, 60, 90, 241, way=-1),
    "hours": _bends(0, 50, 60, 70, 80, 90, 100, way=1),
    "preferred": _bends(0, 50, 100, way=1, level=True),
    "known": _bends(0, 1),
    "journey_share": _bends(0, 20, 40, 60, 80, 100, way=-1),
    "rate": _bends(0, 50, 100, 200, 300, way=1),
    "fill": _bends(0, 25, 50, 75, 100),
    "status": _bends(0, 1),
    "confirmed": _Bends((0, 4, 13, 26, 52, 53), (-1, -1, -1, -1, 0)),
    "required": _bends(0, 6, 12, 24, 60, level=True),
    "wished": _Bends((0, 1, 13, 61), (1, 0, 0), level=True),
    "spoken": _bends(0, 1, way=1, level=True),
}

#: Standard deviations of what is believed before any answer, in log-odds: of a table's correction from its first bend
#: to its last, of the base's, and of the shift and slope of the calibration; and of attention around 1.
_TABLE, _BASE, _SHIFT, _SLOPE, _ATTENTION = 0.5, 0.5, 0.3, 0.1, 0.5
#: A yes that led to twelve weeks of support speaks twice. Only for the shape: calibration counts each yes once.
_LASTED = 2.0
# so exact that no more than the last 1024th is left to chance
_PATIENCE = {"maxiter": 1000, "ftol": 1e-13, "gtol": 1e-6}


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Known answers, one row each: log-odds as they were, and a design of what corrects them.

    `looks` are logarithms of the chance of a look where attention is 1.
    """

    old: Floats
    design: Floats
    yes: Truths
    looks: Floats
    weights: Floats

    def only(self, rows: Ints) -> "_Evidence":
        """Some of the rows."""
        return _Evidence(self.old[rows], self.design[rows], self.yes[rows], self.looks[rows], self.weights[rows])

    def chance(self, log_odds: Floats) -> Floats:
        """Of what can be seen of a yes."""
        return np.exp(self.looks) * probability(log_odds)


@dataclass(frozen=True, slots=True)
class _Belief:
    """Before any answer: the standard deviation of each correction from nought, and (a row each) its least and most.

    The first correction is attention's, the second the base's.
    """

    spreads: Floats
    limits: Floats


@dataclass(frozen=True, slots=True)
class _Line:
    """The calibration of a side."""

    shift: float = 0.0
    slope: float = 1.0

    def of(self, log_odds: Floats) -> Floats:
        return self.shift + self.slope * log_odds


@dataclass(frozen=True, slots=True)
class _Lesson:
    """What one side's answers teach: `corrections` of attention, base and tables; `saved` is log-loss, row by row."""

    told: Learned
    corrections: Floats
    line: _Line
    needs: Ints
    saved: Floats


def fit(answers: Sequence[Answer], *, version: str, start: Scorecard = STARTING) -> Fitted:
    """What the answers make of the scorecard `start`; the new one is called `version`.

    Give each answer once, and a start that hasn't learnt from them already: they would count double. The order of the
    answers changes nothing. Without a yes and a no of either side, the card that comes back is `start` itself.
    """
    table = tabulate(answers)
    with one_thread():
        lessons = {side: _learn(table, side, start) for side in SIDES}
    gain = gained(
        np.concatenate([lesson.needs for lesson in lessons.values()]),
        np.concatenate([lesson.saved for lesson in lessons.values()]),
    )
    card = start
    if any(lesson.told.learnt for lesson in lessons.values()):
        bases = Bases(*(_base(start, side, lesson) for side, lesson in lessons.items()))
        tables = {code: points for side, lesson in lessons.items() for code, points in _tables(start, side, lesson)}
        card = Scorecard(version, bases, tables)
    attention = 1 + lessons["holder"].corrections[0]
    return Fitted(card, float(attention), lessons["holder"].told, lessons["assistant"].told, gain)


def _learn(table: Answers, side: Side, start: Scorecard) -> _Lesson:
    known, said = table.said(side)
    rows = np.flatnonzero(known)
    needs, yes, no = table.needs[rows], int(said.sum()), int((known & ~said).sum())
    evidence, belief = _evidence(table, side, start).only(rows), _belief(side, start)
    told = Learned(yes, no, learnt=bool(yes and no))
    if not told.learnt:
        return _Lesson(told, np.zeros(len(belief.spreads)), _Line(), needs, np.zeros(len(needs)))
    corrections, parts = _solve(evidence, belief), list(folds(needs))
    if not parts:
        return _Lesson(told, corrections, _Line(), needs, np.zeros(len(needs)))
    unseen, looks = evidence.old.copy(), evidence.looks.copy()
    for train, test in parts:
        attention, *steps = _solve(evidence.only(train), belief)
        unseen[test] += evidence.design[test] @ steps
        looks[test] *= 1 + attention
    evidence, after = replace(evidence, looks=looks), unseen.copy()
    for train, test in parts:
        after[test] = _calibrate(evidence.only(train), unseen[train]).of(unseen[test])
    # the old card is given the attention found, too: what is compared is what people want
    old, new = evidence.chance(evidence.old), evidence.chance(after)
    told = replace(told, before=scores(old, evidence.yes), after=scores(new, evidence.yes))
    saved = losses_of(old, evidence.yes) - losses_of(new, evidence.yes)
    return _Lesson(told, corrections, _calibrate(evidence, unseen), needs, saved)


def _evidence(table: Answers, side: Side, start: Scorecard) -> _Evidence:
    columns = [np.ones(len(table))]
    for code in _codes(side):
        ramps = _BENDS[code].ramps(BY_CODE[code].size)
        columns += [table.columns[code].summed(ramp, len(table)) for ramp in ramps]
    lasted = np.array([bool(one.lasted) for one in table.answers], dtype=bool)
    return _Evidence(
        old=table.log_odds(start, side),
        design=np.column_stack(columns),
        yes=table.said(side)[1],
        looks=np.log(table.looked_at(side)),
        weights=np.where(lasted, _LASTED, 1.0),
    )


def _belief(side: Side, start: Scorecard) -> _Belief:
    spreads, limits = [_ATTENTION, _BASE], [(-1.0, np.inf), (-np.inf, np.inf)]
    for code in _codes(side):
        # the same for the table as a whole, however many bends it has
        spreads += [_TABLE / np.sqrt(len(_BENDS[code]))] * len(_BENDS[code])
        limits += _BENDS[code].limits(np.array(start.tables[code]) / GRAIN)
    return _Belief(np.array(spreads), np.array(limits))


def _solve(evidence: _Evidence, belief: _Belief) -> Floats:
    """The most probable corrections."""
    first, design = belief.spreads[0], evidence.design * belief.spreads[1:]

    def unlikelihood(units: Floats) -> tuple[float, Floats]:
        yes = probability(evidence.old + design @ units[1:])
        seen = np.exp((1 + first * units[0]) * evidence.looks) * yes
        loss = np.sum(evidence.weights * losses_of(seen, evidence.yes)) + units @ units / 2
        # by the logarithm of what is seen
        slopes = evidence.weights * np.where(evidence.yes, -1, seen / (1 - seen))
        return float(loss), np.append(first * (slopes @ evidence.looks), (slopes * (1 - yes)) @ design) + units

    bounds = belief.limits / belief.spreads[:, None]
    nought = np.clip(np.zeros(len(bounds)), *bounds.T)
    found = minimize(unlikelihood, nought, jac=True, method="L-BFGS-B", bounds=bounds, options=_PATIENCE)
    corrections: Floats = found.x * belief.spreads
    return corrections


def _calibrate(evidence: _Evidence, log_odds: Floats) -> _Line:
    """The line that makes log-odds, of answers not learnt from, as likely as what came of them."""
    plain = replace(
        evidence,
        old=log_odds,
        design=np.column_stack([np.ones(len(log_odds)), log_odds]),
        weights=np.ones(len(log_odds)),
    )
    # attention stays as it was found
    limits = np.array([(0.0, 0.0), (-np.inf, np.inf), (-1.0, np.inf)])
    _, shift, more = _solve(plain, _Belief(np.array([1.0, _SHIFT, _SLOPE]), limits)).tolist()
    return _Line(shift, 1 + more)


def _base(start: Scorecard, side: Side, lesson: _Lesson) -> int:
    return _whole(lesson.line.of(start.bases.of(side) / GRAIN + lesson.corrections[1:2]))[0]


def _tables(start: Scorecard, side: Side, lesson: _Lesson) -> Iterator[tuple[str, tuple[int, ...]]]:
    at = 2
    for code in _codes(side):
        bends, points = _BENDS[code], np.array(start.tables[code]) / GRAIN
        if lesson.told.learnt:
            points += lesson.corrections[at : at + len(bends)] @ bends.ramps(len(points))
            points = lesson.line.slope * bends.ironed(points)
        yield code, _whole(points)
        at += len(bends)


def _whole(log_odds: Floats) -> tuple[int, ...]:
    return tuple(np.rint(np.clip(log_odds, -HEAVIEST, HEAVIEST) * GRAIN).astype(int).tolist())


def _codes(side: Side) -> Iterator[str]:
    return (feature.code for feature in FEATURES if feature.side == side)

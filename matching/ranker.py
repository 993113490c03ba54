"""The two-sided ranker: P(the holder says yes) times P(the assistant says yes), with its reasons.

Why both: a list of people who then say no wastes everybody's week. Each side is a logistic of added
points, so that each reason is worth a fixed number of points and nothing else moves the score.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

import numpy as np

from matching.eligibility import ask, sift
from matching.errors import BadQuestion
from matching.features import Feature, features_of
from matching.places import miles
from matching.pool import FloatColumn, Pool
from matching.profiles import Match, Need, Shortlist, Side, SideScore
from matching.reasons import Pair, explain
from matching.words import NO_NAMES

# Points are whole 1024ths: sums of them are exact in floating point, in whatever order
_GRAIN = 1024
_HEAVIEST = 20.0


@dataclass(frozen=True, slots=True)
class Weights:
    """Log-odds: what each side starts from and what each feature at its best adds to that.

    The defaults are judgement, not measurement: no record of who said yes exists yet. A holder
    minds most who can come and how much of it they cover; an assistant, the journey. They stay
    until answers to real shortlists are there to fit them to.

    Raises:
        BadQuestion: a weight is not a number or is absurdly heavy.
    """

    holder_base: float = -2.0
    nearness: float = 1.5
    hours_free: float = 1.5
    wished: float = 1.0
    fresh_check: float = 0.5
    assistant_base: float = -1.5
    rate: float = 1.0
    hours_wanted: float = 1.0
    journey: float = 1.5

    def __post_init__(self) -> None:
        for name, weight in asdict(self).items():
            # NaN is not within anything
            if not abs(weight) <= _HEAVIEST:
                raise BadQuestion(name, f"A weight is a number from {-_HEAVIEST:g} to {_HEAVIEST:g}.")


STARTING_WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class _SideColumns:
    base: float
    log_odds: FloatColumn
    probability: FloatColumn

    def of(self, at: int) -> SideScore:
        return SideScore(self.base, float(self.log_odds[at]), float(self.probability[at]))


class Ranker:
    """Ranks a pool for a need; what it knows is in `weights`, so that one day `fit` can learn them."""

    def __init__(self, weights: Weights = STARTING_WEIGHTS) -> None:
        self.weights = weights

    def rank(self, need: Need, pool: Pool, *, k: int, today: date, names: Mapping[str, str] = NO_NAMES) -> Shortlist:
        """The k best people for the need, exactly; those with the same score stand in the order of their ids.

        `names` gives the names of competency codes for the reasons.

        Raises:
            BadQuestion: k is not at least 1.
        """
        if k < 1:
            raise BadQuestion("k", "Ask for at least one person.")
        question = ask(need, today=today)
        rows, funnel = sift(question, pool)
        features = features_of(question, pool, rows)
        points = self._points(features)
        holder = _side("holder", self.weights.holder_base, features, points)
        assistant = _side("assistant", self.weights.assistant_base, features, points)
        score = holder.probability * assistant.probability

        def match(at: int) -> Match:
            person = pool.candidates[rows[at]]
            pair = Pair(question, person, question.week & pool.free_weeks[rows[at]])
            worth = [(feature, float(column[at])) for feature, column in zip(features, points, strict=True)]
            return Match(
                candidate_id=person.id,
                score=float(score[at]),
                holder=holder.of(at),
                assistant=assistant.of(at),
                miles=miles(need.place, person.place),
                free_minutes=pair.free_minutes,
                reasons=explain(pair, worth, names),
            )

        # the pool is in the order of ids, and a stable sort keeps it among equals
        best = np.argsort(-score, kind="stable")[:k]
        return Shortlist(need.id, len(pool), tuple(map(match, best.tolist())), funnel)

    def _points(self, features: Sequence[Feature]) -> list[FloatColumn]:
        weights = asdict(self.weights)
        return [_grained(feature.values * weights[feature.code]) for feature in features]


def _side(side: Side, base: float, features: Sequence[Feature], points: Sequence[FloatColumn]) -> _SideColumns:
    start = float(_grained(np.array(base)))
    mine = [column for feature, column in zip(features, points, strict=True) if feature.side == side]
    log_odds = start + np.sum(mine, axis=0)
    return _SideColumns(start, log_odds, 1 / (1 + np.exp(-log_odds)))


def _grained(points: FloatColumn) -> FloatColumn:
    whole: FloatColumn = np.rint(points * _GRAIN) / _GRAIN
    return whole

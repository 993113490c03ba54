"""A whole region at once: what each seat costs while more needs want it than it can serve.

A need is a row of `Edges`, a seat what it can be given: a person, or a person in one block of the week. Lists sorted by
log(score) - price send fewer people to the same few. Why iterative proportional fitting and not an auction's prices:
in a simulated market it filled more needs, also where chances were only guessed and each need named only its best few.
"""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from matching.compiled import compiled
from matching.errors import BadQuestion

Starts: TypeAlias = NDArray[np.int64]
Counts: TypeAlias = NDArray[np.int32]
#: To compiled code a seat is unsigned: it needn't ask each time whether an index counts from the end.
Seats: TypeAlias = NDArray[np.uint32]
Scores: TypeAlias = NDArray[np.float64] | NDArray[np.float32]
Floats: TypeAlias = NDArray[np.float64]

#: A seat with a score 9% higher is asked twice as much: lists are short, so small leads decide who stands on them.
SHARPNESS = 8
#: More only raise prices where there are too few for all, and send needs to seats that no edge of theirs names.
ROUNDS = 20
#: Nobody is marked down more than twentyfold: a price can't make more people of too few.
DEAREST = math.log(20)

_WRONG = (
    "",
    "A seat is not among those there are.",
    "A score is not a chance between 0 and 1.",
    "The same seat stands twice with one need.",
)


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """For each need the seats it could be given, row after row; hand the arrays over and don't change them.

    `starts` int64[needs + 1]: need i has the edges from starts[i] up to starts[i + 1]. `seats` int32[edges]: from 0,
    below `seat_count`. `scores` float64 or float32[edges]: the chance that both sides say yes, 0 to 1, in any order.

    Raises:
        BadQuestion: an array of another kind, a seat out of range or twice with a need, a score that is no chance.
    """

    starts: Starts
    seats: Counts
    scores: Scores
    seat_count: int

    def __post_init__(self) -> None:
        _refuse_kinds(self)
        if self.starts[0] != 0 or self.starts[-1] != len(self.seats) or (np.diff(self.starts) < 0).any():
            raise BadQuestion("starts", "Each need's edges must begin where those of the need before it end.")
        wrong = _first_wrong(self.starts, self.seats, self.scores, self.seat_count)
        if wrong:
            raise BadQuestion("edges", _WRONG[wrong])

    def __len__(self) -> int:
        """How many needs."""
        return len(self.starts) - 1

    @property
    def unsigned_seats(self) -> Seats:
        """The seats as compiled code reads them; the same memory."""
        return self.seats.view(np.uint32)


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """`logs` float64[seats]: what to take off log(score), 0 where nobody has to give way, at most `DEAREST`."""

    logs: Floats

    @property
    def discounts(self) -> Floats:
        """The same to multiply a score with: 1 down to a twentieth."""
        return np.exp(-self.logs)


def prices(edges: Edges, *, capacity: float = 1.0) -> Prices:
    """One price for each seat, so that no seat is asked by more needs than it can serve, as far as others can.

    Each need has one question to ask and divides it among its seats in proportion to (score x discount) ** SHARPNESS;
    a seat asked by more than `capacity` needs is marked down until it isn't. A seat that stands in no edge costs
    nothing, so a need should name its best 50 or so and, where hundreds could help, its best at the last run's prices
    too; with only 20 the prices mislead. Twenty passes over the edges, whatever the scores are.

    Raises:
        BadQuestion: the capacity isn't a number above 0.
    """
    if not (math.isfinite(capacity) and capacity > 0):
        raise BadQuestion("capacity", "A seat must have room for somebody.")
    seats, weights = edges.unsigned_seats, _weights(edges.starts, edges.scores)
    least = math.exp(-DEAREST * SHARPNESS)
    kept = np.ones(edges.seat_count)
    for _ in range(ROUNDS):
        asked = _asked(edges.starts, seats, weights, kept)
        kept = np.maximum(capacity / np.maximum(asked, capacity), least)
    # a seat at its full worth costs 0, not -0
    return Prices(np.log(kept) / -SHARPNESS + 0.0)


def rivals(edges: Edges, *, few: int = 5) -> Counts:
    """How many needs have each seat among their best `few` by score, int32[seats]; whoever asks may be one of them.

    A seat with score 0 is nobody's best; of equal scores the one named first counts.

    Raises:
        BadQuestion: fewer than one.
    """
    if few < 1:
        raise BadQuestion("few", "The best none of them have no rivals.")
    return _best_of(edges.starts, edges.unsigned_seats, edges.scores, few, edges.seat_count)


def _refuse_kinds(edges: Edges) -> None:
    """Compiled code reads whatever lies at an address: what isn't exactly as agreed never gets there."""
    kinds: tuple[tuple[str, object, tuple[type, ...]], ...] = (
        ("starts", edges.starts, (np.int64,)),
        ("seats", edges.seats, (np.int32,)),
        ("scores", edges.scores, (np.float64, np.float32)),
    )
    for name, array, wanted in kinds:
        if not isinstance(array, np.ndarray) or array.ndim != 1 or array.dtype.type not in wanted:
            raise BadQuestion(name, f"{name} must be one row of {wanted[0].__name__}.")
    if not len(edges.starts) or len(edges.seats) != len(edges.scores):
        raise BadQuestion("edges", "There must be a start more than needs, and a score for each seat.")
    if not 0 <= edges.seat_count <= np.iinfo(np.int32).max:
        raise BadQuestion("seat_count", "There can't be so many seats.")


@compiled
def _first_wrong(starts: Starts, seats: Counts, scores: Scores, seat_count: int) -> int:
    """Which sentence of `_WRONG` is true of the edges, 0 for none."""
    last = np.full(seat_count, -1, np.int64)
    for need in range(len(starts) - 1):
        for edge in range(starts[need], starts[need + 1]):
            seat = seats[edge]
            if not 0 <= seat < seat_count:
                return 1
            # so written, NaN is refused too
            if not 0.0 <= scores[edge] <= 1.0:
                return 2
            if last[seat] == need:
                return 3
            last[seat] = need
    return 0


@compiled
def _weights(starts: Starts, scores: Scores) -> Floats:
    """Each score beside the best of its need, sharpened: a need whose chances are all small asks as much as any."""
    weights = np.zeros(len(scores))
    for need in range(len(starts) - 1):
        best = 0.0
        for edge in range(starts[need], starts[need + 1]):
            best = max(best, scores[edge])
        for edge in range(starts[need], starts[need + 1]):
            if scores[edge] > 0.0:
                weights[edge] = (scores[edge] / best) ** SHARPNESS
    return weights


@compiled
def _asked(starts: Starts, seats: Seats, weights: Floats, kept: Floats) -> Floats:
    """How many needs would ask each seat if it alone weren't marked down."""
    asked = np.zeros(len(kept))
    for need in range(len(starts) - 1):
        total = 0.0
        for edge in range(starts[need], starts[need + 1]):
            total += weights[edge] * kept[seats[edge]]
        if total > 0.0:
            for edge in range(starts[need], starts[need + 1]):
                asked[seats[edge]] += weights[edge] / total
    return asked


@compiled
def _best_of(starts: Starts, seats: Seats, scores: Scores, few: int, seat_count: int) -> Counts:
    counts = np.zeros(seat_count, np.int32)
    for need in range(len(starts) - 1):
        begin, end = starts[need], starts[need + 1]
        for place in np.argsort(-scores[begin:end], kind="mergesort")[:few]:
            if scores[begin + place] > 0.0:
                counts[seats[begin + place]] += 1
    return counts

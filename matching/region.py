"""Every need of a region with its best few, at once: what the market prices."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from matching.market import Edges, prices, rivals
from matching.places import Place
from matching.pool import Found, Pool
from matching.profiles import Need
from matching.question import Question
from matching.scorecard import FINE, Scorecard
from matching.sharing import Shares, price
from matching.week import BLOCKS, main_block

#: How many people each need names to the market: somebody named by nobody costs nothing, so more than are shown.
NAMED = 50
#: Metres a side of the squares in whose order needs are asked.
_NEIGHBOURHOOD = 2_000
#: A seat's number holds the block in its two lowest bits, the part of the pool in the next.
assert len(BLOCKS) == 1 << 2

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Region:
    """The best few of each need. A seat is a person at one time of the week.

    `edges` has a row for each place asked for: a need for two people at a time has two. `needs` says of which need.
    """

    edges: Edges
    needs: NDArray[np.int64]
    _seats: NDArray[np.int64]

    @property
    def blocks(self) -> NDArray[np.int64]:
        """The time of the week of each seat, as a column of `Shares`."""
        return self._seats & len(BLOCKS) - 1

    def person(self, seat: int) -> Found:
        """Whose seat it is, in the pool the region was made from."""
        code = int(self._seats[seat]) >> 2
        return Found(0, code & 1, code >> 1)


def in_silence(_done: int, _all: int) -> None:
    """Nobody watches."""


def best_of_all(
    needs: Sequence[Need], pool: Pool, card: Scorecard, *, today: date, k: int = NAMED, progress: Progress = in_silence
) -> Region:
    """The k best of each need by the plain score, each exact.

    Rows are in the order of places, as the pool's are: neighbours want the same people, who are then near in memory.
    """
    codes = np.empty(len(needs) * k, dtype=np.int64)
    scores = np.empty(len(needs) * k, dtype=np.float32)
    counts = np.zeros(len(needs), dtype=np.int64)
    order = sorted(range(len(needs)), key=lambda number: _cell(needs[number].place))
    at = 0
    for done, number in enumerate(order):
        progress(done, len(needs))
        question = Question(needs[number], today)
        block = Shares.block(main_block(question.week))
        found = pool.best(question, card, k=k)
        for one in found:
            codes[at] = (one.row << 1 | one.part) << 2 | block
            scores[at] = math.exp(one.key / FINE)
            at += 1
        counts[done] = len(found)
    progress(len(needs), len(needs))
    seats, dense = np.unique(codes[:at], return_inverse=True)
    of_two = np.array(["two_people" in needs[number].terms.brings for number in order], dtype=bool)
    rows = np.repeat(np.arange(len(needs)), 1 + of_two)
    edges = _edges(rows, counts, dense.astype(np.int32), scores[:at], len(seats))
    return Region(edges, np.array(order, dtype=np.int64)[rows], seats)


def _cell(place: Place) -> tuple[int, int]:
    return place.northing // _NEIGHBOURHOOD, place.easting // _NEIGHBOURHOOD


def _edges(
    rows: NDArray[np.int64], counts: NDArray[np.int64], seats: NDArray[np.int32], scores: NDArray[np.float32], many: int
) -> Edges:
    """Edges with a row for each of `rows`, which name needs; `counts` are edges a need."""
    starts = np.concatenate([[0], np.cumsum(counts)])
    lengths = counts[rows]
    into = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    source = np.arange(into[-1]) - np.repeat(into[:-1] - starts[rows], lengths)
    return Edges(into, seats[source], scores[source], many)


def shares_of(region: Region, pool: Pool) -> Shares:
    """What listing people costs, for those whom more than one need would have."""
    logs, wanted = prices(region.edges).logs, rivals(region.edges)
    dear = np.flatnonzero((logs > 0) | (wanted > 1))
    ids = [pool.id_of(region.person(seat)) for seat in dear.tolist()]
    rows: dict[UUID, int] = {}
    for one in ids:
        rows.setdefault(one, len(rows))
    costs = np.zeros((len(rows), len(BLOCKS)), dtype=np.uint16)
    others = np.zeros_like(costs)
    whose = [rows[one] for one in ids]
    costs[whose, region.blocks[dear]] = price(logs[dear])
    others[whose, region.blocks[dear]] = np.minimum(wanted[dear], np.iinfo(np.uint16).max)
    return Shares(tuple(rows), costs, others)

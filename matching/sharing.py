"""What it costs to list somebody whom many others need: a price for each time of the week, from the region's market."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from matching.errors import BadQuestion
from matching.week import BLOCKS, Block

#: Prices are whole 1024ths of the logarithm of a score.
PRICE_GRAIN = 1024
_MOST = 65_535
_ORDER: tuple[Block, ...] = tuple(BLOCKS)


@dataclass(frozen=True)
class Shares:
    """Prices and rivals by person and block; people who aren't here cost nothing.

    `prices` and `rivals` have a row for each of `ids` and a column a block, in the order of BLOCKS: prices in
    1024ths of log-score, rivals as how many needs somebody is among the best for.

    Raises:
        BadQuestion: the shapes don't fit each other.
    """

    ids: Sequence[UUID]
    prices: NDArray[np.uint16]
    rivals: NDArray[np.uint16]

    def __post_init__(self) -> None:
        shape = (len(self.ids), len(BLOCKS))
        if self.prices.shape != shape or self.rivals.shape != shape:
            raise BadQuestion("shares", f"Give {shape[1]} prices and rivals for each of {shape[0]} people.")

    @staticmethod
    def block(block: Block) -> int:
        """The column of a block."""
        return _ORDER.index(block)

    def prices_of(self, people: NDArray[Any]) -> NDArray[np.uint16]:
        """Prices for rows of the pool; no rows at all when nobody has a price."""
        if not len(self.ids):
            return self.prices
        prices = np.zeros((len(people), len(BLOCKS)), dtype=np.uint16)
        rows, of_ids = _same(people["id_high"], people["id_low"], self._halves)
        prices[rows] = self.prices[of_ids]
        return prices

    def rivals_of(self, candidate_id: UUID, block: Block) -> int:
        """How many needs somebody is among the best for, at this time of the week."""
        at = self._rows.get(candidate_id)
        return 0 if at is None else int(self.rivals[at, self.block(block)])

    @cached_property
    def _halves(self) -> NDArray[np.uint64]:
        halves = [(one.int >> 64, one.int & (1 << 64) - 1) for one in self.ids]
        return np.array(halves, dtype=np.uint64).reshape(-1, 2)

    @cached_property
    def _rows(self) -> Mapping[UUID, int]:
        return {one: at for at, one in enumerate(self.ids)}


def _same(
    high: NDArray[np.uint64], low: NDArray[np.uint64], halves: NDArray[np.uint64]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where the same ids stand among the first and among the second; each has every id once at most."""
    first, second = np.concatenate([high, halves[:, 0]]), np.concatenate([low, halves[:, 1]])
    order = np.lexsort((second, first))
    twice = np.flatnonzero((first[order][1:] == first[order][:-1]) & (second[order][1:] == second[order][:-1]))
    # a stable sort has the first kind before the second
    return order[twice], order[twice + 1] - len(high)


def price(log_units: NDArray[np.float64]) -> NDArray[np.uint16]:
    """Prices in units of log-score as whole 1024ths."""
    return np.clip(np.rint(log_units * PRICE_GRAIN), 0, _MOST).astype(np.uint16)


_EMPTY = np.empty((0, len(BLOCKS)), dtype=np.uint16)
#: Nobody costs anything.
NO_SHARES = Shares((), _EMPTY, _EMPTY)

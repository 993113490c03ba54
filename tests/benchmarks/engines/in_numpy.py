"""numpy alone: everybody is looked at, the cheapest filter first."""

import numpy as np

from tests.benchmarks.engines.base import OnTable
from tests.benchmarks.engines.scoring import Ask, Scorer, masked
from tests.benchmarks.engines.table import Ints, Table


class FullScan(OnTable):
    """One AND over everybody's word of bits, then the survivors; nothing is allocated for the first."""

    def __init__(self, table: Table, scorer: Scorer) -> None:
        super().__init__(table, scorer)
        self._bits, self._found = np.empty(len(table), dtype=np.uint64), np.empty(len(table), dtype=np.bool_)

    def rows(self, ask: Ask) -> Ints:
        np.bitwise_and(self.table.mask, ask.mask, out=self._bits)
        np.equal(self._bits, ask.mask, out=self._found)
        return np.flatnonzero(self._found)


class Slab(OnTable):
    """Everybody from the furthest anybody reaches in the west to as far in the east: for checking, not for speed.

    Who lives beyond is out of everyone's reach, and all others are looked at by every rule.
    """

    def __init__(self, table: Table, scorer: Scorer) -> None:
        super().__init__(table, scorer)
        self._order = np.argsort(table.easting, kind="stable")
        self._eastings = table.easting[self._order]
        self._masks = table.mask[self._order]

    def rows(self, ask: Ask) -> Ints:
        far = self.table.furthest + 1 + ask.question.further
        east = ask.question.need.place.easting
        west, after = np.searchsorted(self._eastings, (east - far, east + far + 1))
        return self._order[west:after][self._masks[west:after] & ask.mask == ask.mask]


class BruteForce(OnTable):
    """Everybody, one rule after the other."""

    def rows(self, ask: Ask) -> Ints:
        return masked(ask, self.table, np.arange(len(self.table)))

"""scikit-learn's BallTree over the grid finds who lives near enough for the furthest reach; numpy does the rest."""

from time import thread_time

import numpy as np
from sklearn.neighbors import BallTree

from tests.benchmarks.engines.base import OnTable, timed
from tests.benchmarks.engines.scoring import Ask, Scorer, masked
from tests.benchmarks.engines.table import Ints, Table

#: Of the sizes tried (40, 200, 1000) the fastest at a million.
_LEAF = 200


class Ball(OnTable):
    """Euclidean on the grid, where our distances are, and which costs less than great circles."""

    def __init__(self, table: Table, scorer: Scorer) -> None:
        super().__init__(table, scorer)
        points = np.column_stack([table.easting, table.northing]).astype(np.float64)
        self._tree, self.build_seconds = timed(lambda: BallTree(points, leaf_size=_LEAF), thread_time)
        # it keeps the points, their order, and its nodes
        self.nbytes += sum(np.asarray(part).nbytes for part in self._tree.get_arrays())

    def rows(self, ask: Ask) -> Ints:
        place, far = ask.question.need.place, self.table.furthest + 1 + ask.question.further
        hits: Ints = self._tree.query_radius([[place.easting, place.northing]], far)[0]
        return masked(ask, self.table, hits)

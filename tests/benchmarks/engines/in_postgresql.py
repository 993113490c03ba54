"""PostgreSQL: a GiST index over the box that each person reaches finds everybody whose own box holds the place."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import psycopg

from tests.benchmarks.engines.base import OnTable, timed
from tests.benchmarks.engines.scoring import Ask, Scorer
from tests.benchmarks.engines.table import Ints, Table
from web.postgres import Server

_MAKE = "CREATE TABLE people (row integer NOT NULL, rate smallint NOT NULL, mask bigint NOT NULL, reached box NOT NULL)"
# the columns beside the box make it an index-only scan: twice as fast as one over circles that goes to the table
_INDEX = "CREATE INDEX ON people USING gist (reached) INCLUDE (row, rate, mask)"
_FIND = (
    "SELECT string_agg(int4send(row), '') FROM people "
    "WHERE reached && box(point(%(west)s, %(south)s), point(%(east)s, %(north)s)) "
    "AND mask & %(mask)s = %(mask)s AND rate <= %(rate)s"
)
#: One core, as everybody; and no compiling of a query that takes two milliseconds.
SETTINGS = ("max_parallel_workers_per_gather = 0", "max_parallel_maintenance_workers = 0", "jit = off")


class Gist(OnTable):
    """Whoever the index finds and mask and rate leave; the circle itself, the hours and the score are numpy's.

    The statement is prepared and the answer binary. Rows stand in the table in the order of places.
    """

    def __init__(self, table: Table, scorer: Scorer, connection: psycopg.Connection) -> None:
        super().__init__(table, scorer)
        self._connection = connection
        for setting in SETTINGS:
            connection.execute(f"SET {setting}")
        connection.execute(_MAKE)
        self._copy()
        _, self.build_seconds = timed(lambda: connection.execute(_INDEX))
        # without the map of what all can see there is no index-only scan
        connection.execute("VACUUM (FREEZE, ANALYZE) people")
        used = connection.execute("SELECT pg_total_relation_size('people')").fetchone()
        self.nbytes += used[0] if used else 0

    def rows(self, ask: Ask) -> Ints:
        place, rate = ask.question.need.place, ask.question.need.rate_pence
        # who is asked to travel further than they say may do so to any side
        further = float(ask.question.further)
        corners = {"west": place.easting - further, "south": place.northing - further}
        corners |= {"east": place.easting + further, "north": place.northing + further}
        asked = {**corners, "mask": int(ask.mask), "rate": rate}
        found = self._connection.execute(_FIND, asked, prepare=True, binary=True).fetchone()
        return np.frombuffer(found[0] or b"" if found else b"", dtype=">i4").astype(np.int64)

    def _copy(self) -> None:
        table = self.table
        mask, rate = table.mask.view(np.int64).tolist(), table.rate.tolist()
        reach = np.maximum(table.reach + 1, 0)
        corners = [side.tolist() for side in (table.easting - reach, table.northing - reach)]
        corners += [side.tolist() for side in (table.easting + reach, table.northing + reach)]
        with self._connection.cursor().copy("COPY people FROM STDIN") as copy:
            for row, (left, south, right, north) in enumerate(zip(*corners, strict=True)):
                copy.write_row((row, rate[row], mask[row], f"({right},{north}),({left},{south})"))


@contextmanager
def connected(server: Server, name: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection to a database that is made for it, and gone afterwards."""
    server.create_database(name)
    try:
        with psycopg.connect(server.url(name, role="owner").replace("+psycopg", ""), autocommit=True) as connection:
            yield connection
    finally:
        server.drop_database(name)

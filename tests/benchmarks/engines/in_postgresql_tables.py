"""PostgreSQL as an application would have it: people and what they hold in tables, a GiST index on where they live.

All hard rules but the last few minutes of a week are SQL; whoever it leaves is scored by numpy like for everybody.
"""

from typing import Any

import numpy as np
import psycopg

from tests.benchmarks.engines.base import OnTable, timed
from tests.benchmarks.engines.in_postgresql import SETTINGS
from tests.benchmarks.engines.scoring import Ask, Scorer, masked
from tests.benchmarks.engines.table import Ints, Table

_MAKE = """
CREATE TABLE assistant (
    row integer PRIMARY KEY, place point NOT NULL, reach integer NOT NULL, rate integer NOT NULL,
    status smallint NOT NULL, brings integer NOT NULL, refuses integer NOT NULL, free bit(384) NOT NULL
);
CREATE TABLE holds (
    assistant integer NOT NULL, code smallint NOT NULL, since integer NOT NULL, until integer NOT NULL
);
"""
_INDEX = (
    "CREATE INDEX ON assistant USING gist (place)",
    "ALTER TABLE holds ADD PRIMARY KEY (assistant, code)",
)
_FIND = (
    "SELECT string_agg(int4send(row), '') FROM assistant "
    "WHERE place <@ circle(point(%(east)s, %(north)s), %(far)s) "
    "AND (place <-> point(%(east)s, %(north)s)) < reach + %(further)s + 1 AND status < 2 AND rate <= %(rate)s "
    "AND brings & %(needs)s = %(needs)s AND refuses & %(brings)s = 0 "
    "AND bit_count(free & %(week)s) * %(least)s >= %(wanted)s"
)
_HOLDS = (
    " AND EXISTS (SELECT FROM holds WHERE assistant = row AND code = {code} "
    "AND since <= %(first)s AND until >= %(last)s)"
)
_BITS = 384


class Tables(OnTable):
    """People stand in the order in which they came; what they hold, with its dates, is a table of its own."""

    def __init__(self, table: Table, scorer: Scorer, connection: psycopg.Connection[Any]) -> None:
        super().__init__(table, scorer)
        self._connection = connection
        for setting in SETTINGS:
            connection.execute(f"SET {setting}")
        connection.execute(_MAKE)
        self._copy_people()
        self._copy_holds()
        _, self.build_seconds = timed(lambda: [connection.execute(index) for index in _INDEX])
        connection.execute("VACUUM (FREEZE, ANALYZE) assistant, holds")
        used = connection.execute(
            "SELECT pg_total_relation_size('assistant') + pg_total_relation_size('holds')"
        ).fetchone()
        self.nbytes = used[0] if used else 0

    def prepare(self, question: Any) -> tuple[Ask, str, dict[str, Any]]:
        ask: Ask = super().prepare(question)
        need = question.need
        find = _FIND + "".join(_HOLDS.format(code=code) for code in ask.required + ask.other)
        return (
            ask,
            find,
            {
                "east": need.place.easting,
                "north": need.place.northing,
                "far": self.table.furthest + 1 + question.further,
                "further": question.further,
                "rate": need.rate_pence,
                "needs": ask.needs,
                "brings": ask.brings,
                "week": _bits(ask.week),
                # half of the hours is the least that helps; cover has to be there for all of them
                "least": 30 if question.cover else 60,
                "wanted": question.wanted_minutes,
                "first": ask.first,
                "last": ask.last,
            },
        )

    def best(self, prepared: Any, k: int) -> Ints:
        ask, find, asked = prepared
        found = self._connection.execute(find, asked, prepare=True, binary=True).fetchone()
        rows = np.frombuffer(found[0] or b"" if found else b"", dtype=">i4").astype(np.int64)
        return self.scorer.best(ask, self.table, masked(ask, self.table, np.sort(rows)), k)

    def _copy_people(self) -> None:
        table = self.table
        columns = [
            getattr(table, name).tolist()
            for name in ("easting", "northing", "reach", "rate", "status", "brings", "refuses")
        ]
        weeks = np.unpackbits(table.free.view(np.uint8), axis=1, bitorder="little")
        with self._connection.cursor().copy("COPY assistant FROM STDIN") as copy:
            for row, (east, north, *others) in enumerate(zip(*columns, strict=True)):
                week = (weeks[row] + ord("0")).tobytes().decode()
                copy.write_row((row, f"({east},{north})", *others, week))

    def _copy_holds(self) -> None:
        table = self.table
        with self._connection.cursor().copy("COPY holds FROM STDIN") as copy:
            for code in range(len(table.codes)):
                rows = np.flatnonzero(table.until[code])
                since, until = table.since[code][rows].tolist(), table.until[code][rows].tolist()
                for row, start, end in zip(rows.tolist(), since, until, strict=True):
                    copy.write_row((row, code, start, end))


def _bits(week: Any) -> str:
    return "".join(map(str, np.unpackbits(week.view(np.uint8), bitorder="little")))

"""geopy.distance to everybody, then the rules in plain Python: what is usually done."""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

import numpy as np
from geopy.distance import distance
from geopy.point import Point

from matching.places import to_wgs84
from matching.question import Question
from tests.benchmarks.engines.base import OnTable
from tests.benchmarks.engines.scoring import Ask, Fitting, Scorer, ask_of
from tests.benchmarks.engines.table import Ints, Table

#: The grid is 0.05% off the ellipsoid at most, and a metre is not told apart: who lives so near to the edge of
#: their reach may fall on either side of it.
_EDGE, _METRE = 0.0005, 2.0


@dataclass(frozen=True, slots=True)
class _Neighbour:
    """A person as plain Python: what can be worked out beforehand is."""

    id: UUID
    point: Point
    reach: int
    mask: int
    brings: int
    needs: int
    refuses: int
    rate: int
    least: int
    room: int
    week: int


class _Asked(NamedTuple):
    ask: Ask
    home: Point
    mask: int
    week: int


class GeopyEach(OnTable):
    """Finds who fits; their score is on the grid, as it is for everyone."""

    def __init__(self, table: Table, scorer: Scorer) -> None:
        super().__init__(table, scorer)
        self._people = [_neighbour(table, row) for row in range(len(table))]

    def prepare(self, question: Question) -> _Asked:
        ask, place = ask_of(question, self.table), question.need.place
        return _Asked(ask, Point(to_wgs84(place.easting, place.northing)), int(ask.mask), question.week)

    def best(self, prepared: _Asked, k: int) -> Ints:  # type: ignore[override]
        ask, rows, given = prepared.ask, [], []
        for row, person in enumerate(self._people):
            if distance(prepared.home, person.point).meters > person.reach + 1 + ask.question.further:
                continue
            minutes = _given(prepared, person)
            if minutes is not None and self._holds(ask, row) and person.id not in ask.question.need.blocked:
                rows.append(row)
                given.append(minutes)
        found = np.array(rows, dtype=np.int64)
        return self.scorer.first(ask, self.table, Fitting(found, self._metres(ask, found), np.array(given, int)), k)

    def on_edge(self, question: Question) -> Ints:
        """Rows of those about whom the grid and the ellipsoid may differ."""
        ask, reach = ask_of(question, self.table), self.table.reach + 1 + question.further
        away = self._metres(ask, np.arange(len(self.table)))
        return np.flatnonzero(np.abs(away - reach) <= _EDGE * reach + _METRE)

    def _metres(self, ask: Ask, rows: Ints) -> Ints:
        place = ask.question.need.place
        east, north = self.table.easting[rows] - place.easting, self.table.northing[rows] - place.northing
        return np.hypot(east, north).astype(np.int64)

    def _holds(self, ask: Ask, row: int) -> bool:
        since, until = self.table.since, self.table.until
        codes = ask.required + ask.other
        return all(code >= 0 and since[code, row] <= ask.first and until[code, row] >= ask.last for code in codes)


def _given(asked: _Asked, person: _Neighbour) -> int | None:
    """Minutes they could give, or None if a rule is against it; the rules but the distance and what is held."""
    ask, question, wanted = asked.ask, asked.ask.question, asked.ask.question.wanted_minutes
    if person.mask & asked.mask != asked.mask or person.rate > question.need.rate_pence:
        return None
    if ask.needs & ~person.brings or person.needs & ~ask.brings:
        return None
    if person.refuses & ask.brings or ask.refuses & person.brings:
        return None
    given = max(min((asked.week & person.week).bit_count() * 30, person.room, wanted), 0)
    if question.cover:
        return given if given >= wanted else None
    return given if 2 * given >= wanted and given >= person.least else None


def _neighbour(table: Table, row: int) -> _Neighbour:
    return _Neighbour(
        table.ids([row])[0],
        Point(to_wgs84(int(table.easting[row]), int(table.northing[row]))),
        int(table.reach[row]),
        int(table.mask[row]),
        int(table.brings[row]),
        int(table.needs[row]),
        int(table.refuses[row]),
        int(table.rate[row]),
        int(table.least[row]),
        int(table.most[row]) - int(table.booked[row]),
        int.from_bytes(table.free[row].tobytes(), "little"),
    )

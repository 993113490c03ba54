"""Storing a demo region: rows by COPY, money by the ledger's own function, all in the caller's transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import sql
from sqlalchemy import func, text
from sqlmodel import Session, select

from marketplace.organisations import Organisation
from marketplace.people import Person
from web.demo import moves, rows
from web.demo.moves import Move, kept_under
from web.demo.region import Region
from web.demo.rows import Batch

#: Told after each part how many rows and movements are stored, and how many there are.
Progress = Callable[[int, int], None]

#: Any number; whoever holds this advisory lock loads, a second loader waits and then finds it done.
_LOADING = 7402
_AT_ONCE = 500

# One call of the ledger's function for each element of the arrays, in their order.
_MOVE_ALL = text("""
    SELECT key, payments_move(key, kind, line_id, pence, resolves, memo, effective_at)
      FROM unnest(CAST(:keys AS varchar[]), CAST(:kinds AS varchar[]), CAST(:lines AS uuid[]), CAST(:pence AS bigint[]),
                  CAST(:resolves AS uuid[]), CAST(:memos AS varchar[]), CAST(:effective AS timestamptz[]))
           WITH ORDINALITY AS asked(key, kind, line_id, pence, resolves, memo, effective_at, place)
     ORDER BY place
""")


def loaded(session: Session) -> bool:
    """Whether the demo region is here; its organisation tells."""
    return session.get(Organisation, rows.ORGANISATION) is not None


def occupied(session: Session) -> bool:
    """Whether there are people here and none of them the demo's."""
    return not loaded(session) and session.exec(select(Person.id).limit(1)).first() is not None


def load(session: Session, region: Region, *, now: datetime, progress: Progress) -> None:
    """Store the region, all or nothing with the caller's transaction; a second time it does nothing.

    `now` is on the day the region was made for, or later.
    """
    session.exec(select(func.pg_advisory_xact_lock(_LOADING)))
    if loaded(session):
        return
    standing, first, then = rows.standing(region, now=now), moves.first(region), moves.then(region)
    hours = sum(2 if shift.confirmed_at else 1 for deal in region.deals for shift in deal.shifts)
    paid = sum(1 for deal in region.deals for shift in deal.shifts if shift.paid_at)
    counted = _Counted(progress, sum(len(batch.rows) for batch in standing) + len(first) + len(then) + hours + paid)
    for batch in standing:
        counted.add(_copy(session, batch))
    kept: dict[str, UUID] = {}
    for happened in (first, then):
        for start in range(0, len(happened), _AT_ONCE):
            kept |= _move(session, happened[start : start + _AT_ONCE], kept)
            counted.add(len(happened[start : start + _AT_ONCE]))
    by_shift = {shift.id: kept[kept_under(shift.id)] for deal in region.deals for shift in deal.shifts}
    for batch in rows.shifts(region, set_aside=by_shift):
        counted.add(_copy(session, batch))


class _Counted:
    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._done, self._total = progress, 0, total
        progress(0, total)

    def add(self, more: int) -> None:
        self._done += more
        self._progress(self._done, self._total)


def _copy(session: Session, batch: Batch) -> int:
    """Store a batch; how many rows that were."""
    if not batch.rows:
        return 0
    columns = list(batch.rows[0])
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(str(batch.table.__tablename__)), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    # SQLAlchemy knows no COPY; this is the connection, and the transaction, that the session already has
    connection: Any = session.connection().connection.driver_connection
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        for row in batch.rows:
            copy.write_row([row[column] for column in columns])
    return len(batch.rows)


def _move(session: Session, happened: Sequence[Move], kept: dict[str, UUID]) -> dict[str, UUID]:
    """Make these movements; their ids by key. What they resolve was moved before and is in `kept`."""
    asked = {
        "keys": [move.key for move in happened],
        "kinds": [move.kind.value for move in happened],
        "lines": [move.line_id for move in happened],
        "pence": [move.pence for move in happened],
        "resolves": [kept[move.resolves] if move.resolves else None for move in happened],
        "memos": [move.memo for move in happened],
        "effective": [move.effective_at for move in happened],
    }
    return {row[0]: row[1] for row in session.connection().execute(_MOVE_ALL, asked)}

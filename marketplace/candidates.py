"""Every assistant as matching reads them: the pool one process keeps, and how it stays fresh."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Row, Select, func, or_
from sqlalchemy import select as select_many
from sqlmodel import Session, col, select

from marketplace import market, models
from marketplace.agreements import Agreement, AgreementState
from marketplace.assistants import Assistant, AssistantCheck, AssistantCompetency, AssistantWindow, terms_of
from marketplace.availability import LONDON
from marketplace.needs import Need, NeedWindow
from marketplace.postcodes import Postcode, placed
from matching.pool import Pool
from matching.profiles import EARLIEST, LAST, MOST_BOOKED, Candidate, Evidence, Status
from matching.ranker import Ranker
from matching.travel import Mode
from matching.week import WeeklyWindow

#: How old what a process knows may be. A look costs a query of a millisecond, so that every request could take one;
#: within this time of the last one it doesn't.
FRESH_FOR = timedelta(milliseconds=500)


class Candidates:
    """Every assistant, and what orders them; each look brings in what has changed, in this or any process.

    PostgreSQL numbers transactions; rows carry the number that touched them last, kept by triggers. Reading
    those at or above the oldest transaction that was still open at the last look misses nobody.
    """

    def __init__(self, open_session: Callable[[], Session], *, fresh_for: timedelta = FRESH_FOR) -> None:
        self._open_session = open_session
        self._fresh_for = fresh_for
        self._looking = Lock()
        self._pool = Pool()
        self._ranker = Ranker()
        self._looked: datetime | None = None
        self._oldest_open = 0
        # who was read at the last look, and which transaction had touched them: they are read again for as long
        # as somebody's transaction stays open, and need no second change of the pool
        self._read: dict[UUID, int] = {}
        self._market: datetime | None = None

    def look(self, *, now: datetime) -> tuple[Pool, Ranker]:
        """Everyone as committed FRESH_FOR ago or later, and the ranker to order them with.

        Nobody waits for another's look: who comes meanwhile gets what was known before. Only the first look of a
        process or a day, which reads everyone, is waited for: agreements end by date.
        """
        first = self._looked is None or _day(self._looked) != _day(now)
        if not first and self._looked is not None and timedelta(0) <= now - self._looked < self._fresh_for:
            return self._pool, self._ranker
        if self._looking.acquire(blocking=first):
            try:
                self._look(now)
            finally:
                self._looking.release()
        return self._pool, self._ranker

    def _look(self, now: datetime) -> None:
        anew = self._looked is None or _day(self._looked) != _day(now)
        if anew and self._looked is not None and now - self._looked < timedelta(0):
            # a clock that was set back to yesterday: what is known is known
            anew = False
        with self._open_session() as session:
            oldest_open = session.exec(select(func.pg_snapshot_xmin(func.pg_current_snapshot()))).one()
            read: dict[UUID, int] = {}
            changed = self._changed(session, _day(now), None if anew else self._oldest_open, read)
            shares = market.shares(session, unless=None if anew else self._market)
            pool = Pool(changed) if anew else self._with(changed)
            if shares is not None:
                self._market, prices = shares
                pool = pool.with_shares(prices)
            card = models.in_use(session)
        if card.version != self._ranker.card.version:
            self._ranker = Ranker(card)
        self._pool, self._read, self._oldest_open, self._looked = pool, read, int(oldest_open), now

    def _with(self, changed: Iterable[Candidate]) -> Pool:
        upsert = list(changed)
        return self._pool.with_changes(upsert=upsert) if upsert else self._pool

    def _changed(self, session: Session, today: date, since: int | None, read: dict[UUID, int]) -> Iterator[Candidate]:
        query = _query(today)
        if since is not None:
            query = query.where(col(Assistant.changed_in) >= since)
        with closing(session.connection().execute(query.execution_options(yield_per=1_000))) as rows:
            for row in rows:
                read[row.id] = row.changed_in
                if since is None or self._read.get(row.id) != row.changed_in:
                    yield _candidate(row)


def _day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()


def _query(today: date) -> Select[Any]:
    """One row an assistant, with the postcode's place, and windows, skills, checks and hours agreed as arrays."""
    return (
        select_many(
            Assistant,
            col(Postcode.easting),
            col(Postcode.northing),
            _of_assistant(AssistantWindow, func.json_build_array(*_window(AssistantWindow))).label("free"),
            _held(AssistantCompetency).label("skills"),
            _held(AssistantCheck).label("checks"),
            _agreed(today).label("agreed"),
        )
        .outerjoin(Postcode, col(Postcode.code) == col(Assistant.postcode))
        .select_from(Assistant)
    )


def _of_assistant(table: Any, made: Any) -> Any:
    rows = select_many(func.json_agg(made)).where(col(table.assistant_id) == Assistant.id)
    return rows.correlate(Assistant).scalar_subquery()


def _held(table: type[AssistantCompetency | AssistantCheck]) -> Any:
    made = func.json_build_array(col(table.code), col(table.checked_on), col(table.valid_until))
    return _of_assistant(table, made)


def _window(table: type[AssistantWindow | NeedWindow]) -> tuple[Any, Any, Any]:
    return col(table.weekday), col(table.start), col(table.minutes)


def _agreed(today: date) -> Any:
    """Windows of what was agreed and isn't over, with the need and how much a week it is if that is less than all."""
    rows = (
        select_many(func.json_agg(func.json_build_array(*_window(NeedWindow), col(Need.id), col(Need.minutes_a_week))))
        .select_from(Agreement)
        .join(Need, col(Need.id) == Agreement.need_id)
        .join(NeedWindow, col(NeedWindow.need_id) == Agreement.need_id)
        .where(
            col(Agreement.assistant_id) == Assistant.id,
            col(Agreement.state) == AgreementState.AGREED.value,
            or_(col(Agreement.ends_on).is_(None), col(Agreement.ends_on) >= today),
        )
    )
    return rows.correlate(Assistant).scalar_subquery()


def _candidate(row: Row[Any]) -> Candidate:
    booked, booked_minutes = _promised(row.agreed or ())
    return Candidate(
        id=row.id,
        place=placed(row.postcode, row.easting, row.northing),
        windows=tuple(WeeklyWindow(*each) for each in row.free or ()),
        competencies=_evidence(row.skills),
        lowest_rate_pence=row.lowest_rate_pence,
        mode=cast("Mode", row.travel_by),
        travel_minutes=row.travel_minutes,
        least_minutes=row.least_minutes,
        most_minutes=row.most_minutes,
        checks=_evidence(row.checks),
        languages=frozenset(row.languages),
        terms=terms_of(row),
        booked=booked,
        booked_minutes=booked_minutes,
        status=cast("Status", row.status),
        confirmed_on=row.confirmed_on,
    )


def _promised(agreed: Iterable[tuple[int, int, int, str, int | None]]) -> tuple[tuple[WeeklyWindow, ...], int]:
    """What is promised to others, and how much work that is.

    Where the times were left open, within some, the work counts and nobody knows yet which hours it takes.
    """
    booked: list[WeeklyWindow] = []
    minutes: dict[str, int] = {}
    for weekday, start, length, need_id, minutes_a_week in agreed:
        if minutes_a_week is None:
            booked.append(WeeklyWindow(weekday, start, length))
            minutes[need_id] = minutes.get(need_id, 0) + length
        else:
            minutes[need_id] = minutes_a_week
    return tuple(booked), min(sum(minutes.values()), MOST_BOOKED)


def _evidence(held: Iterable[tuple[str, str, str | None]] | None) -> dict[str, Evidence]:
    """What is held; dates from before profiles were held to sensible ones end where the pool's days end."""
    found = {}
    for code, checked, until in held or ():
        since, ends = date.fromisoformat(checked), date.fromisoformat(until) if until else None
        if ends is None or ends >= EARLIEST:
            found[code] = Evidence(min(max(since, EARLIEST), LAST), None if ends is None or ends > LAST else ends)
    return found

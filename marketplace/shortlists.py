"""Who fits a need: fills matching's pool from the database, keeps it fresh, and ranks for those who may ask."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, or_
from sqlalchemy import select as select_many
from sqlmodel import Session, col, select

from marketplace import holders, needs
from marketplace.agreements import Agreement, AgreementState
from marketplace.assistants import Assistant, AssistantCompetency, AssistantWindow, Status
from marketplace.availability import LONDON
from marketplace.competencies import NAMES
from marketplace.needs import Need, NeedWindow
from marketplace.people import Person, Viewer, public_name
from matching import profiles
from matching.places import locate
from matching.pool import Pool
from matching.profiles import Candidate, Evidence, Match, Shortlist, WeeklyWindow
from matching.ranker import Ranker

#: How many people a holder is shown; more is not choice but work.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One person who fits, with what may be shown of them before both agree."""

    assistant_id: UUID
    name: str
    lowest_rate_pence: int
    about: str
    match: Match


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The best of those who fit, best first, and how the others fell away."""

    people: tuple[Suggestion, ...]
    shortlist: Shortlist


class Candidates:
    """Every assistant as matching reads them; each look brings in what has changed, in this or any process.

    PostgreSQL numbers transactions; rows carry the number that touched them last, kept by triggers. Reading
    those at or above the oldest transaction that was still open at the last look misses nobody.
    """

    def __init__(self, open_session: Callable[[], Session]) -> None:
        self._open_session = open_session
        self._lock = Lock()
        self._pool = Pool(())
        self._known: dict[UUID, Candidate] = {}
        self._seen: int | None = None
        self._day: date | None = None

    def pool(self, *, now: datetime) -> Pool:
        """The pool as committed now; built anew on the first look of a day, as agreements end by date."""
        today = now.astimezone(LONDON).date()
        with self._lock, self._open_session() as session:
            since = self._seen if self._day == today else None
            oldest_open = session.exec(select(func.pg_snapshot_xmin(func.pg_current_snapshot()))).one()
            read = {one.id: one for one in _load(session, today=today, since=since)}
            if since is None:
                self._pool, self._known = Pool(read.values()), read
            # While somebody's transaction stays open, what came after it is read again at each look.
            elif changed := {key: one for key, one in read.items() if self._known.get(key) != one}:
                self._pool = self._pool.with_changes(upsert=changed.values())
                self._known |= changed
            self._seen, self._day = int(oldest_open), today
            return self._pool


def for_need(
    session: Session, *, viewer: Viewer, need_id: UUID, candidates: Candidates, ranker: Ranker, now: datetime
) -> Suggestions:
    """The best people for a need the viewer may see, exactly, with the reasons.

    Raises:
        NotFound: no such need, or not the viewer's.
    """
    return ranked(session, viewer=viewer, need_id=need_id, pool=candidates.pool(now=now), ranker=ranker, now=now)


def ranked(
    session: Session, *, viewer: Viewer, need_id: UUID, pool: Pool, ranker: Ranker, now: datetime
) -> Suggestions:
    """The same among the people of a pool one has in hand.

    Raises:
        NotFound: no such need, or not the viewer's.
    """
    need = needs.get(session, viewer=viewer, need_id=need_id)
    today = now.astimezone(LONDON).date()
    shortlist = ranker.rank(_asked(session, viewer, need), pool, k=SHOWN, today=today, names=NAMES)
    shown = _shown(session, [match.candidate_id for match in shortlist.matches])
    people = (Suggestion(match.candidate_id, *shown[match.candidate_id], match) for match in shortlist.matches)
    return Suggestions(people=tuple(people), shortlist=shortlist)


def _asked(session: Session, viewer: Viewer, need: Need) -> profiles.Need:
    holder = holders.get(session, viewer=viewer, holder_id=need.holder_id)
    asked = needs.asked(session, need_ids=[need.id])[need.id]
    return profiles.Need(
        id=need.id,
        place=holders.place_of(holder),
        windows=asked.windows,
        required=asked.required,
        wished=asked.wished,
        rate_pence=need.rate_pence,
        starts_on=need.starts_on,
        ends_on=need.ends_on,
    )


def _shown(session: Session, assistant_ids: Sequence[UUID]) -> dict[UUID, tuple[str, int, str]]:
    found = (
        select(Assistant.id, Person.name, Assistant.lowest_rate_pence, Assistant.about)
        .join(Person, col(Person.id) == Assistant.person_id)
        .where(col(Assistant.id).in_(assistant_ids))
    )
    return {row[0]: (public_name(row[1]), row[2], row[3]) for row in session.exec(found)}


def _load(session: Session, *, today: date, since: int | None) -> Iterable[Candidate]:
    query = _query(today)
    if since is not None:
        query = query.where(col(Assistant.changed_in) >= since)
    return (_candidate(row) for row in session.connection().execute(query))


def _query(today: date) -> Select[Any]:
    """One row an assistant, with windows, skills and hours agreed elsewhere as arrays."""
    free = select_many(func.json_agg(_triple(AssistantWindow))).where(col(AssistantWindow.assistant_id) == Assistant.id)
    held = select_many(
        func.json_agg(
            func.json_build_array(
                col(AssistantCompetency.code), col(AssistantCompetency.checked_on), col(AssistantCompetency.valid_until)
            )
        )
    ).where(col(AssistantCompetency.assistant_id) == Assistant.id)
    agreed = (
        select_many(func.json_agg(_triple(NeedWindow)))
        .select_from(Agreement)
        .join(NeedWindow, col(NeedWindow.need_id) == Agreement.need_id)
        .where(
            col(Agreement.assistant_id) == Assistant.id,
            col(Agreement.state) == AgreementState.AGREED.value,
            or_(col(Agreement.ends_on).is_(None), col(Agreement.ends_on) >= today),
        )
    )
    return select_many(
        Assistant,
        free.correlate(Assistant).scalar_subquery().label("free"),
        held.correlate(Assistant).scalar_subquery().label("held"),
        agreed.correlate(Assistant).scalar_subquery().label("agreed"),
    )


def _triple(table: type[AssistantWindow | NeedWindow]) -> Any:
    return func.json_build_array(col(table.weekday), col(table.start), col(table.minutes))


def _candidate(row: Row[Any]) -> Candidate:
    booked = _windows(row.agreed)
    return Candidate(
        id=row.id,
        place=locate(row.postcode),
        windows=_windows(row.free),
        competencies={
            code: Evidence(_day(checked), _day(until) if until else None) for code, checked, until in row.held or ()
        },
        lowest_rate_pence=row.lowest_rate_pence,
        travel_miles=row.travel_miles,
        least_minutes=row.least_minutes,
        most_minutes=row.most_minutes,
        booked=booked,
        booked_minutes=sum(window.minutes for window in booked),
        looking=row.status == Status.LOOKING.value,
    )


def _windows(triples: Iterable[tuple[int, int, int]] | None) -> tuple[WeeklyWindow, ...]:
    return tuple(WeeklyWindow(weekday, start, minutes) for weekday, start, minutes in triples or ())


def _day(written: str) -> date:
    return date.fromisoformat(written)

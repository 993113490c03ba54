"""Many at once, as files bring them: what is here of the people in a file, and a few statements to store the rest.

Nothing here asks who may: whoever calls has made sure of it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as insert_new
from sqlmodel import Session, col, delete, select

from marketplace import needs
from marketplace.assistants import (
    Assistant,
    AssistantCheck,
    AssistantCompetency,
    AssistantWindow,
    Check,
    Profile,
    Skill,
    Status,
    check_checks,
    check_skills,
    columns_of,
)
from marketplace.availability import LONDON, Hours, TimeOfDay, hours_of, windows_of
from marketplace.competencies import CheckCode, Competency
from marketplace.holders import Holder
from marketplace.languages import Language
from marketplace.needs import Need, NeedState, NewNeed
from marketplace.people import Person
from matching.places import locate
from matching.week import WeeklyWindow

# what the rows hold as it was told
_AS_SAID = {"postcode", "about", "lowest_rate_pence", "travel_by", "travel_minutes", "gender"}
_AS_TOLD = {
    *("title", "about", "rate_pence", "starts_on", "ends_on", "reference"),
    *("kind", "people", "contract", "car", "gender", "gender_reason"),
}


@dataclass(frozen=True, slots=True)
class KnownHolder:
    """A holder as they are known here."""

    id: UUID
    person_id: UUID
    organisation_id: UUID
    name: str
    postcode: str


@dataclass(frozen=True, slots=True)
class Posted:
    """A need that was posted, as it was told."""

    id: UUID
    state: NeedState
    told: NewNeed


# --- what one can do


def join_all(session: Session, *, names: Mapping[str, str], now: datetime) -> dict[str, UUID]:
    """Ids of the people with these addresses (lower case), by address; new ones get the name given with theirs.

    Two statements however many there are; who joins elsewhere at the same moment is found, not refused.
    """
    session.flush()
    joining = [{"id": uuid4(), "email": email, "name": name, "joined_at": now} for email, name in names.items()]
    if joining:
        session.connection().execute(insert_new(Person).on_conflict_do_nothing(index_elements=["email"]), joining)
    return dict(session.exec(select(Person.email, Person.id).where(col(Person.email).in_(names))).all())


def save_profiles(session: Session, *, profiles: Mapping[UUID, Profile], now: datetime) -> None:
    """As `assistants.save_profile` for many people, by the id of the person; in ten statements however many.

    Raises:
        UnknownPostcode: a postcode is nowhere in Great Britain.
        Invalid: hours overlap, or a skill or check was made in the future or has two dates.
    """
    today = now.astimezone(LONDON).date()
    weeks: dict[UUID, tuple[WeeklyWindow, ...]] = {}
    for person_id, profile in profiles.items():
        locate(profile.postcode)
        check_skills(profile.skills, today=today)
        check_checks(profile.checks, today=today)
        weeks[person_id] = windows_of(profile.hours)
    ids = _save_rows(session, profiles, today=today, now=now)
    free = [
        {"assistant_id": ids[person_id], "weekday": one.weekday, "start": one.start, "minutes": one.minutes}
        for person_id, week in weeks.items()
        for one in week
    ]
    held = [
        {"assistant_id": ids[person_id], **skill.model_dump()}
        for person_id, profile in profiles.items()
        for skill in profile.skills
    ]
    checked = [
        {"assistant_id": ids[person_id], **check.model_dump()}
        for person_id, profile in profiles.items()
        for check in profile.checks
    ]
    _replace(session, AssistantWindow, free, of=ids.values())
    _replace(session, AssistantCompetency, held, of=ids.values())
    _replace(session, AssistantCheck, checked, of=ids.values())


def _replace(
    session: Session,
    table: type[AssistantWindow | AssistantCompetency | AssistantCheck],
    rows: list[dict[str, Any]],
    *,
    of: Collection[UUID],
) -> None:
    """All these assistants have there from now on."""
    session.exec(delete(table).where(col(table.assistant_id).in_(of)))
    if rows:
        session.connection().execute(insert(table), rows)


def _save_rows(session: Session, profiles: Mapping[UUID, Profile], *, today: date, now: datetime) -> dict[UUID, UUID]:
    """Names and profiles without hours, skills and checks; gives assistants' ids by those of the people."""
    theirs = select(Person).where(col(Person.id).in_(profiles)).execution_options(populate_existing=True)
    # Locked in the same order always, so that two imports of the same people wait for each other.
    people = session.exec(theirs.order_by(col(Person.id)).with_for_update(key_share=True)).all()
    known = select(Assistant).where(col(Assistant.person_id).in_(profiles)).execution_options(populate_existing=True)
    assistants = {assistant.person_id: assistant for assistant in session.exec(known)}
    for person in people:
        profile = profiles[person.id]
        said = columns_of(profile, today=today)
        if person.id not in assistants:
            assistants[person.id] = Assistant(person_id=person.id, registered_at=now, **said)
        assistants[person.id].sqlmodel_update(said)
        person.name = profile.name
    session.add_all(assistants.values())
    session.flush()
    return {person_id: assistant.id for person_id, assistant in assistants.items()}


# --- queries


def profiles(session: Session, *, emails: Collection[str]) -> dict[str, Profile]:
    """What the assistants with these addresses (lower case) say of themselves, by address; in four queries.

    As stored, so not held against rules that came later.
    """
    known = (
        select(Person.email, Person.name, Assistant)
        .join(Assistant, col(Assistant.person_id) == Person.id)
        .where(col(Person.email).in_(emails))
    )
    found = session.exec(known).all()
    ids = [assistant.id for _, _, assistant in found]
    weeks, skills, checks = _weeks(session, ids), _skills(session, ids), _checks(session, ids)
    return {
        email: _said(one, name=name, hours=weeks[one.id], skills=skills[one.id], checks=checks[one.id])
        for email, name, one in found
    }


def _said(one: Assistant, **others: Any) -> Profile:
    return Profile.model_construct(
        **one.model_dump(include=_AS_SAID),
        **_sets(one, "brings", "refuses", "needs"),
        **others,
        least_hours=one.least_minutes // 60,
        most_hours=one.most_minutes // 60,
        status=Status(one.status),
        languages={Language(code) for code in one.languages},
    )


def _sets(row: Assistant | Need, *fields: str) -> dict[str, Any]:
    """Lists of words, which come in any order."""
    return {field: set(words) for field, words in row.model_dump(include=set(fields)).items()}


def _weeks(session: Session, assistant_ids: Collection[UUID]) -> dict[UUID, list[Hours]]:
    """When each can work, in the order of the week."""
    weeks: dict[UUID, list[Hours]] = defaultdict(list)
    free = select(
        AssistantWindow.assistant_id, AssistantWindow.weekday, AssistantWindow.start, AssistantWindow.minutes
    ).where(col(AssistantWindow.assistant_id).in_(assistant_ids))
    for assistant_id, *window in session.exec(free.order_by(col(AssistantWindow.weekday), col(AssistantWindow.start))):
        weeks[assistant_id].append(hours_of(WeeklyWindow(*window)))
    return weeks


def _skills(session: Session, assistant_ids: Collection[UUID]) -> dict[UUID, list[Skill]]:
    """What each can do, by code."""
    skills: dict[UUID, list[Skill]] = defaultdict(list)
    held = select(AssistantCompetency).where(col(AssistantCompetency.assistant_id).in_(assistant_ids))
    for one in session.exec(held.order_by(col(AssistantCompetency.code))):
        skill = Skill(code=Competency(one.code), checked_on=one.checked_on, valid_until=one.valid_until)
        skills[one.assistant_id].append(skill)
    return skills


def _checks(session: Session, assistant_ids: Collection[UUID]) -> dict[UUID, list[Check]]:
    """What was checked of each, by code."""
    checks: dict[UUID, list[Check]] = defaultdict(list)
    held = select(AssistantCheck).where(col(AssistantCheck.assistant_id).in_(assistant_ids))
    for one in session.exec(held.order_by(col(AssistantCheck.code))):
        check = Check(code=CheckCode(one.code), checked_on=one.checked_on, valid_until=one.valid_until)
        checks[one.assistant_id].append(check)
    return checks


def holders(session: Session, *, emails: Collection[str]) -> dict[str, KnownHolder]:
    """The holders with these addresses (lower case), by address."""
    found = (
        select(Person.email, Holder, Person.name)
        .join(Holder, col(Holder.person_id) == Person.id)
        .where(col(Person.email).in_(emails))
    )
    return {
        email: KnownHolder(holder.id, holder.person_id, holder.organisation_id, name, holder.postcode)
        for email, holder, name in session.exec(found)
    }


def posted(session: Session, *, holder_ids: Collection[UUID]) -> dict[tuple[UUID, str], Posted]:
    """The needs of these holders that have a reference, by holder and reference; in four queries."""
    found = select(Need).where(col(Need.holder_id).in_(holder_ids), col(Need.reference).is_not(None))
    theirs = session.exec(found).all()
    asked = needs.asked(session, need_ids=[need.id for need in theirs])
    return {
        (need.holder_id, need.reference or ""): Posted(need.id, NeedState(need.state), _told(need, asked[need.id]))
        for need in theirs
    }


def _told(need: Need, asked: needs.Asked) -> NewNeed:
    return NewNeed.model_construct(
        **need.model_dump(include=_AS_TOLD),
        **_sets(need, "home", "refuses"),
        hours=asked.hours,
        hours_a_week=needs.hours_a_week(need),
        required={Competency(code) for code in asked.required},
        wished={Competency(code) for code in asked.wished},
        mostly={TimeOfDay(time) for time in need.mostly},
        checks={CheckCode(code) for code in need.checks},
        languages={Language(code) for code in need.languages},
        languages_wished={Language(code) for code in need.languages_wished},
    )

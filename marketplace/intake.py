"""Many at once, as files bring them: what is here of the people in a file, and a few statements to store the rest.

Nothing here asks who may: whoever calls has made sure of it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as insert_new
from sqlmodel import Session, col, delete, select

from marketplace import needs
from marketplace.assistants import (
    Assistant,
    AssistantCompetency,
    AssistantWindow,
    Profile,
    Skill,
    Status,
    check_skills,
    columns_of,
)
from marketplace.availability import LONDON, Hours, hours_of, windows_of
from marketplace.competencies import Competency
from marketplace.holders import Holder
from marketplace.needs import Need, NeedState, NewNeed
from marketplace.people import Person
from matching.places import locate
from matching.profiles import WeeklyWindow


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
    """As `assistants.save_profile` for many people, by the id of the person; in eight statements however many.

    Raises:
        UnknownPostcode: a postcode is nowhere in Great Britain.
        Invalid: hours overlap, or a skill was checked in the future or has two dates.
    """
    weeks: dict[UUID, tuple[WeeklyWindow, ...]] = {}
    for person_id, profile in profiles.items():
        locate(profile.postcode)
        check_skills(profile.skills, today=now.astimezone(LONDON).date())
        weeks[person_id] = windows_of(profile.hours)
    ids = _save_rows(session, profiles, now=now)
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
    session.exec(delete(AssistantWindow).where(col(AssistantWindow.assistant_id).in_(ids.values())))
    session.exec(delete(AssistantCompetency).where(col(AssistantCompetency.assistant_id).in_(ids.values())))
    for table, rows in ((AssistantWindow, free), (AssistantCompetency, held)):
        if rows:
            session.connection().execute(insert(table), rows)


def _save_rows(session: Session, profiles: Mapping[UUID, Profile], *, now: datetime) -> dict[UUID, UUID]:
    """Names and profiles without hours and skills; gives the ids of the assistants by those of the people."""
    theirs = select(Person).where(col(Person.id).in_(profiles)).execution_options(populate_existing=True)
    # Locked in the same order always, so that two imports of the same people wait for each other.
    people = session.exec(theirs.order_by(col(Person.id)).with_for_update(key_share=True)).all()
    known = select(Assistant).where(col(Assistant.person_id).in_(profiles)).execution_options(populate_existing=True)
    assistants = {assistant.person_id: assistant for assistant in session.exec(known)}
    for person in people:
        profile = profiles[person.id]
        said = columns_of(profile)
        if person.id not in assistants:
            assistants[person.id] = Assistant(person_id=person.id, registered_at=now, **said)
        assistants[person.id].sqlmodel_update(said)
        person.name = profile.name
    session.add_all(assistants.values())
    session.flush()
    return {person_id: assistant.id for person_id, assistant in assistants.items()}


# --- queries


def profiles(session: Session, *, emails: Collection[str]) -> dict[str, Profile]:
    """What the assistants with these addresses (lower case) say of themselves, by address; in three queries.

    As stored, so not held against rules that came later.
    """
    known = (
        select(Person.email, Person.name, Assistant)
        .join(Assistant, col(Assistant.person_id) == Person.id)
        .where(col(Person.email).in_(emails))
    )
    found = session.exec(known).all()
    ids = [assistant.id for _, _, assistant in found]
    weeks, skills = _weeks(session, ids), _skills(session, ids)
    return {
        email: Profile.model_construct(
            name=name,
            postcode=one.postcode,
            about=one.about,
            lowest_rate_pence=one.lowest_rate_pence,
            travel_miles=one.travel_miles,
            least_hours=one.least_minutes // 60,
            most_hours=one.most_minutes // 60,
            status=Status(one.status),
            hours=weeks[one.id],
            skills=skills[one.id],
        )
        for email, name, one in found
    }


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
    """The needs of these holders that have a reference, by holder and reference; in three queries."""
    found = select(Need).where(col(Need.holder_id).in_(holder_ids), col(Need.reference).is_not(None))
    theirs = session.exec(found).all()
    asked = needs.asked(session, need_ids=[need.id for need in theirs])
    return {
        (need.holder_id, need.reference or ""): Posted(need.id, NeedState(need.state), _told(need, asked[need.id]))
        for need in theirs
    }


def _told(need: Need, asked: needs.Asked) -> NewNeed:
    return NewNeed.model_construct(
        title=need.title,
        about=need.about,
        rate_pence=need.rate_pence,
        starts_on=need.starts_on,
        ends_on=need.ends_on,
        hours=asked.hours,
        required={Competency(code) for code in asked.required},
        wished={Competency(code) for code in asked.wished},
        reference=need.reference,
    )

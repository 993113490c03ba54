"""Personal assistants: where they live, how far they go, what they can do, when they are free, what they ask."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol, get_args
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, model_validator
from sqlalchemy import ARRAY, BigInteger, CheckConstraint, DateTime, String, text
from sqlmodel import Field, Session, SQLModel, col, delete, select

from marketplace.availability import LONDON, Hours, hours_of, windows_of
from marketplace.competencies import CheckCode, Competency
from marketplace.errors import Invalid, NotFound
from marketplace.languages import Language
from marketplace.people import Person, Viewer
from marketplace.terms import Brings, Gender, Refusal, Wants, only
from marketplace.told import Told
from matching.places import locate, normalise
from matching.profiles import EARLIEST, LAST
from matching.terms import Terms
from matching.travel import Mode
from matching.week import WeeklyWindow

#: The lowest national minimum wage there is, under 18, from April 2026; the right one for each age comes
#: with payroll. The highest is a guard against a slip of the keyboard.
LOWEST_RATE_PENCE, HIGHEST_RATE_PENCE = 800, 20_000
#: Minutes, one way.
SHORTEST_TRAVEL, LONGEST_TRAVEL = 5, 240


class Status(StrEnum):
    """Whether an assistant wants to be asked; who is open to offers has work and would think about more."""

    LOOKING = "looking"
    OPEN = "open"
    NOT_NOW = "not_now"


class Assistant(SQLModel, table=True):
    """A person who works, or wants to, as a personal assistant."""

    __tablename__ = "marketplace_assistant"
    __table_args__ = (
        CheckConstraint("lowest_rate_pence BETWEEN 800 AND 20000", name="rate_plausible"),
        CheckConstraint("travel_by IN ('car', 'public_transport', 'cycle', 'foot')", name="travel_known"),
        CheckConstraint("travel_minutes BETWEEN 5 AND 240", name="travel_plausible"),
        CheckConstraint("least_minutes BETWEEN 0 AND most_minutes AND most_minutes <= 10080", name="week_plausible"),
        CheckConstraint("status IN ('looking', 'open', 'not_now')", name="status_known"),
        CheckConstraint("gender IN ('woman', 'man')", name="gender_known"),
        CheckConstraint("cardinality(languages) <= 60", name="languages_few"),
        only("brings", get_args(Brings), name="brings_known"),
        only("refuses", get_args(Refusal), name="refuses_known"),
        CheckConstraint(
            "NOT refuses @> ARRAY['employment', 'self_employment']::varchar[]", name="some_contract_will_do"
        ),
        only("needs", get_args(Wants), name="needs_known"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="marketplace_person.id", unique=True)
    postcode: str = Field(max_length=8)
    about: str = Field(max_length=2000)
    lowest_rate_pence: int
    travel_by: str
    travel_minutes: int
    least_minutes: int
    most_minutes: int
    status: str = Field(default=Status.LOOKING.value)
    languages: list[str] = Field(sa_type=ARRAY(String(8)))
    # Read where a request says, with its lawful reason, that it has to be a woman or a man; shown to no holder.
    gender: str | None = None
    brings: list[str] = Field(sa_type=ARRAY(String))
    refuses: list[str] = Field(sa_type=ARRAY(String))
    needs: list[str] = Field(sa_type=ARRAY(String))
    registered_at: datetime = Field(sa_type=DateTime(timezone=True))
    confirmed_on: date
    # Which transaction touched this profile or its hours, skills, checks or agreements last; a trigger keeps it,
    # and the pool of candidates reads from it what has changed since it last looked.
    changed_in: int = Field(
        default=None,
        sa_type=BigInteger,
        index=True,
        sa_column_kwargs={"server_default": text("pg_current_xact_id()::text::bigint")},
    )


class AssistantWindow(SQLModel, table=True):
    """Hours of every week in which an assistant can work."""

    __tablename__ = "marketplace_assistant_window"
    __table_args__ = (CheckConstraint("weekday BETWEEN 0 AND 6 AND minutes BETWEEN 30 AND 1440", name="in_a_week"),)

    assistant_id: UUID = Field(foreign_key="marketplace_assistant.id", primary_key=True)
    weekday: int = Field(primary_key=True)
    start: int = Field(primary_key=True)
    minutes: int


class AssistantCompetency(SQLModel, table=True):
    """Something an assistant can do, when that was last checked, and until when it holds."""

    __tablename__ = "marketplace_assistant_competency"
    __table_args__ = (CheckConstraint("valid_until IS NULL OR valid_until >= checked_on", name="valid_after_check"),)

    assistant_id: UUID = Field(foreign_key="marketplace_assistant.id", primary_key=True)
    code: str = Field(max_length=40, primary_key=True)
    checked_on: date
    valid_until: date | None = None


class AssistantCheck(SQLModel, table=True):
    """A check that was made of an assistant, when, and until when it holds."""

    __tablename__ = "marketplace_assistant_check"
    __table_args__ = (CheckConstraint("valid_until IS NULL OR valid_until >= checked_on", name="valid_after_check"),)

    assistant_id: UUID = Field(foreign_key="marketplace_assistant.id", primary_key=True)
    code: str = Field(max_length=40, primary_key=True)
    checked_on: date
    valid_until: date | None = None


class Skill(BaseModel):
    """A competency as an assistant tells it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Competency
    checked_on: date
    valid_until: date | None = None


class Check(BaseModel):
    """A check as an assistant tells it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: CheckCode
    checked_on: date
    valid_until: date | None = None


class Profile(Told):
    """What an assistant says of themselves; money in pence an hour, journeys in minutes one way, hours a week.

    `gender` is theirs to say or not: it is read where a request requires one for a lawful reason, and nowhere else.
    """

    name: str = Field(min_length=1, max_length=120)
    postcode: str = Field(min_length=2, max_length=10)
    about: str = Field(default="", max_length=2000)
    lowest_rate_pence: int = Field(ge=LOWEST_RATE_PENCE, le=HIGHEST_RATE_PENCE)
    travel_by: Mode = "car"
    travel_minutes: int = Field(ge=SHORTEST_TRAVEL, le=LONGEST_TRAVEL)
    least_hours: int = Field(default=0, ge=0, le=168)
    most_hours: int = Field(default=48, ge=1, le=168)
    status: Status = Status.LOOKING
    hours: list[Hours] = Field(min_length=1, max_length=50)
    skills: list[Skill] = Field(default_factory=list, max_length=len(Competency))
    checks: list[Check] = Field(default_factory=list, max_length=len(CheckCode))
    languages: set[Language] = Field(default_factory=set)
    gender: Gender | None = None
    brings: set[Brings] = Field(default_factory=set)
    refuses: set[Refusal] = Field(default_factory=set)
    needs: set[Wants] = Field(default_factory=set)

    @model_validator(mode="after")
    def _possible(self) -> "Profile":
        if self.least_hours > self.most_hours:
            raise Invalid("least_hours", "The fewest hours you want can't be more than the most hours you want.")
        if {"employment", "self_employment"} <= self.refuses:
            raise Invalid(
                "refuses", "You can't refuse both being employed and being self-employed. Take one of them out."
            )
        return self


# --- what one can do


def save_profile(session: Session, *, viewer: Viewer, profile: Profile, now: datetime) -> Assistant:
    """Register the viewer as an assistant, or replace what they said before.

    Raises:
        UnknownPostcode: the postcode is nowhere in Great Britain.
        Invalid: hours overlap, or a skill or check was made in the future or has two dates.
    """
    locate(profile.postcode)
    # One at a time: sent twice at once, the second finds the assistant whom the first has made.
    person = session.get_one(Person, viewer.person_id, with_for_update={"key_share": True}, populate_existing=True)
    windows = windows_of(profile.hours)
    today = now.astimezone(LONDON).date()
    check_skills(profile.skills, today=today)
    check_checks(profile.checks, today=today)
    mine = select(Assistant).where(Assistant.person_id == viewer.person_id)
    said = columns_of(profile, today=today)
    assistant = session.exec(mine).first()
    if assistant is None:
        assistant = Assistant(person_id=viewer.person_id, registered_at=now, **said)
    assistant.sqlmodel_update(said)
    person.name = profile.name
    session.add_all([assistant, person])
    session.flush()
    for table in (AssistantWindow, AssistantCompetency, AssistantCheck):
        session.exec(delete(table).where(col(table.assistant_id) == assistant.id))
    session.add_all(
        AssistantWindow(assistant_id=assistant.id, weekday=one.weekday, start=one.start, minutes=one.minutes)
        for one in windows
    )
    session.add_all(AssistantCompetency(assistant_id=assistant.id, **skill.model_dump()) for skill in profile.skills)
    session.add_all(AssistantCheck(assistant_id=assistant.id, **check.model_dump()) for check in profile.checks)
    session.flush()
    return assistant


def confirm(session: Session, *, viewer: Viewer, now: datetime) -> Assistant:
    """The viewer says that all they have said of themselves is still so.

    Raises:
        NotFound: the viewer is no assistant.
    """
    assistant = own(session, viewer=viewer)
    assistant.confirmed_on = now.astimezone(LONDON).date()
    session.add(assistant)
    session.flush()
    return assistant


def columns_of(profile: Profile, *, today: date) -> dict[str, Any]:
    """What an assistant's own row holds of a profile; hours, skills and checks have rows of their own."""
    return {
        "postcode": normalise(profile.postcode),
        "about": profile.about,
        "lowest_rate_pence": profile.lowest_rate_pence,
        "travel_by": profile.travel_by,
        "travel_minutes": profile.travel_minutes,
        "least_minutes": profile.least_hours * 60,
        "most_minutes": profile.most_hours * 60,
        "status": profile.status.value,
        "languages": sorted(profile.languages),
        "gender": profile.gender,
        "brings": sorted(profile.brings),
        "refuses": sorted(profile.refuses),
        "needs": sorted(profile.needs),
        "confirmed_on": today,
    }


def check_skills(skills: Sequence[Skill], *, today: date) -> None:
    """Nothing: a list of skills that can be true.

    Raises:
        Invalid: the same skill twice, checked in the future, or over before it was checked.
    """
    _refuse_impossible(skills, "skill", field="skills", today=today)


def check_checks(checks: Sequence[Check], *, today: date) -> None:
    """Nothing: a list of checks that can be true.

    Raises:
        Invalid: the same check twice, made in the future, or over before it was made.
    """
    _refuse_impossible(checks, "check", field="checks", today=today)


def _refuse_impossible(proofs: Sequence[Skill | Check], thing: str, *, field: str, today: date) -> None:
    done = {"skill": "checked", "check": "made"}[thing]
    if len({proof.code for proof in proofs}) < len(proofs):
        raise Invalid(field, f"The same {thing} is there twice. Remove one of them.")
    for proof in proofs:
        if proof.checked_on > today:
            raise Invalid(field, f"A {thing} can't have been {done} in the future. Change the date.")
        if proof.valid_until is not None and proof.valid_until < proof.checked_on:
            raise Invalid(field, f"A {thing} can't run out before it was {done}. Change one of the dates.")
        if proof.checked_on < EARLIEST or (proof.valid_until is not None and proof.valid_until > LAST):
            raise Invalid(field, f"A {thing} must have dates from {EARLIEST.year} to {LAST.year - 1}. Change them.")


class SaidTerms(Protocol):
    """Whatever holds an assistant's words: what is stored, or what is told."""

    gender: Any
    brings: Any
    refuses: Any
    needs: Any


def terms_of(assistant: SaidTerms) -> Terms:
    """What an assistant brings, needs and refuses, as matching reads it; who has a car to use drives it."""
    brings = {*assistant.brings, *filter(None, [assistant.gender])}
    return Terms(
        brings=frozenset(brings | {"drives"} if "own_car" in brings else brings),
        needs=frozenset(assistant.needs),
        refuses=frozenset(assistant.refuses),
    )


# --- queries


def get(session: Session, *, assistant_id: UUID) -> Assistant:
    """One assistant, for those who have met them in a shortlist or an introduction.

    Raises:
        NotFound: there is none.
    """
    assistant = session.get(Assistant, assistant_id)
    if assistant is None:
        raise NotFound("personal assistant")
    return assistant


def own(session: Session, *, viewer: Viewer) -> Assistant:
    """The viewer as an assistant.

    Raises:
        NotFound: they are none.
    """
    if viewer.assistant_id is None:
        raise NotFound("profile")
    return get(session, assistant_id=viewer.assistant_id)


def hours(session: Session, *, assistant_id: UUID) -> list[Hours]:
    """When an assistant can work, in the order of the week."""
    windows = select(AssistantWindow).where(AssistantWindow.assistant_id == assistant_id)
    ordered = windows.order_by(col(AssistantWindow.weekday), col(AssistantWindow.start))
    return [hours_of(WeeklyWindow(one.weekday, one.start, one.minutes)) for one in session.exec(ordered)]


def skills(session: Session, *, assistant_id: UUID) -> list[Skill]:
    """What an assistant can do, by code."""
    held = select(AssistantCompetency).where(AssistantCompetency.assistant_id == assistant_id)
    return [
        Skill(code=Competency(one.code), checked_on=one.checked_on, valid_until=one.valid_until)
        for one in session.exec(held.order_by(col(AssistantCompetency.code)))
    ]


def checks(session: Session, *, assistant_id: UUID) -> list[Check]:
    """What was checked of an assistant, by code."""
    held = select(AssistantCheck).where(AssistantCheck.assistant_id == assistant_id)
    return [
        Check(code=CheckCode(one.code), checked_on=one.checked_on, valid_until=one.valid_until)
        for one in session.exec(held.order_by(col(AssistantCheck.code)))
    ]

"""Personal assistants: where they live, how far they go, what they can do, when they are free, what they ask."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, model_validator
from sqlalchemy import BigInteger, CheckConstraint, DateTime, text
from sqlmodel import Field, Session, SQLModel, col, delete, select

from marketplace.availability import LONDON, Hours, hours_of, windows_of
from marketplace.competencies import Competency
from marketplace.errors import Invalid, NotFound
from marketplace.people import Person, Viewer
from marketplace.told import Told
from matching.places import locate, normalise
from matching.profiles import WeeklyWindow

#: The lowest national minimum wage there is, under 18, from April 2026; the right one for each age comes
#: with payroll. The highest is a guard against a slip of the keyboard.
LOWEST_RATE_PENCE, HIGHEST_RATE_PENCE = 800, 20_000


class Status(StrEnum):
    """Whether an assistant wants to be asked."""

    LOOKING = "looking"
    NOT_NOW = "not_now"


class Assistant(SQLModel, table=True):
    """A person who works, or wants to, as a personal assistant."""

    __tablename__ = "marketplace_assistant"
    __table_args__ = (
        CheckConstraint("lowest_rate_pence BETWEEN 800 AND 20000", name="rate_plausible"),
        CheckConstraint("travel_miles BETWEEN 0 AND 100", name="travel_plausible"),
        CheckConstraint("least_minutes BETWEEN 0 AND most_minutes AND most_minutes <= 10080", name="week_plausible"),
        CheckConstraint("status IN ('looking', 'not_now')", name="status_known"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="marketplace_person.id", unique=True)
    postcode: str = Field(max_length=8)
    about: str = Field(max_length=2000)
    lowest_rate_pence: int
    travel_miles: int
    least_minutes: int
    most_minutes: int
    status: str = Field(default=Status.LOOKING.value)
    registered_at: datetime = Field(sa_type=DateTime(timezone=True))
    # Which transaction touched this profile or its hours, skills or agreements last; a trigger keeps it, and
    # the pool of candidates reads from it what has changed since it last looked.
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


class Skill(BaseModel):
    """A competency as an assistant tells it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Competency
    checked_on: date
    valid_until: date | None = None


class Profile(Told):
    """What an assistant says of themselves; money in pence an hour, distance in miles, hours a week."""

    name: str = Field(min_length=1, max_length=120)
    postcode: str = Field(min_length=2, max_length=10)
    about: str = Field(default="", max_length=2000)
    lowest_rate_pence: int = Field(ge=LOWEST_RATE_PENCE, le=HIGHEST_RATE_PENCE)
    travel_miles: int = Field(ge=0, le=100)
    least_hours: int = Field(default=0, ge=0, le=168)
    most_hours: int = Field(default=48, ge=1, le=168)
    status: Status = Status.LOOKING
    hours: list[Hours] = Field(min_length=1, max_length=50)
    skills: list[Skill] = Field(default_factory=list, max_length=len(Competency))

    @model_validator(mode="after")
    def _least_before_most(self) -> "Profile":
        if self.least_hours > self.most_hours:
            raise Invalid("least_hours", "The fewest hours you want can't be more than the most hours you want.")
        return self


# --- what one can do


def save_profile(session: Session, *, viewer: Viewer, profile: Profile, now: datetime) -> Assistant:
    """Register the viewer as an assistant, or replace what they said before.

    Raises:
        UnknownPostcode: the postcode is nowhere in Great Britain.
        Invalid: hours overlap, or a skill was checked in the future or has two dates.
    """
    locate(profile.postcode)
    # One at a time: sent twice at once, the second finds the assistant whom the first has made.
    person = session.get_one(Person, viewer.person_id, with_for_update={"key_share": True}, populate_existing=True)
    windows = windows_of(profile.hours)
    check_skills(profile.skills, today=now.astimezone(LONDON).date())
    mine = select(Assistant).where(Assistant.person_id == viewer.person_id)
    said = columns_of(profile)
    assistant = session.exec(mine).first()
    if assistant is None:
        assistant = Assistant(person_id=viewer.person_id, registered_at=now, **said)
    assistant.sqlmodel_update(said)
    person.name = profile.name
    session.add_all([assistant, person])
    session.flush()
    session.exec(delete(AssistantWindow).where(col(AssistantWindow.assistant_id) == assistant.id))
    session.exec(delete(AssistantCompetency).where(col(AssistantCompetency.assistant_id) == assistant.id))
    session.add_all(
        AssistantWindow(assistant_id=assistant.id, weekday=one.weekday, start=one.start, minutes=one.minutes)
        for one in windows
    )
    session.add_all(AssistantCompetency(assistant_id=assistant.id, **skill.model_dump()) for skill in profile.skills)
    session.flush()
    return assistant


def columns_of(profile: Profile) -> dict[str, Any]:
    """What an assistant's own row holds of a profile; hours and skills have rows of their own."""
    return {
        "postcode": normalise(profile.postcode),
        "about": profile.about,
        "lowest_rate_pence": profile.lowest_rate_pence,
        "travel_miles": profile.travel_miles,
        "least_minutes": profile.least_hours * 60,
        "most_minutes": profile.most_hours * 60,
        "status": profile.status.value,
    }


def check_skills(skills: Sequence[Skill], *, today: date) -> None:
    """Nothing: a list of skills that can be true.

    Raises:
        Invalid: the same skill twice, checked in the future, or over before it was checked.
    """
    codes = [skill.code for skill in skills]
    if len(set(codes)) < len(codes):
        raise Invalid("skills", "The same skill is there twice. Remove one of them.")
    for skill in skills:
        if skill.checked_on > today:
            raise Invalid("skills", "A skill can't have been checked in the future. Change the date.")
        if skill.valid_until is not None and skill.valid_until < skill.checked_on:
            raise Invalid("skills", "A skill can't run out before it was checked. Change one of the dates.")


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

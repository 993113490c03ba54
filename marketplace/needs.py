"""Support needs: what a holder asks for, when, where, of whom, at which rate."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, Protocol, get_args
from uuid import UUID, uuid4

from pydantic import ValidationError, ValidatorFunctionWrapHandler, field_validator, model_validator
from sqlalchemy import ARRAY, CheckConstraint, ColumnElement, DateTime, String, UniqueConstraint
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col, delete, select

from marketplace import holders
from marketplace.assistants import HIGHEST_RATE_PENCE, LOWEST_RATE_PENCE
from marketplace.availability import LONDON, WINDOWS_OF, Hours, TimeOfDay, hours_of, length, windows_of
from marketplace.competencies import CheckCode, Competency
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.holders import Holder
from marketplace.languages import Language
from marketplace.people import Viewer
from marketplace.terms import Car, Contract, Gender, Home, Kind, NotHere, only
from marketplace.told import Told
from matching.terms import Terms
from matching.week import STEP, WeeklyWindow

_HALF_AN_HOUR = STEP / 60


class NeedState(StrEnum):
    """Whether a need still looks for somebody."""

    OPEN = "open"
    FILLED = "filled"
    CLOSED = "closed"


class Need(SQLModel, table=True):
    """One piece of support with a weekly pattern; somebody is wanted for all or most of it."""

    __tablename__ = "marketplace_need"
    __table_args__ = (
        CheckConstraint("rate_pence BETWEEN 800 AND 20000", name="rate_plausible"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("state IN ('open', 'filled', 'closed')", name="state_known"),
        CheckConstraint("kind IN ('visit', 'sleep_in', 'waking_night', 'live_in')", name="kind_known"),
        CheckConstraint("people IN (1, 2)", name="people_one_or_two"),
        CheckConstraint("minutes_a_week BETWEEN 30 AND 10080 AND minutes_a_week % 30 = 0", name="week_plausible"),
        only("mostly", [time.value for time in TimeOfDay], name="mostly_known"),
        CheckConstraint("cardinality(checks) <= 60", name="checks_few"),
        CheckConstraint("cardinality(languages) <= 60 AND cardinality(languages_wished) <= 60", name="languages_few"),
        CheckConstraint("contract IN ('employed', 'self_employed', 'either')", name="contract_known"),
        only("home", get_args(Home), name="home_known"),
        CheckConstraint("car IN ('none', 'drives', 'own_car')", name="car_known"),
        CheckConstraint("gender IN ('woman', 'man')", name="gender_known"),
        CheckConstraint("gender IS NULL OR gender_reason <> ''", name="gender_has_a_reason"),
        only("refuses", get_args(NotHere), name="refuses_known"),
        UniqueConstraint("holder_id", "reference"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    holder_id: UUID = Field(foreign_key="marketplace_holder.id", index=True)
    title: str = Field(max_length=120)
    about: str = Field(max_length=2000)
    rate_pence: int
    starts_on: date
    ends_on: date | None = None
    state: str = Field(default=NeedState.OPEN.value)
    reference: str | None = Field(default=None, max_length=60)
    kind: str
    people: int
    minutes_a_week: int | None = None
    mostly: list[str] = Field(sa_type=ARRAY(String))
    checks: list[str] = Field(sa_type=ARRAY(String(40)))
    languages: list[str] = Field(sa_type=ARRAY(String(8)))
    languages_wished: list[str] = Field(sa_type=ARRAY(String(8)))
    contract: str
    home: list[str] = Field(sa_type=ARRAY(String))
    car: str
    # A requirement to be lawful needs a reason; who stands for it, and since when, is who posted it.
    gender: str | None = None
    gender_reason: str = Field(max_length=300)
    refuses: list[str] = Field(sa_type=ARRAY(String))
    posted_by: UUID = Field(foreign_key="marketplace_person.id")
    posted_at: datetime = Field(sa_type=DateTime(timezone=True))


class NeedWindow(SQLModel, table=True):
    """Hours of every week in which support is wanted."""

    __tablename__ = "marketplace_need_window"
    __table_args__ = (CheckConstraint("weekday BETWEEN 0 AND 6 AND minutes BETWEEN 30 AND 1440", name="in_a_week"),)

    need_id: UUID = Field(foreign_key="marketplace_need.id", primary_key=True)
    weekday: int = Field(primary_key=True)
    start: int = Field(primary_key=True)
    minutes: int


class NeedCompetency(SQLModel, table=True):
    """Something the assistant must be able to do, or that would be good to have."""

    __tablename__ = "marketplace_need_competency"

    need_id: UUID = Field(foreign_key="marketplace_need.id", primary_key=True)
    code: str = Field(max_length=40, primary_key=True)
    required: bool


class NewNeed(Told):
    """A need as a holder tells it; the rate in pence an hour.

    `hours` are the times that would do: all of them are wanted, or `hours_a_week` of them, `mostly` those liked
    best. A `gender` is required for a reason that is lawful, like intimate care, or not at all
    (Equality Act 2010, schedule 9, part 1).
    """

    title: str = Field(min_length=1, max_length=120)
    about: str = Field(default="", max_length=2000)
    rate_pence: int = Field(ge=LOWEST_RATE_PENCE, le=HIGHEST_RATE_PENCE)
    starts_on: date
    ends_on: date | None = None
    hours: list[Hours] = Field(min_length=1, max_length=50)
    required: set[Competency] = Field(default_factory=set)
    wished: set[Competency] = Field(default_factory=set)
    reference: str | None = Field(default=None, max_length=60)
    kind: Kind = "visit"
    people: Literal[1, 2] = 1
    hours_a_week: float | None = None
    mostly: set[TimeOfDay] = Field(default_factory=set)
    checks: set[CheckCode] = Field(default_factory=set)
    languages: set[Language] = Field(default_factory=set)
    languages_wished: set[Language] = Field(default_factory=set)
    contract: Contract = "either"
    home: set[Home] = Field(default_factory=set)
    car: Car = "none"
    gender: Gender | None = None
    gender_reason: str = Field(default="", max_length=300)
    refuses: set[NotHere] = Field(default_factory=set)

    @field_validator("hours_a_week", mode="wrap")
    @classmethod
    def _in_half_hours(cls, said: Any, read: ValidatorFunctionWrapHandler) -> Any:
        refusal = Invalid("hours_a_week", "Give the hours a week in whole or half hours, like 12.5.")
        try:
            hours = read(said)
        except ValidationError as error:
            raise refusal from error
        # NaN is no multiple of anything
        if hours is not None and not (hours >= _HALF_AN_HOUR and hours % _HALF_AN_HOUR == 0):
            raise refusal
        return hours

    @model_validator(mode="after")
    def _possible(self) -> "NewNeed":
        minutes = sum(map(length, set(self.hours)))
        if self.hours_a_week is not None and self.hours_a_week * 60 > minutes:
            raise Invalid(
                "hours_a_week",
                f"The times given are only {minutes / 60:g} hours a week together. Add times, or ask for fewer hours.",
            )
        if self.gender and not self.gender_reason:
            raise Invalid(
                "gender_reason",
                f"Say why it has to be a {self.gender}. The law asks for a reason, like intimate care.",
            )
        if self.gender_reason and not self.gender:
            raise Invalid("gender", "Say whether it has to be a woman or a man, or take the reason out.")
        return self


@dataclass(frozen=True, slots=True)
class Asked:
    """What matching reads of a need beyond its place, rate and dates.

    `minutes_a_week` is None where all the windows are wanted; `preferred` may reach beyond them.
    """

    windows: tuple[WeeklyWindow, ...]
    required: frozenset[str]
    wished: frozenset[str]
    minutes_a_week: int | None
    preferred: tuple[WeeklyWindow, ...]
    checks: frozenset[str]
    languages: frozenset[str]
    languages_wished: frozenset[str]
    terms: Terms
    gender_reason: str

    @property
    def hours(self) -> list[Hours]:
        """The windows as people read them."""
        return [hours_of(window) for window in self.windows]


# --- rules


def check_dates(new: NewNeed, *, today: date) -> None:
    """Nothing: dates that can still be met.

    Raises:
        Invalid: a start in the past, or an end before the start.
    """
    if new.starts_on < today:
        raise Invalid("starts_on", "The start date must be today or later.")
    if new.ends_on is not None and new.ends_on < new.starts_on:
        raise Invalid("ends_on", "The end date must be on or after the start date.")


_CONTRACTS: dict[str, frozenset[str]] = {
    "employed": frozenset({"employment"}),
    "self_employed": frozenset({"self_employment"}),
    "either": frozenset(),
}


class SaidTerms(Protocol):
    """Whatever holds a request's words: what is stored, or what is told."""

    kind: Any
    people: Any
    home: Any
    contract: Any
    car: Any
    gender: Any
    refuses: Any


def terms_of(need: SaidTerms) -> Terms:
    """What a need brings, needs and refuses, as matching reads it."""
    shift = {need.kind} - {"visit"} | ({"two_people"} if need.people > 1 else set())
    return Terms(
        brings=frozenset({*need.home, *shift, *_CONTRACTS[need.contract]}),
        needs=frozenset({need.car} - {"none"} | set(filter(None, [need.gender]))),
        refuses=frozenset(need.refuses),
    )


def hours_a_week(need: Need) -> float | None:
    """How many of the hours would do; None where all of them are wanted."""
    return None if need.minutes_a_week is None else need.minutes_a_week / 60


# --- what one can do


def post(session: Session, *, viewer: Viewer, holder_id: UUID, new: NewNeed, now: datetime) -> Need:
    """Ask for support, for oneself or for a holder one acts for.

    Raises:
        NotFound: no such holder, or not the viewer's.
        Invalid: dates in the past, hours that overlap, or a reference of an earlier need of the holder's.
    """
    holder = holders.get(session, viewer=viewer, holder_id=holder_id)
    check_dates(new, today=now.astimezone(LONDON).date())
    windows = windows_of(new.hours)
    need = Need(
        holder_id=holder.id,
        posted_by=viewer.person_id,
        posted_at=now,
        reference=new.reference,
        **_columns_of(new),
    )
    session.add(need)
    try:
        session.flush()
    except IntegrityError as error:
        raise Invalid("reference", "There is a request with this reference already. Choose another one.") from error
    _add_asked(session, need, new, windows)
    return need


def replace(session: Session, *, viewer: Viewer, need_id: UUID, new: NewNeed, now: datetime) -> Need:
    """Ask for this instead, as long as nobody was found; the reference stays, and a start that stays may have passed.

    Raises:
        NotFound: no such need, or not the viewer's.
        Conflict: somebody was found, or the holder has stopped looking.
        Invalid: dates in the past, or hours that overlap.
    """
    need = get(session, viewer=viewer, need_id=need_id)
    session.refresh(need, with_for_update=True)
    if need.state != NeedState.OPEN.value:
        raise Conflict("This request is not open any more, so it can't be changed. Post a new one.")
    today = now.astimezone(LONDON).date()
    check_dates(new, today=today if new.starts_on != need.starts_on else need.starts_on)
    windows = windows_of(new.hours)
    need.sqlmodel_update(_columns_of(new))
    session.add(need)
    session.exec(delete(NeedWindow).where(col(NeedWindow.need_id) == need.id))
    session.exec(delete(NeedCompetency).where(col(NeedCompetency.need_id) == need.id))
    _add_asked(session, need, new, windows)
    return need


def _columns_of(new: NewNeed) -> dict[str, Any]:
    """What a need's own row holds; times and competencies have rows of their own, and a reference never changes."""
    said = new.model_dump(exclude={"hours", "required", "wished", "reference", "hours_a_week"})
    listed = {name: sorted(value) for name, value in said.items() if isinstance(value, set)}
    spoken = sorted(new.languages_wished - new.languages)
    minutes = None if new.hours_a_week is None else round(new.hours_a_week * 60)
    return {**said, **listed, "languages_wished": spoken, "minutes_a_week": minutes}


def _add_asked(session: Session, need: Need, new: NewNeed, windows: Sequence[WeeklyWindow]) -> None:
    session.add_all(
        NeedWindow(need_id=need.id, weekday=one.weekday, start=one.start, minutes=one.minutes) for one in windows
    )
    session.add_all(
        NeedCompetency(need_id=need.id, code=code.value, required=code in new.required)
        for code in sorted(new.required | new.wished)
    )
    session.flush()


def close(session: Session, *, viewer: Viewer, need_id: UUID) -> Need:
    """Stop looking.

    Raises:
        NotFound: no such need, or not the viewer's.
    """
    need = get(session, viewer=viewer, need_id=need_id)
    need.state = NeedState.CLOSED.value
    session.add(need)
    session.flush()
    return need


# --- queries


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Needs of the holders the viewer is, or acts for."""
    return col(Need.holder_id).in_(select(Holder.id).where(holders.visible_to(viewer)))


def get(session: Session, *, viewer: Viewer, need_id: UUID) -> Need:
    """One need.

    Raises:
        NotFound: not there, or not the viewer's.
    """
    need = session.exec(select(Need).where(Need.id == need_id, visible_to(viewer))).first()
    if need is None:
        raise NotFound("request for support")
    return need


def of_viewer(session: Session, *, viewer: Viewer, state: NeedState | None = None, most: int = 100) -> list[Need]:
    """Needs the viewer may see, newest first."""
    seen = select(Need).where(visible_to(viewer))
    if state is not None:
        seen = seen.where(Need.state == state.value)
    return list(session.exec(seen.order_by(col(Need.posted_at).desc(), col(Need.id)).limit(most)))


def asked(session: Session, *, need_ids: Sequence[UUID]) -> dict[UUID, Asked]:
    """What each need asks for, in three queries however many there are; the needs were scoped before."""
    windows: dict[UUID, list[WeeklyWindow]] = {need_id: [] for need_id in need_ids}
    wanted = select(NeedWindow).where(col(NeedWindow.need_id).in_(need_ids))
    for one in session.exec(wanted.order_by(col(NeedWindow.weekday), col(NeedWindow.start))):
        windows[one.need_id].append(WeeklyWindow(one.weekday, one.start, one.minutes))
    codes: dict[tuple[UUID, bool], set[str]] = defaultdict(set)
    for each in session.exec(select(NeedCompetency).where(col(NeedCompetency.need_id).in_(need_ids))):
        codes[each.need_id, each.required].add(each.code)
    return {
        need.id: Asked(
            windows=tuple(windows[need.id]),
            required=frozenset(codes[need.id, True]),
            wished=frozenset(codes[need.id, False]),
            minutes_a_week=need.minutes_a_week,
            preferred=tuple(window for time in sorted(need.mostly) for window in WINDOWS_OF[TimeOfDay(time)]),
            checks=frozenset(need.checks),
            languages=frozenset(need.languages),
            languages_wished=frozenset(need.languages_wished),
            terms=terms_of(need),
            gender_reason=need.gender_reason,
        )
        for need in session.exec(select(Need).where(col(Need.id).in_(need_ids)))
    }

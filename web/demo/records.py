"""What a demo region is made of, ready to be stored; days count back from the day the region is made for."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from marketplace import assistants, needs
from marketplace.availability import WINDOWS_OF, TimeOfDay
from marketplace.competencies import CheckCode, Competency
from marketplace.languages import Language
from marketplace.terms import Brings, Car, Contract, Gender, Home, Kind, NotHere, Refusal, Wants
from matching import profiles
from matching.places import locate
from matching.profiles import Candidate, Evidence, Status
from matching.travel import Mode
from matching.week import WeeklyWindow
from payments.budgets import FundingStream, ManagementType


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in."""

    id: UUID
    email: str
    name: str
    joined_days_ago: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What an assistant says beyond skills and times; the journey in minutes one way."""

    travel_by: Mode
    travel_minutes: int
    status: Status = "looking"
    confirmed_days_ago: int = 0
    checks: tuple[tuple[CheckCode, Evidence], ...] = ()
    languages: tuple[Language, ...] = (Language.ENGLISH,)
    gender: Gender | None = None
    brings: tuple[Brings, ...] = ()
    refuses: tuple[Refusal, ...] = ()
    needs: tuple[Wants, ...] = ()

    def columns(self) -> dict[str, Any]:
        """As an assistant's row holds it, but for the day it was confirmed."""
        return {
            "travel_by": self.travel_by,
            "travel_minutes": self.travel_minutes,
            "status": self.status,
            "languages": list(self.languages),
            "gender": self.gender,
            "brings": list(self.brings),
            "refuses": list(self.refuses),
            "needs": list(self.needs),
        }


@dataclass(frozen=True, slots=True)
class Assistant:
    """A personal assistant; a rate in pence an hour, times in minutes a week."""

    id: UUID
    person: Person
    postcode: str
    about: str
    lowest_rate_pence: int
    least_minutes: int
    most_minutes: int
    windows: tuple[WeeklyWindow, ...]
    skills: tuple[tuple[Competency, Evidence], ...]
    offer: Offer

    def candidate(self, *, today: date, booked: tuple[WeeklyWindow, ...] = ()) -> Candidate:
        """The same as matching wants it."""
        offer = self.offer
        return Candidate(
            id=self.id,
            place=locate(self.postcode),
            windows=self.windows,
            competencies=dict(self.skills),
            lowest_rate_pence=self.lowest_rate_pence,
            mode=offer.travel_by,
            travel_minutes=offer.travel_minutes,
            least_minutes=self.least_minutes,
            most_minutes=self.most_minutes,
            checks=dict(offer.checks),
            languages=frozenset(offer.languages),
            terms=assistants.terms_of(assistants.Assistant(**offer.columns())),
            booked=booked,
            booked_minutes=sum(window.minutes for window in booked),
            status=offer.status,
            confirmed_on=today - timedelta(days=offer.confirmed_days_ago),
        )


@dataclass(frozen=True, slots=True)
class Budget:
    """A year's money, in one line."""

    id: UUID
    line_id: UUID
    name: str
    starts_on: date
    ends_on: date
    funding_stream: FundingStream
    management_type: ManagementType
    pence: int


@dataclass(frozen=True, slots=True)
class Holder:
    """A budget holder; the postcode is a sector."""

    id: UUID
    person: Person
    postcode: str
    budget: Budget


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a holder asks beyond skills, times and a rate."""

    kind: Kind
    people: Literal[1, 2]
    minutes_a_week: int | None
    mostly: tuple[TimeOfDay, ...]
    checks: tuple[CheckCode, ...]
    languages: tuple[Language, ...]
    languages_wished: tuple[Language, ...]
    contract: Contract
    home: tuple[Home, ...]
    car: Car
    gender: Gender | None
    gender_reason: str
    refuses: tuple[NotHere, ...]

    def columns(self) -> dict[str, Any]:
        """As a need's row holds it."""
        return {
            "kind": self.kind,
            "people": self.people,
            "minutes_a_week": self.minutes_a_week,
            "mostly": list(self.mostly),
            "checks": list(self.checks),
            "languages": list(self.languages),
            "languages_wished": list(self.languages_wished),
            "contract": self.contract,
            "home": list(self.home),
            "car": self.car,
            "gender": self.gender,
            "gender_reason": self.gender_reason,
            "refuses": list(self.refuses),
        }


@dataclass(frozen=True, slots=True)
class Need:
    """What a holder asks for, pence an hour."""

    id: UUID
    holder: Holder
    title: str
    about: str
    rate_pence: int
    starts_on: date
    windows: tuple[WeeklyWindow, ...]
    required: tuple[Competency, ...]
    wished: tuple[Competency, ...]
    posted_days_ago: int
    conditions: Conditions

    def asked(self) -> profiles.Need:
        """The same as matching wants it."""
        said = self.conditions
        return profiles.Need(
            id=self.id,
            place=locate(self.holder.postcode),
            windows=self.windows,
            required=frozenset(self.required),
            wished=frozenset(self.wished),
            rate_pence=self.rate_pence,
            starts_on=self.starts_on,
            minutes_a_week=said.minutes_a_week,
            preferred=tuple(window for time in said.mostly for window in WINDOWS_OF[time]),
            checks=frozenset(said.checks),
            languages=frozenset(said.languages),
            languages_wished=frozenset(said.languages_wished),
            terms=needs.terms_of(needs.Need(**said.columns())),
            gender_reason=said.gender_reason,
        )


@dataclass(frozen=True, slots=True)
class Invitation:
    """One assistant asked about a need that is still open; waiting for an answer, or declined with a reason."""

    id: UUID
    need: Need
    assistant_id: UUID
    message: str
    invited_days_ago: int
    declined: str | None


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift and how far it has come, moments in UTC; what has not happened is None."""

    id: UUID
    payout_id: UUID
    starts_at: datetime
    ends_at: datetime
    booked_at: datetime
    worked_until: datetime | None = None
    confirmed_at: datetime | None = None
    approved_at: datetime | None = None
    paid_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Deal:
    """A need that somebody fills: asked, accepted and agreed, with the shifts under it, first to last."""

    introduction_id: UUID
    agreement_id: UUID
    need: Need
    assistant_id: UUID
    invited_at: datetime
    agreed_at: datetime
    shifts: tuple[Shift, ...]

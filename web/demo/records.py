"""What a demo region is made of, ready to be stored; days count back from the day the region is made for."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from marketplace.competencies import Competency
from matching import profiles
from matching.places import locate
from matching.profiles import Candidate, Evidence, WeeklyWindow
from payments.budgets import FundingStream, ManagementType


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in."""

    id: UUID
    email: str
    name: str
    joined_days_ago: int


@dataclass(frozen=True, slots=True)
class Assistant:
    """A personal assistant; a rate in pence an hour, times in minutes a week."""

    id: UUID
    person: Person
    postcode: str
    about: str
    lowest_rate_pence: int
    travel_miles: int
    least_minutes: int
    most_minutes: int
    looking: bool
    windows: tuple[WeeklyWindow, ...]
    skills: tuple[tuple[Competency, Evidence], ...]

    def candidate(self, booked: tuple[WeeklyWindow, ...] = ()) -> Candidate:
        """The same as matching wants it."""
        return Candidate(
            id=self.id,
            place=locate(self.postcode),
            windows=self.windows,
            competencies=dict(self.skills),
            lowest_rate_pence=self.lowest_rate_pence,
            travel_miles=self.travel_miles,
            least_minutes=self.least_minutes,
            most_minutes=self.most_minutes,
            booked=booked,
            booked_minutes=sum(window.minutes for window in booked),
            looking=self.looking,
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

    def asked(self) -> profiles.Need:
        """The same as matching wants it."""
        return profiles.Need(
            id=self.id,
            place=locate(self.holder.postcode),
            windows=self.windows,
            required=frozenset(self.required),
            wished=frozenset(self.wished),
            rate_pence=self.rate_pence,
            starts_on=self.starts_on,
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

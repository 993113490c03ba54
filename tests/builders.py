"""A small world to test in: real rows through the product's own functions, with sensible defaults."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from uuid import UUID

from sqlmodel import Session

from marketplace import access, agreements, assistants, bookings, holders, introductions, needs, organisations, people
from marketplace.agreements import Agreement, NewAgreement
from marketplace.assistants import Profile
from marketplace.availability import Hours, Weekday
from marketplace.bookings import Booking
from marketplace.holders import NewBudget, NewHolder
from marketplace.introductions import Introduction
from marketplace.needs import Need, NewNeed
from marketplace.organisations import OrganisationKind
from marketplace.people import Viewer
from payments import budgets
from payments.budgets import BudgetLine, FundingStream, ManagementType

#: A Monday morning in London; every test's clock starts here.
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MORNINGS = [
    Hours(weekday=day, start=time(8), end=time(12)) for day in (Weekday.MONDAY, Weekday.WEDNESDAY, Weekday.FRIDAY)
]


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass(frozen=True)
class Deal:
    """A holder and an assistant with an agreement in force, and the line that pays."""

    holder: Viewer
    assistant: Viewer
    agreement: Agreement
    line: BudgetLine


class World:
    """Makes people and what happens between them; numbers keep names and addresses apart."""

    def __init__(self, session: Session, *, now: datetime = MONDAY) -> None:
        self.session = session
        self.now = now
        self._numbers = count(1)

    def person(self, name: str = "Sam Carter") -> Viewer:
        email = f"person{next(self._numbers)}@example.org"
        person = people.join(self.session, email=email, name=name, now=self.now)
        return self.viewer(person.id)

    def viewer(self, person_id: UUID) -> Viewer:
        found = access.viewer_of(self.session, person_id=person_id)
        assert found is not None
        return found

    def broker(self, name: str = "Bea Morris") -> Viewer:
        organisation = organisations.found(
            self.session, name=f"Brokers {next(self._numbers)}", kind=OrganisationKind.BROKER
        )
        person = self.person(name)
        organisations.employ(self.session, organisation_id=organisation.id, person_id=person.person_id)
        return self.viewer(person.person_id)

    def holder(self, *, broker: Viewer | None = None, name: str = "Harriet Webb", postcode: str = "NG9 2AB") -> Viewer:
        new = NewHolder(name=name, email=f"holder{next(self._numbers)}@example.org", postcode=postcode)
        holder = holders.register(self.session, viewer=broker or self.broker(), new=new, now=self.now)
        return self.viewer(holder.person_id)

    def budget(self, *, broker: Viewer, holder: Viewer, pence: int = 100_000, **changes: object) -> BudgetLine:
        given: dict[str, object] = {
            "name": "Personal health budget",
            "starts_on": date(2026, 4, 1),
            "ends_on": date(2027, 3, 31),
            "funding_stream": FundingStream.NHS_CHC,
            "management_type": ManagementType.DIRECT_PAYMENT,
            "pence": pence,
        }
        new = NewBudget.model_validate({**given, **changes})
        assert holder.holder_id is not None
        budget = holders.give_budget(self.session, viewer=broker, holder_id=holder.holder_id, new=new, now=self.now)
        return budgets.lines(self.session, budget_ids=[budget.id])[0]

    def assistant(self, *, name: str = "Asha Okoro", **changes: object) -> Viewer:
        return self.profile(self.person(name), **changes)

    def profile(self, viewer: Viewer, **changes: object) -> Viewer:
        """Make somebody an assistant, or change what an assistant says of themselves."""
        said: dict[str, object] = {
            "name": viewer.name,
            "postcode": "NG9 1EE",
            "lowest_rate_pence": 1300,
            "travel_minutes": 30,
            "most_hours": 30,
            "hours": MORNINGS,
        }
        profile = Profile.model_validate({**said, **changes})
        assistants.save_profile(self.session, viewer=viewer, profile=profile, now=self.now)
        return self.viewer(viewer.person_id)

    def need(self, holder: Viewer, **changes: object) -> Need:
        asked: dict[str, object] = {
            "title": "Mornings",
            "rate_pence": 1400,
            "starts_on": self.now.date(),
            "hours": MORNINGS,
        }
        assert holder.holder_id is not None
        new = NewNeed.model_validate({**asked, **changes})
        return needs.post(self.session, viewer=holder, holder_id=holder.holder_id, new=new, now=self.now)

    def deal(
        self,
        *,
        pence: int = 100_000,
        rate_pence: int = 1400,
        assistant: Viewer | None = None,
        broker: Viewer | None = None,
    ) -> Deal:
        """A holder with a budget and an agreement with an assistant."""
        broker = broker or self.broker()
        holder = self.holder(broker=broker)
        line = self.budget(broker=broker, holder=holder, pence=pence)
        worker = assistant or self.assistant()
        return Deal(holder, worker, self.agreement(holder, worker, rate_pence=rate_pence), line)

    def invitation(self, holder: Viewer, assistant: Viewer, *, need_id: UUID | None = None) -> Introduction:
        """An assistant is asked about a need, a new one unless it is given."""
        assert assistant.assistant_id is not None
        return introductions.invite(
            self.session,
            viewer=holder,
            need_id=need_id or self.need(holder).id,
            assistant_id=assistant.assistant_id,
            message="",
            now=self.now,
        )

    def agreement(
        self, holder: Viewer, assistant: Viewer, *, rate_pence: int = 1400, need_id: UUID | None = None
    ) -> Agreement:
        """A need of the holder's, a new one unless it is given, and the assistant's yes to it and to the offer."""
        asked = self.invitation(holder, assistant, need_id=need_id)
        introductions.accept(self.session, viewer=assistant, introduction_id=asked.id, now=self.now)
        new = NewAgreement(rate_pence=rate_pence, starts_on=self.now.date())
        offered = agreements.offer(self.session, viewer=holder, introduction_id=asked.id, new=new, now=self.now)
        return agreements.accept(self.session, viewer=assistant, agreement_id=offered.id, now=self.now)

    def booking(self, deal: Deal, *, starts_at: datetime | None = None, minutes: int = 240) -> Booking:
        start = starts_at or self.now + timedelta(days=2)
        return bookings.book(
            self.session,
            viewer=deal.holder,
            agreement_id=deal.agreement.id,
            starts_at=start,
            ends_at=start + timedelta(minutes=minutes),
            now=self.now,
        )


def let_in_a_broker(session: Session) -> str:
    """The one thing an operator does by hand: an organisation and its first member."""
    organisation = organisations.found(session, name="Brokers", kind=OrganisationKind.BROKER)
    person = people.join(session, email="bea@example.org", name="Bea Morris", now=MONDAY)
    organisations.employ(session, organisation_id=organisation.id, person_id=person.id)
    return person.email

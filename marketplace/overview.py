"""What a holder's home shows: whom they asked, what waits for somebody, and the shifts to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy import select as select_many
from sqlmodel import Session, col, select

from marketplace import bookings, holders, needs
from marketplace.agreements import Agreement, AgreementState
from marketplace.assistants import Assistant
from marketplace.bookings import Booking, BookingState
from marketplace.errors import NotFound
from marketplace.holders import Holder, HolderBudget
from marketplace.introductions import Introduction, IntroductionState
from marketplace.needs import Need
from marketplace.people import Person, Viewer, public_name
from marketplace.timesheets import Timesheet, TimesheetState

#: More shifts at once than one person can have waiting; a guard, not a page.
MOST_SHIFTS = 500


@dataclass(frozen=True, slots=True)
class Contact:
    """One assistant who was asked about a need; the full name once they have said yes."""

    introduction: Introduction
    need_title: str
    name: str
    agreement: Agreement | None


@dataclass(frozen=True, slots=True)
class Shift:
    """A booking with the assistant's name and the hours they confirmed, if they did."""

    booking: Booking
    assistant: str
    hours: Timesheet | None


@dataclass(frozen=True, slots=True)
class Overview:
    """A holder's requests and contacts, newest first, and their shifts that are not closed, earliest first."""

    requests: tuple[Need, ...]
    contacts: tuple[Contact, ...]
    shifts: tuple[Shift, ...]
    now: datetime

    def asked(self, need_id: UUID, state: str) -> int:
        """How many assistants stand like that with a need: "invited", "accepted" or "declined"."""
        return sum(
            contact.introduction.need_id == need_id and contact.introduction.state == state for contact in self.contacts
        )

    @property
    def said_yes(self) -> Sequence[Contact]:
        """Those who would like to do it and wait for an offer."""
        accepted = IntroductionState.ACCEPTED.value
        return [one for one in self.contacts if one.introduction.state == accepted and one.agreement is None]

    @property
    def offered(self) -> Sequence[Contact]:
        """Those who have an offer to answer."""
        return self._with_agreement(AgreementState.OFFERED)

    @property
    def agreed(self) -> Sequence[Contact]:
        """Those who have an agreement, also one that is over."""
        return self._with_agreement(AgreementState.AGREED)

    @property
    def to_approve(self) -> Sequence[Shift]:
        """Shifts whose hours wait for the holder."""
        return [one for one in self.shifts if one.hours and one.hours.state == TimesheetState.CONFIRMED.value]

    @property
    def to_come(self) -> Sequence[Shift]:
        """Shifts that are not over."""
        return [one for one in self.shifts if one.hours is None and one.booking.ends_at > self.now]

    @property
    def with_assistant(self) -> Sequence[Shift]:
        """Shifts whose hours wait for the assistant: not confirmed yet, or asked about."""
        queried = TimesheetState.QUERIED.value
        return [
            one
            for one in self.shifts
            if (one.hours and one.hours.state == queried) or (one.hours is None and one.booking.ends_at <= self.now)
        ]

    def _with_agreement(self, state: AgreementState) -> Sequence[Contact]:
        return [one for one in self.contacts if one.agreement and one.agreement.state == state.value]


def of_holder(session: Session, *, viewer: Viewer, holder_id: UUID, now: datetime, most: int = 50) -> Overview:
    """The overview of a holder the viewer is, or acts for; of a stranger it is empty. Three queries."""
    seen = select(Need).where(Need.holder_id == holder_id, needs.visible_to(viewer))
    requests = session.exec(seen.order_by(col(Need.posted_at).desc(), col(Need.id)).limit(most)).all()
    still_open = (
        Booking.holder_id == holder_id,
        Booking.state == BookingState.BOOKED.value,
        bookings.visible_to(viewer),
    )
    return Overview(
        requests=tuple(requests),
        contacts=_contacts(session, col(Need.id).in_([need.id for need in requests])),
        shifts=_shifts(session, *still_open, order=(col(Booking.starts_at), col(Booking.id)), most=MOST_SHIFTS),
        now=now,
    )


def contacts(session: Session, *, viewer: Viewer, need_id: UUID) -> tuple[Contact, ...]:
    """Whom a holder asked about one need, newest first."""
    return _contacts(session, col(Need.id) == need_id, needs.visible_to(viewer))


def shifts(session: Session, *, viewer: Viewer, agreement_id: UUID, most: int = 100) -> tuple[Shift, ...]:
    """Shifts under one agreement that the viewer may see, latest first."""
    under = Booking.agreement_id == agreement_id, bookings.visible_to(viewer)
    return _shifts(session, *under, order=(col(Booking.starts_at).desc(), col(Booking.id)), most=most)


def holder_of_budget(session: Session, *, viewer: Viewer, budget_id: UUID) -> UUID:
    """Whose budget it is.

    Raises:
        NotFound: not there, or not the viewer's.
    """
    owned = select(HolderBudget.holder_id).join(Holder, col(Holder.id) == HolderBudget.holder_id)
    holder_id = session.exec(owned.where(HolderBudget.budget_id == budget_id, holders.visible_to(viewer))).first()
    if holder_id is None:
        raise NotFound("budget")
    return holder_id


def _contacts(session: Session, *where: ColumnElement[bool]) -> tuple[Contact, ...]:
    found = (
        select_many(Introduction, col(Need.title), col(Person.name), Agreement)
        .join(Need, col(Need.id) == Introduction.need_id)
        .join(Assistant, col(Assistant.id) == Introduction.assistant_id)
        .join(Person, col(Person.id) == Assistant.person_id)
        .outerjoin(Agreement, col(Agreement.introduction_id) == Introduction.id)
        .where(*where)
        .order_by(col(Introduction.invited_at).desc(), col(Introduction.id))
    )
    return tuple(
        Contact(introduction, title, _known_as(name, introduction), agreement)
        for introduction, title, name, agreement in session.execute(found)
    )


def _known_as(name: str, introduction: Introduction) -> str:
    return name if introduction.state == IntroductionState.ACCEPTED.value else public_name(name)


def _shifts(session: Session, *where: Any, order: Sequence[Any], most: int) -> tuple[Shift, ...]:
    found = (
        select_many(Booking, col(Person.name), Timesheet)
        .join(Assistant, col(Assistant.id) == Booking.assistant_id)
        .join(Person, col(Person.id) == Assistant.person_id)
        .outerjoin(Timesheet, col(Timesheet.booking_id) == Booking.id)
        .where(*where)
        .order_by(*order)
        .limit(most)
    )
    return tuple(Shift(*row) for row in session.execute(found))

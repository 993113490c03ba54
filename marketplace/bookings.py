"""Bookings: one shift of one assistant for one holder, with its money set aside."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import CheckConstraint, ColumnElement, DateTime, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Field, Session, SQLModel, col, or_, select

from marketplace import agreements, holders
from marketplace.agreements import Agreement, AgreementState
from marketplace.availability import LONDON, LONGEST_SHIFT
from marketplace.errors import AlreadyBooked, Conflict, Invalid, NotFound
from marketplace.holders import Holder
from marketplace.people import Viewer
from payments.budgets import release, set_aside
from payments.money import for_minutes

NO_OVERLAP = "marketplace_booking_no_overlap"
#: The code with which the database refuses to cancel a shift whose hours were told.
HOURS_TOLD = "AL007"


class BookingState(StrEnum):
    """Booked until it is cancelled or its hours are approved."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    APPROVED = "approved"


class Booking(SQLModel, table=True):
    """A shift; times in UTC, money in pence. `set_aside_id` names what was set aside for it."""

    __tablename__ = "marketplace_booking"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("ends_at <= starts_at + interval '24 hours'", name="one_shift"),
        CheckConstraint("state IN ('booked', 'cancelled', 'approved')", name="state_known"),
        # Nobody is booked twice at the same time, whoever asks and however many at once.
        ExcludeConstraint(
            ("assistant_id", "="),
            (text("tstzrange(starts_at, ends_at)"), "&&"),
            name=NO_OVERLAP,
            using="gist",
            where=text("state <> 'cancelled'"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    agreement_id: UUID = Field(foreign_key="marketplace_agreement.id", index=True)
    holder_id: UUID = Field(foreign_key="marketplace_holder.id", index=True)
    assistant_id: UUID = Field(foreign_key="marketplace_assistant.id")
    line_id: UUID = Field(foreign_key="payments_budget_line.id")
    starts_at: datetime = Field(sa_type=DateTime(timezone=True))
    ends_at: datetime = Field(sa_type=DateTime(timezone=True))
    rate_pence: int
    pence: int
    set_aside_id: UUID = Field(foreign_key="payments_transfer.id", unique=True)
    state: str = Field(default=BookingState.BOOKED.value)
    reason: str | None = Field(default=None, max_length=500)
    booked_by: UUID = Field(foreign_key="marketplace_person.id")
    booked_at: datetime = Field(sa_type=DateTime(timezone=True))


# --- rules


def check_shift(agreement: Agreement, *, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Nothing: a shift that can be worked under the agreement.

    Raises:
        Invalid: in the past, over before it starts, longer than a day, or outside the agreement's dates.
        Conflict: the assistant has not agreed.
    """
    if agreement.state != AgreementState.AGREED.value:
        raise Conflict("There is no agreement in force yet, so nothing can be booked. It needs the assistant's yes.")
    if minutes_between(starts_at, ends_at) < 1:
        raise Invalid("end", "The shift must end after it starts.")
    if ends_at - starts_at > LONGEST_SHIFT:
        raise Invalid("end", "A shift can be 24 hours at most. Book the rest as another shift.")
    if starts_at < now:
        raise Invalid("day", "The shift must start in the future.")
    day = starts_at.astimezone(LONDON).date()
    if day < agreement.starts_on:
        raise Invalid("day", f"The agreement starts on {agreement.starts_on.day} {agreement.starts_on:%B %Y}.")
    if agreement.ends_on is not None and day > agreement.ends_on:
        raise Invalid("day", f"The agreement ended on {agreement.ends_on.day} {agreement.ends_on:%B %Y}.")


def minutes_between(starts_at: datetime, ends_at: datetime) -> int:
    """Minutes that really pass, so a night with a clock change has its true length."""
    return int((ends_at.astimezone(UTC) - starts_at.astimezone(UTC)) / timedelta(minutes=1))


def described(starts_at: datetime, ends_at: datetime) -> str:
    """A shift in a few words, for statements: "Shift 23 November 2026, 22:00 to 06:00"."""
    start, end = starts_at.astimezone(LONDON), ends_at.astimezone(LONDON)
    return f"Shift {start.day} {start:%B %Y}, {start:%H:%M} to {end:%H:%M}"


# --- what one can do


def book(
    session: Session, *, viewer: Viewer, agreement_id: UUID, starts_at: datetime, ends_at: datetime, now: datetime
) -> Booking:
    """Book a shift and set its money aside, both or neither.

    Raises:
        NotFound: no such agreement on the holder's side of the viewer.
        Invalid: a shift that can't be worked, or a day no budget covers.
        Conflict: no agreement in force.
        AlreadyBooked: the assistant works somewhere else in these hours.
        NotEnoughMoney: the budget line has less left than the shift costs.
    """
    agreement = agreements.get(session, viewer=viewer, agreement_id=agreement_id)
    holders.get(session, viewer=viewer, holder_id=agreement.holder_id)
    check_shift(agreement, starts_at=starts_at, ends_at=ends_at, now=now)
    day = starts_at.astimezone(LONDON).date()
    line = holders.line_for(session, holder_id=agreement.holder_id, on=day)
    booking_id, cost = uuid4(), for_minutes(agreement.rate_pence, minutes_between(starts_at, ends_at))
    kept = set_aside(
        session,
        line_id=line.id,
        pence=cost,
        key=f"booking:{booking_id}",
        memo=described(starts_at, ends_at),
        now=now,
    )
    booking = Booking(
        id=booking_id,
        agreement_id=agreement.id,
        holder_id=agreement.holder_id,
        assistant_id=agreement.assistant_id,
        line_id=line.id,
        starts_at=starts_at,
        ends_at=ends_at,
        rate_pence=agreement.rate_pence,
        pence=cost,
        set_aside_id=kept,
        booked_by=viewer.person_id,
        booked_at=now,
    )
    session.add(booking)
    _flush_unless_overlapping(session)
    return booking


def cancel(session: Session, *, viewer: Viewer, booking_id: UUID, reason: str, now: datetime) -> Booking:
    """Call a shift off, or say that it did not happen; its money is free again at once.

    Raises:
        NotFound: no such booking, or not the viewer's.
        Conflict: cancelled or approved before, or its hours were told: wages are owed for them.
    """
    booking = get(session, viewer=viewer, booking_id=booking_id, lock=True)
    if booking.state != BookingState.BOOKED.value:
        raise Conflict("This shift was cancelled or approved before, so it can't be cancelled.")
    release(
        session,
        set_aside_id=booking.set_aside_id,
        key=f"cancel:{booking.id}",
        memo=f"Cancelled: {described(booking.starts_at, booking.ends_at)}",
        now=now,
    )
    booking.state, booking.reason = BookingState.CANCELLED.value, reason or None
    session.add(booking)
    _flush_unless_told(session)
    return booking


# --- queries


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Shifts the viewer works, and those of the holders they are or act for."""
    return or_(
        col(Booking.assistant_id) == viewer.assistant_id,
        col(Booking.holder_id).in_(select(Holder.id).where(holders.visible_to(viewer))),
    )


def get(session: Session, *, viewer: Viewer, booking_id: UUID, lock: bool = False) -> Booking:
    """One booking, locked for a change when `lock`.

    Raises:
        NotFound: not there, or not the viewer's.
    """
    found = select(Booking).where(Booking.id == booking_id, visible_to(viewer))
    if lock:
        # Without populate_existing a row already in the session keeps the values from before the lock.
        found = found.with_for_update().execution_options(populate_existing=True)
    booking = session.exec(found).first()
    if booking is None:
        raise NotFound("booking")
    return booking


def of_viewer(session: Session, *, viewer: Viewer, most: int = 100) -> list[Booking]:
    """Shifts the viewer may see, latest first."""
    seen = select(Booking).where(visible_to(viewer))
    return list(session.exec(seen.order_by(col(Booking.starts_at).desc(), col(Booking.id)).limit(most)))


def _flush_unless_told(session: Session) -> None:
    try:
        session.flush()
    except DBAPIError as error:
        if isinstance(error.orig, psycopg.Error) and error.orig.sqlstate == HOURS_TOLD:
            raise Conflict(
                "Hours were confirmed for this shift, so it can't be cancelled. If they are wrong, ask about them."
            ) from error
        raise


def _flush_unless_overlapping(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        if NO_OVERLAP in str(error.orig):
            raise AlreadyBooked("They are already booked in some of these hours. Choose other times.") from error
        raise

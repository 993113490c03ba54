"""Hours worked: the assistant confirms them, the holder approves or queries them, and approval draws the money."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime
from sqlmodel import Field, Session, SQLModel, col, select

from marketplace import bookings, holders
from marketplace.availability import LONGEST_SHIFT
from marketplace.bookings import Booking, BookingState, minutes_between
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.people import Viewer
from marketplace.told import Told
from payments.budgets import draw, release, set_aside
from payments.money import for_minutes
from payments.payouts import intend


class TimesheetState(StrEnum):
    """Confirmed by the assistant; queried goes back to them; approved is final."""

    CONFIRMED = "confirmed"
    QUERIED = "queried"
    APPROVED = "approved"


class Timesheet(SQLModel, table=True):
    """What was really worked in one booking; times in UTC, money in pence."""

    __tablename__ = "marketplace_timesheet"
    __table_args__ = (
        CheckConstraint("ended_at > started_at", name="ends_after_start"),
        CheckConstraint("ended_at <= started_at + interval '24 hours'", name="one_shift"),
        CheckConstraint("state IN ('confirmed', 'queried', 'approved')", name="state_known"),
        CheckConstraint("(state = 'approved') = (approved_at IS NOT NULL)", name="approved_has_a_moment"),
    )

    booking_id: UUID = Field(foreign_key="marketplace_booking.id", primary_key=True)
    started_at: datetime = Field(sa_type=DateTime(timezone=True))
    ended_at: datetime = Field(sa_type=DateTime(timezone=True))
    pence: int
    state: str = Field(default=TimesheetState.CONFIRMED.value)
    query: str | None = Field(default=None, max_length=500)
    confirmed_at: datetime = Field(sa_type=DateTime(timezone=True))
    approved_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    approved_by: UUID | None = Field(default=None, foreign_key="marketplace_person.id")

    @property
    def minutes(self) -> int:
        """How long was worked."""
        return minutes_between(self.started_at, self.ended_at)


class Question(Told):
    """What is asked about hours before they are paid."""

    question: str = Field(min_length=1, max_length=500)


# --- what one can do


def confirm(
    session: Session, *, viewer: Viewer, booking_id: UUID, started_at: datetime, ended_at: datetime, now: datetime
) -> Timesheet:
    """The assistant says when they worked; again, after a query, it replaces what they said before.

    Raises:
        NotFound: no such shift of the viewer's.
        Invalid: hours that can't be, or that are not over yet.
        Conflict: cancelled, or approved before.
    """
    booking = bookings.get(session, viewer=viewer, booking_id=booking_id, lock=True)
    if booking.assistant_id != viewer.assistant_id:
        raise NotFound("booking")
    if booking.state != BookingState.BOOKED.value:
        raise Conflict("This shift was cancelled or its hours were approved, so they can't be changed.")
    _check_hours(booking, started_at=started_at, ended_at=ended_at, now=now)
    told: dict[str, Any] = {
        "started_at": started_at,
        "ended_at": ended_at,
        "pence": for_minutes(booking.rate_pence, minutes_between(started_at, ended_at)),
        "state": TimesheetState.CONFIRMED.value,
        "query": None,
        "confirmed_at": now,
    }
    timesheet = session.get(Timesheet, booking.id)
    if timesheet is None:
        timesheet = Timesheet(booking_id=booking.id, **told)
    timesheet.sqlmodel_update(told)
    session.add(timesheet)
    session.flush()
    return timesheet


def query(session: Session, *, viewer: Viewer, booking_id: UUID, question: str) -> Timesheet:
    """Send hours back with a question; other shifts are not held up by it.

    Raises:
        NotFound: no such hours on the holder's side of the viewer.
        Conflict: approved before.
        Invalid: no question.
    """
    booking, timesheet = _to_decide(session, viewer, booking_id)
    if not question.strip():
        raise Invalid("question", "Say what you want to ask about these hours.")
    timesheet.state, timesheet.query = TimesheetState.QUERIED.value, question.strip()
    session.add_all([booking, timesheet])
    session.flush()
    return timesheet


def approve(
    session: Session, *, viewer: Viewer, booking_id: UUID, seen_pence: int | None = None, now: datetime
) -> Timesheet:
    """Draw the hours' money, give back what is left of the shift's, and intend the payment; all or nothing.

    `seen_pence` is what the hours cost when the viewer looked at them; the assistant may have changed them since.

    Raises:
        NotFound: no such hours on the holder's side of the viewer.
        Conflict: approved before, queried and not answered, changed since they were seen, or the viewer's own hours.
        NotEnoughMoney: more was worked than was booked, and the budget has not that much left.
    """
    booking, timesheet = _to_decide(session, viewer, booking_id)
    if timesheet.state == TimesheetState.QUERIED.value:
        raise Conflict("You asked a question about these hours. They can be approved when it is answered.")
    if booking.assistant_id == viewer.assistant_id:
        raise Conflict("You can't approve hours that you worked yourself.")
    if seen_pence is not None and seen_pence != timesheet.pence:
        raise Conflict("These hours were changed while you looked at them. Check them again before you approve.")
    _draw(session, booking, timesheet.pence, now=now)
    intend(
        session,
        line_id=booking.line_id,
        payee_id=booking.assistant_id,
        pence=timesheet.pence,
        key=f"timesheet:{booking.id}",
        reference=bookings.described(booking.starts_at, booking.ends_at),
        now=now,
    )
    booking.state = BookingState.APPROVED.value
    timesheet.state, timesheet.approved_at = TimesheetState.APPROVED.value, now
    timesheet.approved_by = viewer.person_id
    session.add_all([booking, timesheet])
    session.flush()
    return timesheet


# --- queries


def of_bookings(session: Session, *, booking_ids: list[UUID]) -> dict[UUID, Timesheet]:
    """Hours by booking; the bookings were scoped before."""
    told = select(Timesheet).where(col(Timesheet.booking_id).in_(booking_ids))
    return {timesheet.booking_id: timesheet for timesheet in session.exec(told)}


def _check_hours(booking: Booking, *, started_at: datetime, ended_at: datetime, now: datetime) -> None:
    if minutes_between(started_at, ended_at) < 1:
        raise Invalid("end", "The end must be after the start.")
    if ended_at - started_at > LONGEST_SHIFT:
        raise Invalid("end", "A shift can be 24 hours at most.")
    if started_at >= booking.ends_at or ended_at <= booking.starts_at:
        raise Invalid("start", "These hours are at another time than the booked shift.")
    if ended_at > now:
        raise Invalid("end", "These hours are not over yet. Confirm them when you have finished.")


def _to_decide(session: Session, viewer: Viewer, booking_id: UUID) -> tuple[Booking, Timesheet]:
    booking = bookings.get(session, viewer=viewer, booking_id=booking_id, lock=True)
    holders.get(session, viewer=viewer, holder_id=booking.holder_id)
    timesheet = session.get(Timesheet, booking.id, populate_existing=True)
    if timesheet is None:
        raise NotFound("timesheet")
    if timesheet.state == TimesheetState.APPROVED.value:
        raise Conflict("These hours were approved before.")
    return booking, timesheet


def _draw(session: Session, booking: Booking, pence: int, *, now: datetime) -> None:
    memo = bookings.described(booking.starts_at, booking.ends_at)
    draw(
        session,
        set_aside_id=booking.set_aside_id,
        pence=min(pence, booking.pence),
        key=f"draw:{booking.id}",
        memo=memo,
        now=now,
    )
    if pence > booking.pence:
        extra, key = pence - booking.pence, f"extra:{booking.id}"
        more = set_aside(
            session, line_id=booking.line_id, pence=extra, key=key, memo=f"Longer than booked: {memo}", now=now
        )
        draw(session, set_aside_id=more, pence=extra, key=f"draw-{key}", memo=memo, now=now)
    release(
        session,
        set_aside_id=booking.set_aside_id,
        key=f"release:{booking.id}",
        memo=f"Not used: {memo}",
        now=now,
    )

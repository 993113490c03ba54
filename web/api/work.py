"""Bookings and hours: shifts, what was worked, and the approval that draws the money."""

from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

from marketplace import bookings, timesheets
from marketplace.bookings import Booking, BookingState
from marketplace.timesheets import Question, TimesheetState
from marketplace.told import Reason, Told
from web.dependencies import Asking
from web.edge import Edge

routes = APIRouter(tags=["Bookings and hours"], route_class=Edge)


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise PydanticCustomError("datetime_parsing", "in UTC it is in no year of the calendar") from error


#: A moment with its time zone, as sent; kept in UTC.
Moment = Annotated[AwareDatetime, AfterValidator(_utc)]


class NewBooking(Told):
    """When a shift starts and ends."""

    starts_at: Moment
    ends_at: Moment


class Worked(Told):
    """When somebody really started and ended."""

    started_at: Moment
    ended_at: Moment


class Approval(Told):
    """What the hours cost when you looked at them, in pence; left out, they are approved as they stand."""

    pence: int | None = None


class HoursOut(BaseModel):
    """What was worked; money in pence."""

    model_config = ConfigDict(from_attributes=True)

    started_at: datetime
    ended_at: datetime
    minutes: int
    pence: int
    state: TimesheetState
    query: str | None
    approved_at: datetime | None


class BookingOut(BaseModel):
    """A shift; `pence` is what was set aside for it."""

    id: UUID
    agreement_id: UUID
    holder_id: UUID
    assistant_id: UUID
    starts_at: datetime
    ends_at: datetime
    minutes: int
    rate_pence: int
    pence: int
    state: BookingState
    reason: str | None
    hours: HoursOut | None


@routes.post("/agreements/{agreement_id}/bookings", status_code=HTTPStatus.CREATED)
def book(agreement_id: UUID, new: NewBooking, asking: Asking) -> BookingOut:
    """Book a shift and set its money aside, both or neither."""
    booking = bookings.book(
        asking.session, viewer=asking.viewer, agreement_id=agreement_id, now=asking.now, **new.model_dump()
    )
    return _shaped(asking, [booking])[0]


@routes.get("/bookings")
def list_bookings(asking: Asking) -> list[BookingOut]:
    """Shifts you work or pay for, latest first, a hundred at most."""
    return _shaped(asking, bookings.of_viewer(asking.session, viewer=asking.viewer))


@routes.get("/bookings/{booking_id}")
def get_booking(booking_id: UUID, asking: Asking) -> BookingOut:
    """One shift."""
    return _one(asking, booking_id)


@routes.post("/bookings/{booking_id}/cancel")
def cancel(booking_id: UUID, why: Reason, asking: Asking) -> BookingOut:
    """Call a shift off; its money is free again at once."""
    bookings.cancel(asking.session, viewer=asking.viewer, booking_id=booking_id, reason=why.reason, now=asking.now)
    return _one(asking, booking_id)


@routes.put("/bookings/{booking_id}/hours")
def confirm_hours(booking_id: UUID, worked: Worked, asking: Asking) -> BookingOut:
    """Say when you worked."""
    timesheets.confirm(
        asking.session, viewer=asking.viewer, booking_id=booking_id, now=asking.now, **worked.model_dump()
    )
    return _one(asking, booking_id)


@routes.post("/bookings/{booking_id}/hours/query")
def query_hours(booking_id: UUID, question: Question, asking: Asking) -> BookingOut:
    """Ask the assistant about these hours before they are paid."""
    timesheets.query(asking.session, viewer=asking.viewer, booking_id=booking_id, question=question.question)
    return _one(asking, booking_id)


@routes.post("/bookings/{booking_id}/hours/approve")
def approve_hours(booking_id: UUID, asking: Asking, approval: Approval | None = None) -> BookingOut:
    """Draw the money for these hours and have it paid; what was not used is free again."""
    seen = approval.pence if approval is not None else None
    timesheets.approve(asking.session, viewer=asking.viewer, booking_id=booking_id, seen_pence=seen, now=asking.now)
    return _one(asking, booking_id)


def _one(asking: Asking, booking_id: UUID) -> BookingOut:
    booking = bookings.get(asking.session, viewer=asking.viewer, booking_id=booking_id)
    return _shaped(asking, [booking])[0]


def _shaped(asking: Asking, found: Sequence[Booking]) -> list[BookingOut]:
    told = timesheets.of_bookings(asking.session, booking_ids=[booking.id for booking in found])
    return [
        BookingOut(
            **booking.model_dump(exclude={"line_id", "set_aside_id", "booked_by", "booked_at"}),
            minutes=bookings.minutes_between(booking.starts_at, booking.ends_at),
            hours=HoursOut.model_validate(told[booking.id]) if booking.id in told else None,
        )
        for booking in found
    ]

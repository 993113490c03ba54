"""One shift for both sides: what was booked, calling it off, the hours worked, and their approval or a question."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from marketplace import bookings, parties, timesheets
from marketplace.availability import LONDON, shift
from marketplace.bookings import Booking, BookingState
from marketplace.parties import Parties
from marketplace.timesheets import Question, Timesheet, TimesheetState
from marketplace.told import Reason
from payments import budgets
from web.dependencies import Ask, Asking
from web.edge import Edge
from web.errors import REFUSALS
from web.pages.frame import onward, page, refused
from web.pages.reading import Filled, FromForm
from web.pages.side import home_of

#: More digits than any sum of pence here has.
LONGEST_SUM = 12

routes = APIRouter(route_class=Edge, include_in_schema=False)

Errors = Sequence[Mapping[str, str]]


@routes.get("/bookings/{booking_id}")
def show_booking(booking_id: UUID, request: Request, asking: Asking) -> Response:
    """The shift, and what the one who looks can do about it."""
    return _page(request, asking, booking_id)


@routes.get("/bookings/{booking_id}/cancel")
def ask_to_cancel(booking_id: UUID, request: Request, asking: Asking) -> Response:
    """The question before a shift is called off."""
    return _cancel_page(request, asking, booking_id, reason="")


@routes.post("/bookings/{booking_id}/cancel")
def cancel(booking_id: UUID, request: Request, asking: Asking, filled: FromForm) -> Response:
    """Call the shift off; its money is free again."""
    why = filled.into(Reason, {"reason": filled.text("reason")})
    errors: Errors = filled.errors
    if why is not None:
        try:
            bookings.cancel(
                asking.session, viewer=asking.viewer, booking_id=booking_id, reason=why.reason, now=asking.now
            )
        except REFUSALS as error:
            errors = refused(request, error)
        else:
            return onward(f"/bookings/{booking_id}", notice="cancelled")
    return _cancel_page(request, asking, booking_id, reason=filled.text("reason"), errors=errors)


@routes.post("/bookings/{booking_id}/hours")
def confirm_hours(booking_id: UUID, request: Request, asking: Asking, filled: FromForm) -> Response:
    """The assistant says when they worked."""
    booking = bookings.get(asking.session, viewer=asking.viewer, booking_id=booking_id)
    start, end = filled.time("start"), filled.time("end")
    errors: Errors = filled.errors
    if start is not None and end is not None:
        try:
            started_at, ended_at = moments_worked(booking, start, end)
            timesheets.confirm(
                asking.session,
                viewer=asking.viewer,
                booking_id=booking_id,
                started_at=started_at,
                ended_at=ended_at,
                now=asking.now,
            )
        except REFUSALS as error:
            errors = refused(request, error)
        else:
            return onward(f"/bookings/{booking_id}", notice="confirmed")
    return _page(request, asking, booking_id, errors, filled)


@routes.post("/bookings/{booking_id}/approve")
def approve(booking_id: UUID, request: Request, asking: Asking, filled: FromForm) -> Response:
    """Approve the hours and have them paid; it can't be undone, so a box must be ticked."""
    if "yes" not in filled.ticked("checked"):
        filled.wrong("checked", "Tick the box when you have checked the hours.")
        return _page(request, asking, booking_id, filled.errors, filled)
    try:
        timesheets.approve(
            asking.session, viewer=asking.viewer, booking_id=booking_id, seen_pence=_seen(filled), now=asking.now
        )
    except REFUSALS as error:
        errors = [{**one, "field": "checked"} for one in refused(request, error)]
        return _page(request, asking, booking_id, errors, filled)
    return onward(f"/bookings/{booking_id}", notice="approved")


def _seen(filled: Filled) -> int | None:
    """What the hours cost on the page that was looked at."""
    written = filled.text("pence")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < LONGEST_SUM else None


@routes.post("/bookings/{booking_id}/query")
def query(booking_id: UUID, request: Request, asking: Asking, filled: FromForm) -> Response:
    """Ask the assistant about the hours before they are paid."""
    if not filled.text("question"):
        filled.wrong("question", "Say what you want to ask about these hours.")
    asked = filled.into(Question, {"question": filled.text("question")})
    errors: Errors = filled.errors
    if asked is not None:
        try:
            timesheets.query(asking.session, viewer=asking.viewer, booking_id=booking_id, question=asked.question)
        except REFUSALS as error:
            errors = refused(request, error)
        else:
            return onward(f"/bookings/{booking_id}", notice="queried")
    return _page(request, asking, booking_id, errors, filled)


def moments_worked(booking: Booking, start: time, end: time) -> tuple[datetime, datetime]:
    """The moments (UTC) that an assistant means by two times on the clock: those nearest to the booked shift.

    Who was booked from 10pm and came at half past midnight means the next day, and need not say so.

    Raises:
        Invalid: the clocks skip one of the times that night, or show it twice.
    """
    booked = booking.starts_at.astimezone(LONDON).replace(tzinfo=None)
    until = booking.ends_at.astimezone(LONDON).replace(tzinfo=None)

    def shared(ahead: int) -> timedelta:
        starts = datetime.combine(booked.date() + timedelta(days=ahead), start)
        ends = datetime.combine(starts.date() + timedelta(days=0 if end > start else 1), end)
        return min(ends, until) - max(starts, booked)

    ahead = max((0, 1, -1), key=shared)
    return shift(booked.date() + timedelta(days=ahead), start, end)


def _page(
    request: Request, asking: Ask, booking_id: UUID, errors: Errors = (), filled: Filled | None = None
) -> Response:
    booking, people, hours = _found(asking, booking_id)
    as_holder, as_assistant = people.on_holders_side(asking.viewer), people.on_assistants_side(asking.viewer)
    live = booking.state == BookingState.BOOKED.value
    waits = live and hours is not None and hours.state == TimesheetState.CONFIRMED.value
    return page(
        request,
        "hours/booking.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK,
        **_frame(asking, people),
        booking=booking,
        parties=people,
        hours=hours,
        minutes=bookings.minutes_between(booking.starts_at, booking.ends_at),
        as_holder=as_holder,
        as_assistant=as_assistant,
        over=booking.ends_at <= asking.now,
        # Hours that wait or are asked about are wages owed: calling the shift off is no longer on offer.
        may_cancel=live and hours is None,
        # Who can't come has often cancelled already, and then it matters most.
        may_cover=as_holder and hours is None and booking.ends_at > asking.now,
        may_confirm=live and as_assistant and booking.starts_at < asking.now,
        may_approve=waits and as_holder and not as_assistant,
        free=budgets.position(asking.session, line_id=booking.line_id).free if as_holder else None,
        values=_values(booking, hours, filled),
        errors=errors,
    )


def _values(booking: Booking, hours: Timesheet | None, filled: Filled | None) -> dict[str, Any]:
    """What stands in the boxes: what was typed, else the hours told before, else the booked ones."""
    known = (hours.started_at, hours.ended_at) if hours else (booking.starts_at, booking.ends_at)
    values: dict[str, Any] = {"start": known[0].astimezone(UTC), "end": known[1].astimezone(UTC), "question": ""}
    typed = filled.typed if filled is not None else {}
    return {**values, **{name: typed[name] for name in values if name in typed}}


def _cancel_page(request: Request, asking: Ask, booking_id: UUID, *, reason: str, errors: Errors = ()) -> Response:
    booking, people, hours = _found(asking, booking_id)
    return page(
        request,
        "hours/cancel.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK,
        **_frame(asking, people),
        booking=booking,
        parties=people,
        as_holder=people.on_holders_side(asking.viewer),
        possible=booking.state == BookingState.BOOKED.value and hours is None,
        reason=reason,
        errors=errors,
    )


def _found(asking: Ask, booking_id: UUID) -> tuple[Booking, Parties, Timesheet | None]:
    booking = bookings.get(asking.session, viewer=asking.viewer, booking_id=booking_id)
    people = parties.of_agreements(asking.session, agreement_ids=[booking.agreement_id])[booking.agreement_id]
    told = timesheets.of_bookings(asking.session, booking_ids=[booking.id])
    return booking, people, told.get(booking.id)


def _frame(asking: Ask, people: Parties) -> dict[str, Any]:
    own = people.on_holders_side(asking.viewer)
    return {
        "acting_for": people.acted_for(asking.viewer),
        "home": home_of(asking, people.holder_id) if own else "/work",
    }

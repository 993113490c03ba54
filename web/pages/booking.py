"""Booking shifts: choose them, see what they cost and what is left, then confirm; several at once, all or none."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from marketplace import agreements, bookings, needs, parties, quotes
from marketplace.availability import LONDON, shift
from marketplace.bookings import Booking
from marketplace.errors import Invalid
from marketplace.quotes import Quote, Times
from payments.errors import NotEnoughMoney
from web.dependencies import Ask, Asking
from web.edge import Edge
from web.errors import REFUSALS
from web.pages import money
from web.pages.frame import onward, page, refused
from web.pages.reading import Filled, FromForm
from web.pages.side import holders_side
from web.pages.wanted import wanted

routes = APIRouter(route_class=Edge, include_in_schema=False)

Errors = Sequence[Mapping[str, str]]

#: A shift in an address or a form: its day, its start and its end on the clock of Europe/London.
_WRITTEN = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d) (\d\d:\d\d)")
_BOXES = ("day.day", "day.month", "day.year", "start", "end")


@routes.get("/agreements/{agreement_id}/book")
def choose(agreement_id: UUID, request: Request, asking: Asking) -> Response:
    """The shifts to choose from or, when some were chosen, what they cost."""
    filled = Filled(request.query_params)
    if not filled.ticked("shift") and "start" not in filled.typed:
        return _form(request, asking, agreement_id, filled)
    wanted = _wanted(filled)
    errors: Errors = filled.errors
    if not errors:
        try:
            quote = quotes.quote(
                asking.session, viewer=asking.viewer, agreement_id=agreement_id, shifts=wanted, now=asking.now
            )
        except REFUSALS as error:
            errors = _at_boxes(refused(request, error), filled, error)
        else:
            return _check(request, asking, agreement_id, quote)
    return _form(request, asking, agreement_id, filled, errors)


@routes.post("/agreements/{agreement_id}/book")
def book(agreement_id: UUID, request: Request, asking: Asking, filled: FromForm) -> Response:
    """Book what was chosen, all or nothing."""
    wanted = _wanted(filled)
    errors: Errors = filled.errors
    if not errors:
        try:
            booked = _book_all(asking, agreement_id, wanted)
        except REFUSALS as error:
            errors = _at_boxes(refused(request, error), filled, error)
        else:
            if len(booked) == 1:
                return onward(f"/bookings/{booked[0].id}", notice="booked")
            return onward(f"/agreements/{agreement_id}", notice="booked_all")
    return _form(request, asking, agreement_id, filled, errors)


def _book_all(asking: Ask, agreement_id: UUID, wanted: Sequence[Times]) -> list[Booking]:
    quotes.quote(asking.session, viewer=asking.viewer, agreement_id=agreement_id, shifts=wanted, now=asking.now)
    return [
        bookings.book(
            asking.session,
            viewer=asking.viewer,
            agreement_id=agreement_id,
            starts_at=starts_at,
            ends_at=ends_at,
            now=asking.now,
        )
        for starts_at, ends_at in sorted(set(wanted))
    ]


def _wanted(filled: Filled) -> list[Times]:
    """The shifts that were ticked, and the one that was typed; problems are noted at their boxes."""
    wanted = []
    for written in filled.ticked("shift"):
        try:
            wanted.append(_shift(written))
        except Invalid as error:
            filled.wrong("shift", str(error))
    if any(filled.text(box) for box in _BOXES):
        day, start, end = filled.date("day"), filled.time("start"), filled.time("end")
        if day is not None and start is not None and end is not None:
            try:
                wanted.append(shift(day, start, end))
            except Invalid as error:
                filled.wrong(error.field, str(error))
    if not wanted and not filled.errors:
        filled.wrong("shift", "Choose at least one shift.")
    return wanted


def _shift(written: str) -> Times:
    found = _WRITTEN.fullmatch(written)
    try:
        day, start, end = found.groups() if found else ("", "", "")
        return shift(date.fromisoformat(day), time.fromisoformat(start), time.fromisoformat(end))
    except Invalid:
        raise
    except (ValueError, OverflowError) as error:
        raise Invalid("shift", "Choose shifts from this list.") from error


def written(starts_at: datetime, ends_at: datetime) -> str:
    """A shift as forms carry it."""
    start, end = starts_at.astimezone(LONDON), ends_at.astimezone(LONDON)
    return f"{start:%Y-%m-%d %H:%M} {end:%H:%M}"


def _at_boxes(errors: Errors, filled: Filled, error: Exception) -> Errors:
    """A refusal is shown where its shift was chosen: at the list, unless the only one was typed."""
    if filled.ticked("shift"):
        box = "shift"
    elif isinstance(error, Invalid):
        return errors
    else:
        box = "end" if isinstance(error, NotEnoughMoney) else "day"
    return [{**one, "field": box} for one in errors]


def _form(request: Request, asking: Ask, agreement_id: UUID, filled: Filled, errors: Errors = ()) -> Response:
    agreement = agreements.get(asking.session, viewer=asking.viewer, agreement_id=agreement_id)
    side = holders_side(asking, agreement.holder_id)
    said = wanted(needs.asked(asking.session, need_ids=[agreement.need_id])[agreement.need_id])
    # Where only some hours within the times are wanted, no shift is the usual one.
    usual = (
        []
        if said.some
        else quotes.usual(asking.session, viewer=asking.viewer, agreement_id=agreement.id, now=asking.now)
    )
    people = parties.of_agreements(asking.session, agreement_ids=[agreement.id])[agreement.id]
    return page(
        request,
        "hours/book.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK,
        side=side,
        acting_for=side.acting_for,
        agreement=agreement,
        parties=people,
        wanted=said,
        usual=[{"value": written(one.starts_at, one.ends_at), "shift": one} for one in usual],
        budgets=money.running(money.accounts(asking, agreement.holder_id), asking),
        chosen=filled.ticked("shift"),
        typed=_typed(filled),
        errors=errors,
    )


def _typed(filled: Filled) -> dict[str, Any]:
    return {"day": filled.date_typed("day"), "start": filled.text("start"), "end": filled.text("end")}


def _check(request: Request, asking: Ask, agreement_id: UUID, quote: Quote) -> Response:
    agreement = agreements.get(asking.session, viewer=asking.viewer, agreement_id=agreement_id)
    side = holders_side(asking, agreement.holder_id)
    return page(
        request,
        "hours/check.html",
        side=side,
        acting_for=side.acting_for,
        agreement=agreement,
        parties=parties.of_agreements(asking.session, agreement_ids=[agreement.id])[agreement.id],
        quote=quote,
        written=[written(one.starts_at, one.ends_at) for one in quote.shifts],
    )

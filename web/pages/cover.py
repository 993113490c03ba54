"""Cover for one shift: who could come, those who know the holder first, and asking them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request, Response

from marketplace import agreements, bookings, cover, needs, overview, parties
from marketplace.agreements import Agreement
from marketplace.availability import LONDON
from marketplace.bookings import Booking
from marketplace.cover import Cover
from marketplace.introductions import Invitation
from marketplace.needs import Need
from marketplace.overview import Contact
from web.dependencies import Ask, Asking, FromCandidates
from web.edge import Edge
from web.errors import REFUSALS
from web.pages import cover_need, fit
from web.pages.booking import written
from web.pages.frame import onward, page, refused
from web.pages.reading import Filled, FromForm
from web.pages.side import holders_side

routes = APIRouter(route_class=Edge, include_in_schema=False)

Errors = Sequence[Mapping[str, str]]

#: Rules that ask for half of a week's hours ask for all of a shift's.
_OF_A_SHIFT = {
    "not_available": "Not free for all of these hours",
    "booked": "Have promised some of these hours to others",
}
#: Minutes to get there that can be chosen; the first is what nobody chose.
WITHIN = (60, 15, 30, 45, 90, 120)


@routes.get("/bookings/{booking_id}/cover")
def find_cover(booking_id: UUID, request: Request, asking: Asking, candidates: FromCandidates) -> Response:
    """Who could come instead, in the order to ask them in."""
    booking, usual = _shift(asking, booking_id)
    return _page(request, asking, booking, usual, candidates, Filled(request.query_params))


@routes.post("/bookings/{booking_id}/cover")
def ask_to_cover(
    booking_id: UUID, request: Request, asking: Asking, candidates: FromCandidates, filled: FromForm
) -> Response:
    """Invite somebody to do this one shift."""
    booking, usual = _shift(asking, booking_id)
    invitation = filled.into(Invitation, {name: filled.text(name) for name in ("assistant_id", "message")})
    errors: Errors = filled.errors
    if invitation is not None:
        try:
            cover_need.ask(asking, booking, usual, invitation)
        except REFUSALS as error:
            errors = refused(request, error)
        else:
            return onward(f"/bookings/{booking_id}/cover", notice="cover_asked")
    box = f"message-{filled.text('assistant_id')}"
    at_card = [{**one, "field": box if one["field"] == "message" else "problem"} for one in errors]
    return _page(request, asking, booking, usual, candidates, filled, errors=at_card)


def _shift(asking: Ask, booking_id: UUID) -> tuple[Booking, Need]:
    """The shift and the request it was booked for.

    Raises:
        NotFound: not there, or not on the holder's side of the viewer.
    """
    booking = bookings.get(asking.session, viewer=asking.viewer, booking_id=booking_id)
    agreement = agreements.get(asking.session, viewer=asking.viewer, agreement_id=booking.agreement_id)
    return booking, needs.get(asking.session, viewer=asking.viewer, need_id=agreement.need_id)


def _page(
    request: Request,
    asking: Ask,
    booking: Booking,
    usual: Need,
    candidates: FromCandidates,
    filled: Filled,
    *,
    errors: Errors = (),
) -> Response:
    side = holders_side(asking, booking.holder_id)
    within = filled.text("within") or str(WITHIN[0])
    found, wrong = _found(request, asking, booking, usual, candidates, within)
    funnel = (
        [replace(step, sentence=_OF_A_SHIFT.get(step.code, step.sentence)) for step in found.funnel] if found else []
    )
    own_request = cover_need.current(asking, booking)
    asked = _asked(asking, own_request)
    return page(
        request,
        "hours/cover.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if errors or wrong else HTTPStatus.OK,
        side=side,
        acting_for=side.acting_for,
        booking=booking,
        parties=parties.of_agreements(asking.session, agreement_ids=[booking.agreement_id])[booking.agreement_id],
        found=found,
        funnel=funnel,
        own_request=own_request,
        asked=asked,
        people=_cards(asking, booking, found, {one.introduction.assistant_id for one in asked}),
        hardest=fit.hardest(funnel) if funnel else None,
        within=within,
        choices=[{"value": str(minutes), "text": f"{minutes} minutes"} for minutes in sorted(WITHIN)],
        typed={name: filled.text(name) for name in ("assistant_id", "message")},
        errors=[*errors, *wrong],
    )


def _found(
    request: Request, asking: Ask, booking: Booking, usual: Need, candidates: FromCandidates, within: str
) -> tuple[Cover | None, Errors]:
    if not within.isascii() or not within.isdecimal() or len(within) > len("9999"):
        return None, [{"field": "within", "message": "Choose how long they may need to get to you."}]
    try:
        return cover.for_hours(
            asking.session,
            viewer=asking.viewer,
            need_id=usual.id,
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
            within_minutes=int(within),
            candidates=candidates,
            now=asking.now,
            without=booking.assistant_id,
        ), []
    except REFUSALS as error:
        told = refused(request, error)
        return None, [{**one, "field": one["field"] if one["field"] == "within" else "problem"} for one in told]


def _asked(asking: Ask, need: Need | None) -> Sequence[Contact]:
    return overview.contacts(asking.session, viewer=asking.viewer, need_id=need.id) if need else ()


def _agreed(asking: Ask, booking: Booking) -> Mapping[UUID, tuple[str, Agreement]]:
    """Whom this holder has an agreement with that holds on the day: their full name and the agreement."""
    day = booking.starts_at.astimezone(LONDON).date()
    all_of_them = overview.of_holder(asking.session, viewer=asking.viewer, holder_id=booking.holder_id, now=asking.now)
    return {
        one.agreement.assistant_id: (one.name, one.agreement)
        for one in reversed(all_of_them.agreed)
        if one.agreement
        and one.agreement.starts_on <= day
        and (one.agreement.ends_on is None or one.agreement.ends_on >= day)
    }


def _cards(asking: Ask, booking: Booking, found: Cover | None, asked: set[UUID]) -> list[dict[str, Any]]:
    """Who can still be asked, in the order to ask them in; who has an agreement can be booked at once."""
    if found is None or not found.people:
        return []
    agreed = _agreed(asking, booking)
    shift = urlencode({"shift": written(booking.starts_at, booking.ends_at)})
    cards = []
    for person in found.people:
        name, agreement = agreed.get(person.assistant_id, (person.name, None))
        if agreement is None and person.assistant_id in asked:
            continue
        cards.append(
            {
                "person": person,
                "name": name,
                "book": f"/agreements/{agreement.id}/book?{shift}" if agreement else None,
                "rate_pence": agreement.rate_pence if agreement else person.lowest_rate_pence,
                "known": any(reason.code == "known" for reason in person.match.reasons),
                "away": fit.about(person.match, "journey"),
            }
        )
    return cards

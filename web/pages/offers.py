"""Agreements: what a holder offers to somebody who said yes, and the page both sides come back to."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from marketplace import agreements, introductions, needs, overview, parties
from marketplace.agreements import AgreementState, NewAgreement
from marketplace.availability import LONDON
from marketplace.errors import NotFound
from marketplace.overview import Contact
from payments.money import for_minutes
from web.dependencies import Ask, Asking
from web.edge import Edge
from web.errors import REFUSALS
from web.pages.frame import onward, page, refused
from web.pages.reading import Filled, FromForm, first_problem_first
from web.pages.side import holders_side, home_of
from web.pages.wanted import wanted

routes = APIRouter(route_class=Edge, include_in_schema=False)

Errors = Sequence[Mapping[str, str]]

#: The box that shows a field of the agreement, where it has another name.
_BOXES = {"rate_pence": "rate"}


@routes.get("/introductions/{introduction_id}/agreement")
def new_offer(introduction_id: UUID, request: Request, asking: Asking) -> Response:
    """The offer, filled in from the need; what was offered before, when it was."""
    contact = _contact(asking, introduction_id)
    if contact.agreement is not None and contact.agreement.state != AgreementState.DECLINED.value:
        return onward(f"/agreements/{contact.agreement.id}")
    need = needs.get(asking.session, viewer=asking.viewer, need_id=contact.introduction.need_id)
    today = asking.now.astimezone(LONDON).date()
    values = {"rate": need.rate_pence, "starts_on": max(need.starts_on, today), "ends_on": need.ends_on}
    return _form(request, asking, introduction_id, values)


@routes.post("/introductions/{introduction_id}/agreement")
def offer(introduction_id: UUID, request: Request, asking: Asking, filled: FromForm) -> Response:
    """Offer it, or show the form again with what is wrong."""
    new = _read(filled)
    errors: Errors = filled.errors
    if new is not None:
        try:
            offered = agreements.offer(
                asking.session, viewer=asking.viewer, introduction_id=introduction_id, new=new, now=asking.now
            )
        except REFUSALS as error:
            errors = [{**one, "field": _BOXES.get(one["field"], one["field"])} for one in refused(request, error)]
        else:
            return onward(f"/agreements/{offered.id}", notice="offered")
    values = {
        "rate": filled.text("rate"),
        "starts_on": filled.date_typed("starts_on"),
        "ends_on": filled.date_typed("ends_on"),
    }
    return _form(request, asking, introduction_id, values, errors)


@routes.get("/agreements/{agreement_id}")
def show_agreement(agreement_id: UUID, request: Request, asking: Asking) -> Response:
    """What was offered or agreed, and the shifts under it, for both sides."""
    agreement = agreements.get(asking.session, viewer=asking.viewer, agreement_id=agreement_id)
    people = parties.of_agreements(asking.session, agreement_ids=[agreement.id])[agreement.id]
    said = wanted(needs.asked(asking.session, need_ids=[agreement.need_id])[agreement.need_id])
    shifts = overview.shifts(asking.session, viewer=asking.viewer, agreement_id=agreement.id)
    return page(
        request,
        "holder/agreement.html",
        agreement=agreement,
        parties=people,
        acting_for=people.acted_for(asking.viewer),
        home=home_of(asking, people.holder_id) if people.on_holders_side(asking.viewer) else "/work",
        as_holder=people.on_holders_side(asking.viewer),
        as_assistant=people.on_assistants_side(asking.viewer),
        wanted=said,
        weekly_pence=for_minutes(agreement.rate_pence, said.minutes),
        over=agreement.ends_on is not None and agreement.ends_on < asking.now.astimezone(LONDON).date(),
        to_come=[shift for shift in reversed(shifts) if shift.booking.ends_at > asking.now],
        before=[shift for shift in shifts if shift.booking.ends_at <= asking.now],
    )


def _contact(asking: Ask, introduction_id: UUID) -> Contact:
    """Whom the holder asked; the assistant's own view of it is another page.

    Raises:
        NotFound: not there, or not on the holder's side of the viewer.
    """
    asked = introductions.get(asking.session, viewer=asking.viewer, introduction_id=introduction_id)
    about = overview.contacts(asking.session, viewer=asking.viewer, need_id=asked.need_id)
    for contact in about:
        if contact.introduction.id == asked.id:
            return contact
    raise NotFound("invitation")


def _read(filled: Filled) -> NewAgreement | None:
    values = {
        "rate_pence": filled.pence("rate"),
        "starts_on": filled.date("starts_on"),
        "ends_on": filled.date("ends_on", needed=False),
    }
    return filled.into(NewAgreement, values, boxes=_BOXES)


def _form(
    request: Request, asking: Ask, introduction_id: UUID, values: Mapping[str, Any], errors: Errors = ()
) -> Response:
    contact = _contact(asking, introduction_id)
    need = needs.get(asking.session, viewer=asking.viewer, need_id=contact.introduction.need_id)
    side = holders_side(asking, need.holder_id)
    said = wanted(needs.asked(asking.session, need_ids=[need.id])[need.id], mostly=need.mostly)
    return page(
        request,
        "holder/offer.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK,
        side=side,
        acting_for=side.acting_for,
        need=need,
        contact=contact,
        wanted=said,
        weekly_pence=for_minutes(need.rate_pence, said.minutes),
        values=values,
        errors=first_problem_first(errors, ("rate", "starts_on", "ends_on")),
    )

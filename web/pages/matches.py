"""Who fits a request for support and why, whom its holder asked, and asking them."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from marketplace import introductions, needs, overview, shortlists
from marketplace.agreements import AgreementState
from marketplace.introductions import Invitation
from marketplace.needs import Need, NeedState
from marketplace.overview import Contact
from marketplace.shortlists import Suggestion, Suggestions
from payments.money import for_minutes
from web.dependencies import Ask, Asking, FromCandidates, Kept
from web.edge import Edge
from web.errors import REFUSALS
from web.pages import fit
from web.pages.frame import onward, page, refused
from web.pages.reading import FromForm
from web.pages.side import holders_side
from web.pages.wanted import wanted

routes = APIRouter(route_class=Edge, include_in_schema=False)

Errors = Sequence[Mapping[str, str]]

#: In an address: the order in which nobody is shared.
PLAIN = "plain"


@routes.get("/needs/{need_id}", dependencies=[Kept])
def show_need(need_id: UUID, request: Request, asking: Asking, candidates: FromCandidates, order: str = "") -> Response:
    """The request, whom its holder asked, and who else fits."""
    return _need_page(request, asking, need_id, candidates, order=order)


@routes.post("/needs/{need_id}/invite")
def invite(need_id: UUID, request: Request, asking: Asking, filled: FromForm, candidates: FromCandidates) -> Response:
    """Ask somebody from the list; a message that is too long comes back to be made shorter."""
    values = {"assistant_id": filled.text("assistant_id"), "message": filled.text("message")}
    invitation = filled.into(Invitation, values)
    errors: Errors = filled.errors
    if invitation is not None:
        try:
            introductions.invite(
                asking.session, viewer=asking.viewer, need_id=need_id, now=asking.now, **invitation.model_dump()
            )
        except REFUSALS as error:
            errors = refused(request, error)
        else:
            return onward(f"/needs/{need_id}", notice="invited")
    return _need_page(request, asking, need_id, candidates, errors=errors, typed=values)


def _need_page(
    request: Request,
    asking: Ask,
    need_id: UUID,
    candidates: FromCandidates,
    *,
    order: str = "",
    errors: Errors = (),
    typed: Mapping[str, str] | None = None,
) -> Response:
    need = needs.get(asking.session, viewer=asking.viewer, need_id=need_id)
    side = holders_side(asking, need.holder_id)
    said = wanted(needs.asked(asking.session, need_ids=[need.id])[need.id], mostly=need.mostly)
    contacts = overview.contacts(asking.session, viewer=asking.viewer, need_id=need.id)
    found = None
    if need.state == NeedState.OPEN.value:
        found = shortlists.for_need(
            asking.session,
            viewer=asking.viewer,
            need_id=need.id,
            candidates=candidates,
            now=asking.now,
            plain=order == PLAIN,
        )
    return page(
        request,
        "holder/need.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK,
        side=side,
        acting_for=side.acting_for,
        need=need,
        wanted=said,
        weekly_pence=for_minutes(need.rate_pence, said.minutes),
        contacts=contacts,
        why_not=_why_not(asking, need, contacts, candidates) if found else {},
        found=found,
        people=_cards(found, {contact.introduction.assistant_id for contact in contacts}),
        hardest=fit.hardest(found.shortlist.funnel) if found else None,
        typed=typed or {"assistant_id": "", "message": ""},
        errors=_at_their_card(errors, (typed or {}).get("assistant_id", "")),
    )


def _cards(found: Suggestions | None, asked: set[UUID]) -> list[dict[str, Any]]:
    """Who can still be asked, best first."""
    people = found.people if found else ()
    return [card(person) for person in people if person.assistant_id not in asked]


def card(person: Suggestion) -> dict[str, Any]:
    """One person as the page's macro shows them."""
    return {
        "person": person,
        "chance": fit.chance(person.match.score),
        "away": fit.about(person.match, "journey"),
        "confirmed": fit.about(person.match, "confirmed"),
        # the market counts requests, and this is one of them
        "rivals": max(person.match.rivals - 1, 0),
        "for_holder": fit.told(person.match, side="holder"),
        "for_assistant": fit.told(person.match, side="assistant"),
    }


def _why_not(
    asking: Ask, need: Need, contacts: Sequence[Contact], candidates: FromCandidates
) -> Mapping[UUID, Sequence[str]]:
    """Why people who were asked don't fit any more, while something may still come of it; of those who fit, nothing."""
    hoped = [one.introduction.assistant_id for one in contacts if _hopes(one)]
    if not hoped:
        return {}
    return shortlists.why_not_listed(
        asking.session,
        viewer=asking.viewer,
        need_id=need.id,
        assistant_ids=hoped,
        candidates=candidates,
        now=asking.now,
    )


def _hopes(contact: Contact) -> bool:
    if contact.agreement is not None and contact.agreement.state != AgreementState.OFFERED.value:
        return False
    return contact.introduction.state != "declined"


def _at_their_card(errors: Errors, assistant_id: str) -> Errors:
    """Each card has a box for a message of its own, with an id of its own."""
    boxes = {"message": f"message-{assistant_id}", "assistant_id": "problem"}
    return [{**error, "field": boxes.get(error["field"], error["field"])} for error in errors]

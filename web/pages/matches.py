"""Who fits a request for support and why, whom its holder asked, and asking them."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from marketplace import introductions, needs, overview, shortlists
from marketplace.availability import weekly_minutes
from marketplace.introductions import Invitation
from marketplace.needs import NeedState
from marketplace.shortlists import Suggestions
from matching.results import FunnelStep
from payments.money import for_minutes
from web.dependencies import Ask, Asking, FromCandidates
from web.edge import Edge
from web.errors import REFUSALS
from web.pages import fit
from web.pages.fit import named
from web.pages.frame import onward, page, refused
from web.pages.reading import FromForm
from web.pages.side import holders_side
from web.pages.week import grouped

routes = APIRouter(route_class=Edge, include_in_schema=False)

Errors = Sequence[Mapping[str, str]]


@routes.get("/needs/{need_id}")
def show_need(
    need_id: UUID, request: Request, asking: Asking, candidates: FromCandidates
) -> Response:
    """The request, whom its holder asked, and who else fits."""
    return _need_page(request, asking, need_id, candidates)


@routes.post("/needs/{need_id}/invite")
def invite(
    need_id: UUID,
    request: Request,
    asking: Asking,
    filled: FromForm,
    candidates: FromCandidates,
) -> Response:
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
    errors: Errors = (),
    typed: Mapping[str, str] | None = None,
) -> Response:
    need = needs.get(asking.session, viewer=asking.viewer, need_id=need_id)
    side = holders_side(asking, need.holder_id)
    asked = needs.asked(asking.session, need_ids=[need.id])[need.id]
    contacts = overview.contacts(asking.session, viewer=asking.viewer, need_id=need.id)
    found = None
    if need.state == NeedState.OPEN.value:
        found = shortlists.for_need(
            asking.session,
            viewer=asking.viewer,
            need_id=need.id,
            candidates=candidates,
            now=asking.now,
        )
    minutes = weekly_minutes(asked.windows)
    return page(
        request,
        "holder/need.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK,
        side=side,
        acting_for=side.acting_for,
        need=need,
        times=grouped(asked.hours),
        weekly_minutes=minutes,
        weekly_pence=for_minutes(need.rate_pence, minutes),
        required=[named(code) for code in sorted(asked.required)],
        wished=[named(code) for code in sorted(asked.wished - asked.required)],
        contacts=contacts,
        found=found,
        people=_cards(found, {contact.introduction.assistant_id for contact in contacts}),
        hardest=_hardest(found),
        typed=typed or {"assistant_id": "", "message": ""},
        errors=_at_their_card(errors, (typed or {}).get("assistant_id", "")),
    )


def _cards(found: Suggestions | None, asked: set[UUID]) -> list[dict[str, Any]]:
    """Who can still be asked, best first."""
    if found is None:
        return []
    return [
        {
            "person": person,
            "chance": fit.chance(person.match.score),
            "away": next(one.sentence for one in person.match.reasons if one.code == "journey"),
            "for_holder": fit.told(person.match, side="holder"),
            "for_assistant": fit.told(person.match, side="assistant"),
        }
        for person in found.people
        if person.assistant_id not in asked
    ]


def _hardest(found: Suggestions | None) -> FunnelStep | None:
    """The rule that took out the last of those who were left; else the one that removed most, if any did."""
    if found is None:
        return None
    last = next((one for one in found.shortlist.funnel if one.removed and not one.left), None)
    step = last or max(found.shortlist.funnel, key=lambda one: one.removed)
    return step if step.removed else None


def _at_their_card(errors: Errors, assistant_id: str) -> Errors:
    """Each card has a box for a message of its own, with an id of its own."""
    boxes = {"message": f"message-{assistant_id}", "assistant_id": "problem"}
    return [{**error, "field": boxes.get(error["field"], error["field"])} for error in errors]

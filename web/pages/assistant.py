"""An assistant's side: what waits for them at home, and their answers to invitations and agreements."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import cast
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from marketplace import agreements, assistants, introductions, needs, workload
from marketplace.assistants import Assistant, Status
from marketplace.availability import LONDON
from marketplace.told import Told
from marketplace.workload import Invitation
from matching.travel import Mode, minutes
from matching.words import minutes_away
from payments.money import for_minutes
from web.dependencies import Ask, Asking
from web.edge import Edge
from web.errors import REFUSALS
from web.pages import profile
from web.pages.frame import onward, page, refused
from web.pages.reading import FromForm
from web.pages.wanted import wanted

routes = APIRouter(route_class=Edge, include_in_schema=False)
routes.include_router(profile.routes)

#: After so long a profile is asked about: what people offer changes, and those who need support trust newer answers.
CONFIRMED_FOR = timedelta(weeks=8)


class No(Told):
    """Why not; nobody has to say."""

    reason: str = Field(default="", max_length=500)


@routes.get("/work")
def work(request: Request, asking: Asking) -> Response:
    """What an assistant has to do, what comes, and what they wait for."""
    found = workload.of_viewer(asking.session, viewer=asking.viewer, now=asking.now)
    me = assistants.own(asking.session, viewer=asking.viewer)
    today = asking.now.astimezone(LONDON).date()
    return page(
        request,
        "assistant/work.html",
        work=found,
        looking=me.status != Status.NOT_NOW.value,
        confirmed_on=me.confirmed_on,
        ask_again=today - me.confirmed_on > CONFIRMED_FOR,
    )


# --- invitations


@routes.get("/introductions/{introduction_id}")
def invitation(introduction_id: UUID, request: Request, asking: Asking) -> Response:
    """Who asks, for what, when and for how much."""
    return _invitation(request, asking, introduction_id, "assistant/invitation.html")


@routes.post("/introductions/{introduction_id}/accept")
def accept(introduction_id: UUID, request: Request, asking: Asking) -> Response:
    """Would like to do it; both can still say no."""
    try:
        introductions.accept(asking.session, viewer=asking.viewer, introduction_id=introduction_id, now=asking.now)
    except REFUSALS as error:
        return _invitation(
            request, asking, introduction_id, "assistant/invitation.html", errors=refused(request, error)
        )
    return onward(f"/introductions/{introduction_id}", notice="accepted")


@routes.get("/introductions/{introduction_id}/decline")
def consider_no(introduction_id: UUID, request: Request, asking: Asking) -> Response:
    """Makes sure, and asks why; a no can't be taken back."""
    return _invitation(request, asking, introduction_id, "assistant/decline.html")


@routes.post("/introductions/{introduction_id}/decline")
def decline(introduction_id: UUID, request: Request, asking: Asking, filled: FromForm) -> Response:
    """Say no, with or without a reason."""
    template, reason = "assistant/decline.html", filled.text("reason")
    said = filled.into(No, {"reason": reason})
    if said is None:
        return _invitation(request, asking, introduction_id, template, errors=filled.errors, reason=reason)
    try:
        introductions.decline(
            asking.session,
            viewer=asking.viewer,
            introduction_id=introduction_id,
            reason=said.reason,
            now=asking.now,
        )
    except REFUSALS as error:
        return _invitation(request, asking, introduction_id, template, errors=refused(request, error), reason=reason)
    return onward("/work", notice="declined")


def _invitation(
    request: Request,
    asking: Ask,
    introduction_id: UUID,
    template: str,
    *,
    errors: Sequence[Mapping[str, str]] = (),
    reason: str = "",
) -> Response:
    found = workload.invitation(asking.session, viewer=asking.viewer, introduction_id=introduction_id)
    need = found.need
    said = wanted(needs.asked(asking.session, need_ids=[need.id])[need.id], mostly=need.mostly)
    return page(
        request,
        template,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK,
        errors=errors,
        invitation=found,
        away=_away(assistants.own(asking.session, viewer=asking.viewer), found),
        wanted=said,
        weekly_pence=for_minutes(need.rate_pence, said.minutes),
        reason=reason,
    )


def _away(me: Assistant, found: Invitation) -> str:
    """How long the way takes, by the model that listed them."""
    mode = cast("Mode", me.travel_by)
    return minutes_away(minutes(mode, round(found.metres)), mode=mode)


# --- agreements; their page is one for both sides, and makes sure before it posts here


@routes.post("/agreements/{agreement_id}/accept")
def agree(agreement_id: UUID, asking: Asking) -> Response:
    """Agree to what was offered."""
    agreements.accept(asking.session, viewer=asking.viewer, agreement_id=agreement_id, now=asking.now)
    return onward(f"/agreements/{agreement_id}", notice="agreed")


@routes.post("/agreements/{agreement_id}/decline")
def do_not_agree(agreement_id: UUID, asking: Asking) -> Response:
    """Do not agree; the other side may ask somebody else."""
    agreements.decline(asking.session, viewer=asking.viewer, agreement_id=agreement_id, now=asking.now)
    return onward("/work", notice="declined")

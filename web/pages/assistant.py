"""An assistant's side: what waits for them at home, and their answers to invitations and agreements."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from marketplace import agreements, assistants, introductions, needs, workload
from marketplace.availability import weekly_minutes
from marketplace.competencies import NAMES
from marketplace.told import Told
from payments.money import for_minutes
from web.dependencies import Ask, Asking
from web.edge import Edge
from web.errors import REFUSALS
from web.pages import profile
from web.pages.frame import onward, page, refused
from web.pages.reading import FromForm
from web.pages.week import grouped

routes = APIRouter(route_class=Edge, include_in_schema=False)
routes.include_router(profile.routes)


class No(Told):
    """Why not; nobody has to say."""

    reason: str = Field(default="", max_length=500)


@routes.get("/work")
def work(request: Request, asking: Asking) -> Response:
    """What an assistant has to do, what comes, and what they wait for."""
    found = workload.of_viewer(asking.session, viewer=asking.viewer, now=asking.now)
    return page(request, "assistant/work.html", work=found, looking=_looking(asking))


def _looking(asking: Ask) -> bool:
    """Whether new people may invite them; `workload` made sure that they are an assistant."""
    assert asking.viewer.assistant_id is not None
    assistant = assistants.get(asking.session, assistant_id=asking.viewer.assistant_id)
    return assistant.status == assistants.Status.LOOKING.value


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
    asked = needs.asked(asking.session, need_ids=[found.need.id])[found.need.id]
    minutes = weekly_minutes(asked.windows)
    return page(
        request,
        template,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK,
        errors=errors,
        invitation=found,
        times=grouped(asked.hours),
        minutes=minutes,
        weekly_pence=for_minutes(found.need.rate_pence, minutes),
        required=[name for code, name in NAMES.items() if code in asked.required],
        wished=[name for code, name in NAMES.items() if code in asked.wished],
        reason=reason,
    )


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

"""Not to meet somebody again: asking first, doing it, and the list on which it is undone; the other is never told."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from marketplace import assistants, blocks, needs, people, workload
from marketplace.blocks import Side
from web.dependencies import Ask, Asking
from web.edge import Edge
from web.pages.frame import onward, page
from web.pages.side import holders_side

routes = APIRouter(route_class=Edge, include_in_schema=False)


@routes.get("/blocks")
def show_blocks(request: Request, asking: Asking) -> Response:
    """Whom the viewer, or those they act for, don't want to meet again."""
    return page(request, "home/blocks.html", found=blocks.of_viewer(asking.session, viewer=asking.viewer))


@routes.post("/blocks/{by}/{holder_id}/{assistant_id}/undo")
def undo(by: Side, holder_id: UUID, assistant_id: UUID, asking: Asking) -> Response:
    """Take it back, on this side only."""
    blocks.unblock(asking.session, viewer=asking.viewer, by=by, holder_id=holder_id, assistant_id=assistant_id)
    return onward("/blocks", notice="unblocked")


# --- as a holder


@routes.get("/needs/{need_id}/block/{assistant_id}")
def ask_holder(need_id: UUID, assistant_id: UUID, request: Request, asking: Asking) -> Response:
    """Makes sure that the holder means it."""
    need = needs.get(asking.session, viewer=asking.viewer, need_id=need_id)
    side = holders_side(asking, need.holder_id)
    return page(
        request,
        "home/block.html",
        acting_for=side.acting_for,
        name=_name(asking, assistant_id),
        by="holder",
        back=f"/needs/{need.id}",
        action=f"/needs/{need.id}/block/{assistant_id}",
    )


@routes.post("/needs/{need_id}/block/{assistant_id}")
def block_assistant(need_id: UUID, assistant_id: UUID, asking: Asking) -> Response:
    """Don't show this assistant to the holder any more."""
    need = needs.get(asking.session, viewer=asking.viewer, need_id=need_id)
    blocks.block(
        asking.session,
        viewer=asking.viewer,
        by="holder",
        holder_id=need.holder_id,
        assistant_id=assistant_id,
        now=asking.now,
    )
    return onward(f"/needs/{need.id}", notice="blocked")


def _name(asking: Ask, assistant_id: UUID) -> str:
    """First name and initial, as on the list."""
    person_id = assistants.get(asking.session, assistant_id=assistant_id).person_id
    return people.public_name(people.names(asking.session, person_ids=[person_id])[person_id])


# --- as an assistant


@routes.get("/introductions/{introduction_id}/block")
def ask_assistant(introduction_id: UUID, request: Request, asking: Asking) -> Response:
    """Makes sure that the assistant means it."""
    found = workload.invitation(asking.session, viewer=asking.viewer, introduction_id=introduction_id)
    return page(
        request,
        "home/block.html",
        name=found.name,
        by="assistant",
        back=f"/introductions/{introduction_id}",
        action=f"/introductions/{introduction_id}/block",
    )


@routes.post("/introductions/{introduction_id}/block")
def block_holder(introduction_id: UUID, asking: Asking) -> Response:
    """Don't show the viewer to the holder who invited them any more."""
    found = workload.invitation(asking.session, viewer=asking.viewer, introduction_id=introduction_id)
    blocks.block(
        asking.session,
        viewer=asking.viewer,
        by="assistant",
        holder_id=found.need.holder_id,
        assistant_id=found.introduction.assistant_id,
        now=asking.now,
    )
    return onward("/work", notice="blocked")

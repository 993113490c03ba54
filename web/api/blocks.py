"""Whom one doesn't want to meet again, on either side; the other is never told."""

from datetime import datetime
from http import HTTPStatus
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from marketplace import assistants, blocks
from web.dependencies import Asking
from web.edge import Edge

routes = APIRouter(tags=["Blocks"], route_class=Edge)


class BlockOut(BaseModel):
    """One block of your side; `by` says as what you made it, and the other's name is first name and initial."""

    model_config = ConfigDict(from_attributes=True)

    holder_id: UUID
    assistant_id: UUID
    by: Literal["holder", "assistant"]
    holder: str
    assistant: str
    blocked_at: datetime


@routes.get("/blocks")
def list_blocks(asking: Asking) -> list[BlockOut]:
    """Whom you, or those you act for, don't want to meet again, newest first, a hundred at most."""
    return [BlockOut.model_validate(one) for one in blocks.of_viewer(asking.session, viewer=asking.viewer)]


@routes.put("/holders/{holder_id}/blocks/{assistant_id}", status_code=HTTPStatus.NO_CONTENT)
def block_assistant(holder_id: UUID, assistant_id: UUID, asking: Asking) -> Response:
    """Don't show this assistant to the holder any more."""
    blocks.block(
        asking.session,
        viewer=asking.viewer,
        by="holder",
        holder_id=holder_id,
        assistant_id=assistant_id,
        now=asking.now,
    )
    return Response(status_code=HTTPStatus.NO_CONTENT)


@routes.delete("/holders/{holder_id}/blocks/{assistant_id}", status_code=HTTPStatus.NO_CONTENT)
def unblock_assistant(holder_id: UUID, assistant_id: UUID, asking: Asking) -> Response:
    """Show this assistant to the holder again."""
    blocks.unblock(asking.session, viewer=asking.viewer, by="holder", holder_id=holder_id, assistant_id=assistant_id)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@routes.put("/assistants/me/blocks/{holder_id}", status_code=HTTPStatus.NO_CONTENT)
def block_holder(holder_id: UUID, asking: Asking) -> Response:
    """Don't be shown any more to a holder who has invited you."""
    mine = assistants.own(asking.session, viewer=asking.viewer)
    blocks.block(
        asking.session, viewer=asking.viewer, by="assistant", holder_id=holder_id, assistant_id=mine.id, now=asking.now
    )
    return Response(status_code=HTTPStatus.NO_CONTENT)


@routes.delete("/assistants/me/blocks/{holder_id}", status_code=HTTPStatus.NO_CONTENT)
def unblock_holder(holder_id: UUID, asking: Asking) -> Response:
    """Be shown to them again."""
    mine = assistants.own(asking.session, viewer=asking.viewer)
    blocks.unblock(asking.session, viewer=asking.viewer, by="assistant", holder_id=holder_id, assistant_id=mine.id)
    return Response(status_code=HTTPStatus.NO_CONTENT)

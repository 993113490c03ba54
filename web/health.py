"""Whether the process answers, and whether it can reach its records."""

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlmodel import select

routes = APIRouter(prefix="/health", tags=["Health"])


class Health(BaseModel):
    """All is well; anything else answers 503."""

    status: Literal["ok"] = "ok"


@routes.get("/live")
def live() -> Health:
    """The process answers; says nothing of the database, so that nobody restarts us for its sake."""
    return Health()


@routes.get("/ready")
def ready(request: Request) -> Health:
    """The database answers too."""
    with request.app.state.open_session() as session:
        session.exec(select(1)).one()
    return Health()

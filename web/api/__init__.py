"""The JSON API under /api/v1: the same marketplace functions as the pages, for programs."""

from typing import Any

from fastapi import APIRouter

from web.api import access, blocks, budgets, holders, introductions, matches, needs, work
from web.edge import Edge

PROBLEMS: dict[int | str, dict[str, Any]] = {
    code: {"description": text, "content": {"application/problem+json": {}}}
    for code, text in {
        401: "Nobody is signed in",
        404: "Not there, or not yours",
        409: "Not possible with how things are now",
        422: "A value that can't be right; `errors` names the fields",
        503: "The database is away; try again",
    }.items()
}


def router() -> APIRouter:
    """Every route of the API, each request one transaction."""
    api = APIRouter(prefix="/api/v1", route_class=Edge, responses=PROBLEMS)
    for part in (access, holders, budgets, needs, matches, introductions, blocks, work):
        api.include_router(part.routes)
    return api

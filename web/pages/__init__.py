"""Pages for people: server-rendered, plain forms, the same marketplace functions as the API."""

from fastapi import APIRouter

from web.edge import Edge
from web.pages import (
    assistant,
    blocks,
    booking,
    broker,
    cover,
    demo,
    holder,
    home,
    hours,
    matches,
    money,
    needs,
    offers,
    public,
    reference,
    signing_in,
)


def router(*, demo_parts: bool) -> APIRouter:
    """Every page, each request one transaction; the demo's own pages only where it runs."""
    pages = APIRouter(route_class=Edge, include_in_schema=False)
    parts = (
        public,
        reference,
        signing_in,
        home,
        holder,
        needs,
        matches,
        offers,
        booking,
        hours,
        cover,
        blocks,
        money,
        assistant,
        broker,
    )
    for part in parts:
        pages.include_router(part.routes)
    if demo_parts:
        pages.include_router(demo.routes)
    return pages

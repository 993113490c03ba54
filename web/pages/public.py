"""Pages for anybody: whom to ask for help, what we keep, how well these pages work for everyone."""

from fastapi import APIRouter, Request, Response

from web.edge import Edge
from web.pages.frame import page
from web.sessions import LINK_LASTS, SESSION_LASTS

routes = APIRouter(route_class=Edge, include_in_schema=False)


@routes.get("/help")
def ask_for_help(request: Request) -> Response:
    """A phone number and an e-mail address."""
    return page(request, "public/help.html")


@routes.get("/privacy")
def privacy(request: Request) -> Response:
    """What is kept of a person and who sees it."""
    link, session = int(LINK_LASTS.total_seconds() // 60), SESSION_LASTS.days
    return page(request, "public/privacy.html", link_minutes=link, session_days=session)


@routes.get("/accessibility")
def accessibility(request: Request) -> Response:
    """What was done so that everyone can use these pages, and what was not."""
    return page(request, "public/accessibility.html")

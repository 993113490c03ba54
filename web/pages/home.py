"""The way in: the landing page, or the home of a signed-in person; joining; one's account."""

from fastapi import APIRouter, Request, Response

from marketplace import organisations
from marketplace.people import Person, Viewer
from web.dependencies import Asking, Visiting
from web.edge import Edge
from web.pages.frame import onward, page

routes = APIRouter(route_class=Edge, include_in_schema=False)

HOMES = {"holder": "/support", "assistant": "/work", "broker": "/caseload"}


def home_of(viewer: Viewer) -> str:
    """Where a person's day starts: the home of their first role; who has none yet is asked what they want."""
    return HOMES[viewer.roles[0]] if viewer.roles else "/join"


@routes.get("/")
def start(request: Request, visiting: Visiting) -> Response:
    """What Alongside is, or the home of who is signed in."""
    if visiting.viewer is not None:
        return onward(home_of(visiting.viewer))
    return page(request, "public/landing.html")


@routes.get("/join")
def join(request: Request, asking: Asking) -> Response:
    """What somebody new can do here."""
    return page(request, "home/join.html", person=asking.session.get_one(Person, asking.viewer.person_id))


@routes.get("/account")
def account(request: Request, asking: Asking) -> Response:
    """Who one is here."""
    ours = organisations.of_person(asking.session, person_id=asking.viewer.person_id)
    return page(
        request,
        "home/account.html",
        person=asking.session.get_one(Person, asking.viewer.person_id),
        organisations=[one.name for one in ours],
    )

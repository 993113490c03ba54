"""What every page has: the frame around it, its refusals beside the fields, and the way on after a form."""

from collections.abc import Mapping, Sequence
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment
from starlette.responses import Response

from marketplace.errors import NotFound
from marketplace.people import Viewer
from payments.errors import NotEnoughMoney
from web import security
from web.errors import Problem, field_errors
from web.settings import Settings
from web.templating import environment

#: The parts of the site by role; more than one role shows all of theirs.
NAVIGATION: dict[str, Sequence[tuple[str, str]]] = {
    "holder": (("Your support", "/support"), ("Your money", "/money")),
    "assistant": (("Your work", "/work"), ("Your profile", "/profile")),
    "broker": (("People you support", "/caseload"),),
}
_NOTICES = {
    "invited": "Invitation sent. We'll show the answer here.",
    "accepted": "You said yes. They can now offer you an agreement.",
    "declined": "You said no. We have told them kindly.",
    "offered": "Agreement offered. We'll show the answer here.",
    "agreed": "You have an agreement. Shifts can be booked now.",
    "booked": "Shift booked, and the money for it is set aside.",
    "booked_all": "Shifts booked, and the money for them is set aside.",
    "cancelled": "Shift cancelled. The money for it is free again.",
    "confirmed": "Hours sent for approval.",
    "approved": "Hours approved. The payment is on its way.",
    "queried": "Question sent. The hours wait until it is answered.",
    "holder_added": "Added. Give them a budget next, so that shifts can be paid.",
    "budget_added": "Budget opened, and its money is paid in.",
    "changed": "Your request is changed. Here is who fits now.",
    "posted": "Your request is posted. Here is who fits.",
    "saved": "Your profile is saved.",
    "still_right": "Thank you. Your profile is confirmed.",
    "blocked": "Done. We won't bring you together again. You can undo this under your account.",
    "unblocked": "Undone on your side.",
    "shares": "Lists share out people whom many need from now on.",
    "shares_not": "Every list is in its plain order from now on.",
    "cover_asked": "Asked. We'll show the answer here.",
    "closed": "This request is closed.",
}
_PAGES = {403: "errors/403.html", 404: "errors/404.html", 500: "errors/500.html", 503: "errors/503.html"}


@cache
def templates() -> Environment:
    """The environment pages are made with, once per process."""
    return environment()


def page(request: Request, template: str, *, status: int = HTTPStatus.OK, **context: Any) -> HTMLResponse:
    """A page in its frame; `context` is what its template asks for."""
    settings: Settings = request.app.state.settings
    viewer: Viewer | None = getattr(request.state, "viewer", None)
    frame: dict[str, Any] = {
        "request": request,
        "viewer": viewer,
        "csrf_token": security.csrf_token(request) if viewer is not None else "",
        "navigation": _navigation(viewer, request.url.path),
        "flash": _notice(request),
        "demo": settings.demo,
        "errors": [],
        "settings": settings,
    }
    return HTMLResponse(templates().get_template(template).render({**frame, **context}), status)


def problem_page(request: Request, problem: Problem) -> Response:
    """A refusal as a page; who must sign in first is taken there, and back afterwards."""
    if problem.status is HTTPStatus.UNAUTHORIZED:
        back = quote(request.url.path, safe="") if request.method == "GET" else ""
        return RedirectResponse(f"/sign-in?next={back}" if back else "/sign-in", HTTPStatus.SEE_OTHER)
    template = _PAGES.get(problem.status, "errors/problem.html")
    return page(request, template, status=problem.status, problem=problem)


def refused(request: Request, error: Exception) -> Sequence[Mapping[str, str]]:
    """What a form shows for a refusal; the request's transaction is undone, as it may be broken.

    Raises:
        NotFound: the refusal was that; no form can put it right, so it stays a page of its own.
    """
    if isinstance(error, NotFound):
        raise error
    request.state.session.rollback()
    field = "end" if isinstance(error, NotEnoughMoney) else "problem"
    return field_errors(error) or [{"field": field, "message": str(error)}]


def onward(path: str, *, notice: str | None = None) -> RedirectResponse:
    """To another page after a form was done, with a word about what was done."""
    return RedirectResponse(f"{path}?done={notice}" if notice else path, HTTPStatus.SEE_OTHER)


def _notice(request: Request) -> Mapping[str, str] | None:
    # A fixed sentence per word: nobody can put text of their own on our pages through an address.
    text = _NOTICES.get(request.query_params.get("done", ""))
    return {"kind": "success", "title": "Done", "text": text} if text else None


def _navigation(viewer: Viewer | None, path: str) -> list[dict[str, Any]]:
    if viewer is None:
        return []
    return [
        {"text": text, "href": href, "current": path.startswith(href)}
        for role in viewer.roles
        for text, href in NAVIGATION[role]
    ]

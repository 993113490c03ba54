"""Signing in by a mailed link, and signing out.

Opening a link changes nothing, because mail scanners open links; the button on its page spends it.
"""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import APIRouter, BackgroundTasks, Query, Request, Response
from pydantic import BaseModel, EmailStr, ValidationError

from web import security, sessions
from web.dependencies import FromMailer, FromSettings, Visiting
from web.edge import Edge
from web.links import sign_in_mail
from web.pages.frame import onward, page
from web.pages.reading import Filled, FromForm
from web.settings import Settings

routes = APIRouter(route_class=Edge, include_in_schema=False)

#: Where the page "Check your email" finds the address to show; in an address bar others could read it.
SENT_TO = "alongside-sent-to"

Next = Annotated[str, Query(alias="next", max_length=500)]


class Address(BaseModel):
    """Where to send a link."""

    email: EmailStr


def local(path: str) -> str:
    """The path when it is one of ours, else nothing: an address may not send people to other sites through us."""
    ours = path.startswith("/") and not path.startswith(("//", "/sign-in", "/sign-out"))
    # Browsers read a backslash as a slash, and leave control characters out.
    return path if ours and path.isprintable() and "\\" not in path else ""


@routes.get("/sign-in")
def ask_address(request: Request, visiting: Visiting, onto: Next = "") -> Response:
    """The form, for who is not signed in."""
    if visiting.viewer is not None:
        return onward(local(onto) or "/")
    return page(request, "signing_in/address.html", email="", onto=local(onto))


@routes.post("/sign-in")
def mail_link(
    *,
    request: Request,
    visiting: Visiting,
    filled: FromForm,
    later: BackgroundTasks,
    mailer: FromMailer,
    settings: FromSettings,
) -> Response:
    """Mail a link; nobody learns from the answer whether we know the address."""
    email, onto = _address(filled), local(filled.text("next"))
    if email is None:
        return _again(request, filled, HTTPStatus.UNPROCESSABLE_ENTITY)
    token = sessions.make_link(visiting.session, email=email, now=visiting.now)
    if token is None:
        filled.wrong("email", "We sent 5 links to this address in the past hour. Use the newest, or wait an hour.")
        return _again(request, filled, HTTPStatus.TOO_MANY_REQUESTS)
    later.add_task(mailer.send, sign_in_mail(settings, to=email, token=token, onto=onto))
    response = onward("/sign-in/sent")
    response.set_cookie(
        SENT_TO,
        quote(email),
        max_age=int(sessions.LINK_LASTS.total_seconds()),
        path="/sign-in",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )
    return response


@routes.get("/sign-in/sent")
def check_mail(request: Request) -> Response:
    """What to do next, and what to do when no mail comes."""
    minutes = int(sessions.LINK_LASTS.total_seconds() // 60)
    return page(request, "signing_in/sent.html", email=unquote(request.cookies.get(SENT_TO, "")), minutes=minutes)


@routes.get("/sign-in/{token}")
def open_link(request: Request, token: str, onto: Next = "") -> Response:
    """The page behind a link, with the button that spends it."""
    return page(request, "signing_in/link.html", token=token, onto=local(onto))


@routes.post("/sign-in/{token}")
def spend_link(request: Request, token: str, visiting: Visiting, filled: FromForm, settings: FromSettings) -> Response:
    """Sign in, and go where the person wanted to go in the first place."""
    onto = local(filled.text("next"))
    session_token = sessions.redeem(visiting.session, token=token, now=visiting.now)
    if session_token is None:
        minutes = int(sessions.LINK_LASTS.total_seconds() // 60)
        return page(request, "signing_in/spent.html", status=HTTPStatus.GONE, email="", onto=onto, minutes=minutes)
    return signed_in(settings, session_token, onto=onto)


@routes.post("/sign-out")
def sign_out(request: Request, visiting: Visiting, settings: FromSettings) -> Response:
    """End this session everywhere; pressed twice, it says nothing new."""
    if visiting.viewer is not None:
        sessions.sign_out(visiting.session, token=request.state.token)
    response = onward("/")
    security.clear_cookie(response, settings)
    return response


def signed_in(settings: Settings, token: str, *, onto: str = "") -> Response:
    """To where a person wanted to go, else home, with the session's cookie."""
    response = onward(onto or "/")
    security.set_cookie(response, settings, token)
    return response


def _address(filled: Filled) -> str | None:
    try:
        return Address(email=filled.text("email")).email
    except ValidationError:
        filled.wrong("email", "Enter an e-mail address, like name@example.org.")
        return None


def _again(request: Request, filled: Filled, status: HTTPStatus) -> Response:
    return page(
        request,
        "signing_in/address.html",
        status=status,
        email=filled.text("email"),
        onto=local(filled.text("next")),
        errors=filled.errors,
    )

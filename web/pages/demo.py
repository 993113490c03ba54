"""What only the demo has: its mail, the parts of a page, and a way in without mail."""

from fastapi import APIRouter, Request, Response

from marketplace.errors import NotFound
from marketplace.people import with_email
from web import sessions
from web.database import transaction
from web.dependencies import FromMailer, FromSettings, Visiting
from web.edge import Edge
from web.mail import ConsoleMailer
from web.pages.frame import onward, page
from web.pages.home import HOMES
from web.pages.signing_in import signed_in
from web.settings import DEMO_DOMAIN

routes = APIRouter(route_class=Edge, include_in_schema=False)

#: Whoever loads the demo's people gives these three these addresses.
ADDRESS = "{role}@" + DEMO_DOMAIN

#: One mistake of every kind, to see how each is shown.
_MISTAKES = {
    "postcode": "Enter a whole postcode, like NG18 1AB.",
    "rate": "Enter at least £12.71 an hour.",
    "starts_on": "Enter a real date, like 23 11 2026.",
    "starts_at": "Enter a time, like 9:30am.",
    "contact": "Choose how we should reach you.",
    "week": "Tick at least one part of a day.",
    "exact.0.end": "Enter when it ends.",
}


@routes.get("/demo/sign-in/{role}")
def sign_in_as(role: str, request: Request, visiting: Visiting, settings: FromSettings) -> Response:
    """Sign in at once as the demo's person of that role."""
    person = with_email(visiting.session, email=ADDRESS.format(role=role)) if role in HOMES else None
    if person is None:
        raise NotFound("person")
    # A transaction of its own: this is a link, and what only reads is never committed.
    with transaction(request.app.state.open_session) as session:
        token = sessions.sign_in(session, person_id=person.id, now=visiting.now)
    return signed_in(settings, token)


@routes.get("/demo/mail")
def mail(request: Request, mailer: FromMailer) -> Response:
    """The mail that was shown instead of sent, newest first."""
    kept = mailer.kept if isinstance(mailer, ConsoleMailer) else ()
    return page(request, "demo/mail.html", mails=kept)


@routes.get("/demo/styleguide")
def styleguide(request: Request, mistakes: bool = False) -> Response:  # noqa: FBT001, FBT002 - a switch in the address
    """Every part of a page, also with its mistake."""
    errors = [{"field": field, "message": message} for field, message in _MISTAKES.items()] if mistakes else []
    return page(request, "styleguide.html", errors=errors)


@routes.post("/demo/styleguide")
def go_back() -> Response:
    """The form there shows what a form looks like, no more."""
    return onward("/demo/styleguide")

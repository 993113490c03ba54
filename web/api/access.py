"""Signing in from a program, and who one is."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, HTTPException, Request, Response
from pydantic import BaseModel, EmailStr
from sqlmodel import Field

from marketplace.told import Told
from web import sessions
from web.dependencies import Asking, FromMailer, FromSettings, Visiting
from web.edge import Edge
from web.links import sign_in_mail

routes = APIRouter(tags=["Signing in"], route_class=Edge)


class NewLink(Told):
    """Where to send a link."""

    email: EmailStr


class Redeem(Told):
    """The last part of a link's address."""

    token: str = Field(min_length=1, max_length=200)


class NewSession(BaseModel):
    """Send it as `Authorization: Bearer …`; it lasts a fortnight and is shown once."""

    session: str


class Me(BaseModel):
    """Who is signed in, with every role they have."""

    person_id: UUID
    name: str
    holder_id: UUID | None
    assistant_id: UUID | None
    organisation_ids: list[UUID]


@routes.post("/sign-in-links", status_code=HTTPStatus.ACCEPTED)
def ask_for_link(
    new: NewLink, visiting: Visiting, later: BackgroundTasks, mailer: FromMailer, settings: FromSettings
) -> Response:
    """Mail a link; the answer is the same whether we know the address or not."""
    token = sessions.make_link(visiting.session, email=new.email, now=visiting.now)
    if token is not None:
        later.add_task(mailer.send, sign_in_mail(settings, to=new.email, token=token))
    return Response(status_code=HTTPStatus.ACCEPTED, background=later)


@routes.post("/sessions", status_code=HTTPStatus.CREATED)
def start_session(body: Redeem, visiting: Visiting) -> NewSession:
    """Spend a link; it works once, for a quarter of an hour."""
    token = sessions.redeem(visiting.session, token=body.token, now=visiting.now)
    if token is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "This link was used before or is too old. Ask for a new one.")
    return NewSession(session=token)


@routes.delete("/sessions/current", status_code=HTTPStatus.NO_CONTENT)
def end_session(request: Request, asking: Asking) -> None:
    """Sign out, here and wherever this session was copied to."""
    sessions.sign_out(asking.session, token=request.state.token)


@routes.get("/me")
def me(asking: Asking) -> Me:
    """Who is signed in."""
    who = asking.viewer
    return Me(
        person_id=who.person_id,
        name=who.name,
        holder_id=who.holder_id,
        assistant_id=who.assistant_id,
        organisation_ids=list(who.organisation_ids),
    )

"""What routes ask for: who asks, the request's transaction, the moment, and the parts of the application."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session

from marketplace.candidates import Candidates
from marketplace.people import Viewer
from web.edge import KEEPS
from web.errors import SignInNeeded
from web.mail import Mailer
from web.settings import Settings


@dataclass(frozen=True, slots=True)
class Visit:
    """A request by anybody."""

    session: Session
    now: datetime
    viewer: Viewer | None


@dataclass(frozen=True, slots=True)
class Ask:
    """A request by somebody who is signed in."""

    session: Session
    now: datetime
    viewer: Viewer


def visit(request: Request) -> Visit:
    """The request as the edge prepared it."""
    return Visit(request.state.session, request.state.now, request.state.viewer)


def ask(request: Request) -> Ask:
    """The same, when somebody is signed in.

    Raises:
        SignInNeeded: nobody is.
    """
    viewer: Viewer | None = request.state.viewer
    if viewer is None:
        raise SignInNeeded
    return Ask(request.state.session, request.state.now, viewer)


def candidates(request: Request) -> Candidates:
    """The pool of assistants this process keeps."""
    kept: Candidates = request.app.state.candidates
    return kept


def keep(request: Request) -> None:
    """The route reads, and what it keeps of what it showed is committed: which list somebody was shown, say."""
    session: Session = request.state.session
    session.info[KEEPS] = True


def mailer(request: Request) -> Mailer:
    """Where mail goes."""
    used: Mailer = request.app.state.mailer
    return used


def settings(request: Request) -> Settings:
    """What was set from outside."""
    used: Settings = request.app.state.settings
    return used


Visiting = Annotated[Visit, Depends(visit)]
Asking = Annotated[Ask, Depends(ask)]
FromCandidates = Annotated[Candidates, Depends(candidates)]
Kept = Depends(keep)
FromMailer = Annotated[Mailer, Depends(mailer)]
FromSettings = Annotated[Settings, Depends(settings)]

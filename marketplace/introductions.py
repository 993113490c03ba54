"""Introductions: a holder asks one assistant about one need; the assistant says yes or no."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ColumnElement, DateTime, UniqueConstraint
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col, or_, select

from marketplace import assistants, blocks, needs
from marketplace.assistants import Status
from marketplace.errors import Conflict, NotFound
from marketplace.needs import Need, NeedState
from marketplace.people import Viewer
from marketplace.told import Told


class IntroductionState(StrEnum):
    """Invited until the assistant answers; the answer stands."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Introduction(SQLModel, table=True):
    """One question to one person, asked once."""

    __tablename__ = "marketplace_introduction"
    __table_args__ = (
        UniqueConstraint("need_id", "assistant_id", name="invited_once"),
        CheckConstraint("state IN ('invited', 'accepted', 'declined')", name="state_known"),
        CheckConstraint("(state = 'invited') = (answered_at IS NULL)", name="answered_when_not_invited"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    need_id: UUID = Field(foreign_key="marketplace_need.id")
    assistant_id: UUID = Field(foreign_key="marketplace_assistant.id", index=True)
    state: str = Field(default=IntroductionState.INVITED.value)
    message: str = Field(max_length=1000)
    reason: str | None = Field(default=None, max_length=500)
    invited_by: UUID = Field(foreign_key="marketplace_person.id")
    invited_at: datetime = Field(sa_type=DateTime(timezone=True))
    answered_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class Invitation(Told):
    """Whom to ask, with a few words."""

    assistant_id: UUID
    message: str = Field(default="", max_length=1000)


# --- what one can do


def invite(
    session: Session, *, viewer: Viewer, need_id: UUID, assistant_id: UUID, message: str, now: datetime
) -> Introduction:
    """Ask an assistant about a need.

    Raises:
        NotFound: no such need for this viewer, or no such assistant.
        Conflict: the need is filled, the assistant isn't looking, or was asked before.
    """
    need = needs.get(session, viewer=viewer, need_id=need_id)
    assistant = assistants.get(session, assistant_id=assistant_id)
    if need.state != NeedState.OPEN.value:
        raise Conflict("This request is no longer open, so nobody new can be invited.")
    if assistant.status == Status.NOT_NOW.value:
        raise Conflict(blocks.CANT_BE_INVITED)
    blocks.refuse(session, holder_id=need.holder_id, assistant_id=assistant.id)
    introduction = Introduction(
        need_id=need.id, assistant_id=assistant.id, message=message, invited_by=viewer.person_id, invited_at=now
    )
    session.add(introduction)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("You have invited this person already. Their answer will show on this page.") from error
    return introduction


def accept(session: Session, *, viewer: Viewer, introduction_id: UUID, now: datetime) -> Introduction:
    """The assistant would like to do it.

    Raises:
        NotFound: no such invitation to the viewer.
        Conflict: answered before.
    """
    return _answer(session, viewer, introduction_id, IntroductionState.ACCEPTED, reason=None, now=now)


def decline(session: Session, *, viewer: Viewer, introduction_id: UUID, reason: str, now: datetime) -> Introduction:
    """The assistant says no; without a reason is fine, and nothing follows from it.

    Raises:
        NotFound: no such invitation to the viewer.
        Conflict: answered before.
    """
    return _answer(session, viewer, introduction_id, IntroductionState.DECLINED, reason=reason or None, now=now)


# --- queries


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Invitations to the viewer, and those about needs the viewer may see."""
    return or_(
        col(Introduction.assistant_id) == viewer.assistant_id,
        col(Introduction.need_id).in_(select(Need.id).where(needs.visible_to(viewer))),
    )


def get(session: Session, *, viewer: Viewer, introduction_id: UUID) -> Introduction:
    """One introduction.

    Raises:
        NotFound: not there, or not the viewer's.
    """
    found = select(Introduction).where(Introduction.id == introduction_id, visible_to(viewer))
    introduction = session.exec(found).first()
    if introduction is None:
        raise NotFound("invitation")
    return introduction


def of_need(session: Session, *, viewer: Viewer, need_id: UUID) -> list[Introduction]:
    """Who was asked about a need, newest first.

    Raises:
        NotFound: no such need for this viewer.
    """
    need = needs.get(session, viewer=viewer, need_id=need_id)
    asked = select(Introduction).where(Introduction.need_id == need.id)
    return list(session.exec(asked.order_by(col(Introduction.invited_at).desc(), col(Introduction.id))))


def of_assistant(session: Session, *, viewer: Viewer, most: int = 100) -> list[Introduction]:
    """What the viewer, as an assistant, was asked, newest first."""
    asked = select(Introduction).where(Introduction.assistant_id == viewer.assistant_id)
    ordered = asked.order_by(col(Introduction.invited_at).desc(), col(Introduction.id))
    return list(session.exec(ordered.limit(most)))


def _answer(
    session: Session,
    viewer: Viewer,
    introduction_id: UUID,
    state: IntroductionState,
    *,
    reason: str | None,
    now: datetime,
) -> Introduction:
    # Only the one who was asked may answer, so the scope is narrower than `visible_to`.
    asked = select(Introduction).where(
        Introduction.id == introduction_id, Introduction.assistant_id == viewer.assistant_id
    )
    locked = asked.with_for_update().execution_options(populate_existing=True)
    introduction = session.exec(locked).first()
    if introduction is None:
        raise NotFound("invitation")
    if introduction.state != IntroductionState.INVITED.value:
        raise Conflict("You have answered this invitation already.")
    if (
        state is IntroductionState.ACCEPTED
        and session.get_one(Need, introduction.need_id).state != NeedState.OPEN.value
    ):
        raise Conflict("They have found somebody, or do not need this any more. There is nothing you have to do.")
    introduction.state, introduction.reason, introduction.answered_at = state.value, reason, now
    session.add(introduction)
    session.flush()
    return introduction

"""Agreements: a rate and a first day that the holder offers and the assistant accepts. No booking without one."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ColumnElement, DateTime
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col, or_, select

from marketplace import assistants, holders, introductions
from marketplace.assistants import HIGHEST_RATE_PENCE, LOWEST_RATE_PENCE
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.holders import Holder
from marketplace.introductions import IntroductionState
from marketplace.needs import Need, NeedState
from marketplace.people import Viewer
from marketplace.told import Told
from payments.money import pounds


class AgreementState(StrEnum):
    """Offered until the assistant answers."""

    OFFERED = "offered"
    AGREED = "agreed"
    DECLINED = "declined"


class Agreement(SQLModel, table=True):
    """What a holder and an assistant agreed; the rate in pence an hour."""

    __tablename__ = "marketplace_agreement"
    __table_args__ = (
        CheckConstraint("rate_pence BETWEEN 800 AND 20000", name="rate_plausible"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("state IN ('offered', 'agreed', 'declined')", name="state_known"),
        CheckConstraint("(state = 'offered') = (answered_at IS NULL)", name="answered_when_not_offered"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    introduction_id: UUID = Field(foreign_key="marketplace_introduction.id", unique=True)
    need_id: UUID = Field(foreign_key="marketplace_need.id", index=True)
    holder_id: UUID = Field(foreign_key="marketplace_holder.id", index=True)
    assistant_id: UUID = Field(foreign_key="marketplace_assistant.id", index=True)
    rate_pence: int
    starts_on: date
    ends_on: date | None = None
    state: str = Field(default=AgreementState.OFFERED.value)
    offered_by: UUID = Field(foreign_key="marketplace_person.id")
    offered_at: datetime = Field(sa_type=DateTime(timezone=True))
    answered_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class NewAgreement(Told):
    """What a holder offers; the rate in pence an hour."""

    rate_pence: int = Field(ge=LOWEST_RATE_PENCE, le=HIGHEST_RATE_PENCE)
    starts_on: date
    ends_on: date | None = None


# --- what one can do


def offer(session: Session, *, viewer: Viewer, introduction_id: UUID, new: NewAgreement, now: datetime) -> Agreement:
    """Offer an agreement to an assistant who accepted an introduction; after a no, another one in its place.

    Raises:
        NotFound: no such introduction on the holder's side of the viewer.
        Conflict: the assistant has not accepted yet, there is an offer that was not declined, or the request is closed.
        Invalid: it would end before it starts, or pays less than the assistant asks.
    """
    introduction = introductions.get(session, viewer=viewer, introduction_id=introduction_id)
    need = session.get_one(Need, introduction.need_id)
    holders.get(session, viewer=viewer, holder_id=need.holder_id)
    _not_closed(session, need.id)
    lowest = assistants.get(session, assistant_id=introduction.assistant_id).lowest_rate_pence
    if new.rate_pence < lowest:
        raise Invalid("rate_pence", f"They ask for at least {pounds(lowest)} an hour. Offer that or more.")
    if introduction.state != IntroductionState.ACCEPTED.value:
        raise Conflict("This person has not said yes to your invitation, so there is nothing to agree yet.")
    if new.ends_on is not None and new.ends_on < new.starts_on:
        raise Invalid("ends_on", "The end date must be on or after the start date.")
    offered: dict[str, Any] = {**new.model_dump(), "offered_by": viewer.person_id, "offered_at": now}
    agreement = _declined(session, introduction.id) or Agreement(
        introduction_id=introduction.id,
        need_id=need.id,
        holder_id=need.holder_id,
        assistant_id=introduction.assistant_id,
        **offered,
    )
    agreement.sqlmodel_update({**offered, "state": AgreementState.OFFERED.value, "answered_at": None})
    session.add(agreement)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("You have offered this person an agreement already.") from error
    return agreement


def accept(session: Session, *, viewer: Viewer, agreement_id: UUID, now: datetime) -> Agreement:
    """The assistant agrees; the need is filled.

    Raises:
        NotFound: no such offer to the viewer.
        Conflict: answered before, or the holder has closed the request.
    """
    agreement = _answer(session, viewer, agreement_id, AgreementState.AGREED, now=now)
    need = _not_closed(session, agreement.need_id)
    need.state = NeedState.FILLED.value
    session.add(need)
    session.flush()
    return agreement


def decline(session: Session, *, viewer: Viewer, agreement_id: UUID, now: datetime) -> Agreement:
    """The assistant does not agree; the need stays open.

    Raises:
        NotFound: no such offer to the viewer.
        Conflict: answered before.
    """
    return _answer(session, viewer, agreement_id, AgreementState.DECLINED, now=now)


# --- queries


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Agreements on either side of which the viewer stands."""
    return or_(
        col(Agreement.assistant_id) == viewer.assistant_id,
        col(Agreement.holder_id).in_(select(Holder.id).where(holders.visible_to(viewer))),
    )


def get(session: Session, *, viewer: Viewer, agreement_id: UUID) -> Agreement:
    """One agreement.

    Raises:
        NotFound: not there, or not the viewer's.
    """
    agreement = session.exec(select(Agreement).where(Agreement.id == agreement_id, visible_to(viewer))).first()
    if agreement is None:
        raise NotFound("agreement")
    return agreement


def of_viewer(session: Session, *, viewer: Viewer, most: int = 100) -> list[Agreement]:
    """Agreements the viewer may see, newest first."""
    seen = select(Agreement).where(visible_to(viewer))
    return list(session.exec(seen.order_by(col(Agreement.offered_at).desc(), col(Agreement.id)).limit(most)))


def _not_closed(session: Session, need_id: UUID) -> Need:
    """The need, locked so that it is not closed at the same moment; one that is filled may take somebody more."""
    locked = select(Need).where(Need.id == need_id).with_for_update().execution_options(populate_existing=True)
    need = session.exec(locked).one()
    if need.state == NeedState.CLOSED.value:
        raise Conflict("This request was closed, so nothing more can be agreed about it.")
    return need


def _declined(session: Session, introduction_id: UUID) -> Agreement | None:
    before = select(Agreement).where(
        Agreement.introduction_id == introduction_id, Agreement.state == AgreementState.DECLINED.value
    )
    return session.exec(before.with_for_update()).first()


def _answer(session: Session, viewer: Viewer, agreement_id: UUID, state: AgreementState, *, now: datetime) -> Agreement:
    offered = select(Agreement).where(Agreement.id == agreement_id, Agreement.assistant_id == viewer.assistant_id)
    locked = offered.with_for_update().execution_options(populate_existing=True)
    agreement = session.exec(locked).first()
    if agreement is None:
        raise NotFound("agreement")
    if agreement.state != AgreementState.OFFERED.value:
        raise Conflict("You have answered this offer already.")
    agreement.state, agreement.answered_at = state.value, now
    session.add(agreement)
    session.flush()
    return agreement

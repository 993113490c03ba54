"""Who doesn't want to meet whom again: a holder isn't shown that assistant, nor the assistant asked by that holder.

The other side is never told, and each side can undo only its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, DateTime, column, table
from sqlalchemy import select as select_many
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, and_, col, delete, or_, select

from marketplace import assistants, holders
from marketplace.assistants import Assistant
from marketplace.errors import Conflict, NotFound
from marketplace.holders import Holder
from marketplace.needs import Need
from marketplace.people import Person, Viewer, public_name

Side = Literal["holder", "assistant"]

#: For every reason that isn't told, so that nobody can guess from the words that they were blocked.
CANT_BE_INVITED = "This person can't be invited at the moment. Choose somebody else."

# Introductions ask this module before one is made, so their table is named here and not imported.
_INTRODUCTION = table("marketplace_introduction", column("need_id"), column("assistant_id"))


class Block(SQLModel, table=True):
    """One of the two no longer wants to meet the other; both may say so."""

    __tablename__ = "marketplace_block"
    __table_args__ = (CheckConstraint("by IN ('holder', 'assistant')", name="by_known"),)

    holder_id: UUID = Field(foreign_key="marketplace_holder.id", primary_key=True)
    assistant_id: UUID = Field(foreign_key="marketplace_assistant.id", primary_key=True, index=True)
    by: str = Field(primary_key=True)
    blocked_by: UUID = Field(foreign_key="marketplace_person.id")
    blocked_at: datetime = Field(sa_type=DateTime(timezone=True))


@dataclass(frozen=True, slots=True)
class Blocked:
    """A block of the viewer's side, to be undone; the other's name is first name and initial, their own is whole."""

    holder_id: UUID
    assistant_id: UUID
    by: Side
    holder: str
    assistant: str
    blocked_at: datetime


# --- what one can do


def block(session: Session, *, viewer: Viewer, by: Side, holder_id: UUID, assistant_id: UUID, now: datetime) -> None:
    """Don't show the two to each other any more; a second time it changes nothing.

    Raises:
        NotFound: no such holder or assistant, not the viewer's side, or a holder who never invited this assistant.
    """
    _refuse_strangers(session, viewer=viewer, by=by, holder_id=holder_id, assistant_id=assistant_id)
    new = insert(Block).values(
        holder_id=holder_id, assistant_id=assistant_id, by=by, blocked_by=viewer.person_id, blocked_at=now
    )
    session.connection().execute(new.on_conflict_do_nothing())


def unblock(session: Session, *, viewer: Viewer, by: Side, holder_id: UUID, assistant_id: UUID) -> None:
    """Undo it, on this side only; where nothing was blocked it changes nothing.

    Raises:
        NotFound: as for blocking.
    """
    _refuse_strangers(session, viewer=viewer, by=by, holder_id=holder_id, assistant_id=assistant_id)
    said = delete(Block).where(
        col(Block.holder_id) == holder_id, col(Block.assistant_id) == assistant_id, col(Block.by) == by
    )
    session.exec(said)


def _refuse_strangers(session: Session, *, viewer: Viewer, by: Side, holder_id: UUID, assistant_id: UUID) -> None:
    if by == "holder":
        holders.get(session, viewer=viewer, holder_id=holder_id)
        assistants.get(session, assistant_id=assistant_id)
        return
    invited = (
        select_many(_INTRODUCTION.c.need_id)
        .join(Need, col(Need.id) == _INTRODUCTION.c.need_id)
        .where(col(Need.holder_id) == holder_id, _INTRODUCTION.c.assistant_id == viewer.assistant_id)
    )
    if viewer.assistant_id != assistant_id or session.connection().execute(invited.limit(1)).first() is None:
        raise NotFound("budget holder")


def refuse(session: Session, *, holder_id: UUID, assistant_id: UUID) -> None:
    """Nothing: an assistant whom this holder may ask.

    Raises:
        Conflict: one of the two doesn't want to meet the other; a holder hears why only where they said so themselves.
    """
    said = select(Block.by).where(Block.holder_id == holder_id, Block.assistant_id == assistant_id)
    sides = session.exec(said).all()
    if "holder" in sides:
        raise Conflict("You asked us not to show you this person. Undo that first, if you want to invite them.")
    if sides:
        raise Conflict(CANT_BE_INVITED)


# --- queries


def blocked_assistants(session: Session, *, holder_id: UUID) -> frozenset[UUID]:
    """Whom this holder is not to be shown, whichever side said so."""
    return frozenset(session.exec(select(Block.assistant_id).where(Block.holder_id == holder_id)))


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Blocks by the holders the viewer is, or acts for, and by the viewer as an assistant; not those of others."""
    theirs = col(Block.holder_id).in_(select(Holder.id).where(holders.visible_to(viewer)))
    return or_(
        and_(col(Block.by) == "holder", theirs),
        and_(col(Block.by) == "assistant", col(Block.assistant_id) == viewer.assistant_id),
    )


def of_viewer(session: Session, *, viewer: Viewer, most: int = 100) -> Sequence[Blocked]:
    """What the viewer's side has blocked, newest first."""
    holding, assisting = aliased(Person), aliased(Person)
    found = (
        select_many(
            col(Block.holder_id),
            col(Block.assistant_id),
            col(Block.by),
            col(Block.blocked_at),
            col(holding.name),
            col(assisting.name),
        )
        .join(Holder, col(Holder.id) == Block.holder_id)
        .join(holding, col(holding.id) == Holder.person_id)
        .join(Assistant, col(Assistant.id) == Block.assistant_id)
        .join(assisting, col(assisting.id) == Assistant.person_id)
        .where(visible_to(viewer))
    )
    ordered = found.order_by(col(Block.blocked_at).desc(), col(Block.holder_id), col(Block.assistant_id))
    rows = (tuple[Any, ...](row) for row in session.connection().execute(ordered.limit(most)))
    return [_shown(*row) for row in rows]


def _shown(holder_id: UUID, assistant_id: UUID, by: Side, blocked_at: datetime, holder: str, assistant: str) -> Blocked:
    return Blocked(
        holder_id=holder_id,
        assistant_id=assistant_id,
        by=by,
        holder=holder if by == "holder" else public_name(holder),
        assistant=public_name(assistant) if by == "holder" else assistant,
        blocked_at=blocked_at,
    )

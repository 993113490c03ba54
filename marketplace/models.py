"""The scorecards that answers taught us, and which is in use; before there is one, the starting one."""

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, Session, SQLModel, col, select, update

from marketplace.errors import NotFound
from matching.scorecard import STARTING, Scorecard
from matching.scorecard_json import as_json, from_json


class Model(SQLModel, table=True):
    """A scorecard as it was learnt; at most one is in use, and none means the starting one."""

    __tablename__ = "marketplace_model"
    __table_args__ = (
        # one row of the table at most may be in use
        Index("marketplace_model_one_in_use", "in_use", unique=True, postgresql_where=text("in_use")),
    )

    version: str = Field(max_length=60, primary_key=True)
    card: dict[str, Any] = Field(sa_type=JSONB)
    figures: dict[str, Any] = Field(sa_type=JSONB)
    learnt_at: datetime = Field(sa_type=DateTime(timezone=True))
    in_use: bool = False


def store(session: Session, card: Scorecard, *, figures: dict[str, Any], now: datetime) -> Model:
    """Keep a scorecard with what was measured of it; it is not in use yet."""
    model = Model(version=card.version, card=as_json(card), figures=figures, learnt_at=now)
    session.add(model)
    session.flush()
    return model


def use(session: Session, *, version: str) -> None:
    """Rank with this one from now on; the starting one's version goes back to that.

    Raises:
        NotFound: there is no such version.
    """
    session.exec(update(Model).where(col(Model.in_use)).values(in_use=False))
    if version == STARTING.version:
        return
    if not session.exec(update(Model).where(col(Model.version) == version).values(in_use=True)).rowcount:
        raise NotFound("model")


def in_use(session: Session) -> Scorecard:
    """The scorecard to rank with."""
    card = session.exec(select(Model.card).where(col(Model.in_use))).first()
    return STARTING if card is None else from_json(card)


def all_of_them(session: Session) -> list[Model]:
    """Every scorecard that was learnt, newest first."""
    return list(session.exec(select(Model).order_by(col(Model.learnt_at).desc(), col(Model.version))))

"""The market of the whole region: what it costs to list somebody whom many open needs would have.

A job works it out; lists read it. Which organisations' lists share scarce people is theirs to decide.
"""

from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from sqlalchemy import ARRAY, CheckConstraint, DateTime, Integer, func, insert
from sqlmodel import Field, Session, SQLModel, col, delete, select

from marketplace.asking import as_asked
from marketplace.availability import LONDON
from marketplace.holders import Holder
from marketplace.needs import Need, NeedState
from matching.pool import Pool
from matching.profiles import Need as AskedNeed
from matching.region import Progress, best_of_all, in_silence, shares_of
from matching.scorecard import Scorecard
from matching.sharing import Shares

#: How old prices may be: needs come and go by the day, and a list is no worse for prices of an hour ago.
EVERY = timedelta(hours=1)
#: One market at a time; whoever holds this advisory lock works it out.
_WORKING = 7404
_AT_ONCE = 1_000


class Market(SQLModel, table=True):
    """When the market was last worked out, of how many open needs and people."""

    __tablename__ = "marketplace_market"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(default=1, primary_key=True)
    computed_at: datetime = Field(sa_type=DateTime(timezone=True))
    needs: int
    people: int


class Share(SQLModel, table=True):
    """Somebody whom several needs would have: price and rivals for day, evening, night and weekend.

    A price is in 1024ths of the logarithm of a score; rivals are the needs that have them among their best.
    """

    __tablename__ = "marketplace_share"
    __table_args__ = (CheckConstraint("cardinality(prices) = 4 AND cardinality(rivals) = 4", name="four_blocks"),)

    assistant_id: UUID = Field(foreign_key="marketplace_assistant.id", primary_key=True)
    prices: list[int] = Field(sa_type=ARRAY(Integer))
    rivals: list[int] = Field(sa_type=ARRAY(Integer))


def shares(session: Session, *, unless: datetime | None) -> tuple[datetime, Shares] | None:
    """The prices as last worked out, and when; None if that was at `unless`, or never."""
    computed_at = session.exec(select(Market.computed_at)).first()
    if computed_at is None or computed_at == unless:
        return None
    rows = session.exec(select(Share.assistant_id, Share.prices, Share.rivals)).all()
    costs = np.array([row[1] for row in rows], dtype=np.uint16).reshape(-1, 4)
    others = np.array([row[2] for row in rows], dtype=np.uint16).reshape(-1, 4)
    return computed_at, Shares(tuple(row[0] for row in rows), costs, others)


def due(session: Session, *, now: datetime) -> bool:
    """Whether it is time to work it out anew."""
    computed_at = session.exec(select(Market.computed_at)).first()
    return computed_at is None or now - computed_at >= EVERY


def work_out(
    session: Session, *, pool: Pool, card: Scorecard, now: datetime, progress: Progress = in_silence
) -> Market:
    """Prices for everyone, from all open needs; they take the place of the last ones when the caller commits."""
    session.exec(select(func.pg_advisory_xact_lock(_WORKING)))
    asked = _open(session)
    region = best_of_all(asked, pool, card, today=now.astimezone(LONDON).date(), progress=progress)
    found = shares_of(region, pool)
    session.exec(delete(Share))
    rows = [
        {"assistant_id": one, "prices": costs, "rivals": others}
        for one, costs, others in zip(found.ids, found.prices.tolist(), found.rivals.tolist(), strict=True)
    ]
    if rows:
        session.connection().execute(insert(Share), rows)
    market = session.merge(Market(computed_at=now, needs=len(asked), people=len(rows)))
    session.flush()
    return market


def _open(session: Session) -> list[AskedNeed]:
    found = session.exec(
        select(Need, Holder)
        .join(Holder, col(Holder.id) == col(Need.holder_id))
        .where(Need.state == NeedState.OPEN.value)
        .order_by(col(Need.id))
    ).all()
    asked: list[AskedNeed] = []
    for first in range(0, len(found), _AT_ONCE):
        asked += as_asked(session, found[first : first + _AT_ONCE])
    return asked

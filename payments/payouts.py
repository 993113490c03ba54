"""Payments to payees: an intent is stored with the draw, sent after the commit, and its outcome stored apart.

Nothing outside is called inside a transaction. A crash between sending and storing leaves the intent; it is
sent again under the same key, which the gateway pays once.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, UniqueConstraint, text
from sqlmodel import Field, Session, SQLModel, col, select

from payments.budgets import pay
from payments.errors import UnknownAccount
from payments.gateway import Gateway, GatewayUnavailable, Instruction
from payments.money import positive


class PayoutState(StrEnum):
    """An intent becomes one of the other two exactly once."""

    INTENDED = "intended"
    SETTLED = "settled"
    FAILED = "failed"


class Payout(SQLModel, table=True):
    """One payment to one payee from one budget line; its id is the key the gateway sees."""

    __tablename__ = "payments_payout"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("pence > 0", name="pence_positive"),
        CheckConstraint("state IN ('intended', 'settled', 'failed')", name="state_known"),
        CheckConstraint("(state = 'intended') = (finished_at IS NULL)", name="finished_when_not_intended"),
        Index("payments_payout_due", "intended_at", postgresql_where=text("state = 'intended'")),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    key: str
    line_id: UUID = Field(foreign_key="payments_budget_line.id", index=True)
    payee_id: UUID
    pence: int = Field(sa_type=BigInteger)
    reference: str
    state: str = Field(default=PayoutState.INTENDED.value)
    gateway: str | None = None
    detail: str | None = None
    intended_at: datetime = Field(sa_type=DateTime(timezone=True))
    finished_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


#: Opens a session whose transaction commits when the block ends well.
OpenTransaction = Callable[[], AbstractContextManager[Session]]


def intend(
    session: Session,
    *,
    line_id: UUID,
    payee_id: UUID,
    pence: int,
    key: str,
    reference: str,
    now: datetime,
) -> Payout:
    """Store that a payment is to be made; `send_due` makes it once this transaction has committed."""
    payout = Payout(
        key=key,
        line_id=line_id,
        payee_id=payee_id,
        pence=positive(pence),
        reference=reference,
        intended_at=now,
    )
    session.add(payout)
    session.flush()
    return payout


def send_due(transaction: OpenTransaction, *, gateway: Gateway, now: datetime, most: int = 100) -> int:
    """Send up to `most` payments that wait, oldest first; how many got an answer."""
    with transaction() as session:
        due = select(Payout).where(Payout.state == PayoutState.INTENDED.value)
        waiting = [
            (
                row.id,
                Instruction(key=str(row.id), payee_id=row.payee_id, pence=row.pence, reference=row.reference),
            )
            for row in session.exec(due.order_by(col(Payout.intended_at), col(Payout.id)).limit(most))
        ]
    answered = 0
    for payout_id, instruction in waiting:
        try:
            outcome = gateway.pay(instruction)
        except GatewayUnavailable:
            continue  # it still waits, and goes again under the same key
        with transaction() as session:
            finish(
                session,
                payout_id=payout_id,
                state=PayoutState(outcome.state),
                gateway=gateway.name,
                detail=outcome.detail,
                now=now,
            )
        answered += 1
    return answered


def finish(
    session: Session,
    *,
    payout_id: UUID,
    state: PayoutState,
    gateway: str,
    detail: str,
    now: datetime,
) -> None:
    """Store the outcome and, when settled, move the money from owed to paid; the second time it does nothing."""
    locked = select(Payout).where(Payout.id == payout_id).with_for_update()
    payout = session.exec(locked.execution_options(populate_existing=True)).first()
    if payout is None:
        raise UnknownAccount("There is no such payment.")
    if payout.state != PayoutState.INTENDED.value:
        return
    if state is PayoutState.SETTLED:
        pay(
            session,
            line_id=payout.line_id,
            pence=payout.pence,
            key=f"payout:{payout.id}",
            memo=payout.reference,
            now=now,
        )
    payout.state, payout.gateway, payout.detail, payout.finished_at = (
        state.value,
        gateway,
        detail,
        now,
    )
    session.add(payout)
    session.flush()

"""The double-entry ledger: accounts, transfers, entries, and the one function that moves money.

A state of money is an account (free, set aside, owed, paid), not a status column. The database function
`payments_move` is the only way in: the application's role may read these tables and call it, nothing else.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, UniqueConstraint, func, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Field, Session, SQLModel, col, select

from payments.errors import (
    AlreadyResolved,
    KeyReused,
    NotEnoughMoney,
    PaymentsError,
    UnknownAccount,
)
from payments.money import positive, pounds

#: Every transfer has one entry in the account it leaves and one in the account it reaches.
SIDES = 2


class Purpose(StrEnum):
    """What the money in an account is doing."""

    FUNDED = "funded"  # the funder's side: minus everything ever paid in
    FREE = "free"
    SET_ASIDE = "set_aside"
    OWED = "owed"
    PAID = "paid"


class Kind(StrEnum):
    """Why money moved. The database knows from which purpose to which each kind may go."""

    FUND = "fund"
    SET_ASIDE = "set_aside"
    DRAW = "draw"
    RELEASE = "release"
    PAY = "pay"


class Account(SQLModel, table=True):
    """One state of the money of one budget line; `balance_pence` is the sum of its entries."""

    __tablename__ = "payments_account"
    __table_args__ = (
        UniqueConstraint("line_id", "purpose"),
        CheckConstraint("purpose = 'funded' OR balance_pence >= 0", name="no_overdraft"),
        CheckConstraint("purpose IN ('funded', 'free', 'set_aside', 'owed', 'paid')", name="purpose_known"),
        CheckConstraint("currency = 'GBP'", name="sterling"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    line_id: UUID = Field(foreign_key="payments_budget_line.id")
    purpose: str
    currency: str = Field(default="GBP")
    balance_pence: int = Field(default=0, sa_type=BigInteger)
    version: int = Field(default=0, sa_type=BigInteger)


class Transfer(SQLModel, table=True):
    """One movement between two accounts; written once by `payments_move`, never changed."""

    __tablename__ = "payments_transfer"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("pence > 0", name="pence_positive"),
        CheckConstraint("source_id <> target_id", name="two_accounts"),
        CheckConstraint("kind IN ('fund', 'set_aside', 'draw', 'release', 'pay')", name="kind_known"),
        CheckConstraint("(kind IN ('draw', 'release')) = (resolves_id IS NOT NULL)", name="resolves_set_aside"),
        # The index is the lock: what was set aside is drawn at most once and released at most once.
        Index(
            "payments_transfer_resolved_once",
            "resolves_id",
            "kind",
            unique=True,
            postgresql_where=text("resolves_id IS NOT NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    key: str
    kind: str
    source_id: UUID = Field(foreign_key="payments_account.id")
    target_id: UUID = Field(foreign_key="payments_account.id")
    pence: int = Field(sa_type=BigInteger)
    resolves_id: UUID | None = Field(default=None, foreign_key="payments_transfer.id")
    memo: str
    effective_at: datetime = Field(sa_type=DateTime(timezone=True))
    recorded_at: datetime = Field(
        sa_type=DateTime(timezone=True),
        sa_column_kwargs={"server_default": text("clock_timestamp()")},
    )


class Entry(SQLModel, table=True):
    """One side of a transfer, with the account's balance after it; a trigger holds the two to what it says.

    The trigger also does what foreign keys would, in one look at both entries instead of four.
    """

    __tablename__ = "payments_entry"
    __table_args__ = (CheckConstraint("pence <> 0", name="pence_moved"),)

    account_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_type=BigInteger)
    transfer_id: UUID
    pence: int = Field(sa_type=BigInteger)
    balance_pence: int = Field(sa_type=BigInteger)


def move(
    session: Session,
    *,
    kind: Kind,
    line_id: UUID,
    pence: int,
    key: str,
    memo: str,
    now: datetime,
    resolves: UUID | None = None,
) -> UUID:
    """Move `pence` within a line the way `kind` says; the transfer's id. Same key, same answer, moved once.

    Raises:
        BadAmount: nothing, negative or absurd.
        NotEnoughMoney: the source account would go below zero.
        KeyReused: the key already names another movement.
        AlreadyResolved: `resolves` was drawn or released before, or holds less.
        UnknownAccount: no such line, or nothing was set aside under `resolves`.
    """
    call = func.payments_move(key, kind.value, line_id, positive(pence), resolves, memo, now)
    try:
        moved: UUID = session.exec(select(call)).one()
    except DBAPIError as error:
        raise _refusal(error) from error
    return moved


def _refusal(error: DBAPIError) -> PaymentsError | DBAPIError:
    """The database's refusal as ours; the codes are those of `payments_move`."""
    refused = error.orig
    if not isinstance(refused, psycopg.Error):
        return error
    match refused.sqlstate:
        case "AL001":
            told = json.loads(refused.diag.message_detail or "{}")
            return NotEnoughMoney(
                f"There is not enough money: {pounds(told['available'])} is left and this needs "
                f"{pounds(told['needed'])}.",
                available=told["available"],
                needed=told["needed"],
            )
        case "AL002":
            return KeyReused("This payment key was already used for something else.")
        case "AL003":
            return AlreadyResolved("This money has already been drawn or given back.")
        case "AL004":
            return UnknownAccount("There is no such budget line, or nothing was set aside for it.")
        case _:
            return error


def balances(session: Session, *, line_ids: Sequence[UUID]) -> dict[UUID, dict[Purpose, int]]:
    """Pence in each state, by line."""
    found: dict[UUID, dict[Purpose, int]] = {}
    for account in session.exec(
        select(Account.line_id, Account.purpose, Account.balance_pence).where(col(Account.line_id).in_(line_ids))
    ):
        line_id, purpose, pence = account
        found.setdefault(line_id, {})[Purpose(purpose)] = pence
    return found


class Differences(SQLModel):
    """What `check` counted, and every invariant that does not hold; all but the first three must be 0."""

    accounts: int
    transfers: int
    entries: int
    sum_of_entries: int
    unbalanced_transfers: int
    wrong_balances: int
    broken_chains: int

    @property
    def found(self) -> int:
        """How many differences there are; 0 in a sound ledger."""
        return abs(self.sum_of_entries) + self.unbalanced_transfers + self.wrong_balances + self.broken_chains


def check(session: Session) -> Differences:
    """Prove the ledger's invariants on the live tables; reads everything, so cost grows with history."""
    unbalanced = (
        select(Transfer.id)
        .outerjoin(Entry, col(Entry.transfer_id) == Transfer.id)
        .group_by(col(Transfer.id))
        .having((func.count(col(Entry.transfer_id)) != SIDES) | (func.coalesce(func.sum(Entry.pence), 0) != 0))
    )
    wrong = (
        select(Account.id)
        .outerjoin(Entry, col(Entry.account_id) == Account.id)
        .group_by(col(Account.id))
        .having(
            (func.coalesce(func.sum(Entry.pence), 0) != Account.balance_pence)
            | (func.count(col(Entry.version)) != Account.version)
        )
    )
    running = func.sum(Entry.pence).over(partition_by=col(Entry.account_id), order_by=col(Entry.version))
    chain = select(Entry.balance_pence, running.label("running")).subquery()
    return Differences(
        accounts=session.exec(select(func.count()).select_from(Account)).one(),
        transfers=session.exec(select(func.count()).select_from(Transfer)).one(),
        entries=session.exec(select(func.count()).select_from(Entry)).one(),
        sum_of_entries=int(session.exec(select(func.coalesce(func.sum(Entry.pence), 0))).one()),
        unbalanced_transfers=session.exec(select(func.count()).select_from(unbalanced.subquery())).one(),
        wrong_balances=session.exec(select(func.count()).select_from(wrong.subquery())).one(),
        broken_chains=session.exec(
            select(func.count()).select_from(chain).where(chain.c.balance_pence != chain.c.running)
        ).one(),
    )

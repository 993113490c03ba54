"""Budgets: lines of money from a funder, what is set aside on them, and a statement that sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, DateTime
from sqlmodel import Field, Session, SQLModel, col, select

from payments.errors import BadAmount, UnknownAccount
from payments.ledger import Account, Entry, Kind, Purpose, Transfer, balances, move


class FundingStream(StrEnum):
    """Whose duty the money meets; from the NHS and Care Act lists of who has a right to a budget."""

    NHS_CHC = "nhs_chc"
    NHS_CHC_FAST_TRACK = "nhs_chc_fast_track"
    NHS_CCC = "nhs_ccc"
    NHS_S117 = "nhs_s117"
    NHS_WHEELCHAIR = "nhs_wheelchair"
    NHS_OTHER = "nhs_other"
    SOCIAL_CARE_ADULT = "social_care_adult"
    SOCIAL_CARE_CARER = "social_care_carer"
    SOCIAL_CARE_CHILD = "social_care_child"
    EHCP_EDUCATION = "ehcp_education"


class ManagementType(StrEnum):
    """How a line is held (NHS England, "Options for managing the money"); a budget may mix them."""

    NOTIONAL = "notional"
    THIRD_PARTY = "third_party"
    DIRECT_PAYMENT = "direct_payment"
    DIRECT_PAYMENT_MANAGED = "direct_payment_managed"


class Budget(SQLModel, table=True):
    """A person's money for a period; whose it is, is the caller's business."""

    __tablename__ = "payments_budget"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="ends_after_start"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str
    starts_on: date
    ends_on: date
    opened_at: datetime = Field(sa_type=DateTime(timezone=True))


class BudgetLine(SQLModel, table=True):
    """One funder's part of a budget and the way it is held; five accounts, one for each state of its money."""

    __tablename__ = "payments_budget_line"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    budget_id: UUID = Field(foreign_key="payments_budget.id", index=True)
    name: str
    funding_stream: str
    management_type: str


# --- rules


@dataclass(frozen=True, slots=True)
class Position:
    """Where a line's money is, in pence; `funded` is the sum of the other four."""

    funded: int
    free: int
    set_aside: int
    owed: int
    paid: int

    @property
    def sums(self) -> bool:
        """Whether every penny paid in is in exactly one state."""
        return self.funded == self.free + self.set_aside + self.owed + self.paid


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One movement, with the line's position after it."""

    effective_at: datetime
    kind: Kind
    memo: str
    pence: int
    after: Position


@dataclass(frozen=True, slots=True)
class Statement:
    """Every movement on a line from the first day, oldest first, and where that leaves it."""

    rows: tuple[StatementRow, ...]
    closing: Position


#: From which state to which each kind of transfer takes money; the database function holds the same table.
ROUTES: dict[Kind, tuple[Purpose, Purpose]] = {
    Kind.FUND: (Purpose.FUNDED, Purpose.FREE),
    Kind.SET_ASIDE: (Purpose.FREE, Purpose.SET_ASIDE),
    Kind.DRAW: (Purpose.SET_ASIDE, Purpose.OWED),
    Kind.RELEASE: (Purpose.SET_ASIDE, Purpose.FREE),
    Kind.PAY: (Purpose.OWED, Purpose.PAID),
}


def position_of(pence: dict[Purpose, int]) -> Position:
    """The funder's account is negative by what was paid in; people read it the other way round."""
    return Position(
        funded=-pence[Purpose.FUNDED],
        free=pence[Purpose.FREE],
        set_aside=pence[Purpose.SET_ASIDE],
        owed=pence[Purpose.OWED],
        paid=pence[Purpose.PAID],
    )


# --- what one can do


def open_budget(session: Session, *, name: str, starts_on: date, ends_on: date, now: datetime) -> Budget:
    """A budget without lines or money.

    Raises:
        BadAmount: it would end before it starts.
    """
    if ends_on < starts_on:
        raise BadAmount("The budget ends before it starts.")
    budget = Budget(name=name, starts_on=starts_on, ends_on=ends_on, opened_at=now)
    session.add(budget)
    session.flush()
    return budget


def open_line(
    session: Session,
    *,
    budget_id: UUID,
    name: str,
    funding_stream: FundingStream,
    management_type: ManagementType,
) -> BudgetLine:
    """A line of a budget; the database gives it one account for each state of its money, at zero."""
    line = BudgetLine(
        budget_id=budget_id,
        name=name,
        funding_stream=funding_stream.value,
        management_type=management_type.value,
    )
    session.add(line)
    session.flush()
    return line


def fund(session: Session, *, line_id: UUID, pence: int, key: str, memo: str, now: datetime) -> UUID:
    """Money from the funder, free to be set aside from now on."""
    return move(session, kind=Kind.FUND, line_id=line_id, pence=pence, key=key, memo=memo, now=now)


def set_aside(session: Session, *, line_id: UUID, pence: int, key: str, memo: str, now: datetime) -> UUID:
    """Keep money for something booked; the id by which it is drawn or released later.

    Raises:
        NotEnoughMoney: less is free than that.
    """
    return move(session, kind=Kind.SET_ASIDE, line_id=line_id, pence=pence, key=key, memo=memo, now=now)


def draw(session: Session, *, set_aside_id: UUID, pence: int, key: str, memo: str, now: datetime) -> UUID:
    """What was set aside becomes owed to the payee, all or part; `release` gives back the rest.

    Raises:
        AlreadyResolved: drawn before, or less than `pence` is left of it.
    """
    line_id = _line_of(session, set_aside_id)
    return move(
        session,
        kind=Kind.DRAW,
        line_id=line_id,
        pence=pence,
        key=key,
        memo=memo,
        now=now,
        resolves=set_aside_id,
    )


def release(session: Session, *, set_aside_id: UUID, key: str, memo: str, now: datetime) -> int:
    """Give back what is left of money set aside; the pence given back, 0 when nothing is left of it."""
    left = _unresolved(session, set_aside_id)
    if left == 0:
        return 0
    move(
        session,
        kind=Kind.RELEASE,
        line_id=_line_of(session, set_aside_id),
        pence=left,
        key=key,
        memo=memo,
        now=now,
        resolves=set_aside_id,
    )
    return left


def pay(session: Session, *, line_id: UUID, pence: int, key: str, memo: str, now: datetime) -> UUID:
    """What was owed has left for the payee."""
    return move(session, kind=Kind.PAY, line_id=line_id, pence=pence, key=key, memo=memo, now=now)


# --- queries


def lines(session: Session, *, budget_ids: Sequence[UUID]) -> list[BudgetLine]:
    """The lines of some budgets in a stable order."""
    found = select(BudgetLine).where(col(BudgetLine.budget_id).in_(budget_ids))
    return list(session.exec(found.order_by(col(BudgetLine.name), col(BudgetLine.id))))


def positions(session: Session, *, line_ids: Sequence[UUID]) -> dict[UUID, Position]:
    """Where the money of each line is now, in one query."""
    return {line_id: position_of(pence) for line_id, pence in balances(session, line_ids=line_ids).items()}


def position(session: Session, *, line_id: UUID) -> Position:
    """Where one line's money is now.

    Raises:
        UnknownAccount: no such line.
    """
    found = positions(session, line_ids=[line_id])
    if line_id not in found:
        raise UnknownAccount("There is no such budget line.")
    return found[line_id]


def statement(session: Session, *, line_id: UUID) -> Statement:
    """Every movement of a line, summed from nothing: it must close at `position`, which is kept apart."""
    moved = (
        select(Transfer)
        .join(Entry, col(Entry.transfer_id) == Transfer.id)
        .join(Account, col(Account.id) == Entry.account_id)
        .where(Account.line_id == line_id, Entry.pence < 0)
    )
    pence = dict.fromkeys(Purpose, 0)
    rows = []
    for transfer in session.exec(moved.order_by(col(Transfer.recorded_at), col(Transfer.id))):
        kind = Kind(transfer.kind)
        source, target = ROUTES[kind]
        pence[source] -= transfer.pence
        pence[target] += transfer.pence
        rows.append(
            StatementRow(
                effective_at=transfer.effective_at,
                kind=kind,
                memo=transfer.memo,
                pence=transfer.pence,
                after=position_of(pence),
            )
        )
    return Statement(rows=tuple(rows), closing=position_of(pence))


def _line_of(session: Session, set_aside_id: UUID) -> UUID:
    account = select(Account.line_id).join(Transfer, col(Transfer.source_id) == Account.id)
    line_id = session.exec(account.where(Transfer.id == set_aside_id)).first()
    if line_id is None:
        raise UnknownAccount("Nothing was set aside under this number.")
    return line_id


def _unresolved(session: Session, set_aside_id: UUID) -> int:
    kept = session.exec(select(Transfer.pence).where(Transfer.id == set_aside_id)).first()
    if kept is None:
        raise UnknownAccount("Nothing was set aside under this number.")
    resolved = session.exec(select(Transfer.pence).where(Transfer.resolves_id == set_aside_id))
    return kept - sum(resolved)

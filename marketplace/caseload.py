"""A broker's list: every holder they support, what waits for somebody, and what money is left."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import BigInteger, ScalarSelect, case, cast, func
from sqlalchemy import select as select_many
from sqlmodel import Session, col, select

from marketplace.bookings import Booking, BookingState
from marketplace.holders import Holder, HolderBudget
from marketplace.introductions import Introduction, IntroductionState
from marketplace.needs import Need, NeedState
from marketplace.people import Person, Viewer
from marketplace.timesheets import Timesheet, TimesheetState
from payments.budgets import BudgetLine
from payments.ledger import Account, Purpose


@dataclass(frozen=True, slots=True)
class Case:
    """One holder in the list; counts, and pence over all their budgets."""

    holder_id: UUID
    name: str
    postcode: str
    open_needs: int
    invitations_waiting: int
    shifts_booked: int
    hours_to_approve: int
    free: int
    set_aside: int


@dataclass(frozen=True, slots=True)
class Caseload:
    """One page of cases, and how many there are in all."""

    cases: tuple[Case, ...]
    total: int


def of_viewer(session: Session, *, viewer: Viewer, search: str = "", offset: int = 0, most: int = 50) -> Caseload:
    """The holders of the viewer's organisations by name; `search` narrows by name or postcode."""
    ours = (
        select_many(
            col(Holder.id),
            col(Person.name),
            col(Holder.postcode),
            _open_needs(),
            _waiting(),
            _booked(),
            _to_approve(),
            _money(Purpose.FREE),
            _money(Purpose.SET_ASIDE),
        )
        .join(Person, col(Person.id) == Holder.person_id)
        .where(col(Holder.organisation_id).in_(viewer.organisation_ids))
    )
    if search:
        ours = ours.where(
            col(Person.name).icontains(search, autoescape=True)
            | col(Holder.postcode).istartswith(search, autoescape=True)
        )
    total = session.exec(select(func.count()).select_from(ours.subquery())).one()
    page = ours.order_by(col(Person.name), col(Holder.id)).offset(offset).limit(most)
    return Caseload(cases=tuple(Case(*row) for row in session.connection().execute(page)), total=total)


def _open_needs() -> ScalarSelect[int]:
    found = select(func.count()).where(Need.holder_id == Holder.id, Need.state == NeedState.OPEN.value)
    return found.correlate(Holder).scalar_subquery()


def _waiting() -> ScalarSelect[int]:
    found = (
        select(func.count())
        .select_from(Introduction)
        .join(Need, col(Need.id) == Introduction.need_id)
        .where(Need.holder_id == Holder.id, Introduction.state == IntroductionState.INVITED.value)
    )
    return found.correlate(Holder).scalar_subquery()


def _booked() -> ScalarSelect[int]:
    found = select(func.count()).where(Booking.holder_id == Holder.id, Booking.state == BookingState.BOOKED.value)
    return found.correlate(Holder).scalar_subquery()


def _to_approve() -> ScalarSelect[int]:
    found = (
        select(func.count())
        .select_from(Timesheet)
        .join(Booking, col(Booking.id) == Timesheet.booking_id)
        .where(Booking.holder_id == Holder.id, Timesheet.state == TimesheetState.CONFIRMED.value)
    )
    return found.correlate(Holder).scalar_subquery()


def _money(purpose: Purpose) -> ScalarSelect[int]:
    pence = func.sum(case((col(Account.purpose) == purpose.value, Account.balance_pence), else_=0))
    found = (
        # PostgreSQL sums bigints as numeric, which would come back as a Decimal.
        select(cast(func.coalesce(pence, 0), BigInteger))
        .select_from(Account)
        .join(BudgetLine, col(BudgetLine.id) == Account.line_id)
        .join(HolderBudget, col(HolderBudget.budget_id) == BudgetLine.budget_id)
        .where(HolderBudget.holder_id == Holder.id)
    )
    return found.correlate(Holder).scalar_subquery()

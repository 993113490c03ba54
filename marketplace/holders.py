"""Budget holders: who they are, where they live, which organisation supports them, which budgets are theirs."""

from datetime import date, datetime
from uuid import UUID, uuid4

from pydantic import EmailStr
from sqlalchemy import ColumnElement
from sqlmodel import Field, Session, SQLModel, col, or_, select

from marketplace import postcodes
from marketplace.errors import Invalid, NotFound
from marketplace.people import Person, Viewer, join
from marketplace.told import Told
from matching.places import Place, locate, normalise
from payments.budgets import Budget, BudgetLine, FundingStream, ManagementType, fund, open_budget, open_line


class Holder(SQLModel, table=True):
    """A person with a personal health budget or direct payment; where they live is a postcode and no address."""

    __tablename__ = "marketplace_holder"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="marketplace_person.id", unique=True)
    organisation_id: UUID = Field(foreign_key="marketplace_organisation.id", index=True)
    postcode: str = Field(max_length=8)


class HolderBudget(SQLModel, table=True):
    """Which budgets are whose; the budget itself knows no people."""

    __tablename__ = "marketplace_holder_budget"

    budget_id: UUID = Field(foreign_key="payments_budget.id", primary_key=True)
    holder_id: UUID = Field(foreign_key="marketplace_holder.id", index=True)


class NewHolder(Told):
    """What a broker tells about somebody they support."""

    name: str = Field(min_length=1, max_length=120)
    email: EmailStr
    postcode: str = Field(min_length=2, max_length=10)


class NewBudget(Told):
    """A budget with one line and the money that comes with it, in pence."""

    name: str = Field(min_length=1, max_length=120)
    starts_on: date
    ends_on: date
    funding_stream: FundingStream
    management_type: ManagementType
    pence: int = Field(gt=0, le=100_000_000)


# --- what one can do


def register(session: Session, *, viewer: Viewer, new: NewHolder, now: datetime) -> Holder:
    """A holder whom the viewer's organisation supports.

    Raises:
        NotFound: the viewer works for no organisation.
        UnknownPostcode: the postcode is nowhere in Great Britain.
        Invalid: the person is a holder already.
    """
    if not viewer.organisation_ids:
        raise NotFound("page")
    locate(new.postcode)
    person = join(session, email=new.email, name=new.name, now=now)
    # Sent twice at once, the second waits here and then finds the holder whom the first has made.
    session.refresh(person, with_for_update={"key_share": True})
    if session.exec(select(Holder.id).where(Holder.person_id == person.id)).first():
        raise Invalid("email", "Somebody with this e-mail address is a budget holder here already.")
    holder = Holder(person_id=person.id, organisation_id=viewer.organisation_ids[0], postcode=normalise(new.postcode))
    session.add(holder)
    session.flush()
    return holder


def correct(session: Session, *, viewer: Viewer, holder_id: UUID, name: str, postcode: str) -> Holder:
    """Replace a holder's name and postcode, as when they have moved.

    Raises:
        NotFound: no such holder, or not the viewer's.
        UnknownPostcode: the postcode is nowhere in Great Britain.
    """
    holder = get(session, viewer=viewer, holder_id=holder_id)
    locate(postcode)
    holder.postcode = normalise(postcode)
    person = session.get_one(Person, holder.person_id)
    person.name = name
    session.add_all([holder, person])
    session.flush()
    return holder


def give_budget(session: Session, *, viewer: Viewer, holder_id: UUID, new: NewBudget, now: datetime) -> Budget:
    """Open a budget for a holder of the viewer's organisation and pay in its money.

    Raises:
        NotFound: no such holder, or only the holder's own view of it.
        Invalid: it ends before it starts.
    """
    supported = select(Holder.id).where(
        Holder.id == holder_id, col(Holder.organisation_id).in_(viewer.organisation_ids)
    )
    if session.exec(supported).first() is None:
        raise NotFound("budget holder")
    if new.ends_on < new.starts_on:
        raise Invalid("ends_on", "The budget must end on or after the day it starts.")
    budget = open_budget(session, name=new.name, starts_on=new.starts_on, ends_on=new.ends_on, now=now)
    line = open_line(
        session,
        budget_id=budget.id,
        name=new.name,
        funding_stream=new.funding_stream,
        management_type=new.management_type,
    )
    fund(session, line_id=line.id, pence=new.pence, key=f"open:{budget.id}", memo="Budget paid in", now=now)
    session.add(HolderBudget(budget_id=budget.id, holder_id=holder_id))
    session.flush()
    return budget


# --- queries


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Holders the viewer is, or acts for."""
    return or_(col(Holder.id) == viewer.holder_id, col(Holder.organisation_id).in_(viewer.organisation_ids))


def get(session: Session, *, viewer: Viewer, holder_id: UUID) -> Holder:
    """One holder.

    Raises:
        NotFound: not there, or not the viewer's.
    """
    holder = session.exec(select(Holder).where(Holder.id == holder_id, visible_to(viewer))).first()
    if holder is None:
        raise NotFound("budget holder")
    return holder


def place_of(session: Session, holder: Holder) -> Place:
    """The holder's postcode where full ones are loaded, else the middle of its sector; never the home itself."""
    return postcodes.locate(session, holder.postcode)


def budgets(session: Session, *, viewer: Viewer, holder_id: UUID) -> list[Budget]:
    """A holder's budgets, newest first.

    Raises:
        NotFound: no such holder, or not the viewer's.
    """
    holder = get(session, viewer=viewer, holder_id=holder_id)
    owned = (
        select(Budget)
        .join(HolderBudget, col(HolderBudget.budget_id) == Budget.id)
        .where(HolderBudget.holder_id == holder.id)
    )
    return list(session.exec(owned.order_by(col(Budget.starts_on).desc(), col(Budget.id))))


def get_budget(session: Session, *, viewer: Viewer, budget_id: UUID) -> Budget:
    """One budget.

    Raises:
        NotFound: not there, or not the viewer's.
    """
    owned = (
        select(Budget)
        .join(HolderBudget, col(HolderBudget.budget_id) == Budget.id)
        .join(Holder, col(Holder.id) == HolderBudget.holder_id)
        .where(Budget.id == budget_id, visible_to(viewer))
    )
    budget = session.exec(owned).first()
    if budget is None:
        raise NotFound("budget")
    return budget


def line_for(session: Session, *, holder_id: UUID, on: date) -> BudgetLine:
    """The line that pays for support on a day: the holder's newest budget that covers it.

    Raises:
        Invalid: no budget covers the day.
    """
    covering = (
        select(BudgetLine)
        .join(Budget, col(Budget.id) == BudgetLine.budget_id)
        .join(HolderBudget, col(HolderBudget.budget_id) == Budget.id)
        .where(HolderBudget.holder_id == holder_id, Budget.starts_on <= on, Budget.ends_on >= on)
    )
    line = session.exec(covering.order_by(col(Budget.starts_on).desc(), col(BudgetLine.id))).first()
    if line is None:
        raise Invalid(
            "day", f"No budget covers {on.day} {on:%B %Y}. Ask whoever runs the budget, or choose another day."
        )
    return line

"""Brokerage organisations, councils and NHS teams, and who works for them."""

from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ColumnElement
from sqlmodel import Field, Session, SQLModel, col, select

from marketplace.errors import NotFound


class OrganisationKind(StrEnum):
    """What an organisation is to a budget holder."""

    BROKER = "broker"
    COUNCIL = "council"
    NHS = "nhs"


class Organisation(SQLModel, table=True):
    """An organisation that supports holders or pays for their support."""

    __tablename__ = "marketplace_organisation"
    __table_args__ = (CheckConstraint("kind IN ('broker', 'council', 'nhs')", name="kind_known"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str = Field(max_length=120, unique=True)
    kind: str
    #: Whether its holders' lists share scarce people; else each list is in the plain order.
    shares_scarce: bool = True


class Membership(SQLModel, table=True):
    """A person works for an organisation and may do for its holders what they could do themselves."""

    __tablename__ = "marketplace_membership"

    organisation_id: UUID = Field(foreign_key="marketplace_organisation.id", primary_key=True)
    person_id: UUID = Field(foreign_key="marketplace_person.id", primary_key=True, index=True)


def found(session: Session, *, name: str, kind: OrganisationKind) -> Organisation:
    """A new organisation without members."""
    organisation = Organisation(name=name, kind=kind.value)
    session.add(organisation)
    session.flush()
    return organisation


def employ(session: Session, *, organisation_id: UUID, person_id: UUID) -> None:
    """Let a person act for the organisation's holders."""
    session.merge(Membership(organisation_id=organisation_id, person_id=person_id))
    session.flush()


def named(session: Session, *, name: str) -> Organisation | None:
    """The organisation of this name, if there is one."""
    return session.exec(select(Organisation).where(Organisation.name == name)).first()


def share(session: Session, *, person_id: UUID, organisation_id: UUID, on: bool) -> Organisation:
    """Let the lists of an organisation's holders share scarce people, or not; the next list follows it.

    Raises:
        NotFound: no such organisation, or this person doesn't work for it.
    """
    ours = select(Organisation).where(Organisation.id == organisation_id, _employs(person_id))
    organisation = session.exec(ours).first()
    if organisation is None:
        raise NotFound("organisation")
    organisation.shares_scarce = on
    session.add(organisation)
    session.flush()
    return organisation


def of_person(session: Session, *, person_id: UUID) -> list[Organisation]:
    """The organisations somebody works for, by name."""
    return list(session.exec(select(Organisation).where(_employs(person_id)).order_by(Organisation.name)))


def _employs(person_id: UUID) -> ColumnElement[bool]:
    return col(Organisation.id).in_(select(Membership.organisation_id).where(Membership.person_id == person_id))

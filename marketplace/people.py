"""People who can sign in, and what the one who asks may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, DateTime
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, Session, SQLModel, col, select


class Person(SQLModel, table=True):
    """Somebody with a name and an e-mail address; what they do here hangs on other tables."""

    __tablename__ = "marketplace_person"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    email: str = Field(max_length=254, unique=True)
    name: str = Field(max_length=120)
    joined_at: datetime = Field(sa_type=DateTime(timezone=True))


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks, with every role they have; queries are scoped by it."""

    person_id: UUID
    name: str
    holder_id: UUID | None = None
    assistant_id: UUID | None = None
    organisation_ids: tuple[UUID, ...] = ()

    @property
    def roles(self) -> Sequence[str]:
        """Which of the three homes this person has, in the order they are offered."""
        held = (
            ("holder", self.holder_id is not None),
            ("assistant", self.assistant_id is not None),
            ("broker", bool(self.organisation_ids)),
        )
        return [role for role, has in held if has]


def public_name(name: str) -> str:
    """First name and initial, all that is shown before both have agreed: "Grace O."."""
    first, *rest = name.split()
    return f"{first} {rest[-1][0]}." if rest else first


def with_email(session: Session, *, email: str) -> Person | None:
    """The person who signs in with this address, if there is one."""
    return session.exec(select(Person).where(Person.email == email.strip().lower())).first()


def join(session: Session, *, email: str, name: str, now: datetime) -> Person:
    """The person with this address; new ones get this name."""
    person = with_email(session, email=email)
    if person is not None:
        return person
    # Two at once with a new address: the second waits here and then finds whom the first has made.
    new = insert(Person).values(id=uuid4(), email=email.strip().lower(), name=name.strip(), joined_at=now)
    session.connection().execute(new.on_conflict_do_nothing())
    return session.exec(select(Person).where(Person.email == email.strip().lower())).one()


def names(session: Session, *, person_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Full names by id, in one query."""
    return dict(session.exec(select(Person.id, Person.name).where(col(Person.id).in_(person_ids))).all())

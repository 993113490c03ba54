"""Who somebody is here: every role a person has, read anew for each request."""

from uuid import UUID

from sqlmodel import Session, col, select

from marketplace.assistants import Assistant
from marketplace.holders import Holder
from marketplace.organisations import Membership
from marketplace.people import Person, Viewer


def viewer_of(session: Session, *, person_id: UUID) -> Viewer | None:
    """The person with their roles, in one query; None when the person is gone."""
    roles = (
        select(Person.name, Holder.id, Assistant.id, Membership.organisation_id)
        .outerjoin(Holder, col(Holder.person_id) == Person.id)
        .outerjoin(Assistant, col(Assistant.person_id) == Person.id)
        .outerjoin(Membership, col(Membership.person_id) == Person.id)
        .where(Person.id == person_id)
    )
    rows = session.exec(roles).all()
    if not rows:
        return None
    name, holder_id, assistant_id, _ = rows[0]
    return Viewer(
        person_id=person_id,
        name=name,
        holder_id=holder_id,
        assistant_id=assistant_id,
        organisation_ids=tuple(sorted(filter(None, {row[3] for row in rows}))),
    )

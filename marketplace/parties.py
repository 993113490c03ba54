"""The two people of an agreement, with the names both may know, and on which side the one who asks stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select as select_many
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from marketplace.agreements import Agreement
from marketplace.assistants import Assistant
from marketplace.holders import Holder
from marketplace.needs import Need
from marketplace.people import Person, Viewer


@dataclass(frozen=True, slots=True)
class Parties:
    """Both by their full names: an agreement is offered only after the assistant has said yes.

    The e-mail addresses are for both once they have agreed, so that they can reach each other.

    `support` is the title of the need that it is about.
    """

    support: str
    holder_id: UUID
    organisation_id: UUID
    holder: str
    postcode: str
    assistant_id: UUID
    assistant: str
    holder_email: str
    assistant_email: str

    def on_holders_side(self, viewer: Viewer) -> bool:
        """Whether the viewer is the holder or acts for them."""
        return self.holder_id == viewer.holder_id or self.organisation_id in viewer.organisation_ids

    def on_assistants_side(self, viewer: Viewer) -> bool:
        """Whether the viewer is the assistant."""
        return self.assistant_id == viewer.assistant_id

    def acted_for(self, viewer: Viewer) -> str | None:
        """The holder's name when the viewer acts for them; None on their own account."""
        acting = self.organisation_id in viewer.organisation_ids and self.holder_id != viewer.holder_id
        return self.holder if acting else None


def of_agreements(session: Session, *, agreement_ids: Sequence[UUID]) -> dict[UUID, Parties]:
    """Both people of each agreement, in one query; the agreements were scoped before."""
    holding, assisting = aliased(Person), aliased(Person)
    found = (
        select_many(
            col(Agreement.id),
            col(Need.title),
            col(Holder.id),
            col(Holder.organisation_id),
            col(holding.name),
            col(Holder.postcode),
            col(Assistant.id),
            col(assisting.name),
            col(holding.email),
            col(assisting.email),
        )
        .join(Need, col(Need.id) == Agreement.need_id)
        .join(Holder, col(Holder.id) == Agreement.holder_id)
        .join(holding, col(holding.id) == Holder.person_id)
        .join(Assistant, col(Assistant.id) == Agreement.assistant_id)
        .join(assisting, col(assisting.id) == Assistant.person_id)
        .where(col(Agreement.id).in_(agreement_ids))
    )
    rows = (tuple[Any, ...](row) for row in session.connection().execute(found))
    return {row[0]: Parties(*row[1:]) for row in rows}

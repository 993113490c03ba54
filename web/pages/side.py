"""A holder's side of the site: the holder's own pages, and the same pages for a broker who acts for them."""

from dataclasses import dataclass
from uuid import UUID

from marketplace import holders, people
from web.dependencies import Ask


@dataclass(frozen=True, slots=True)
class Side:
    """For whom a page is; `acting_for` is their name when somebody else acts for them, `home` where their pages begin.

    Plain values: they stay readable when a refused form has undone the request's transaction.
    """

    holder_id: UUID
    organisation_id: UUID
    name: str
    home: str
    acting_for: str | None


def holders_side(asking: Ask, holder_id: UUID) -> Side:
    """The side of a holder the viewer is, or acts for.

    Raises:
        NotFound: not there, or not the viewer's.
    """
    holder = holders.get(asking.session, viewer=asking.viewer, holder_id=holder_id)
    name = people.names(asking.session, person_ids=[holder.person_id])[holder.person_id]
    own = holder.id == asking.viewer.holder_id
    return Side(
        holder_id=holder.id,
        organisation_id=holder.organisation_id,
        name=name,
        home=home_of(asking, holder.id),
        acting_for=None if own else name,
    )


def home_of(asking: Ask, holder_id: UUID) -> str:
    """The address at which the viewer finds this holder's pages."""
    return "/support" if holder_id == asking.viewer.holder_id else f"/holders/{holder_id}"

"""Who fits a need, why, what would bring more people, and why a named person isn't there: for those who may ask."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from marketplace import needs, showings
from marketplace.asking import as_asked
from marketplace.assistants import Assistant
from marketplace.availability import LONDON
from marketplace.candidates import Candidates
from marketplace.competencies import Competency
from marketplace.errors import NotFound
from marketplace.holders import Holder
from marketplace.introductions import Introduction
from marketplace.needs import Need
from marketplace.organisations import Organisation
from marketplace.people import Person, Viewer, public_name
from marketplace.said import NAMES
from matching.eligibility import why_not
from matching.errors import BadQuestion
from matching.pool import Pool
from matching.profiles import Need as AskedNeed
from matching.question import Question
from matching.ranker import Ranker
from matching.relax import Change, relax
from matching.results import Match, Shortlist

#: How many people a holder is shown; more is not choice but work.
SHOWN = 20
#: Skills that nobody's safety hangs on: a short list may suggest to wish for them only.
OPTIONAL = frozenset({Competency.FOOD.value})
#: A list with fewer people than this is short: then it says what would bring more.
FEW = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One person who fits, with what may be shown of them before both agree."""

    assistant_id: UUID
    name: str
    lowest_rate_pence: int
    about: str
    match: Match


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The best of those who fit, best first, how the others fell away, and for a short list what would bring more.

    `shares` says whether the holder's organisation shares scarce people; a plain list of one that does doesn't itself.
    """

    people: tuple[Suggestion, ...]
    shortlist: Shortlist
    changes: tuple[Change, ...]
    shares: bool


def for_need(
    session: Session, *, viewer: Viewer, need_id: UUID, candidates: Candidates, now: datetime, plain: bool = False
) -> Suggestions:
    """The best people for a need the viewer may see, exactly, with the reasons; what is shown is kept.

    The order shares people whom many need, if the holder's organisation does so and nobody asks for the plain one.

    Raises:
        NotFound: no such need, or not the viewer's.
    """
    pool, ranker = candidates.look(now=now)
    return ranked(session, viewer=viewer, need_id=need_id, pool=pool, ranker=ranker, now=now, plain=plain)


def ranked(
    session: Session,
    *,
    viewer: Viewer,
    need_id: UUID,
    pool: Pool,
    ranker: Ranker,
    now: datetime,
    plain: bool = False,
) -> Suggestions:
    """The same among the people of a pool one has in hand.

    Raises:
        NotFound: no such need, or not the viewer's.
    """
    asked, shares = _asked(session, viewer, need_id)
    question = Question(asked, now.astimezone(LONDON).date())
    shortlist = ranker.answer(question, pool, k=SHOWN, names=NAMES, shared=shares and not plain)
    showings.record(session, shortlist, now=now)
    few = shortlist.fitting < FEW
    changes = relax(question, pool, names=NAMES, optional=OPTIONAL) if few else ()
    return Suggestions(shown(session, shortlist.matches), shortlist, changes, shares)


def why_not_listed(
    session: Session,
    *,
    viewer: Viewer,
    need_id: UUID,
    assistant_ids: Collection[UUID],
    candidates: Candidates,
    now: datetime,
) -> dict[UUID, tuple[str, ...]]:
    """Why people aren't on the list, in sentences, none for who fits; only of those this holder has invited before.

    Raises:
        NotFound: no such need, or not the viewer's.
    """
    asked, _ = _asked(session, viewer, need_id)
    question, (pool, _) = Question(asked, now.astimezone(LONDON).date()), candidates.look(now=now)
    found = {}
    for assistant_id in _met(session, need_id, assistant_ids):
        # who joined a moment ago is not in the pool yet
        with suppress(BadQuestion):
            found[assistant_id] = why_not(question, pool, assistant_id, names=NAMES)
    return found


def _met(session: Session, need_id: UUID, assistant_ids: Collection[UUID]) -> set[UUID]:
    """Those of them whom the holder of a need has invited, to this or to another."""
    asking = select(Need.holder_id).where(Need.id == need_id).scalar_subquery()
    met = (
        select(Introduction.assistant_id)
        .join(Need, col(Need.id) == col(Introduction.need_id))
        .where(col(Need.holder_id) == asking, col(Introduction.assistant_id).in_(assistant_ids))
    )
    return set(session.exec(met))


def _asked(session: Session, viewer: Viewer, need_id: UUID) -> tuple[AskedNeed, bool]:
    """The need as matching takes it, and whether its holder's organisation shares scarce people."""
    found = session.exec(
        select(Need, Holder, Organisation.shares_scarce)
        .join(Holder, col(Holder.id) == col(Need.holder_id))
        .join(Organisation, col(Organisation.id) == col(Holder.organisation_id))
        .where(Need.id == need_id, needs.visible_to(viewer))
    ).first()
    if found is None:
        raise NotFound("request for support")
    need, holder, shares = found
    return as_asked(session, [(need, holder)])[0], shares


def shown(session: Session, matches: Sequence[Match]) -> tuple[Suggestion, ...]:
    """Matches with what may be shown of the people, in the same order."""
    found = session.exec(
        select(Assistant.id, Person.name, Assistant.lowest_rate_pence, Assistant.about)
        .join(Person, col(Person.id) == Assistant.person_id)
        .where(col(Assistant.id).in_([one.candidate_id for one in matches]))
    )
    known = {row[0]: (public_name(row[1]), row[2], row[3]) for row in found}
    # who left since the pool last looked isn't there any more
    return tuple(
        Suggestion(one.candidate_id, *known[one.candidate_id], one) for one in matches if one.candidate_id in known
    )

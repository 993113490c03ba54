"""Requests for support as matching takes them, with who is not to be met again and who is known."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from marketplace import needs, postcodes
from marketplace.agreements import Agreement, AgreementState
from marketplace.blocks import Block
from marketplace.holders import Holder
from marketplace.needs import Need
from matching.profiles import Need as AskedNeed


def as_asked(session: Session, found: Sequence[tuple[Need, Holder]]) -> list[AskedNeed]:
    """Each need with its holder as matching takes it, in the same order; in as many queries however many there are.

    The needs were scoped before.
    """
    places = postcodes.locate_many(session, {holder.postcode for _, holder in found})
    asked = needs.asked(session, need_ids=[need.id for need, _ in found])
    ids = list({holder.id for _, holder in found})
    blocked, known = _blocked(session, ids), _known(session, ids)
    return [
        AskedNeed(
            id=need.id,
            place=places[holder.postcode],
            rate_pence=need.rate_pence,
            starts_on=need.starts_on,
            ends_on=need.ends_on,
            blocked=frozenset(blocked.get(holder.id, ())),
            known=frozenset(known.get(holder.id, ())),
            windows=asked[need.id].windows,
            required=asked[need.id].required,
            wished=asked[need.id].wished,
            minutes_a_week=asked[need.id].minutes_a_week,
            preferred=asked[need.id].preferred,
            checks=asked[need.id].checks,
            languages=asked[need.id].languages,
            languages_wished=asked[need.id].languages_wished,
            terms=asked[need.id].terms,
            gender_reason=asked[need.id].gender_reason,
        )
        for need, holder in found
    ]


def _blocked(session: Session, holder_ids: Sequence[UUID]) -> Mapping[UUID, set[UUID]]:
    """Whom each holder is not to be shown, whichever side said so."""
    rows = session.exec(select(Block.holder_id, Block.assistant_id).where(col(Block.holder_id).in_(holder_ids)))
    return _grouped(rows.all())


def _known(session: Session, holder_ids: Sequence[UUID]) -> Mapping[UUID, set[UUID]]:
    """Who has had an agreement with each holder."""
    rows = session.exec(
        select(Agreement.holder_id, Agreement.assistant_id).where(
            col(Agreement.holder_id).in_(holder_ids), Agreement.state == AgreementState.AGREED.value
        )
    )
    return _grouped(rows.all())


def _grouped(pairs: Sequence[tuple[UUID, UUID]]) -> Mapping[UUID, set[UUID]]:
    grouped: dict[UUID, set[UUID]] = defaultdict(set)
    for holder_id, assistant_id in pairs:
        grouped[holder_id].add(assistant_id)
    return grouped

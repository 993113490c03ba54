"""Which lists were shown: who stood on them, where, with which score and by which model; and what came of it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, CheckConstraint, DateTime, Float, Integer, UniqueConstraint, func
from sqlalchemy import Uuid as UuidColumn
from sqlalchemy import select as select_many
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Field, Session, SQLModel, col

from marketplace.agreements import Agreement, AgreementState
from marketplace.introductions import Introduction, IntroductionState
from matching.answers import Answer
from matching.results import Shortlist

#: Support that goes on for so long has lasted.
LASTED = timedelta(weeks=12)


class Showing(SQLModel, table=True):
    """One list for one need, as often as it was shown without a change.

    The arrays go together: who, the chance that both say yes, the place on the plain list (one more than was listed
    for who wasn't on it), and the values of the features by code, to learn from.
    """

    __tablename__ = "marketplace_showing"
    __table_args__ = (
        UniqueConstraint("need_id", "digest"),
        CheckConstraint(
            "cardinality(scores) = cardinality(assistant_ids) "
            "AND cardinality(plain_ranks) = cardinality(assistant_ids)",
            name="arrays_go_together",
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    need_id: UUID = Field(foreign_key="marketplace_need.id")
    digest: str = Field(max_length=32)
    model: str = Field(max_length=60)
    shared: bool
    times: int
    first_shown_at: datetime = Field(sa_type=DateTime(timezone=True))
    last_shown_at: datetime = Field(sa_type=DateTime(timezone=True))
    assistant_ids: list[UUID] = Field(sa_type=ARRAY(UuidColumn))
    scores: list[float] = Field(sa_type=ARRAY(Float))
    plain_ranks: list[int] = Field(sa_type=ARRAY(Integer))
    values: list[dict[str, list[int]]] = Field(sa_type=JSONB)


def record(session: Session, shortlist: Shortlist, *, now: datetime) -> None:
    """Keep what is being shown; the same list again is counted, not kept twice. An empty list is none."""
    if not shortlist.matches:
        return
    matches = shortlist.matches
    made = insert(Showing).values(
        id=uuid4(),
        need_id=shortlist.need_id,
        digest=_digest(shortlist),
        model=shortlist.model,
        shared=shortlist.shared,
        times=1,
        first_shown_at=now,
        last_shown_at=now,
        assistant_ids=[one.candidate_id for one in matches],
        scores=[one.score for one in matches],
        plain_ranks=[one.plain_rank for one in matches],
        values=[one.values for one in matches],
    )
    again = {"times": col(Showing.times) + 1, "last_shown_at": func.greatest(col(Showing.last_shown_at), now)}
    session.connection().execute(made.on_conflict_do_update(index_elements=["need_id", "digest"], set_=again))


def _digest(shortlist: Shortlist) -> str:
    digest = blake2b(f"{shortlist.model} {shortlist.shared}".encode(), digest_size=16)
    for one in shortlist.matches:
        digest.update(one.candidate_id.bytes + f"{one.holder.log_odds} {one.assistant.log_odds}".encode())
    return digest.hexdigest()


# --- what came of it


def answers(session: Session, *, today: date) -> Iterator[Answer]:
    """One answer for each person each need was shown, as last shown; what isn't known yet is None.

    Whoever wasn't invited counts as a no of the holder's once somebody else of the same need was. Support has lasted
    when it went on for twelve weeks.
    """
    outcome = _outcomes(session, today)
    invited = {need_id for need_id, _ in outcome}
    seen: set[tuple[UUID, UUID]] = set()
    shown = select_many(Showing).order_by(col(Showing.need_id), col(Showing.last_shown_at).desc(), col(Showing.id))
    for showing in session.scalars(shown.execution_options(yield_per=500)):
        for rank, (assistant_id, values) in enumerate(zip(showing.assistant_ids, showing.values, strict=True), 1):
            pair = showing.need_id, assistant_id
            if pair in seen:
                continue
            seen.add(pair)
            asked, accepted, lasted = outcome.get(pair, (False if showing.need_id in invited else None, None, None))
            yield Answer(
                need_id=showing.need_id,
                values={code: tuple(each) for code, each in values.items()},
                rank=rank,
                holder=asked,
                assistant=accepted,
                lasted=lasted,
            )


def _outcomes(session: Session, today: date) -> dict[tuple[UUID, UUID], tuple[bool, bool | None, bool | None]]:
    found: Any = (
        select_many(Introduction, Agreement)
        .outerjoin(Agreement, col(Agreement.introduction_id) == col(Introduction.id))
        .execution_options(yield_per=1_000)
    )
    said = {IntroductionState.ACCEPTED.value: True, IntroductionState.DECLINED.value: False}
    return {
        (one.need_id, one.assistant_id): (True, said.get(one.state), _lasted(agreement, today))
        for one, agreement in session.execute(found)
    }


def _lasted(agreement: Agreement | None, today: date) -> bool | None:
    if agreement is None or agreement.state != AgreementState.AGREED.value:
        return None
    enough = agreement.starts_on + LASTED
    if agreement.ends_on is not None and agreement.ends_on < enough:
        return False
    return True if today >= enough else None

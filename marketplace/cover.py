"""Cover now: who could be there for exactly these hours, those who know the holder first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from marketplace import holders, needs, shortlists
from marketplace.asking import as_asked
from marketplace.availability import LONDON, LONGEST_SHIFT
from marketplace.bookings import Booking, BookingState
from marketplace.candidates import Candidates
from marketplace.errors import Invalid
from marketplace.people import Viewer
from marketplace.said import NAMES
from marketplace.shortlists import Suggestion
from matching.pool import Pool
from matching.profiles import Need as AskedNeed
from matching.ranker import Ranker
from matching.results import FunnelStep, Match
from matching.travel import LONGEST_MINUTES
from matching.week import MINUTES_IN_A_DAY, STEP, WeeklyWindow

#: Whoever is asked first must answer soon: a list to go down, not to choose from for long.
LISTED = 20
#: So many times as many are looked at when some of them turn out to be booked.
_MORE = 4


@dataclass(frozen=True, slots=True)
class Cover:
    """Who could come, in the order to ask them in; `booked` fit but work elsewhere in these hours."""

    people: tuple[Suggestion, ...]
    booked: int
    funnel: tuple[FunnelStep, ...]


def for_hours(
    session: Session,
    *,
    viewer: Viewer,
    need_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    within_minutes: int,
    candidates: Candidates,
    now: datetime,
    without: UUID | None = None,
) -> Cover:
    """Who fits the need, is free for all of these hours and can be there in time; `without` is who can't come.

    Raises:
        NotFound: no such need, or not the viewer's.
        Invalid: hours that are over, end before they start, or are longer than a day; or no time to get there.
    """
    _check(starts_at, ends_at, within_minutes, now)
    need = needs.get(session, viewer=viewer, need_id=need_id)
    holder = holders.get(session, viewer=viewer, holder_id=need.holder_id)
    asked = for_shift(as_asked(session, [(need, holder)])[0], starts_at, ends_at, without=without)
    pool, ranker = candidates.look(now=now)
    return _free(session, asked, pool, ranker, Hours(starts_at, ends_at, within_minutes), now)


def for_shift(asked: AskedNeed, starts_at: datetime, ends_at: datetime, *, without: UUID | None = None) -> AskedNeed:
    """The need for one shift only: those hours, by the clock on the wall, on those days."""
    begins, ends = starts_at.astimezone(LONDON), ends_at.astimezone(LONDON)
    first = begins.hour * 60 + begins.minute
    last = (ends.date() - begins.date()).days * MINUTES_IN_A_DAY + ends.hour * 60 + ends.minute
    start = first // STEP * STEP
    # a day of 25 hours has no more half hours than any other
    minutes = min(max(-(-(last - start) // STEP) * STEP, STEP), MINUTES_IN_A_DAY)
    return replace(
        asked,
        windows=(WeeklyWindow(begins.weekday(), start, minutes),),
        minutes_a_week=None,
        preferred=(),
        starts_on=begins.date(),
        ends_on=ends.date(),
        blocked=asked.blocked | ({without} if without else set()),
    )


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours to cover, and the minutes there are to get there."""

    starts_at: datetime
    ends_at: datetime
    within: int


def _free(session: Session, asked: AskedNeed, pool: Pool, ranker: Ranker, hours: Hours, now: datetime) -> Cover:
    """The first LISTED who have no shift in these hours, looking at more people until there are so many."""
    today, looked_at = now.astimezone(LONDON).date(), LISTED
    while True:
        found = ranker.cover(asked, pool, k=looked_at, today=today, within=hours.within, names=NAMES)
        busy = _busy(session, found.matches, hours)
        free = [one for one in found.matches if one.candidate_id not in busy]
        if len(free) >= LISTED or looked_at >= found.fitting:
            return Cover(shortlists.shown(session, free[:LISTED]), len(busy), found.funnel)
        looked_at *= _MORE


def _busy(session: Session, matches: Sequence[Match], hours: Hours) -> set[UUID]:
    asked = func.tstzrange(hours.starts_at, hours.ends_at)
    booked = select(Booking.assistant_id).where(
        col(Booking.assistant_id).in_([one.candidate_id for one in matches]),
        func.tstzrange(col(Booking.starts_at), col(Booking.ends_at)).op("&&")(asked),
        Booking.state != BookingState.CANCELLED.value,
    )
    return set(session.exec(booked))


def _check(starts_at: datetime, ends_at: datetime, within_minutes: int, now: datetime) -> None:
    if ends_at <= starts_at:
        raise Invalid("end", "The shift must end after it starts.")
    if ends_at.astimezone(UTC) - starts_at.astimezone(UTC) > LONGEST_SHIFT + timedelta(hours=1):
        raise Invalid("end", "A shift can be 24 hours at most.")
    if ends_at <= now:
        raise Invalid("day", "These hours are over.")
    if not 1 <= within_minutes <= LONGEST_MINUTES:
        raise Invalid("within", f"Give the minutes they have to get there, from 1 to {LONGEST_MINUTES}.")

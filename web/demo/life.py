"""What has happened in the demo's region: support that was agreed, worked, approved and paid, and shifts to come.

All that has happened was over before the day began, so that a region made early in it holds nothing of later that day.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from marketplace.availability import moment, shift
from matching.pool import Pool
from matching.week import WeeklyWindow, half_hours
from web.demo.asks import ASKS
from web.demo.chance import number
from web.demo.needs import fitting, need
from web.demo.records import Assistant, Deal, Holder, Need, Shift

# How many days ago, from and to; shifts to come are less than nought days ago.
_AGREED = (30, 36)
_APPROVED, _WAITING, _COMING = (28, 6), (5, 2), (-1, -14)
_MOST_APPROVED, _MOST_COMING = 6, 4
_WAITS = 0.4
#: How often less was worked than booked, and by how much.
_LEFT_EARLY, _EARLIER = 0.15, (timedelta(minutes=15), timedelta(minutes=25), timedelta(minutes=40))
_TRIES = 12


def deal(
    dice: random.Random,
    holder: Holder,
    pool: Pool,
    *,
    working: Mapping[UUID, Assistant],
    today: date,
    taken: set[UUID],
) -> Deal | None:
    """Support of this holder by somebody who fits and isn't taken; None where a few tries find nobody."""
    ago = dice.randint(*_AGREED)
    agreed_on = today - timedelta(days=ago)
    for _ in range(_TRIES):
        asked = need(dice, holder, ASKS, posted_days_ago=ago + 7, starts_on=agreed_on)
        # what was agreed is all of the hours that were asked for
        filled = replace(asked, conditions=replace(asked.conditions, minutes_a_week=None))
        people = [one for one in fitting(filled, pool, today=agreed_on) if one not in taken]
        if people:
            chosen = dice.choice(people)
            whole = _whole_windows(filled, working[chosen])
            if whole:
                return _deal(dice, filled, chosen, whole, today=today, agreed_on=agreed_on)
    return None


def _whole_windows(filled: Need, candidate: Assistant) -> list[WeeklyWindow]:
    """Those of the need's hours that the assistant is free for from beginning to end."""
    free = half_hours(candidate.windows)
    return [window for window in filled.windows if not half_hours([window]) & ~free]


def _deal(
    dice: random.Random,
    filled: Need,
    assistant_id: UUID,
    whole: Sequence[WeeklyWindow],
    *,
    today: date,
    agreed_on: date,
) -> Deal:
    agreed_at = _at(agreed_on, 14)
    approved = _some(dice, _occasions(whole, today, _APPROVED), _MOST_APPROVED)
    waiting = _occasions(whole, today, _WAITING)[-1:] if dice.random() < _WAITS else []
    coming = _some(dice, _occasions(whole, today, _COMING), _MOST_COMING)
    before, lately = agreed_at + timedelta(hours=1), _at(today - timedelta(days=1), 20)
    return Deal(
        introduction_id=number(dice),
        agreement_id=number(dice),
        need=filled,
        assistant_id=assistant_id,
        invited_at=agreed_at - timedelta(days=4),
        agreed_at=agreed_at,
        shifts=(
            *(_approved(dice, _booked(dice, *one, booked_at=before)) for one in approved),
            *(_waiting(_booked(dice, *one, booked_at=before)) for one in waiting),
            *(_booked(dice, *one, booked_at=lately) for one in coming),
        ),
    )


def _occasions(windows: Iterable[WeeklyWindow], today: date, ago: tuple[int, int]) -> list[tuple[date, WeeklyWindow]]:
    """Each day from the first to the last of `ago` on which one of the windows starts."""
    first, last = ago
    days = [today - timedelta(days=back) for back in range(first, last - 1, -1)]
    return [(day, window) for day in days for window in windows if window.weekday == day.weekday()]


def _some(
    dice: random.Random, occasions: Sequence[tuple[date, WeeklyWindow]], most: int
) -> list[tuple[date, WeeklyWindow]]:
    chosen = dice.sample(range(len(occasions)), min(most, len(occasions)))
    return [occasions[at] for at in sorted(chosen)]


def _booked(dice: random.Random, day: date, window: WeeklyWindow, *, booked_at: datetime) -> Shift:
    starts_at, ends_at = shift(day, _clock(window.start), _clock(window.start + window.minutes))
    return Shift(number(dice), number(dice), starts_at, ends_at, booked_at)


def _waiting(booked: Shift) -> Shift:
    return replace(booked, worked_until=booked.ends_at, confirmed_at=booked.ends_at + timedelta(hours=1))


def _approved(dice: random.Random, booked: Shift) -> Shift:
    early = dice.choice(_EARLIER) if dice.random() < _LEFT_EARLY else timedelta()
    ended_on = booked.ends_at.date()
    return replace(
        booked,
        worked_until=booked.ends_at - early,
        confirmed_at=booked.ends_at + timedelta(hours=1),
        approved_at=_at(ended_on + timedelta(days=1), 18),
        paid_at=_at(ended_on + timedelta(days=2), 9),
    )


def _clock(minutes: int) -> time:
    hours, rest = divmod(minutes % (24 * 60), 60)
    return time(hours, rest)


def _at(day: date, hour: int) -> datetime:
    return moment(day, time(hour), field="hour")

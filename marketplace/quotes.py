"""What shifts would cost and what would be left, before anything is booked; and the shifts a week asks for next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from marketplace import agreements, availability, bookings, holders, needs
from marketplace.agreements import Agreement
from marketplace.availability import LONDON
from marketplace.bookings import Booking, BookingState, check_shift, minutes_between
from marketplace.errors import AlreadyBooked, Conflict, Invalid
from marketplace.people import Viewer
from matching.week import WeeklyWindow
from payments.budgets import positions
from payments.errors import NotEnoughMoney
from payments.money import for_minutes, pounds

#: How far ahead shifts of the usual week are offered, and how many can be booked together.
AHEAD = timedelta(days=14)
MOST_AT_ONCE = 60

#: Start and end of a shift, in UTC.
Times = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Priced:
    """A shift and its cost in pence."""

    starts_at: datetime
    ends_at: datetime
    minutes: int
    pence: int


@dataclass(frozen=True, slots=True)
class Quote:
    """Shifts in the order of time, their cost, and what is free on the lines that pay, before and after; pence."""

    shifts: tuple[Priced, ...]
    pence: int
    free_before: int

    @property
    def free_after(self) -> int:
        """What is left to book."""
        return self.free_before - self.pence


def quote(session: Session, *, viewer: Viewer, agreement_id: UUID, shifts: Iterable[Times], now: datetime) -> Quote:
    """What these shifts would cost; refused for the same reasons as booking them, and nothing is stored.

    Raises:
        NotFound: no such agreement on the holder's side of the viewer.
        Invalid: none, too many, or one that can't be worked, or a day no budget covers.
        Conflict: no agreement in force.
        AlreadyBooked: the assistant works in some of these hours.
        NotEnoughMoney: a budget line has less left than its shifts cost.
    """
    agreement = _agreement(session, viewer, agreement_id)
    wanted = sorted(set(shifts))
    if not wanted:
        raise Invalid("shift", "Choose at least one shift.")
    if len(wanted) > MOST_AT_ONCE:
        raise Invalid("shift", f"You can book {MOST_AT_ONCE} shifts at once. Book the others after that.")
    for starts_at, ends_at in wanted:
        check_shift(agreement, starts_at=starts_at, ends_at=ends_at, now=now)
    _refuse_overlaps(wanted, _taken(session, agreement, until=max(end for _, end in wanted), now=now))
    priced = [_priced(agreement, times) for times in wanted]
    return Quote(tuple(priced), sum(one.pence for one in priced), _free(session, agreement, priced))


def usual(session: Session, *, viewer: Viewer, agreement_id: UUID, now: datetime) -> list[Priced]:
    """Shifts of the next fortnight that the need's week asks for and that are not booked yet.

    Raises:
        NotFound: no such agreement on the holder's side of the viewer.
    """
    agreement = _agreement(session, viewer, agreement_id)
    windows = needs.asked(session, need_ids=[agreement.need_id])[agreement.need_id].windows
    due = [times for times in _due(windows, now) if _possible(agreement, times, now)]
    taken = _taken(session, agreement, until=now + AHEAD + timedelta(days=2), now=now)
    return [_priced(agreement, times) for times in due if not any(_overlap(times, other) for other in taken)]


def _agreement(session: Session, viewer: Viewer, agreement_id: UUID) -> Agreement:
    agreement = agreements.get(session, viewer=viewer, agreement_id=agreement_id)
    holders.get(session, viewer=viewer, holder_id=agreement.holder_id)
    return agreement


def _due(windows: Sequence[WeeklyWindow], now: datetime) -> list[Times]:
    """The windows on the calendar of Europe/London, but for nights on which the clocks make a time unsure."""
    today = now.astimezone(LONDON).date()
    found: list[Times] = []
    for day in (today + timedelta(days=ahead) for ahead in range(AHEAD.days)):
        for window in windows:
            if window.weekday == day.weekday():
                hours = availability.hours_of(window)
                try:
                    found.append(availability.shift(day, hours.start, hours.end))
                except Invalid:
                    continue  # it is offered to be typed, where the refusal can say what is wrong with it
    return found


def _possible(agreement: Agreement, times: Times, now: datetime) -> bool:
    try:
        check_shift(agreement, starts_at=times[0], ends_at=times[1], now=now)
    except (Invalid, Conflict):
        return False
    return True


def _taken(session: Session, agreement: Agreement, *, until: datetime, now: datetime) -> list[Times]:
    """When the assistant works already, for whomever."""
    booked = select(Booking.starts_at, Booking.ends_at).where(
        Booking.assistant_id == agreement.assistant_id,
        Booking.state != BookingState.CANCELLED.value,
        col(Booking.ends_at) > now,
        col(Booking.starts_at) < until,
    )
    return list(session.exec(booked).all())


def _overlap(one: Times, other: Times) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _refuse_overlaps(wanted: Sequence[Times], taken: Sequence[Times]) -> None:
    for at, times in enumerate(wanted):
        if any(_overlap(times, other) for other in (*taken, *wanted[:at])):
            said = bookings.described(*times).removeprefix("Shift ")
            raise AlreadyBooked(f"They are already booked in some of these hours: {said}. Choose other times.")


def _priced(agreement: Agreement, times: Times) -> Priced:
    minutes = minutes_between(*times)
    return Priced(*times, minutes, for_minutes(agreement.rate_pence, minutes))


def _free(session: Session, agreement: Agreement, priced: Sequence[Priced]) -> int:
    """What is free together on the lines that would pay; each must have enough by itself."""
    costs: dict[UUID, int] = {}
    for day in sorted({one.starts_at.astimezone(LONDON).date() for one in priced}):
        line = holders.line_for(session, holder_id=agreement.holder_id, on=day)
        due = (one.pence for one in priced if one.starts_at.astimezone(LONDON).date() == day)
        costs[line.id] = costs.get(line.id, 0) + sum(due)
    free = {line_id: position.free for line_id, position in positions(session, line_ids=list(costs)).items()}
    for line_id, needed in costs.items():
        if needed > free[line_id]:
            raise NotEnoughMoney(
                f"There is not enough money: {pounds(free[line_id])} is left and this needs {pounds(needed)}.",
                available=free[line_id],
                needed=needed,
            )
    return sum(free.values())

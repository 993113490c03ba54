from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlmodel import Session, select

from marketplace import bookings, organisations, timesheets
from marketplace.availability import shift
from marketplace.bookings import Booking
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.timesheets import Timesheet
from payments import budgets, ledger
from payments.budgets import Position
from payments.errors import NotEnoughMoney
from payments.ledger import Kind
from payments.payouts import Payout
from tests.builders import MONDAY, Deal, World
from tests.conftest import Database

AFTER = MONDAY + timedelta(days=7)


def confirm(session: Session, deal: Deal, booking: Booking, *, minutes: int = 240, **changes: Any) -> Timesheet:
    said = {
        "viewer": deal.assistant,
        "started_at": booking.starts_at,
        "ended_at": booking.starts_at + timedelta(minutes=minutes),
        "now": AFTER,
        **changes,
    }
    return timesheets.confirm(session, booking_id=booking.id, **said)


def approve(session: Session, deal: Deal, booking: Booking, **changes: Any) -> Timesheet:
    return timesheets.approve(session, booking_id=booking.id, **{"viewer": deal.holder, "now": AFTER, **changes})


def position(session: Session, deal: Deal) -> Position:
    return budgets.position(session, line_id=deal.line.id)


@pytest.mark.parametrize(
    ("now", "day", "start", "end", "minutes", "pence"),
    [
        (MONDAY, date(2026, 11, 25), time(22), time(6), 480, 11_200),
        (MONDAY, date(2026, 12, 31), time(20), time(0), 240, 5_600),
        (MONDAY, date(2026, 11, 25), time(9), time(9), 1_440, 33_600),
        # an hour shorter in March, an hour longer in October
        (datetime(2026, 3, 23, 9, tzinfo=UTC), date(2026, 3, 28), time(22), time(6), 420, 9_800),
        (datetime(2026, 10, 19, 9, tzinfo=UTC), date(2026, 10, 24), time(22), time(6), 540, 12_600),
        (datetime(2027, 3, 22, 9, tzinfo=UTC), date(2027, 3, 27), time(22), time(6), 420, 9_800),
    ],
)
def test_a_night_is_one_shift_of_its_true_length_from_booking_to_pay(
    session: Session, now: datetime, day: date, start: time, end: time, minutes: int, pence: int
) -> None:
    world = World(session, now=now)
    broker = world.broker()
    deal = world.deal(broker=broker, pence=1)
    line = world.budget(
        broker=broker, holder=deal.holder, pence=50_000, starts_on=now.date(), ends_on=day + timedelta(days=1)
    )
    starts_at, ends_at = shift(day, start, end)
    booking = world.booking(deal, starts_at=starts_at, minutes=bookings.minutes_between(starts_at, ends_at))
    told = confirm(session, deal, booking, ended_at=ends_at, now=ends_at)
    assert (booking.ends_at, booking.pence, told.minutes, told.pence) == (ends_at, pence, minutes, pence)
    approve(session, deal, booking, now=ends_at)
    assert budgets.position(session, line_id=line.id) == Position(50_000, 50_000 - pence, 0, pence, 0)
    [row] = [row for row in budgets.statement(session, line_id=line.id).rows if row.kind is Kind.DRAW]
    assert row.memo == f"Shift {day.day} {day:%B %Y}, {start:%H:%M} to {end:%H:%M}"


def test_hours_worked_as_booked_are_drawn_and_intended_to_be_paid(world: World, session: Session) -> None:
    deal = world.deal()
    booking = world.booking(deal)
    assert confirm(session, deal, booking).state == "confirmed"
    assert position(session, deal) == Position(100_000, 94_400, 5_600, 0, 0)
    approved = approve(session, deal, booking)
    assert (approved.state, approved.approved_at, approved.approved_by) == ("approved", AFTER, deal.holder.person_id)
    assert booking.state == "approved"
    assert position(session, deal) == Position(100_000, 94_400, 0, 5_600, 0)
    [payout] = session.exec(select(Payout)).all()
    assert (payout.pence, payout.payee_id, payout.state) == (5_600, deal.assistant.assistant_id, "intended")
    assert payout.reference == "Shift 25 November 2026, 09:00 to 13:00"


def test_hours_not_worked_are_given_back(world: World, session: Session) -> None:
    deal = world.deal(rate_pence=1405)
    booking = world.booking(deal)
    assert confirm(session, deal, booking, minutes=215).pence == 5_035
    approve(session, deal, booking)
    assert position(session, deal) == Position(100_000, 94_965, 0, 5_035, 0)
    kinds = [row.kind for row in budgets.statement(session, line_id=deal.line.id).rows]
    assert kinds == [Kind.FUND, Kind.SET_ASIDE, Kind.DRAW, Kind.RELEASE]


def test_hours_worked_longer_are_drawn_from_what_is_free(world: World, session: Session) -> None:
    deal = world.deal(pence=7_000)
    booking = world.booking(deal)
    confirm(session, deal, booking, minutes=300)
    approve(session, deal, booking)
    assert position(session, deal) == Position(7_000, 0, 0, 7_000, 0)
    assert ledger.check(session).found == 0


def test_hours_that_the_budget_does_not_cover_are_refused_whole(world: World, session: Session) -> None:
    deal = world.deal(pence=6_999)
    booking = world.booking(deal)
    confirm(session, deal, booking, minutes=300)
    before = position(session, deal)
    with pytest.raises(NotEnoughMoney, match=r"£13\.99 is left and this needs £14\.00"), session.begin_nested():
        approve(session, deal, booking)
    session.refresh(booking)
    [timesheet] = timesheets.of_bookings(session, booking_ids=[booking.id]).values()
    assert (booking.state, timesheet.state, timesheet.approved_at) == ("booked", "confirmed", None)
    assert position(session, deal) == before
    assert session.exec(select(Payout)).all() == []
    confirm(session, deal, booking, minutes=299)  # what the two agree on instead
    approve(session, deal, booking)
    assert position(session, deal).owed == 6_977


def test_hours_are_approved_once(world: World, session: Session) -> None:
    deal = world.deal()
    booking = world.booking(deal)
    confirm(session, deal, booking)
    approve(session, deal, booking)
    with pytest.raises(Conflict, match="approved before"):
        approve(session, deal, booking)
    with pytest.raises(Conflict, match="can't be changed"):
        confirm(session, deal, booking, minutes=60)
    with pytest.raises(Conflict, match="approved before"):
        timesheets.query(session, viewer=deal.holder, booking_id=booking.id, question="Why?")
    with pytest.raises(Conflict, match="can't be cancelled"):
        bookings.cancel(session, viewer=deal.holder, booking_id=booking.id, reason="", now=AFTER)
    assert position(session, deal).owed == 5_600


def test_a_question_sends_hours_back_until_it_is_answered(world: World, session: Session) -> None:
    deal = world.deal()
    booking = world.booking(deal)
    confirm(session, deal, booking)
    asked = timesheets.query(session, viewer=deal.holder, booking_id=booking.id, question=" Until one? ")
    assert (asked.state, asked.query) == ("queried", "Until one?")
    with pytest.raises(Conflict, match="asked a question"):
        approve(session, deal, booking)
    answered = confirm(session, deal, booking, minutes=180)
    assert (answered.state, answered.query, answered.pence) == ("confirmed", None, 4_200)
    approve(session, deal, booking)
    assert position(session, deal) == Position(100_000, 95_800, 0, 4_200, 0)


def test_hours_that_changed_since_they_were_seen_are_not_approved_unseen(world: World, session: Session) -> None:
    deal = world.deal()
    booking = world.booking(deal)
    seen = confirm(session, deal, booking, minutes=180).pence
    confirm(session, deal, booking, minutes=240)
    with pytest.raises(Conflict, match="changed while you looked"):
        timesheets.approve(session, viewer=deal.holder, booking_id=booking.id, seen_pence=seen, now=AFTER)
    timesheets.approve(session, viewer=deal.holder, booking_id=booking.id, seen_pence=5_600, now=AFTER)
    assert position(session, deal).owed == 5_600


def test_a_question_says_something(world: World, session: Session) -> None:
    deal = world.deal()
    booking = world.booking(deal)
    confirm(session, deal, booking)
    with pytest.raises(Invalid) as refused:
        timesheets.query(session, viewer=deal.holder, booking_id=booking.id, question="  ")
    assert refused.value.field == "question"


def test_there_is_nothing_to_decide_before_hours_are_confirmed(world: World, session: Session) -> None:
    deal = world.deal()
    booking = world.booking(deal)
    with pytest.raises(NotFound):
        timesheets.query(session, viewer=deal.holder, booking_id=booking.id, question="Why?")
    with pytest.raises(NotFound):
        approve(session, deal, booking)


@pytest.mark.parametrize("who", ["holder", "assistant"])
def test_a_shift_whose_hours_were_told_is_not_cancelled_and_its_money_stays(
    world: World, session: Session, who: str
) -> None:
    deal = world.deal()
    booking = world.booking(deal)
    confirm(session, deal, booking)
    before = position(session, deal)
    with pytest.raises(Conflict, match="Hours were confirmed"), session.begin_nested():
        bookings.cancel(session, viewer=getattr(deal, who), booking_id=booking.id, reason="", now=AFTER)
    assert position(session, deal) == before
    approve(session, deal, booking)


def test_a_cancelled_shift_has_no_hours(world: World, session: Session) -> None:
    deal = world.deal()
    booking = world.booking(deal)
    bookings.cancel(session, viewer=deal.holder, booking_id=booking.id, reason="", now=MONDAY)
    with pytest.raises(Conflict, match="cancelled"):
        confirm(session, deal, booking)


@pytest.mark.parametrize(
    ("start", "end", "now", "field"),
    [
        (0, 0, AFTER, "end"),
        (0, -1, AFTER, "end"),
        (0, 24 * 60 + 1, AFTER, "end"),
        (-240, 0, AFTER, "start"),
        (240, 480, AFTER, "start"),
        (0, 240, MONDAY + timedelta(days=2, hours=3), "end"),
        (0, 240, MONDAY, "end"),
    ],
)
def test_hours_that_cant_be_are_refused(
    world: World, session: Session, start: int, end: int, now: datetime, field: str
) -> None:
    deal = world.deal()
    booking = world.booking(deal)
    started_at, ended_at = (booking.starts_at + timedelta(minutes=minutes) for minutes in (start, end))
    with pytest.raises(Invalid) as refused:
        confirm(session, deal, booking, now=now, started_at=started_at, ended_at=ended_at)
    assert refused.value.field == field
    assert timesheets.of_bookings(session, booking_ids=[booking.id]) == {}


def test_only_who_worked_confirms_and_only_the_holders_side_decides(world: World, session: Session) -> None:
    broker = world.broker()
    deal = world.deal(broker=broker)
    booking = world.booking(deal)
    strangers = (world.holder(), world.broker(), world.assistant(), world.person())
    for other in (*strangers, deal.holder, broker):
        with pytest.raises(NotFound):
            confirm(session, deal, booking, viewer=other)
    confirm(session, deal, booking)
    for other in (*strangers, deal.assistant):
        with pytest.raises(NotFound):
            approve(session, deal, booking, viewer=other)
        with pytest.raises(NotFound):
            timesheets.query(session, viewer=other, booking_id=booking.id, question="Why?")
    assert approve(session, deal, booking, viewer=broker).approved_by == broker.person_id


def test_nobody_approves_hours_that_they_worked_themselves(world: World, session: Session) -> None:
    broker = world.broker()
    deal = world.deal(broker=broker)
    booking = world.booking(deal)
    confirm(session, deal, booking)
    organisations.employ(session, organisation_id=broker.organisation_ids[0], person_id=deal.assistant.person_id)
    both = world.viewer(deal.assistant.person_id)
    assert both.roles == ["assistant", "broker"]
    with pytest.raises(Conflict, match="worked yourself"):
        approve(session, deal, booking, viewer=both)
    assert position(session, deal).owed == 0
    approve(session, deal, booking, viewer=broker)


def test_a_holder_who_is_also_a_broker_approves_their_own_shifts_like_any_holder(
    world: World, session: Session
) -> None:
    deal = world.deal()
    organisations.employ(session, organisation_id=world.broker().organisation_ids[0], person_id=deal.holder.person_id)
    both = world.viewer(deal.holder.person_id)
    booking = world.booking(deal)
    confirm(session, deal, booking)
    assert approve(session, deal, booking, viewer=both).state == "approved"


def test_one_shift_in_question_holds_up_no_other(world: World, session: Session) -> None:
    deal = world.deal()
    asked, other = (world.booking(deal, starts_at=MONDAY + timedelta(days=day)) for day in (1, 2))
    for booking in (asked, other):
        confirm(session, deal, booking)
    timesheets.query(session, viewer=deal.holder, booking_id=asked.id, question="Why?")
    approve(session, deal, other)
    told = timesheets.of_bookings(session, booking_ids=[asked.id, other.id])
    assert (told[asked.id].state, told[other.id].state) == ("queried", "approved")


def test_approved_at_the_same_moment_hours_are_drawn_once_and_as_they_were_told_last(database: Database) -> None:
    with database.session() as session, session.begin():
        world = World(session)
        deal = world.deal()
        booking = world.booking(deal)
        confirm(session, deal, booking)
    answers: list[str] = []
    ready = Barrier(3)

    def decide(act: Callable[[Session], object]) -> None:
        with database.session() as session, session.begin():
            read = timesheets.of_bookings(session, booking_ids=[booking.id])  # as a page reads them first
            ready.wait(timeout=20)
            try:
                act(session)
            except Conflict:
                answers.append("too late")
            else:
                answers.append("done")
            assert read

    acts: list[Callable[[Session], object]] = [
        lambda session: approve(session, deal, booking),
        lambda session: approve(session, deal, booking),
        lambda session: confirm(session, deal, booking, minutes=180),
    ]
    threads = [Thread(target=decide, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.session() as session:
        [timesheet] = timesheets.of_bookings(session, booking_ids=[booking.id]).values()
        assert answers.count("done") == (1 if timesheet.minutes == 240 else 2)
        assert position(session, deal) == Position(100_000, 100_000 - timesheet.pence, 0, timesheet.pence, 0)
        assert ledger.check(session).found == 0

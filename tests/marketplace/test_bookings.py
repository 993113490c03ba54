from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session

from marketplace import agreements, bookings, introductions
from marketplace.agreements import Agreement, AgreementState, NewAgreement
from marketplace.availability import shift
from marketplace.bookings import check_shift, described, minutes_between
from marketplace.errors import AlreadyBooked, Conflict, Invalid, MarketplaceError, NotFound
from payments import budgets, ledger
from payments.budgets import Position
from payments.errors import NotEnoughMoney
from tests.builders import MONDAY, Deal, World

WEDNESDAY = date(2026, 11, 25)


def utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def agreement(state: AgreementState = AgreementState.AGREED, ends_on: date | None = date(2026, 12, 31)) -> Agreement:
    return Agreement(
        introduction_id=uuid4(),
        need_id=uuid4(),
        holder_id=uuid4(),
        assistant_id=uuid4(),
        rate_pence=1400,
        starts_on=date(2026, 11, 24),
        ends_on=ends_on,
        state=state.value,
        offered_by=uuid4(),
        offered_at=MONDAY,
    )


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "field"),
    [
        ("2026-11-25 12:00", "2026-11-25 08:00", "end"),
        ("2026-11-25 08:00", "2026-11-25 08:00", "end"),
        ("2026-11-25 08:00:00", "2026-11-25 08:00:59", "end"),
        ("2026-11-25 08:00", "2026-11-26 08:01", "end"),
        ("2026-11-25 08:00", "2026-11-26 11:00", "end"),
        ("2026-11-23 22:00", "2026-11-24 06:00", "day"),
        ("2027-01-01 00:00", "2027-01-01 06:00", "day"),
    ],
)
def test_a_shift_that_cant_be_worked_is_refused(starts_at: str, ends_at: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_shift(agreement(), starts_at=utc(starts_at), ends_at=utc(ends_at), now=MONDAY)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [
        ("2026-11-24 00:00", "2026-11-24 08:00"),
        ("2026-11-25 08:00", "2026-11-26 08:00"),
        ("2026-11-25 08:00", "2026-11-25 08:01"),
        ("2026-12-31 22:00", "2027-01-01 06:00"),
    ],
)
def test_a_shift_belongs_to_the_day_on_which_it_starts(starts_at: str, ends_at: str) -> None:
    check_shift(agreement(), starts_at=utc(starts_at), ends_at=utc(ends_at), now=MONDAY)


@pytest.mark.parametrize("starts_at", ["2026-11-23 08:59", "2026-11-22 23:00", "2025-11-25 08:00"])
def test_a_shift_starts_from_now_on(starts_at: str) -> None:
    old = agreement()
    old.starts_on = date(2025, 1, 1)
    check_shift(old, starts_at=MONDAY, ends_at=MONDAY + timedelta(hours=1), now=MONDAY)
    begun = utc(starts_at)
    with pytest.raises(Invalid, match="in the future"):
        check_shift(old, starts_at=begun, ends_at=begun + timedelta(hours=4), now=MONDAY)


@pytest.mark.parametrize("state", [AgreementState.OFFERED, AgreementState.DECLINED])
def test_nothing_is_booked_without_the_assistants_yes(state: AgreementState) -> None:
    with pytest.raises(Conflict, match="no agreement in force"):
        check_shift(agreement(state), starts_at=utc("2026-11-25 08:00"), ends_at=utc("2026-11-25 12:00"), now=MONDAY)


def test_the_day_is_the_one_of_london() -> None:
    summer = agreement(ends_on=None)
    summer.starts_on = date(2026, 7, 2)
    june = utc("2026-06-01 08:00")
    check_shift(summer, starts_at=utc("2026-07-01 23:00"), ends_at=utc("2026-07-02 05:00"), now=june)
    with pytest.raises(Invalid):
        check_shift(summer, starts_at=utc("2026-07-01 22:59"), ends_at=utc("2026-07-02 05:00"), now=june)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "words"),
    [
        ("2026-11-25 08:00", "2026-11-25 12:30", "Shift 25 November 2026, 08:00 to 12:30"),
        ("2026-07-01 21:00", "2026-07-02 05:00", "Shift 1 July 2026, 22:00 to 06:00"),
    ],
)
def test_a_shift_is_described_by_the_clock_on_the_wall(starts_at: str, ends_at: str, words: str) -> None:
    assert described(utc(starts_at), utc(ends_at)) == words


def test_minutes_are_those_that_pass_whatever_the_time_zone() -> None:
    starts_at, ends_at = shift(date(2026, 10, 24), time(22), time(6))
    assert minutes_between(starts_at, ends_at.astimezone()) == 540


def test_a_shift_is_booked_with_its_money_both_or_neither(world: World, session: Session) -> None:
    deal = world.deal(pence=10_000, rate_pence=1405)
    booking = world.booking(deal, minutes=215)
    assert (booking.state, booking.rate_pence, booking.pence) == ("booked", 1405, 5_035)
    assert budgets.position(session, line_id=deal.line.id) == Position(10_000, 4_965, 5_035, 0, 0)
    with pytest.raises(NotEnoughMoney, match=r"£49\.65 is left and this needs £50\.35"), session.begin_nested():
        world.booking(deal, starts_at=MONDAY + timedelta(days=3), minutes=215)
    assert budgets.position(session, line_id=deal.line.id) == Position(10_000, 4_965, 5_035, 0, 0)
    assert bookings.of_viewer(session, viewer=deal.holder) == [booking]


@pytest.mark.parametrize("hours", [-1, 0, 1, 3])
def test_nobody_is_booked_twice_at_the_same_time_by_whomever(world: World, session: Session, hours: int) -> None:
    first = world.deal()
    world.booking(first)
    second = world.deal(assistant=first.assistant)
    with pytest.raises(AlreadyBooked), session.begin_nested():
        world.booking(second, starts_at=MONDAY + timedelta(days=2, hours=hours))
    assert budgets.position(session, line_id=second.line.id).set_aside == 0


@pytest.mark.parametrize("hours", [-4, 4])
def test_shifts_may_touch(world: World, hours: int) -> None:
    first = world.deal()
    one = world.booking(first)
    other = world.booking(world.deal(assistant=first.assistant), starts_at=MONDAY + timedelta(days=2, hours=hours))
    assert one.ends_at == other.starts_at or other.ends_at == one.starts_at
    assert (one.state, other.state) == ("booked", "booked")


def test_a_cancelled_shift_gives_its_money_and_its_time_back(world: World, session: Session) -> None:
    deal = world.deal(pence=5_600)
    booking = world.booking(deal)
    cancelled = bookings.cancel(session, viewer=deal.holder, booking_id=booking.id, reason="Ill", now=MONDAY)
    assert (cancelled.state, cancelled.reason) == ("cancelled", "Ill")
    assert budgets.position(session, line_id=deal.line.id) == Position(5_600, 5_600, 0, 0, 0)
    world.booking(deal)
    assert ledger.check(session).found == 0


def test_a_shift_is_cancelled_once(world: World, session: Session) -> None:
    deal = world.deal()
    booking = world.booking(deal)
    bookings.cancel(session, viewer=deal.assistant, booking_id=booking.id, reason="", now=MONDAY)
    with pytest.raises(Conflict):
        bookings.cancel(session, viewer=deal.holder, booking_id=booking.id, reason="", now=MONDAY)
    assert budgets.position(session, line_id=deal.line.id).free == 100_000
    assert booking.reason is None


def test_who_stands_on_neither_side_neither_books_nor_sees_nor_cancels(world: World, session: Session) -> None:
    deal = world.deal()
    booking = world.booking(deal)
    for stranger in (world.holder(), world.broker(), world.assistant(), world.person()):
        with pytest.raises(NotFound):
            world.booking(Deal(stranger, deal.assistant, deal.agreement, deal.line))
        with pytest.raises(NotFound):
            bookings.cancel(session, viewer=stranger, booking_id=booking.id, reason="", now=MONDAY)
        with pytest.raises(NotFound):
            bookings.get(session, viewer=stranger, booking_id=booking.id)
        assert bookings.of_viewer(session, viewer=stranger) == []
    assert booking.state == "booked"


def test_an_assistant_books_no_shifts_for_themselves(world: World) -> None:
    deal = world.deal()
    with pytest.raises(NotFound):
        world.booking(Deal(deal.assistant, deal.assistant, deal.agreement, deal.line))


def test_an_offer_that_was_not_answered_or_declined_books_nothing(world: World, session: Session) -> None:
    holder, assistant = world.holder(), world.assistant()
    assert assistant.assistant_id is not None
    asked = introductions.invite(
        session,
        viewer=holder,
        need_id=world.need(holder).id,
        assistant_id=assistant.assistant_id,
        message="",
        now=MONDAY,
    )
    introductions.accept(session, viewer=assistant, introduction_id=asked.id, now=MONDAY)
    new = NewAgreement(rate_pence=1400, starts_on=MONDAY.date())
    offer = agreements.offer(session, viewer=holder, introduction_id=asked.id, new=new, now=MONDAY)
    starts_at, ends_at = shift(WEDNESDAY, time(8), time(12))

    def book() -> None:
        bookings.book(session, viewer=holder, agreement_id=offer.id, starts_at=starts_at, ends_at=ends_at, now=MONDAY)

    with pytest.raises(Conflict):
        book()
    agreements.decline(session, viewer=assistant, agreement_id=offer.id, now=MONDAY)
    with pytest.raises(MarketplaceError):
        book()


def test_a_day_without_a_budget_books_nothing(world: World) -> None:
    with pytest.raises(Invalid, match="No budget covers 1 April 2027"):
        world.booking(world.deal(), starts_at=utc("2027-04-01 08:00"))


def test_a_night_that_begins_in_the_budgets_last_evening_is_paid_by_it(world: World) -> None:
    assert world.booking(world.deal(), starts_at=utc("2027-03-31 21:00"), minutes=480).pence == 11_200


def test_shifts_are_listed_latest_first(world: World, session: Session) -> None:
    deal = world.deal()
    days = (3, 1, 2)
    booked = {day: world.booking(deal, starts_at=MONDAY + timedelta(days=day)) for day in days}
    assert bookings.of_viewer(session, viewer=deal.assistant) == [booked[3], booked[2], booked[1]]
    assert bookings.of_viewer(session, viewer=deal.holder, most=1) == [booked[3]]

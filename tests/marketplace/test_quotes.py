from datetime import UTC, date, datetime, time, timedelta

import pytest

from marketplace import quotes
from marketplace.availability import shift
from marketplace.bookings import book
from marketplace.errors import AlreadyBooked, Conflict, Invalid, NotFound
from marketplace.quotes import Quote, Times
from payments.errors import NotEnoughMoney
from tests.builders import MONDAY, Deal, World


def at(day: int, start: int = 8, hours: int = 4) -> Times:
    """A shift in November 2026, UTC being London's clock by then."""
    starts_at = datetime(2026, 11, day, start, tzinfo=UTC)
    return starts_at, starts_at + timedelta(hours=hours)


def quoted(world: World, deal: Deal, *shifts: Times) -> Quote:
    return quotes.quote(world.session, viewer=deal.holder, agreement_id=deal.agreement.id, shifts=shifts, now=world.now)


def test_a_quote_costs_what_booking_costs(world: World) -> None:
    deal = world.deal()
    found = quoted(world, deal, at(27), at(25, hours=3), at(25, hours=3))
    assert [(one.starts_at.day, one.minutes, one.pence) for one in found.shifts] == [(25, 180, 4200), (27, 240, 5600)]
    assert (found.pence, found.free_before, found.free_after) == (9800, 100_000, 90_200)
    for one in found.shifts:
        made = book(
            world.session,
            viewer=deal.holder,
            agreement_id=deal.agreement.id,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            now=world.now,
        )
        assert made.pence == one.pence
    assert quoted(world, deal, at(28)).free_before == found.free_after


def test_shifts_of_two_budgets_are_paid_by_each(world: World) -> None:
    broker = world.broker()
    deal = world.deal(broker=broker, pence=6000)
    days = {"starts_on": date(2026, 11, 26), "ends_on": date(2026, 12, 31)}
    world.budget(broker=broker, holder=deal.holder, pence=7000, **days)
    found = quoted(world, deal, at(25), at(27))
    assert (found.free_before, found.free_after) == (13_000, 1800)
    with pytest.raises(NotEnoughMoney, match=r"£60\.00 is left and this needs £112\.00"):
        quoted(world, deal, at(24), at(25))


@pytest.mark.parametrize(
    ("shifts", "error", "sentence"),
    [
        ([], Invalid, "Choose at least one shift."),
        ([at(20)], Invalid, "must start in the future"),
        ([at(25, hours=25)], Invalid, "24 hours at most"),
        ([(at(25)[1], at(25)[0])], Invalid, "must end after it starts"),
        ([at(25), at(25, start=11)], AlreadyBooked, "25 November 2026, 11:00 to 15:00"),
        ([at(24 + ahead // 20, start=ahead % 20, hours=1) for ahead in range(61)], Invalid, "60 shifts at once"),
        ([(MONDAY + timedelta(days=365), MONDAY + timedelta(days=365, hours=1))], Invalid, "No budget covers"),
    ],
)
def test_what_can_not_be_booked_is_refused_beforehand(
    world: World, shifts: list[Times], error: type[Exception], sentence: str
) -> None:
    deal = world.deal()
    with pytest.raises(error, match=sentence):
        quoted(world, deal, *shifts)


def test_hours_in_which_the_assistant_works_for_anybody_are_refused(world: World) -> None:
    first = world.deal()
    second = world.deal(assistant=first.assistant)
    world.booking(first, starts_at=at(25)[0])
    with pytest.raises(AlreadyBooked, match="25 November 2026, 11:00 to 15:00"):
        quoted(world, second, at(25, start=11))
    assert quoted(world, second, at(25, start=12)).pence == 5600  # the next begins as one ends


def test_one_may_quote_for_the_holder_only(world: World) -> None:
    deal = world.deal()
    for stranger in (deal.assistant, world.holder()):
        for ask in (quotes.usual, quotes.quote):
            more = {"shifts": [at(25)]} if ask is quotes.quote else {}
            with pytest.raises(NotFound):
                ask(world.session, viewer=stranger, agreement_id=deal.agreement.id, now=world.now, **more)


def usual(world: World, deal: Deal, now: datetime = MONDAY) -> list[str]:
    found = quotes.usual(world.session, viewer=deal.holder, agreement_id=deal.agreement.id, now=now)
    return [f"{one.starts_at:%d %H:%M}" for one in found]


def test_the_usual_week_gives_a_fortnight_of_shifts_that_can_be_booked(world: World) -> None:
    deal = world.deal()
    assert usual(world, deal) == ["25 08:00", "27 08:00", "30 08:00", "02 08:00", "04 08:00"]
    world.booking(deal, starts_at=at(27)[0])
    deal.agreement.ends_on = date(2026, 12, 1)
    world.session.flush()
    assert usual(world, deal) == ["25 08:00", "30 08:00"]
    deal.agreement.state = "declined"
    assert usual(world, deal) == []
    with pytest.raises(Conflict):
        quoted(world, deal, at(25))


def test_a_night_on_which_the_clocks_make_a_time_unsure_is_left_to_be_typed(world: World) -> None:
    deal = world.deal()
    need = world.need(
        deal.holder,
        hours=[
            {"weekday": "sunday", "start": "01:30", "end": "05:00"},
            {"weekday": "friday", "start": "22:00", "end": "06:00"},
        ],
    )
    deal.agreement.need_id = need.id
    world.session.flush()
    before = datetime(2027, 3, 26, 12, tzinfo=UTC)  # the clocks go forward on the 28th
    assert usual(world, deal, before) == ["26 22:00", "02 21:00", "04 00:30"]
    with pytest.raises(Invalid, match="does not happen"):
        shift(date(2027, 3, 28), time(1, 30), time(5))

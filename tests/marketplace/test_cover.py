"""Cover: who could be there for exactly these hours, with no other shift, those who know the holder first."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from marketplace import bookings, cover
from marketplace.availability import LONDON, Hours, Weekday
from marketplace.candidates import Candidates
from marketplace.cover import Cover, for_shift
from marketplace.errors import Invalid, NotFound
from marketplace.people import Viewer
from matching.week import WeeklyWindow
from tests.builders import MONDAY, World
from tests.conftest import Database
from tests.matching.world import need

AT_ONCE = timedelta(0)
WEDNESDAY = MONDAY + timedelta(days=2)
ALL_WEEK = [Hours(weekday=day, start=time(0), end=time(0)) for day in Weekday]


class Street:
    """A holder with an agreement that began, and two neighbours who could stand in."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.candidates = Candidates(database.session, fresh_for=AT_ONCE)
        with database.session() as session, session.begin():
            self.world = World(session)
            self.deal = self.world.deal()
            self.holder, self.ill = self.deal.holder, self.deal.assistant
            self.other = self.world.holder()
            self.known = self.world.assistant(hours=ALL_WEEK, lowest_rate_pence=1399)
            self.world.agreement(self.holder, self.known)
            self.near = self.world.assistant(hours=ALL_WEEK)
            self.need_id: UUID = self.deal.agreement.need_id

    def cover(self, viewer: Viewer | None = None, **changes: Any) -> Cover:
        asked: dict[str, Any] = {
            "need_id": self.need_id,
            "starts_at": WEDNESDAY,
            "ends_at": WEDNESDAY + timedelta(hours=3),
            "within_minutes": 60,
            "without": self.ill.assistant_id,
        }
        with self.database.session() as session:
            return cover.for_hours(
                session,
                viewer=viewer or self.holder,
                candidates=self.candidates,
                now=MONDAY,
                **{**asked, **changes},
            )


@pytest.fixture
def street(database: Database) -> Street:
    return Street(database)


def names(found: Cover) -> list[UUID]:
    return [person.assistant_id for person in found.people]


def test_who_knows_the_holder_comes_first_and_who_is_ill_not_at_all(street: Street) -> None:
    found = street.cover(starts_at=WEDNESDAY + timedelta(hours=6), ends_at=WEDNESDAY + timedelta(hours=9))
    assert names(found) == [street.known.assistant_id, street.near.assistant_id]
    assert "Has worked for you before" in {reason.sentence for reason in found.people[0].match.reasons}
    assert found.booked == 0


def test_who_has_a_shift_in_these_hours_is_not_listed_but_counted(street: Street) -> None:
    evening = WEDNESDAY + timedelta(hours=6)
    with street.database.session() as session, session.begin():
        street.world.session = session
        deal = street.world.deal(assistant=street.near)
        shift = street.world.booking(deal, starts_at=evening, minutes=60)
    hours = {"starts_at": evening + timedelta(minutes=59), "ends_at": evening + timedelta(hours=3)}
    found = street.cover(**hours)
    assert (names(found), found.booked) == ([street.known.assistant_id], 1)
    assert len(names(street.cover(**{**hours, "starts_at": evening + timedelta(hours=1)}))) == 2
    with street.database.session() as session, session.begin():
        bookings.cancel(session, viewer=deal.holder, booking_id=shift.id, reason="", now=MONDAY)
    assert (len(names(street.cover(**hours))), street.cover(**hours).booked) == (2, 0)


def test_it_looks_at_more_people_until_enough_of_them_are_free(street: Street) -> None:
    evening = WEDNESDAY + timedelta(hours=6)
    with street.database.session() as session, session.begin():
        street.world.session = session
        broker = street.world.broker()
        for _ in range(cover.LISTED + 1):
            busy = street.world.assistant(hours=ALL_WEEK)
            street.world.booking(street.world.deal(assistant=busy, broker=broker), starts_at=evening, minutes=60)
        for _ in range(cover.LISTED):
            street.world.assistant(hours=ALL_WEEK, lowest_rate_pence=1398)
    found = street.cover(starts_at=evening, ends_at=evening + timedelta(hours=2))
    assert len(found.people) == cover.LISTED
    assert found.booked == cover.LISTED + 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_at": WEDNESDAY}, "end"),
        ({"ends_at": WEDNESDAY - timedelta(hours=1)}, "end"),
        ({"ends_at": WEDNESDAY + timedelta(hours=26)}, "end"),
        ({"starts_at": MONDAY - timedelta(hours=3), "ends_at": MONDAY - timedelta(hours=1)}, "day"),
        ({"within_minutes": 0}, "within"),
        ({"within_minutes": 241}, "within"),
    ],
)
def test_hours_that_cant_be_covered_are_refused_by_name(street: Street, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        street.cover(**changes)
    assert refused.value.field == field


def test_only_the_holders_side_may_look(street: Street) -> None:
    for stranger in (street.ill, street.known, street.other):
        with pytest.raises(NotFound):
            street.cover(stranger)


def test_a_shift_that_began_can_still_be_covered(street: Street) -> None:
    found = street.cover(starts_at=MONDAY - timedelta(hours=1), ends_at=MONDAY + timedelta(hours=1))
    assert street.near.assistant_id in names(found)


@pytest.mark.parametrize(
    ("starts", "ends", "window", "last_day"),
    [
        # a summer's morning, an hour ahead of UTC
        (
            datetime(2026, 7, 1, 6, 0, tzinfo=UTC),
            datetime(2026, 7, 1, 9, 30, tzinfo=UTC),
            (2, 420, 210),
            date(2026, 7, 1),
        ),
        # over midnight, and odd minutes taken to the half hour around them
        (
            datetime(2026, 11, 29, 22, 10, tzinfo=UTC),
            datetime(2026, 11, 30, 6, 5, tzinfo=UTC),
            (6, 1320, 510),
            date(2026, 11, 30),
        ),
        # the nights of the clock changes: ten hours by the clock on the wall
        (
            datetime(2026, 10, 24, 20, 0, tzinfo=UTC),
            datetime(2026, 10, 25, 7, 0, tzinfo=UTC),
            (5, 1260, 600),
            date(2026, 10, 25),
        ),
        (
            datetime(2027, 3, 27, 21, 0, tzinfo=UTC),
            datetime(2027, 3, 28, 6, 0, tzinfo=UTC),
            (5, 1260, 600),
            date(2027, 3, 28),
        ),
        # a whole day, and one of 25 hours
        (
            datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
            datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
            (0, 540, 1440),
            date(2026, 11, 24),
        ),
        (
            datetime(2026, 10, 24, 23, 0, tzinfo=UTC),
            datetime(2026, 10, 26, 0, 0, tzinfo=UTC),
            (6, 0, 1440),
            date(2026, 10, 26),
        ),
    ],
)
def test_a_shift_is_asked_for_by_the_clock_on_the_wall(
    starts: datetime, ends: datetime, window: tuple[int, int, int], last_day: date
) -> None:
    shift = for_shift(need(minutes_a_week=300), starts, ends)
    assert shift.windows == (WeeklyWindow(*window),)
    assert (shift.starts_on, shift.ends_on) == (starts.astimezone(LONDON).date(), last_day)
    assert (shift.minutes_a_week, shift.preferred) == (None, ())

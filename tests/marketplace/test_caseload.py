from datetime import date, timedelta

import pytest
from sqlmodel import Session

from marketplace import bookings, caseload, introductions, needs, timesheets
from marketplace.caseload import Case
from marketplace.people import Viewer
from tests.builders import MONDAY, World
from tests.counting import counted

AFTER = MONDAY + timedelta(days=7)


def cases(session: Session, viewer: Viewer, **asked: object) -> list[str]:
    return [case.name for case in caseload.of_viewer(session, viewer=viewer, **asked).cases]  # type: ignore[arg-type]


def test_a_case_counts_what_waits_and_what_money_is_left(world: World, session: Session) -> None:
    broker = world.broker()
    deal = world.deal(broker=broker)
    holder = deal.holder
    assert holder.holder_id is not None
    world.budget(broker=broker, holder=holder, pence=1_000, starts_on=date(2027, 4, 1), ends_on=date(2028, 3, 31))
    need = world.need(holder)
    needs.close(session, viewer=holder, need_id=world.need(holder).id)
    for at in range(3):
        asked = world.assistant()
        assert asked.assistant_id is not None
        invitation = introductions.invite(
            session, viewer=holder, need_id=need.id, assistant_id=asked.assistant_id, message="", now=MONDAY
        )
        if at == 0:
            introductions.accept(session, viewer=asked, introduction_id=invitation.id, now=MONDAY)
    booked = [world.booking(deal, starts_at=MONDAY + timedelta(days=day)) for day in range(1, 6)]
    bookings.cancel(session, viewer=holder, booking_id=booked[0].id, reason="", now=MONDAY)
    for booking in booked[1:4]:
        timesheets.confirm(
            session,
            viewer=deal.assistant,
            booking_id=booking.id,
            started_at=booking.starts_at,
            ended_at=booking.ends_at,
            now=AFTER,
        )
    timesheets.approve(session, viewer=holder, booking_id=booked[1].id, now=AFTER)
    timesheets.query(session, viewer=holder, booking_id=booked[2].id, question="Why?")
    assert caseload.of_viewer(session, viewer=broker).cases == (
        Case(
            holder_id=holder.holder_id,
            name="Harriet Webb",
            postcode="NG9 2AB",
            open_needs=1,
            invitations_waiting=2,
            shifts_booked=3,
            hours_to_approve=1,
            free=101_000 - 4 * 5_600,
            set_aside=3 * 5_600,
        ),
    )


def test_a_holder_without_anything_is_a_case_of_noughts(world: World, session: Session) -> None:
    broker = world.broker()
    world.holder(broker=broker)
    [case] = caseload.of_viewer(session, viewer=broker).cases
    assert (case.open_needs, case.invitations_waiting, case.shifts_booked, case.hours_to_approve) == (0, 0, 0, 0)
    assert (case.free, case.set_aside) == (0, 0)


def test_everybody_else_has_no_caseload(world: World, session: Session) -> None:
    holder = world.holder()
    for viewer in (holder, world.broker(), world.assistant(), world.person()):
        assert caseload.of_viewer(session, viewer=viewer) == caseload.Caseload((), 0)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["Ann_e Bell", "Cy Dean", "Eve Bell"]),
        ("bell", ["Ann_e Bell", "Eve Bell"]),
        ("EVE", ["Eve Bell"]),
        ("ng9", ["Ann_e Bell", "Eve Bell"]),
        ("LE1", ["Cy Dean"]),
        ("_", ["Ann_e Bell"]),
        ("%", []),
        ("9 2", []),
        ("nobody", []),
    ],
)
def test_a_search_finds_by_part_of_the_name_or_start_of_the_postcode(
    world: World, session: Session, search: str, found: list[str]
) -> None:
    broker = world.broker()
    for name, postcode in (("Eve Bell", "NG9 2AB"), ("Ann_e Bell", "NG9 1EE"), ("Cy Dean", "LE1 1AA")):
        world.holder(broker=broker, name=name, postcode=postcode)
    world.holder(name="Stranger Bell", postcode="NG9 2AB")
    assert cases(session, broker, search=search) == found
    assert caseload.of_viewer(session, viewer=broker, search=search).total == len(found)


def test_pages_follow_each_other_without_gaps_also_among_namesakes(world: World, session: Session) -> None:
    broker = world.broker()
    for name in ("B", "A", "A", "C", "A"):
        world.holder(broker=broker, name=name)
    pages = [caseload.of_viewer(session, viewer=broker, offset=offset, most=2) for offset in (0, 2, 4, 6)]
    assert [[case.name for case in page.cases] for page in pages] == [["A", "A"], ["A", "B"], ["C"], []]
    assert len({case.holder_id for page in pages for case in page.cases}) == 5
    assert {page.total for page in pages} == {5}


def test_a_caseload_takes_two_queries_however_long_it_is(world: World, session: Session) -> None:
    broker = world.broker()
    for _ in range(5):
        world.holder(broker=broker)
    with counted(session.connection()) as queries:
        assert caseload.of_viewer(session, viewer=broker).total == 5
    assert len(queries) == 2

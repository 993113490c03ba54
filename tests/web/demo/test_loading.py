import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col, select

from marketplace import bookings, caseload, holders, people, timesheets
from marketplace.agreements import Agreement
from marketplace.asking import as_asked
from marketplace.assistants import Assistant, AssistantCheck, AssistantCompetency, AssistantWindow
from marketplace.bookings import Booking
from marketplace.candidates import Candidates
from marketplace.holders import Holder
from marketplace.introductions import Introduction
from marketplace.needs import Need, NeedCompetency, NeedWindow
from marketplace.organisations import Organisation
from marketplace.people import Person
from marketplace.timesheets import Timesheet, TimesheetState
from matching.listed import Listed
from matching.pool import Pool
from matching.profiles import Candidate
from matching.week import half_hours
from payments import budgets, ledger
from payments.budgets import BudgetLine
from payments.ledger import Kind, Transfer
from payments.payouts import Payout, PayoutState
from payments.simulated import SimulatedGateway
from tests.builders import MONDAY
from tests.conftest import Database
from web.database import engine_for
from web.demo import loading, story
from web.demo.region import Region, generate
from web.demo.rows import ORGANISATION_NAME
from web.postgres import Server

#: Everything together, on a machine that others use too; alone it takes a second or two.
MOST_SECONDS = 20.0


def quietly(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


def store(database: Database, region: Region) -> None:
    with database.session() as session, session.begin():
        loading.load(session, region, now=MONDAY, progress=quietly)


def stored(session: Session, *tables: type[SQLModel]) -> list[int]:
    return [session.exec(select(func.count()).select_from(table)).one() for table in tables]


@pytest.fixture(scope="module")
def region() -> Region:
    return generate(today=MONDAY.date())


@pytest.fixture(scope="module")
def small() -> Region:
    return generate(today=MONDAY.date(), assistants=400, holders=20)


@pytest.fixture(scope="module")
def seconds() -> list[float]:
    return []


@pytest.fixture(scope="module")
def shared(server: Server, template: str, region: Region, seconds: list[float]) -> Iterator[Database]:
    """The whole region, for tests that only read or roll back."""
    name = f"demo_{uuid4().hex[:12]}"
    server.create_database(name, template=template)
    engine = engine_for(server.url(name, role="app"))
    database = Database(server, name, engine)
    started = time.perf_counter()
    store(database, region)
    seconds.append(time.perf_counter() - started)
    yield database
    engine.dispose()
    server.drop_database(name)


@pytest.fixture
def here(shared: Database) -> Iterator[Session]:
    """A session whose changes are undone."""
    with shared.session() as session:
        yield session


# --- all of it, once


def test_everybody_and_everything_is_stored(here: Session, region: Region) -> None:
    needs = [*region.needs, *(deal.need for deal in region.deals)]
    shifts = [shift for deal in region.deals for shift in deal.shifts]
    assert stored(here, Person, Assistant, Holder, BudgetLine) == [2301, 2000, 300, 300]
    assert stored(here, AssistantWindow, AssistantCompetency, AssistantCheck) == [
        sum(len(one.windows) for one in region.assistants),
        sum(len(one.skills) for one in region.assistants),
        sum(len(one.offer.checks) for one in region.assistants),
    ]
    assert stored(here, Need, NeedWindow, NeedCompetency) == [
        len(needs),
        sum(len(need.windows) for need in needs),
        sum(len(need.required) + len(need.wished) for need in needs),
    ]
    assert stored(here, Introduction, Agreement) == [len(region.invitations) + len(region.deals), len(region.deals)]
    assert stored(here, Booking, Timesheet, Payout) == [
        len(shifts),
        sum(shift.confirmed_at is not None for shift in shifts),
        sum(shift.paid_at is not None for shift in shifts),
    ]


def test_it_takes_seconds(shared: Database, seconds: list[float]) -> None:
    with shared.session() as session:
        assert loading.loaded(session)
    assert seconds[0] < MOST_SECONDS


def test_a_second_load_does_nothing(here: Session, region: Region) -> None:
    told: list[int] = []
    before = stored(here, Person, Transfer, Booking)
    loading.load(here, region, now=MONDAY, progress=lambda done, _total: told.append(done))
    assert told == []
    assert stored(here, Person, Transfer, Booking) == before


def test_matching_sees_the_same_people_as_the_region_was_made_of(shared: Database, region: Region) -> None:
    booked = {deal.assistant_id: deal.need.windows for deal in region.deals}
    made = [one.candidate(today=region.today, booked=booked.get(one.id, ())) for one in region.assistants]
    pool, _ = Candidates(shared.session).look(now=MONDAY)
    assert len(pool) == 2000
    assert seen(pool, made) == seen(Pool(made), made)


def seen(pool: Pool, people: list[Candidate]) -> list[Listed]:
    found = [pool.find(one.id) for one in people]
    return [pool.listed(one) for one in found if one is not None]


def test_matching_reads_the_same_needs_as_the_region_was_made_of(here: Session, region: Region) -> None:
    rows = here.exec(select(Need, Holder).join(Holder, col(Holder.id) == Need.holder_id)).all()
    read = {one.id: one for one in as_asked(here, list(rows))}
    known: dict[UUID, set[UUID]] = defaultdict(set)
    for deal in region.deals:
        known[deal.need.holder.id].add(deal.assistant_id)
    for need in (*region.needs, *(deal.need for deal in region.deals)):
        made, found = need.asked(), read[need.id]
        assert replace(found, windows=made.windows, preferred=made.preferred, known=frozenset()) == made
        assert half_hours(found.windows) == half_hours(made.windows)
        assert half_hours(found.preferred) == half_hours(made.preferred)
        assert found.known == known[need.holder.id]


# --- money


def test_the_ledger_is_sound(here: Session) -> None:
    counted = ledger.check(here)
    assert (counted.found, counted.sum_of_entries) == (0, 0)
    assert counted.transfers > 1000


def test_every_statement_sums_and_is_in_the_order_of_time(here: Session, region: Region) -> None:
    positions = budgets.positions(here, line_ids=[one.budget.line_id for one in region.holders])
    for one in region.holders:
        told = budgets.statement(here, line_id=one.budget.line_id)
        assert told.closing == positions[one.budget.line_id]
        assert told.closing.funded == one.budget.pence
        assert all(
            row.after.sums and min(row.after.free, row.after.set_aside, row.after.owed) >= 0 for row in told.rows
        )
        assert told.rows[0].kind is Kind.FUND
        moments = [row.effective_at for row in told.rows]
        assert moments == sorted(moments)
        assert moments[-1] < MONDAY


def test_what_is_set_aside_is_what_shifts_are_booked_for(here: Session) -> None:
    rows = here.exec(
        select(Booking.pence, Booking.line_id, Transfer.pence, ledger.Account.line_id)
        .join(Transfer, col(Transfer.id) == Booking.set_aside_id)
        .join(ledger.Account, col(ledger.Account.id) == Transfer.source_id)
    ).all()
    assert len(rows) == stored(here, Booking)[0]
    assert all((pence, line) == (kept, account) for pence, line, kept, account in rows)


def test_approved_hours_are_paid_to_the_penny_and_the_others_are_still_set_aside(here: Session, region: Region) -> None:
    hours = here.exec(select(Timesheet.state, func.sum(Timesheet.pence)).group_by(Timesheet.state)).all()
    assert {state for state, _ in hours} == {TimesheetState.APPROVED.value, TimesheetState.CONFIRMED.value}
    payouts = here.exec(select(Payout)).all()
    assert {payout.state for payout in payouts} == {PayoutState.SETTLED.value}
    at = budgets.positions(here, line_ids=[one.budget.line_id for one in region.holders]).values()
    assert dict(hours)[TimesheetState.APPROVED.value] == sum(payout.pence for payout in payouts)
    assert sum(payout.pence for payout in payouts) == sum(position.paid for position in at)
    booked = here.exec(select(func.sum(Booking.pence)).where(Booking.state == bookings.BookingState.BOOKED.value)).one()
    assert sum(position.set_aside for position in at) == booked
    assert sum(position.owed for position in at) == 0


# --- life


def test_nobody_is_booked_twice(here: Session) -> None:
    other = aliased(Booking)
    twice = select(func.count()).where(
        Booking.assistant_id == other.assistant_id,
        Booking.id < other.id,
        Booking.starts_at < other.ends_at,
        other.starts_at < Booking.ends_at,
    )
    assert here.exec(twice).one() == 0


def test_every_booking_is_its_agreements(here: Session) -> None:
    rows = here.exec(select(Booking, Agreement).join(Agreement, col(Agreement.id) == Booking.agreement_id)).all()
    for booking, agreement in rows:
        assert (booking.holder_id, booking.assistant_id) == (agreement.holder_id, agreement.assistant_id)
        assert booking.rate_pence == agreement.rate_pence
        day = booking.starts_at.date()
        assert agreement.starts_on <= day
        assert holders.line_for(here, holder_id=booking.holder_id, on=day).id == booking.line_id


def test_hours_that_wait_can_be_approved_and_shifts_to_come_can_be_called_off(here: Session, region: Region) -> None:
    before = ledger.check(here).transfers
    waiting = [(d, s) for d in region.deals for s in d.shifts if s.confirmed_at and not s.approved_at]
    coming = [(d, s) for d in region.deals for s in d.shifts if not s.confirmed_at]
    for deal, shift in waiting[:5]:
        holder = story.who(here, deal.need.holder.person.email)
        timesheets.approve(here, viewer=holder, booking_id=shift.id, now=MONDAY)
    for deal, shift in coming[:5]:
        holder = story.who(here, deal.need.holder.person.email)
        bookings.cancel(here, viewer=holder, booking_id=shift.id, reason="Visitors", now=MONDAY)
    counted = ledger.check(here)
    assert (counted.found, counted.transfers) == (0, before + 10)


# --- who signs in


@pytest.mark.parametrize(
    ("email", "roles"),
    [(story.HOLDER, ["holder"]), (story.ASSISTANT, ["assistant"]), (story.BROKER, ["broker"])],
)
def test_each_of_the_three_has_one_home(here: Session, email: str, roles: list[str]) -> None:
    assert story.who(here, email).roles == roles


def test_the_broker_supports_every_holder_and_sees_what_waits(here: Session, region: Region) -> None:
    broker = story.who(here, story.BROKER)
    seen = caseload.of_viewer(here, viewer=broker, most=1000)
    assert seen.total == len(seen.cases) == 300
    assert sum(case.open_needs for case in seen.cases) == len(region.needs)
    assert sum(case.invitations_waiting for case in seen.cases) == sum(
        one.declined is None for one in region.invitations
    )
    assert sum(case.hours_to_approve for case in seen.cases) > 10
    assert sum(case.shifts_booked for case in seen.cases) > 150


def test_the_story_can_be_lived_in_the_region_with_the_assistant_made_for_it(database: Database, small: Region) -> None:
    store(database, small)
    gateway = SimulatedGateway()
    story.live(database.session, candidates=Candidates(database.session), gateway=gateway, now=MONDAY)
    with database.session() as session:
        told = story.found(session)
        assert told is not None
        assert told.agreement.assistant_id == small.assistants[0].id
        assert told.holder.name == "Harriet Webb"
        assert ledger.check(session).found == 0


# --- all or nothing


def test_an_empty_database_is_neither_loaded_nor_occupied(session: Session) -> None:
    assert not loading.loaded(session)
    assert not loading.occupied(session)


def test_a_database_with_people_of_its_own_is_occupied(session: Session) -> None:
    people.join(session, email="somebody@example.org", name="Some Body", now=MONDAY)
    assert loading.occupied(session)


def test_a_loaded_database_is_not_occupied(here: Session) -> None:
    assert loading.loaded(here)
    assert not loading.occupied(here)


def test_progress_runs_from_nothing_to_all_of_it(session: Session, small: Region) -> None:
    told: list[tuple[int, int]] = []
    loading.load(session, small, now=MONDAY, progress=lambda done, total: told.append((done, total)))
    done, totals = [each[0] for each in told], {each[1] for each in told}
    assert len(totals) == 1
    assert (done[0], done[-1]) == (0, *totals)
    assert done == sorted(done)


class Lost(Exception):
    """The connection, say."""


def test_a_load_that_breaks_off_leaves_nothing(database: Database, small: Region) -> None:
    def break_off(done: int, total: int) -> None:
        if done > 0.9 * total:
            raise Lost

    with pytest.raises(Lost), database.session() as session, session.begin():
        loading.load(session, small, now=MONDAY, progress=break_off)
    with database.session() as session:
        assert not loading.loaded(session)
        assert stored(session, Person, BudgetLine, Transfer) == [0, 0, 0]


def test_of_two_loads_at_once_one_waits_and_then_has_nothing_to_do(database: Database, small: Region) -> None:
    with ThreadPoolExecutor(2) as two:
        list(two.map(lambda region: store(database, region), [small, small]))
    with database.session() as session:
        assert stored(session, Person, Holder) == [421, 20]
        assert ledger.check(session).found == 0


def test_there_is_one_organisation(here: Session) -> None:
    assert here.exec(select(Organisation.name)).all() == [ORGANISATION_NAME]

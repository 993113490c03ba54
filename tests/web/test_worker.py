from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, func, select

from marketplace import timesheets
from marketplace.market import Market
from payments import budgets
from payments.gateway import GatewayUnavailable, Instruction, Outcome
from payments.simulated import SimulatedGateway
from tests.builders import Clock, Deal, World
from tests.conftest import Database
from tests.web.clients import SECRET, Maker
from web import sessions
from web.database import OpenSession
from web.sessions import SignedIn, SignInLink
from web.settings import Settings
from web.worker import TIDY_EVERY, Worker, gateway_for


def approved(world: World) -> Deal:
    """Four hours whose payment waits."""
    deal = world.deal()
    booking = world.booking(deal)
    end = booking.ends_at
    timesheets.confirm(
        world.session, viewer=deal.assistant, booking_id=booking.id, started_at=booking.starts_at, ended_at=end, now=end
    )
    timesheets.approve(world.session, viewer=deal.holder, booking_id=booking.id, now=end)
    return deal


class Flaky:
    """Opens sessions, but for the first time: the database is away."""

    def __init__(self, open_session: OpenSession) -> None:
        self.open_session = open_session
        self.asked = Event()
        self.away = True

    def __call__(self) -> Session:
        self.asked.set()
        if self.away:
            raise OperationalError("SELECT 1", {}, Exception("away"))
        return self.open_session()


class Silent:
    """A gateway that never answers."""

    name = "silent"

    def pay(self, instruction: Instruction) -> Outcome:
        raise GatewayUnavailable(instruction.key)


def paid(database: Database, deal: Deal) -> int:
    with database.session() as session:
        return budgets.position(session, line_id=deal.line.id).paid


def test_a_round_sends_what_waits(database: Database, make: Maker) -> None:
    deal = make(approved)
    worker = Worker(database.session, gateway=SimulatedGateway(), clock=Clock())
    assert [worker.run_once(), worker.run_once()] == [1, 0]
    assert paid(database, deal) == 5_600


def test_once_an_hour_what_nobody_needs_is_removed(database: Database, make: Maker) -> None:
    clock = Clock()
    viewer = make(lambda world: world.person())
    worker = Worker(database.session, gateway=SimulatedGateway(), clock=clock)

    def left() -> int:
        with database.session() as session:
            return session.exec(select(func.count()).select_from(SignInLink)).one()

    def a_link(now_ago: timedelta) -> None:
        with database.session() as session, session.begin():
            sessions.make_link(session, email="a@example.org", now=clock() - now_ago)
            sessions.sign_in(session, person_id=viewer.person_id, now=clock() - sessions.SESSION_LASTS)

    old = timedelta(days=1, seconds=1)
    found = []
    for forward in (timedelta(0), TIDY_EVERY - timedelta(seconds=1), timedelta(seconds=1)):
        a_link(old)
        clock.forward(seconds=forward.total_seconds())
        worker.run_once()
        found.append(left())
    assert found == [0, 1, 0]
    with database.session() as session:
        assert session.exec(select(SignedIn)).all() == []


def test_it_works_until_it_is_told_to_stop(database: Database, make: Maker, tmp_path: Path) -> None:
    deal = make(approved)
    stop, heartbeat = Event(), tmp_path / "heartbeat"
    worker = Worker(database.session, gateway=SimulatedGateway(), clock=Clock(), rest=0.01, heartbeat=heartbeat)
    thread = Thread(target=worker.run, args=[stop])
    thread.start()
    for _ in range(500):
        if paid(database, deal):
            break
        stop.wait(0.01)
    stop.set()
    thread.join(timeout=20)
    assert (thread.is_alive(), paid(database, deal), heartbeat.exists()) == (False, 5_600, True)


def test_it_does_nothing_when_it_was_told_to_stop_before(database: Database, make: Maker) -> None:
    deal, stop = make(approved), Event()
    stop.set()
    Worker(database.session, gateway=SimulatedGateway(), clock=Clock()).run(stop)
    assert paid(database, deal) == 0


def test_a_database_that_is_away_is_waited_for_and_seen_in_the_heartbeat(
    database: Database, make: Maker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    deal, opens = make(approved), Flaky(database.session)
    stop, heartbeat = Event(), tmp_path / "heartbeat"
    worker = Worker(opens, gateway=SimulatedGateway(), clock=Clock(), rest=0.01, heartbeat=heartbeat)
    thread = Thread(target=worker.run, args=[stop])
    thread.start()
    assert opens.asked.wait(timeout=20)
    beats_while_away = heartbeat.exists()
    opens.away = False
    for _ in range(500):
        if paid(database, deal):
            break
        stop.wait(0.01)
    stop.set()
    thread.join(timeout=20)
    assert (beats_while_away, heartbeat.exists(), paid(database, deal)) == (False, True, 5_600)
    assert "A round of work failed" in caplog.text


def test_a_gateway_that_never_answers_leaves_everything_as_it_was(database: Database, make: Maker) -> None:
    deal = make(approved)
    assert Worker(database.session, gateway=Silent(), clock=Clock()).run_once() == 0
    with database.session() as session:
        position = budgets.position(session, line_id=deal.line.id)
    assert (position.owed, position.paid) == (5_600, 0)


def test_the_settings_choose_who_pays() -> None:
    settings = Settings(DATABASE_URL="postgresql+psycopg://a@b/c", secret_key=SECRET)
    assert gateway_for(settings).name == "simulated"


def test_the_market_is_worked_out_once_an_hour_whoever_of_several_workers_comes_first(database: Database) -> None:
    with database.session() as session, session.begin():
        world = World(session)
        world.assistant()
        for _ in range(3):
            world.need(world.holder())
    clock = Clock()
    workers = [Worker(database.session, gateway=SimulatedGateway(), clock=clock) for _ in range(2)]

    def worked_out() -> tuple[datetime, int]:
        for worker in workers:
            worker.run_once()
        with database.session() as session:
            found = session.exec(select(Market)).one()
            return found.computed_at, found.needs

    assert worked_out() == (clock.now, 3)
    first = clock.now
    clock.forward(minutes=59)
    assert worked_out() == (first, 3)
    clock.forward(minutes=1)
    assert worked_out() == (clock.now, 3)

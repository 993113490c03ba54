"""Many people at the same moment, each in a process of their own."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

from marketplace import access, bookings
from marketplace.errors import AlreadyBooked
from payments import budgets, ledger
from payments.errors import NotEnoughMoney
from tests.builders import MONDAY, World
from tests.conftest import Database
from tests.processes import at_once
from web.database import engine_for, sessions_on, transaction

PEOPLE = 20


def book(url: str, person_id: UUID, agreement_id: UUID, hours_from_now: int) -> str:
    """One holder's request in its own transaction: booked, or why not."""
    engine = engine_for(url, pool_size=1)
    starts_at = MONDAY + timedelta(hours=hours_from_now)
    try:
        with transaction(sessions_on(engine)) as session:
            viewer = access.viewer_of(session, person_id=person_id)
            assert viewer is not None
            bookings.book(
                session,
                viewer=viewer,
                agreement_id=agreement_id,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=2),
                now=MONDAY,
            )
    except AlreadyBooked:
        return "taken"
    except NotEnoughMoney:
        return "no money"
    finally:
        engine.dispose()
    return "booked"


def spend(url: str, line_id: UUID, key: str) -> str:
    """Set £10 aside and draw it, each committed."""
    open_session = sessions_on(engine_for(url, pool_size=1))
    try:
        with transaction(open_session) as session:
            kept = budgets.set_aside(session, line_id=line_id, pence=1_000, key=key, memo="", now=MONDAY)
        with transaction(open_session) as session:
            budgets.draw(session, set_aside_id=kept, pence=1_000, key=f"draw:{key}", memo="", now=MONDAY)
    except NotEnoughMoney:
        return "no money"
    return "drawn"


def test_of_twenty_holders_who_book_the_same_hour_of_one_assistant_exactly_one_gets_it(database: Database) -> None:
    with database.session() as session, session.begin():
        world = World(session)
        assistant = world.assistant(most_hours=168)
        deals = [world.deal(assistant=assistant) for _ in range(PEOPLE)]
        lines = [deal.line.id for deal in deals]
    # Not all at quite the same minute: an overlap of one hour is enough.
    calls = [(database.url, deal.holder.person_id, deal.agreement.id, 48 + at % 2) for at, deal in enumerate(deals)]
    assert Counter(at_once(book, calls)) == {"booked": 1, "taken": PEOPLE - 1}
    with database.session() as session:
        kept = [position.set_aside for position in budgets.positions(session, line_ids=lines).values()]
        assert sorted(kept) == [0] * (PEOPLE - 1) + [2_800]
        assert ledger.check(session).found == 0


def test_of_twenty_who_draw_on_a_budget_that_covers_seven_exactly_seven_get_it(database: Database) -> None:
    with database.session() as session, session.begin():
        world = World(session)
        broker = world.broker()
        line = world.budget(broker=broker, holder=world.holder(broker=broker), pence=7_999).id
    calls = [(database.url, line, f"draw {at}") for at in range(PEOPLE)]
    assert Counter(at_once(spend, calls)) == {"drawn": 7, "no money": PEOPLE - 7}
    with database.session() as session:
        position = budgets.position(session, line_id=line)
        assert (position.free, position.set_aside, position.owed) == (999, 0, 7_000)
        counted = ledger.check(session)
    assert (counted.sum_of_entries, counted.found, counted.transfers) == (0, 0, 15)


def test_twenty_times_the_same_movement_moves_once(database: Database) -> None:
    with database.session() as session, session.begin():
        world = World(session)
        broker = world.broker()
        line = world.budget(broker=broker, holder=world.holder(broker=broker), pence=100_000).id
    assert Counter(at_once(spend, [(database.url, line, "one key")] * PEOPLE)) == {"drawn": PEOPLE}
    with database.session() as session:
        assert budgets.position(session, line_id=line).owed == 1_000

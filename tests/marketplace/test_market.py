"""Prices of people whom many requests want: worked out for the region, read by lists, for organisations that share."""

from datetime import timedelta

from sqlmodel import select

from marketplace import market, shortlists
from marketplace.candidates import Candidates
from marketplace.market import EVERY, Market, Share
from tests.builders import MONDAY, World
from tests.conftest import Database

AT_ONCE = timedelta(0)
#: The best of all; the others are a little further away or dearer.
BEST = {"lowest_rate_pence": 1200}


def work_out(database: Database, candidates: Candidates) -> Market:
    pool, ranker = candidates.look(now=MONDAY)
    with database.session() as session, session.begin():
        return market.work_out(session, pool=pool, card=ranker.card, now=MONDAY)


def test_an_empty_region_has_no_prices(database: Database) -> None:
    candidates = Candidates(database.session, fresh_for=AT_ONCE)
    worked_out = work_out(database, candidates)
    assert (worked_out.needs, worked_out.people) == (0, 0)
    assert candidates.look(now=MONDAY)[0].shares.ids == ()


def test_lists_share_somebody_whom_all_would_have_and_say_how_many_do(database: Database) -> None:
    with database.session() as session, session.begin():
        world = World(session)
        holders = [world.holder() for _ in range(6)]
        wanted = world.assistant(**BEST)
        others = [world.assistant(lowest_rate_pence=1290 + at) for at in range(5)]
        needs = [world.need(holder).id for holder in holders]
    candidates = Candidates(database.session, fresh_for=AT_ONCE)

    def first() -> tuple[object, int, int]:
        with database.session() as session, session.begin():
            found = shortlists.for_need(session, viewer=holders[0], need_id=needs[0], candidates=candidates, now=MONDAY)
            best = found.people[0]
            rivals = {person.assistant_id: person.match.rivals for person in found.people}[wanted.assistant_id]  # type: ignore[index]
            return best.assistant_id, best.match.plain_rank, rivals

    assert first() == (wanted.assistant_id, 1, 0)
    worked_out = work_out(database, candidates)
    assert worked_out.needs == 6
    assert worked_out.people >= 1
    assistant_id, plain_rank, rivals = first()
    assert assistant_id in {other.assistant_id for other in others}
    assert (plain_rank > 1, rivals) == (True, 6)


def test_working_it_out_again_takes_the_place_of_what_was_there(database: Database) -> None:
    with database.session() as session, session.begin():
        world = World(session)
        world.assistant(**BEST)
        holders = [world.holder() for _ in range(3)]
        for holder in holders:
            world.need(holder)
    candidates = Candidates(database.session, fresh_for=AT_ONCE)
    for _ in range(2):
        work_out(database, candidates)
    with database.session() as session:
        assert len(session.exec(select(Share)).all()) == 1
        assert len(session.exec(select(Market)).all()) == 1


def test_it_is_due_before_the_first_time_and_an_hour_after_the_last(database: Database) -> None:
    with database.session() as session:
        assert market.due(session, now=MONDAY)
    work_out(database, Candidates(database.session))
    with database.session() as session:
        assert not market.due(session, now=MONDAY + EVERY - timedelta(seconds=1))
        assert market.due(session, now=MONDAY + EVERY)

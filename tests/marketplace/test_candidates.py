"""The pool a process keeps: what it reads of assistants, and how soon it knows what changed."""

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from threading import Event, Thread
from uuid import UUID

import pytest

from marketplace import agreements, introductions, models
from marketplace.agreements import NewAgreement
from marketplace.assistants import AssistantCompetency
from marketplace.availability import Hours, Weekday
from marketplace.candidates import Candidates
from marketplace.postcodes import Postcode
from matching.listed import Listed
from matching.pool import Pool
from matching.profiles import Evidence
from matching.scorecard import STARTING, Scorecard
from matching.terms import Terms
from matching.week import minutes_of
from tests.builders import MONDAY, World
from tests.conftest import Database
from tests.counting import counted
from web.database import engine_for, sessions_on

EVENING = Hours(weekday=Weekday.MONDAY, start=time(18), end=time(20))
AT_ONCE = timedelta(0)


class Town:
    """One database seen through two engines: changes are committed through the one, looked at through the other."""

    def __init__(self, database: Database, looking: Candidates) -> None:
        self.database = database
        self.candidates = looking
        with database.session() as session, session.begin():
            self.world = World(session)
            self.holder = self.world.holder()
            self.assistant = self.world.assistant()
            self.need_id = self.world.need(self.holder).id
        self.look()

    def change(self, change: Callable[[World], object], *, commit: bool = True) -> None:
        with self.database.session() as session:
            self.world.session = session
            change(self.world)
            if commit:
                session.commit()

    def look(self, *, days: int = 0) -> Pool:
        return self.candidates.look(now=MONDAY + timedelta(days=days))[0]

    def seen(self, *, days: int = 0) -> Listed:
        """The first assistant as the next look finds them."""
        assert self.assistant.assistant_id is not None
        pool = self.look(days=days)
        found = pool.find(self.assistant.assistant_id)
        assert found is not None
        return pool.listed(found)


@pytest.fixture
def town(database: Database) -> Iterator[Town]:
    other = engine_for(database.url, pool_size=2)
    yield Town(database, Candidates(sessions_on(other), fresh_for=AT_ONCE))
    other.dispose()


def take(world: World, town: Town, *, ends_on: date | None = None, need_id: UUID | None = None) -> UUID:
    """An agreement between the town's two; the id."""
    assert town.assistant.assistant_id is not None
    asked = introductions.invite(
        world.session,
        viewer=town.holder,
        need_id=need_id or town.need_id,
        assistant_id=town.assistant.assistant_id,
        message="",
        now=MONDAY,
    )
    introductions.accept(world.session, viewer=town.assistant, introduction_id=asked.id, now=MONDAY)
    new = NewAgreement(rate_pence=1400, starts_on=MONDAY.date(), ends_on=ends_on)
    offer = agreements.offer(world.session, viewer=town.holder, introduction_id=asked.id, new=new, now=MONDAY)
    return agreements.accept(world.session, viewer=town.assistant, agreement_id=offer.id, now=MONDAY).id


def test_an_assistant_is_read_with_all_they_said(town: Town) -> None:
    town.change(
        lambda world: world.profile(
            town.assistant,
            skills=[
                {"code": "hoist", "checked_on": "2026-05-01", "valid_until": "2028-05-01"},
                {"code": "dementia", "checked_on": "2026-06-01"},
            ],
            checks=[{"code": "dbs_enhanced", "checked_on": "2026-02-01", "valid_until": "2029-02-01"}],
            languages=["pl", "en"],
            travel_by="cycle",
            travel_minutes=45,
            least_hours=2,
            gender="woman",
            brings=["own_car"],
            refuses=["dog", "sleep_in"],
            needs=["parking"],
            status="open",
        )
    )
    seen = town.seen()
    assert (seen.precision, seen.lowest_rate_pence, seen.mode, seen.travel_minutes) == ("sector", 1300, "cycle", 45)
    assert (seen.least_minutes, seen.most_minutes, seen.status) == (120, 1_800, "open")
    assert seen.confirmed_on == MONDAY.date()
    assert minutes_of(seen.available) == 12 * 60
    assert seen.terms == Terms(
        frozenset({"own_car", "drives", "woman"}), frozenset({"parking"}), frozenset({"dog", "sleep_in"})
    )
    assert {code: (one.checked_on, one.valid_until) for code, one in seen.held.items() if "language" not in code} == {
        "competency:hoist": (date(2026, 5, 1), date(2028, 5, 1)),
        "competency:dementia": (date(2026, 6, 1), None),
        "check:dbs_enhanced": (date(2026, 2, 1), date(2029, 2, 1)),
    }
    assert {code for code in seen.held if "language" in code} == {"language:pl", "language:en"}


@pytest.mark.parametrize(
    ("change", "read"),
    [
        ({"lowest_rate_pence": 1500}, lambda one: one.lowest_rate_pence),
        ({"postcode": "LE1 1AA"}, lambda one: one.easting),
        ({"status": "not_now"}, lambda one: one.status),
        ({"hours": [EVENING]}, lambda one: one.available),
        ({"skills": [{"code": "hoist", "checked_on": "2026-05-01"}]}, lambda one: one.held),
        ({"checks": [{"code": "references", "checked_on": "2026-05-01"}]}, lambda one: one.held),
        ({"languages": ["pl"]}, lambda one: one.held),
        ({"refuses": ["cat"]}, lambda one: one.terms),
        ({"travel_by": "foot"}, lambda one: one.mode),
    ],
)
def test_what_an_assistant_changed_is_there_at_the_next_look(
    town: Town, change: dict[str, object], read: Callable[[Listed], object]
) -> None:
    before = read(town.seen())
    town.change(lambda world: world.profile(town.assistant, **change))
    assert read(town.seen()) != before
    # and what is kept bit by bit is what is read anew
    anew = Candidates(town.database.session).look(now=MONDAY)[0]
    assert town.assistant.assistant_id is not None
    found = anew.find(town.assistant.assistant_id)
    assert found is not None
    assert anew.listed(found) == town.seen()


def test_who_registers_is_there_at_the_next_look(town: Town) -> None:
    town.change(lambda world: world.assistant())
    assert len(town.look()) == 2


def test_a_full_postcode_makes_the_place_more_precise_but_no_finer_than_a_kilometre(town: Town) -> None:
    def load(world: World) -> None:
        world.session.add(Postcode(code="NG9 1EE", easting=453_217, northing=336_943))

    town.change(load)
    town.change(lambda world: world.profile(town.assistant))
    seen = town.seen()
    assert (seen.precision, seen.easting, seen.northing) == ("postcode", 453_500, 336_500)


def test_hours_agreed_with_somebody_are_taken_at_the_next_look(town: Town) -> None:
    assert town.seen().booked_minutes == 0
    town.change(lambda world: take(world, town))
    seen = town.seen()
    assert (seen.booked, seen.booked_minutes) == (seen.available, 720)


def test_where_the_times_were_left_open_the_work_counts_and_no_hour_is_taken(town: Town) -> None:
    with town.database.session() as session, session.begin():
        town.world.session = session
        flexible = town.world.need(town.holder, hours_a_week=6.5).id
    town.change(lambda world: take(world, town, need_id=flexible))
    seen = town.seen()
    assert (seen.booked, seen.booked_minutes) == (0, 390)


def test_hours_of_an_agreement_that_ended_are_free_again_the_day_after(town: Town) -> None:
    town.change(lambda world: take(world, town, ends_on=MONDAY.date() + timedelta(days=2)))
    assert [town.seen(days=days).booked_minutes for days in range(5)] == [720, 720, 720, 0, 0]


def test_a_change_that_was_undone_is_never_there(town: Town) -> None:
    before = town.seen()
    town.change(lambda world: (world.assistant(), world.profile(town.assistant, postcode="LE1 1AA")), commit=False)
    town.change(lambda world: take(world, town), commit=False)
    assert town.seen() == before
    assert len(town.look()) == 1


def test_a_change_whose_transaction_stays_open_over_other_looks_is_not_missed(town: Town) -> None:
    with town.database.session() as slow:
        town.world.session = slow
        town.world.profile(town.assistant, lowest_rate_pence=1500)
        # others commit later transactions and are looked at meanwhile
        town.change(lambda world: world.assistant())
        assert (len(town.look()), town.seen().lowest_rate_pence) == (2, 1300)
        town.change(lambda world: world.assistant())
        assert (len(town.look()), town.seen().lowest_rate_pence) == (3, 1300)
        slow.commit()
    assert (len(town.look()), town.seen().lowest_rate_pence) == (3, 1500)


def test_a_look_after_which_nothing_changed_takes_four_queries_and_gives_the_same_pool(database: Database) -> None:
    candidates = Candidates(database.session, fresh_for=AT_ONCE)
    for people in (1, 10):
        with database.session() as session, session.begin():
            world = World(session, now=MONDAY + timedelta(days=people))
            for _ in range(people):
                world.person()  # who is no assistant changes nothing either
                world.assistant(name=f"Asha Okoro {people}")
        candidates.look(now=MONDAY)
        with counted(database.engine) as queries:
            first = candidates.look(now=MONDAY)[0]
        with counted(database.engine) as again:
            assert candidates.look(now=MONDAY)[0] is first
        # which transactions are open, who changed, the market, the model
        assert (len(queries), len(again)) == (4, 4)


def test_within_half_a_second_of_a_look_nobody_takes_another(database: Database) -> None:
    candidates = Candidates(database.session)
    candidates.look(now=MONDAY)
    with database.session() as session, session.begin():
        World(session).assistant()
    with counted(database.engine) as queries:
        assert len(candidates.look(now=MONDAY + timedelta(milliseconds=499))[0]) == 0
    assert len(queries) == 0
    assert len(candidates.look(now=MONDAY + timedelta(milliseconds=500))[0]) == 1


def test_who_asks_while_another_looks_gets_what_was_known_and_waits_for_nobody(town: Town) -> None:
    reading, go_on = Event(), Event()

    def slow_session() -> object:
        reading.set()
        assert go_on.wait(10)
        return town.database.session()

    before = town.look()
    town.change(lambda world: world.assistant())
    town.candidates._open_session = slow_session  # type: ignore[assignment] # stands still in the midst of a look
    looking = Thread(target=town.look)
    looking.start()
    assert reading.wait(10)
    assert town.look() is before
    go_on.set()
    looking.join(10)
    assert len(town.look()) == 2


def test_a_transaction_that_stays_open_does_not_change_the_pool_at_each_look(town: Town) -> None:
    with town.database.session() as slow:
        town.world.session = slow
        town.world.person()
        town.change(lambda world: world.assistant())
        first = town.look()
        assert town.look() is first


def test_two_processes_see_each_others_changes(town: Town, database: Database) -> None:
    other = Candidates(database.session, fresh_for=AT_ONCE)
    assert len(other.look(now=MONDAY)[0]) == 1
    town.change(lambda world: world.assistant())
    assert len(other.look(now=MONDAY)[0]) == len(town.look()) == 2


def test_the_model_in_use_orders_the_next_list_in_every_process(town: Town) -> None:
    card = Scorecard("learnt-1", STARTING.bases, STARTING.tables)
    assert town.candidates.look(now=MONDAY)[1].card.version == STARTING.version
    town.change(lambda world: models.store(world.session, card, figures={}, now=MONDAY))
    assert town.candidates.look(now=MONDAY)[1].card.version == STARTING.version
    town.change(lambda world: models.use(world.session, version="learnt-1"))
    assert town.candidates.look(now=MONDAY)[1].card == card
    town.change(lambda world: models.use(world.session, version=STARTING.version))
    assert town.candidates.look(now=MONDAY)[1].card.version == STARTING.version


def test_dates_that_were_let_in_before_stop_nobodys_list(town: Town) -> None:
    def old(world: World) -> None:
        for code, checked, until in (("hoist", "1998-05-01", None), ("food", "1998-05-01", "1999-05-01")):
            dates = (date.fromisoformat(checked), until and date.fromisoformat(until))
            assert town.assistant.assistant_id is not None
            world.session.add(
                AssistantCompetency(
                    assistant_id=town.assistant.assistant_id,
                    code=code,
                    checked_on=dates[0],
                    valid_until=dates[1] or None,
                )
            )
        world.session.add(
            AssistantCompetency(
                assistant_id=town.assistant.assistant_id,
                code="dementia",
                checked_on=date(2026, 1, 1),
                valid_until=date(9999, 12, 31),
            )
        )

    town.change(old)
    held = town.seen().held
    assert held == {
        "competency:hoist": Evidence(date(2000, 1, 1), None),
        "competency:dementia": Evidence(date(2026, 1, 1), None),
    }

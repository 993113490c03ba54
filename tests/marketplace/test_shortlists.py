from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from uuid import UUID

import pytest

from marketplace import agreements, introductions, shortlists
from marketplace.agreements import NewAgreement
from marketplace.availability import Hours, Weekday
from marketplace.errors import NotFound
from marketplace.people import Viewer
from marketplace.shortlists import Candidates
from matching.pool import Pool
from matching.profiles import Candidate
from matching.ranker import Ranker
from tests.builders import MONDAY, MORNINGS, World
from tests.conftest import Database
from tests.counting import counted
from web.database import engine_for, sessions_on

EVENING = Hours(weekday=Weekday.MONDAY, start=time(18), end=time(20))


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
        return self.candidates.pool(now=MONDAY + timedelta(days=days))

    def seen(self) -> Candidate:
        """The first assistant as the next look finds them."""
        [found] = [one for one in self.look().candidates if one.id == self.assistant.assistant_id]
        return found


@pytest.fixture
def town(database: Database) -> Iterator[Town]:
    other = engine_for(database.url, pool_size=2)
    yield Town(database, Candidates(sessions_on(other)))
    other.dispose()


def take(world: World, town: Town, *, ends_on: date | None = None) -> UUID:
    """An agreement between the town's two; the id."""
    assert town.assistant.assistant_id is not None
    asked = introductions.invite(
        world.session,
        viewer=town.holder,
        need_id=town.need_id,
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
            least_hours=2,
        )
    )
    seen = town.seen()
    assert (seen.place.code, seen.lowest_rate_pence, seen.travel_miles) == ("NG9 1", 1300, 10)
    assert (seen.least_minutes, seen.most_minutes, seen.looking) == (120, 1_800, True)
    assert [(one.weekday, one.start, one.minutes) for one in seen.windows] == [
        (0, 480, 240),
        (2, 480, 240),
        (4, 480, 240),
    ]
    assert {code: (one.checked_on, one.valid_until) for code, one in seen.competencies.items()} == {
        "hoist": (date(2026, 5, 1), date(2028, 5, 1)),
        "dementia": (date(2026, 6, 1), None),
    }


@pytest.mark.parametrize(
    ("change", "read", "expected"),
    [
        ({"lowest_rate_pence": 1500}, lambda one: one.lowest_rate_pence, 1500),
        ({"postcode": "LE1 1AA"}, lambda one: one.place.code, "LE1 1"),
        ({"status": "not_now"}, lambda one: one.looking, False),
        ({"hours": [EVENING]}, lambda one: one.windows[0].start, 18 * 60),
        ({"skills": [{"code": "hoist", "checked_on": "2026-05-01"}]}, lambda one: set(one.competencies), {"hoist"}),
    ],
)
def test_what_an_assistant_changed_is_there_at_the_next_look(
    town: Town, change: dict[str, object], read: Callable[[Candidate], object], expected: object
) -> None:
    before = read(town.seen())
    town.change(lambda world: world.profile(town.assistant, **change))
    assert read(town.seen()) == expected != before


def test_who_registers_is_there_at_the_next_look(town: Town) -> None:
    town.change(lambda world: world.assistant())
    assert len(town.look()) == 2


def test_hours_agreed_with_somebody_are_taken_at_the_next_look(town: Town) -> None:
    assert town.seen().booked_minutes == 0
    town.change(lambda world: take(world, town))
    seen = town.seen()
    assert (seen.booked, seen.booked_minutes) == (seen.windows, 720)


def test_hours_of_an_agreement_that_ended_are_free_again_the_day_after(town: Town) -> None:
    town.change(lambda world: take(world, town, ends_on=MONDAY.date() + timedelta(days=2)))
    taken = [town.look(days=days).candidates[0].booked_minutes for days in range(5)]
    assert taken == [720, 720, 720, 0, 0]


def test_a_change_that_was_undone_is_never_there(town: Town) -> None:
    before = town.look().candidates
    town.change(lambda world: (world.assistant(), world.profile(town.assistant, postcode="LE1 1AA")), commit=False)
    town.change(lambda world: take(world, town), commit=False)
    assert town.look().candidates == before


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


def test_a_look_after_which_nothing_changed_takes_two_queries_and_gives_the_same_pool(database: Database) -> None:
    candidates = Candidates(database.session)
    for people in (1, 10):
        with database.session() as session, session.begin():
            world = World(session, now=MONDAY + timedelta(days=people))
            for _ in range(people):
                world.person()  # who is no assistant changes nothing either
                world.assistant(name=f"Asha Okoro {people}")
        candidates.pool(now=MONDAY)
        with counted(database.engine) as queries:
            first = candidates.pool(now=MONDAY)
        with counted(database.engine) as again:
            assert candidates.pool(now=MONDAY) is first
        assert (len(queries), len(again)) == (2, 2)


def test_a_transaction_that_stays_open_does_not_make_the_pool_anew_at_each_look(town: Town) -> None:
    with town.database.session() as slow:
        town.world.session = slow
        town.world.person()
        town.change(lambda world: world.assistant())
        first = town.look()
        assert town.look() is first


def test_two_processes_see_each_others_changes(town: Town, database: Database) -> None:
    other = Candidates(database.session)
    assert len(other.pool(now=MONDAY)) == 1
    town.change(lambda world: world.assistant())
    assert len(other.pool(now=MONDAY)) == len(town.look()) == 2


def test_a_shortlist_shows_first_names_and_an_initial_and_why_the_others_are_not_on_it(database: Database) -> None:
    with database.session() as session, session.begin():
        world = World(session)
        broker = world.broker()
        holder = world.holder(broker=broker)
        world.assistant(name="Asha Okoro", about="Calm", skills=[{"code": "hoist", "checked_on": "2026-05-01"}])
        world.assistant(name="Ben Hall")
        world.assistant(name="Cai Lloyd", postcode="CF10 1AA", skills=[{"code": "hoist", "checked_on": "2026-05-01"}])
        need_id = world.need(holder, required={"hoist"}).id
    candidates = Candidates(database.session)
    with database.session() as session:
        for viewer in (holder, broker):
            found = shortlists.for_need(
                session, viewer=viewer, need_id=need_id, candidates=candidates, ranker=Ranker(), now=MONDAY
            )
            [person] = found.people
            assert (person.name, person.about, person.lowest_rate_pence) == ("Asha O.", "Calm", 1300)
            assert person.match.candidate_id == person.assistant_id
            assert found.shortlist.considered == 3
            assert sum(step.removed for step in found.shortlist.funnel) == 2
        with pytest.raises(NotFound):
            shortlists.for_need(
                session,
                viewer=Viewer(broker.person_id, "Nobody"),
                need_id=need_id,
                candidates=candidates,
                ranker=Ranker(),
                now=MONDAY,
            )


def test_a_shortlist_is_no_longer_than_people_can_read(database: Database) -> None:
    with database.session() as session, session.begin():
        world = World(session)
        holder = world.holder()
        for _ in range(shortlists.SHOWN + 3):
            world.assistant(hours=MORNINGS)
        need_id = world.need(holder).id
    candidates = Candidates(database.session)
    with database.session() as session, counted(database.engine) as queries:
        found = shortlists.for_need(
            session, viewer=holder, need_id=need_id, candidates=candidates, ranker=Ranker(), now=MONDAY
        )
    assert (len(found.people), found.shortlist.fitting) == (shortlists.SHOWN, shortlists.SHOWN + 3)
    # the need, its holder, its hours and skills, the pool (2), and the names
    assert len(queries) == 7

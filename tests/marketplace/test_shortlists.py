"""Lists for those who may ask: what is shown and kept, what would bring more people, why somebody isn't there."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, select

from marketplace import blocks, introductions, shortlists, showings
from marketplace.candidates import Candidates
from marketplace.errors import NotFound
from marketplace.organisations import Organisation
from marketplace.people import Viewer
from marketplace.showings import Showing
from matching.scorecard import STARTING
from tests.builders import MONDAY, MORNINGS, World
from tests.conftest import Database
from tests.counting import counted

HOIST = [{"code": "hoist", "checked_on": "2026-05-01"}]
AT_ONCE = timedelta(0)


def looking(database: Database) -> Candidates:
    return Candidates(database.session, fresh_for=AT_ONCE)


def test_a_shortlist_shows_first_names_and_an_initial_and_why_the_others_are_not_on_it(database: Database) -> None:
    with database.session() as session, session.begin():
        world = World(session)
        broker = world.broker()
        holder = world.holder(broker=broker)
        world.assistant(name="Asha Okoro", about="Calm", skills=HOIST)
        world.assistant(name="Ben Hall")
        world.assistant(name="Cai Lloyd", postcode="CF10 1AA", skills=HOIST)
        need_id = world.need(holder, required={"hoist"}).id
    candidates = looking(database)
    with database.session() as session:
        for viewer in (holder, broker):
            found = shortlists.for_need(session, viewer=viewer, need_id=need_id, candidates=candidates, now=MONDAY)
            [person] = found.people
            assert (person.name, person.about, person.lowest_rate_pence) == ("Asha O.", "Calm", 1300)
            assert person.match.candidate_id == person.assistant_id
            assert found.shortlist.considered == 3
            assert sum(step.removed for step in found.shortlist.funnel) == 2
        for stranger in (Viewer(broker.person_id, "Nobody"), World(session).holder()):
            with pytest.raises(NotFound):
                shortlists.for_need(session, viewer=stranger, need_id=need_id, candidates=candidates, now=MONDAY)


def test_a_shortlist_is_no_longer_than_people_can_read(database: Database) -> None:
    with database.session() as session, session.begin():
        world = World(session)
        holder = world.holder()
        for _ in range(shortlists.SHOWN + 3):
            world.assistant(hours=MORNINGS)
        need_id = world.need(holder).id
    candidates = Candidates(database.session)
    candidates.look(now=MONDAY)
    with database.session() as session, counted(database.engine) as queries:
        found = shortlists.for_need(session, viewer=holder, need_id=need_id, candidates=candidates, now=MONDAY)
    assert (len(found.people), found.shortlist.fitting) == (shortlists.SHOWN, shortlists.SHOWN + 3)
    assert found.changes == ()
    # the need with its holder and organisation, the place, hours, skills, the need's own row, who is blocked, who is
    # known, what is shown, the names
    assert len(queries) == 9


def test_a_short_list_says_what_would_bring_more_people(database: Database) -> None:
    with database.session() as session, session.begin():
        world = World(session)
        holder = world.holder()
        for _ in range(3):
            world.assistant(lowest_rate_pence=1450)
        need_id = world.need(holder, rate_pence=1400).id
    with database.session() as session:
        found = shortlists.for_need(session, viewer=holder, need_id=need_id, candidates=looking(database), now=MONDAY)
    assert [(change.sentence, change.more) for change in found.changes] == [
        ("£14.50 an hour instead of £14.00", 3),
    ]


def shown_to(session: Session, holder: Viewer, need_id: UUID, candidates: Candidates) -> list[UUID]:
    found = shortlists.for_need(session, viewer=holder, need_id=need_id, candidates=candidates, now=MONDAY)
    return [person.assistant_id for person in found.people]


@pytest.mark.parametrize("by", ["holder", "assistant"])
def test_two_who_dont_want_to_meet_are_not_shown_to_each_other_whoever_said_so(database: Database, by: str) -> None:
    with database.session() as session, session.begin():
        world = World(session)
        holder, assistant, other = world.holder(), world.assistant(), world.assistant()
        need_id = world.need(holder).id
        world.invitation(holder, assistant, need_id=need_id)
        assert holder.holder_id is not None
        assert assistant.assistant_id is not None
        blocks.block(
            session,
            viewer=holder if by == "holder" else assistant,
            by=by,  # type: ignore[arg-type] # one of the two
            holder_id=holder.holder_id,
            assistant_id=assistant.assistant_id,
            now=MONDAY,
        )
    with database.session() as session:
        candidates = looking(database)
        found = shortlists.for_need(session, viewer=holder, need_id=need_id, candidates=candidates, now=MONDAY)
        assert [person.assistant_id for person in found.people] == [other.assistant_id]
        # nothing tells the one that it was the other
        assert "blocked" not in {step.code for step in found.shortlist.funnel}
        said = shortlists.why_not_listed(
            session,
            viewer=holder,
            need_id=need_id,
            assistant_ids=[assistant.assistant_id],
            candidates=candidates,
            now=MONDAY,
        )
        assert said == {assistant.assistant_id: ("They can't be invited at the moment.",)}


def test_why_somebody_is_not_listed_is_said_of_people_the_holder_has_met_only(database: Database) -> None:
    with database.session() as session, session.begin():
        world = World(session)
        holder, met, never_met, stranger = world.holder(), world.assistant(), world.assistant(), world.holder()
        need_id = world.need(holder).id
        world.invitation(holder, met, need_id=need_id)
        world.profile(met, status="not_now", lowest_rate_pence=1500)
    candidates = looking(database)

    def said(session: Session, viewer: Viewer, *people: Viewer) -> dict[UUID, tuple[str, ...]]:
        ids = [one.assistant_id for one in people if one.assistant_id is not None]
        return shortlists.why_not_listed(
            session, viewer=viewer, need_id=need_id, assistant_ids=ids, candidates=candidates, now=MONDAY
        )

    with database.session() as session:
        assert said(session, holder, met, never_met) == {
            met.assistant_id: (
                "They are not looking for more work now.",
                "They ask at least £15.00 an hour; you offer £14.00.",
            )
        }
        for viewer in (met, stranger):
            with pytest.raises(NotFound):
                said(session, viewer, met)


# --- what is kept of a list


def test_what_was_shown_is_kept_once_and_counted_again(database: Database) -> None:
    with database.session() as session, session.begin():
        world = World(session)
        holder = world.holder()
        assistants = [world.assistant(), world.assistant(lowest_rate_pence=1390)]
        need_id = world.need(holder).id
    candidates = looking(database)
    for _ in range(3):
        with database.session() as session, session.begin():
            shown_to(session, holder, need_id, candidates)
    with database.session() as session:
        [kept] = session.exec(select(Showing)).all()
        assert (kept.need_id, kept.model, kept.shared, kept.times) == (need_id, STARTING.version, True, 3)
        assert kept.assistant_ids == [one.assistant_id for one in assistants]
        assert kept.plain_ranks == [1, 2]
        assert kept.scores == sorted(kept.scores, reverse=True)
        assert [values["rate"] for values in kept.values] == [[100], [10]]


def test_another_list_is_kept_beside_the_first_and_an_empty_one_not_at_all(database: Database) -> None:
    with database.session() as session, session.begin():
        world = World(session)
        holder = world.holder()
        need_id = world.need(holder).id
    candidates = looking(database)
    with database.session() as session, session.begin():
        assert shown_to(session, holder, need_id, candidates) == []
    for lowest in (1300, 1350):
        with database.session() as session, session.begin():
            world.session = session
            world.assistant(lowest_rate_pence=lowest)
        with database.session() as session, session.begin():
            shown_to(session, holder, need_id, candidates)
    with database.session() as session:
        kept = session.exec(select(Showing)).all()
        assert sorted(len(one.assistant_ids) for one in kept) == [1, 2]


def test_an_organisation_that_shares_nobody_gets_the_plain_order(database: Database) -> None:
    with database.session() as session, session.begin():
        world = World(session)
        broker = world.broker()
        holder = world.holder(broker=broker)
        world.assistant()
        need_id = world.need(holder).id
        session.get_one(Organisation, broker.organisation_ids[0]).shares_scarce = False
    with database.session() as session:
        found = shortlists.for_need(session, viewer=holder, need_id=need_id, candidates=looking(database), now=MONDAY)
    assert not found.shortlist.shared


def test_answers_are_what_became_of_everyone_who_was_shown(database: Database) -> None:
    with database.session() as session, session.begin():
        world = World(session)
        holder = world.holder()
        names = ("said_no", "said_yes", "silent", "never_asked")
        people = {name: world.assistant(lowest_rate_pence=1300 + at) for at, name in enumerate(names)}
        need_id, quiet = world.need(holder).id, world.need(holder).id
    candidates = looking(database)
    with database.session() as session, session.begin():
        world.session = session
        for each in (need_id, quiet):
            shown_to(session, holder, each, candidates)
        asked = {
            name: world.invitation(holder, people[name], need_id=need_id) for name in ("said_no", "said_yes", "silent")
        }
        introductions.accept(session, viewer=people["said_yes"], introduction_id=asked["said_yes"].id, now=MONDAY)
        introductions.decline(
            session, viewer=people["said_no"], introduction_id=asked["said_no"].id, reason="", now=MONDAY
        )
    with database.session() as session:
        answers = list(showings.answers(session, today=MONDAY.date()))
    assert len(answers) == 8
    told = {one.rank: (one.holder, one.assistant, one.lasted) for one in answers if one.need_id == need_id}
    assert told == {
        1: (True, False, None),
        2: (True, True, None),
        3: (True, None, None),
        4: (False, None, None),
    }
    assert {(one.holder, one.assistant) for one in answers if one.need_id == quiet} == {(None, None)}


@pytest.mark.parametrize(("weeks", "lasted"), [(11, None), (12, True), (60, True)])
def test_support_has_lasted_after_twelve_weeks(database: Database, weeks: int, lasted: bool | None) -> None:
    with database.session() as session, session.begin():
        world = World(session)
        holder, assistant = world.holder(), world.assistant()
        need_id = world.need(holder).id
    with database.session() as session, session.begin():
        world.session = session
        shown_to(session, holder, need_id, looking(database))
        world.agreement(holder, assistant, need_id=need_id)
    with database.session() as session:
        [answer] = showings.answers(session, today=MONDAY.date() + timedelta(weeks=weeks))
    assert (answer.holder, answer.assistant, answer.lasted) == (True, True, lasted)

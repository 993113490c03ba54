from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from marketplace import assistants
from marketplace.assistants import Assistant, AssistantCheck, Check, Profile, Skill
from marketplace.availability import Hours, Weekday
from marketplace.competencies import CheckCode, Competency
from marketplace.errors import Invalid, NotFound
from marketplace.people import Viewer
from matching.errors import UnknownPostcode
from matching.terms import Terms
from tests.builders import MONDAY, MORNINGS, World
from tests.conftest import Database

SAID: dict[str, object] = {
    "name": "Asha Okoro",
    "postcode": "NG9 1EE",
    "lowest_rate_pence": 1300,
    "travel_minutes": 30,
    "hours": MORNINGS,
}
DBS = {"code": "dbs_enhanced", "checked_on": "2026-05-01"}


def profile(**changes: object) -> Profile:
    return Profile.model_validate({**SAID, **changes})


def own(viewer: Viewer) -> UUID:
    assert viewer.assistant_id is not None
    return viewer.assistant_id


def test_a_profile_is_kept_as_it_was_said(world: World, session: Session) -> None:
    skills = [
        Skill(code=Competency.HOIST, checked_on=date(2026, 5, 1), valid_until=date(2028, 5, 1)),
        Skill(code=Competency.DEMENTIA, checked_on=date(2026, 6, 1)),
    ]
    viewer = world.profile(world.person(), name="Asha Okoro", postcode="ng91ee", skills=skills, least_hours=4)
    kept = assistants.get(session, assistant_id=own(viewer))
    assert (viewer.name, kept.postcode, kept.status) == ("Asha Okoro", "NG9 1EE", "looking")
    assert (kept.lowest_rate_pence, kept.travel_minutes, kept.least_minutes, kept.most_minutes) == (
        1300,
        30,
        240,
        1_800,
    )
    assert assistants.hours(session, assistant_id=kept.id) == MORNINGS
    assert assistants.skills(session, assistant_id=kept.id) == sorted(skills, key=lambda skill: skill.code)


def test_all_that_an_assistant_brings_needs_and_refuses_is_kept(world: World, session: Session) -> None:
    viewer = world.assistant(
        travel_by="public_transport",
        travel_minutes=45,
        status="open",
        checks=[{"code": "references", "checked_on": "2026-06-01", "valid_until": "2027-06-01"}, DBS],
        languages={"pl", "en"},
        gender="woman",
        brings={"smokes", "drives"},
        refuses={"dog", "waking_night", "employment"},
        needs={"parking"},
    )
    kept = assistants.get(session, assistant_id=own(viewer))
    assert (kept.travel_by, kept.travel_minutes, kept.status) == ("public_transport", 45, "open")
    assert (kept.languages, kept.gender, kept.brings) == (["en", "pl"], "woman", ["drives", "smokes"])
    assert (kept.refuses, kept.needs) == (["dog", "employment", "waking_night"], ["parking"])
    assert assistants.checks(session, assistant_id=kept.id) == [
        Check(code=CheckCode.DBS_ENHANCED, checked_on=date(2026, 5, 1)),
        Check(code=CheckCode.REFERENCES, checked_on=date(2026, 6, 1), valid_until=date(2027, 6, 1)),
    ]


def test_what_is_not_said_is_nothing(world: World, session: Session) -> None:
    kept = assistants.get(session, assistant_id=own(world.assistant()))
    assert (kept.travel_by, kept.gender) == ("car", None)
    assert [kept.languages, kept.brings, kept.refuses, kept.needs] == [[]] * 4
    assert assistants.terms_of(kept) == Terms()


@pytest.mark.parametrize(
    ("said", "terms"),
    [
        ({"gender": "man"}, Terms(brings=frozenset({"man"}))),
        ({"brings": {"drives"}}, Terms(brings=frozenset({"drives"}))),
        ({"brings": {"own_car"}}, Terms(brings=frozenset({"own_car", "drives"}))),
        ({"brings": {"smokes"}, "needs": {"parking"}}, Terms(frozenset({"smokes"}), needs=frozenset({"parking"}))),
        ({"refuses": {"sleep_in", "cat"}}, Terms(refuses=frozenset({"sleep_in", "cat"}))),
    ],
)
def test_matching_reads_the_same_words(world: World, session: Session, said: dict[str, object], terms: Terms) -> None:
    kept = assistants.get(session, assistant_id=own(world.assistant(**said)))
    assert assistants.terms_of(kept) == terms


def test_a_second_profile_replaces_the_first_whole(world: World, session: Session) -> None:
    first = world.assistant(
        skills=[{"code": "hoist", "checked_on": "2026-05-01"}], checks=[DBS], languages={"pl"}, brings={"smokes"}
    )
    evening = Hours(weekday=Weekday.MONDAY, start=time(18), end=time(21))
    again = world.profile(first, name="Asha Webb", status="not_now", hours=[MORNINGS[0], evening])
    assert (again.assistant_id, again.name) == (first.assistant_id, "Asha Webb")
    assert assistants.get(session, assistant_id=own(first)).status == "not_now"
    assert assistants.hours(session, assistant_id=own(first)) == [MORNINGS[0], evening]
    assert assistants.skills(session, assistant_id=own(first)) == []
    assert assistants.checks(session, assistant_id=own(first)) == []
    kept = assistants.get(session, assistant_id=own(first))
    assert (kept.languages, kept.brings) == ([], [])


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"hours": [*MORNINGS, Hours(weekday=Weekday.MONDAY, start=time(11), end=time(13))]}, "hours", "overlap"),
        ({"skills": [{"code": "hoist", "checked_on": "2026-11-24"}]}, "skills", "in the future"),
        ({"skills": [{"code": "hoist", "checked_on": "1999-12-31"}]}, "skills", "from 2000 to 2178"),
        (
            {"checks": [{"code": "references", "checked_on": "2026-05-01", "valid_until": "2179-06-05"}]},
            "checks",
            "from 2000 to 2178",
        ),
        (
            {"skills": [{"code": "hoist", "checked_on": "2026-05-01", "valid_until": "2026-04-30"}]},
            "skills",
            "run out before",
        ),
        ({"skills": [{"code": "hoist", "checked_on": day} for day in ("2026-05-01", "2026-06-01")]}, "skills", "twice"),
        ({"checks": [{**DBS, "checked_on": "2026-11-24"}]}, "checks", "A check can't have been made in the future"),
        ({"checks": [{**DBS, "valid_until": "2026-04-30"}]}, "checks", "A check can't run out before it was made"),
        ({"checks": [DBS, {**DBS, "checked_on": "2026-06-01"}]}, "checks", "The same check is there twice"),
    ],
)
def test_what_cant_be_true_is_refused_and_the_old_profile_stays(
    world: World, session: Session, changes: dict[str, object], field: str, sentence: str
) -> None:
    viewer = world.assistant()
    with pytest.raises(Invalid, match=sentence) as refused:
        assistants.save_profile(session, viewer=viewer, profile=profile(**changes), now=MONDAY)
    assert refused.value.field == field
    assert assistants.hours(session, assistant_id=own(viewer)) == MORNINGS


@pytest.mark.parametrize("postcode", ["BT1 5GS", "nonsense"])
def test_an_assistant_lives_in_great_britain(world: World, session: Session, postcode: str) -> None:
    with pytest.raises(UnknownPostcode):
        assistants.save_profile(session, viewer=world.person(), profile=profile(postcode=postcode), now=MONDAY)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"least_hours": 20, "most_hours": 10}, "least_hours"),
        ({"refuses": {"employment", "self_employment", "dog"}}, "refuses"),
    ],
)
def test_what_contradicts_itself_is_refused(changes: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        profile(**changes)
    [error] = refused.value.errors()
    assert isinstance(error["ctx"]["error"], Invalid)
    assert error["ctx"]["error"].field == field


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("travel_minutes", 4),
        ("travel_minutes", 241),
        ("travel_minutes", 12.5),
        ("travel_by", "helicopter"),
        ("status", "retired"),
        ("languages", {"tlh"}),
        ("gender", "any"),
        ("brings", {"dog"}),
        ("refuses", {"parking"}),
        ("needs", {"drives"}),
        ("checks", [{"code": "hoist", "checked_on": "2026-05-01"}]),
        ("checks", [{**DBS, "number": "001"}]),
        ("age", 40),
        ("ethnicity", "x"),
        ("religion", "x"),
    ],
)
def test_words_we_do_not_know_and_things_we_do_not_ask_are_refused(field: str, value: object) -> None:
    with pytest.raises(ValidationError) as refused:
        profile(**{field: value})
    assert [error["loc"][0] for error in refused.value.errors()] == [field]


@pytest.mark.parametrize(
    "change",
    [
        "travel_by = 'helicopter'",
        "travel_minutes = 4",
        "travel_minutes = 241",
        "status = 'retired'",
        "gender = 'any'",
        "brings = ARRAY['dog']",
        "brings = ARRAY['drives', NULL]",
        "refuses = ARRAY['dog', 'parking']",
        "refuses = ARRAY['employment', 'self_employment']",
        "needs = ARRAY['drives']",
        "languages = array_fill('en'::varchar, ARRAY[61])",
        "confirmed_on = NULL",
    ],
)
def test_the_database_forbids_it_too(world: World, session: Session, change: str) -> None:
    world.assistant()
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text(f"UPDATE marketplace_assistant SET {change}"))


@pytest.mark.parametrize(
    ("now", "checked_on", "fits"),
    [
        (datetime(2026, 11, 23, 0, 10, tzinfo=UTC), date(2026, 11, 23), True),
        (datetime(2026, 6, 30, 23, 10, tzinfo=UTC), date(2026, 7, 1), True),  # ten past midnight in London
        (datetime(2026, 6, 30, 22, 50, tzinfo=UTC), date(2026, 7, 1), False),
    ],
)
def test_today_is_todays_date_in_london(
    world: World, session: Session, now: datetime, checked_on: date, fits: bool
) -> None:
    told = profile(skills=[Skill(code=Competency.HOIST, checked_on=checked_on)])
    if fits:
        assistants.save_profile(session, viewer=world.person(), profile=told, now=now)
    else:
        with pytest.raises(Invalid):
            assistants.save_profile(session, viewer=world.person(), profile=told, now=now)


def test_a_skill_may_run_out_on_the_day_it_was_checked() -> None:
    today = MONDAY.date()
    assistants.check_skills([Skill(code=Competency.HOIST, checked_on=today, valid_until=today)], today=today)


def test_sent_twice_at_the_same_moment_a_first_profile_makes_one_assistant(database: Database) -> None:
    with database.session() as session, session.begin():
        viewer = World(session).person()
    ready, ids = Barrier(3), []

    def save() -> None:
        with database.session() as session, session.begin():
            ready.wait(timeout=20)
            ids.append(assistants.save_profile(session, viewer=viewer, profile=profile(), now=MONDAY).id)

    threads = [Thread(target=save) for _ in range(ready.parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.session() as session:
        assert [one.id for one in session.exec(select(Assistant))] * ready.parties == ids
        assert assistants.hours(session, assistant_id=ids[0]) == MORNINGS


def test_registering_is_once_and_its_moment_stays(world: World, session: Session) -> None:
    viewer = world.assistant()
    assistants.save_profile(session, viewer=viewer, profile=profile(), now=MONDAY + timedelta(days=9))
    assert assistants.get(session, assistant_id=own(viewer)).registered_at == MONDAY


def test_saying_that_all_is_still_so_changes_the_day_and_nothing_else(world: World, session: Session) -> None:
    viewer = world.assistant(checks=[DBS])
    before = assistants.get(session, assistant_id=own(viewer)).model_dump(exclude={"confirmed_on", "changed_in"})
    late = datetime(2027, 6, 30, 23, 10, tzinfo=UTC)
    confirmed = assistants.confirm(session, viewer=viewer, now=late)
    assert confirmed.confirmed_on == date(2027, 7, 1), "ten past midnight in London"
    assert confirmed.model_dump(exclude={"confirmed_on", "changed_in"}) == before
    assert len(assistants.checks(session, assistant_id=own(viewer))) == 1


def test_saving_a_profile_confirms_it(world: World, session: Session) -> None:
    viewer = world.assistant()
    assert assistants.own(session, viewer=viewer).confirmed_on == MONDAY.date()
    world.now = MONDAY + timedelta(days=9)
    world.profile(viewer)
    assert assistants.own(session, viewer=viewer).confirmed_on == world.now.date()


def test_who_is_no_assistant_has_nothing_to_confirm(world: World, session: Session) -> None:
    for stranger in (world.person(), world.holder(), world.broker()):
        with pytest.raises(NotFound):
            assistants.confirm(session, viewer=stranger, now=MONDAY)


def test_a_change_of_a_check_is_a_change_of_the_assistant(database: Database) -> None:
    with database.session() as session, session.begin():
        viewer = World(session).assistant(checks=[DBS])
    changes = [
        "UPDATE marketplace_assistant_check SET valid_until = '2030-01-01'",
        "DELETE FROM marketplace_assistant_check",
    ]
    for change in changes:
        with database.session() as session, session.begin():
            before = assistants.own(session, viewer=viewer).changed_in
            session.execute(text(change))
        with database.session() as session:
            assert assistants.own(session, viewer=viewer).changed_in > before
            assert session.exec(select(AssistantCheck)).first() is None or change == changes[0]


def test_an_assistant_who_is_not_there_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        assistants.get(session, assistant_id=uuid4())

from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError
from sqlmodel import Session, select

from marketplace import assistants
from marketplace.assistants import Assistant, Profile, Skill
from marketplace.availability import Hours, Weekday
from marketplace.competencies import Competency
from marketplace.errors import Invalid, NotFound
from marketplace.people import Viewer
from matching.errors import UnknownPostcode
from tests.builders import MONDAY, MORNINGS, World
from tests.conftest import Database

SAID: dict[str, object] = {
    "name": "Asha Okoro",
    "postcode": "NG9 1EE",
    "lowest_rate_pence": 1300,
    "travel_miles": 10,
    "hours": MORNINGS,
}


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
    assert (kept.lowest_rate_pence, kept.travel_miles, kept.least_minutes, kept.most_minutes) == (1300, 10, 240, 1_800)
    assert assistants.hours(session, assistant_id=kept.id) == MORNINGS
    assert assistants.skills(session, assistant_id=kept.id) == sorted(skills, key=lambda skill: skill.code)


def test_a_second_profile_replaces_the_first_whole(world: World, session: Session) -> None:
    first = world.assistant(skills=[{"code": "hoist", "checked_on": "2026-05-01"}])
    evening = Hours(weekday=Weekday.MONDAY, start=time(18), end=time(21))
    again = world.profile(first, name="Asha Webb", status="not_now", hours=[MORNINGS[0], evening])
    assert (again.assistant_id, again.name) == (first.assistant_id, "Asha Webb")
    assert assistants.get(session, assistant_id=own(first)).status == "not_now"
    assert assistants.hours(session, assistant_id=own(first)) == [MORNINGS[0], evening]
    assert assistants.skills(session, assistant_id=own(first)) == []


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"hours": [*MORNINGS, Hours(weekday=Weekday.MONDAY, start=time(11), end=time(13))]}, "hours", "overlap"),
        ({"skills": [{"code": "hoist", "checked_on": "2026-11-24"}]}, "skills", "in the future"),
        (
            {"skills": [{"code": "hoist", "checked_on": "2026-05-01", "valid_until": "2026-04-30"}]},
            "skills",
            "run out before",
        ),
        ({"skills": [{"code": "hoist", "checked_on": day} for day in ("2026-05-01", "2026-06-01")]}, "skills", "twice"),
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


def test_the_fewest_hours_are_not_more_than_the_most() -> None:
    with pytest.raises(ValidationError) as refused:
        profile(least_hours=20, most_hours=10)
    [error] = refused.value.errors()
    assert isinstance(error["ctx"]["error"], Invalid)
    assert error["ctx"]["error"].field == "least_hours"


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


def test_an_assistant_who_is_not_there_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        assistants.get(session, assistant_id=uuid4())

from datetime import date, time, timedelta

import pytest
from sqlmodel import Session, select

from marketplace import access, assistants, holders, intake, needs, organisations
from marketplace.assistants import Check, Profile, Skill
from marketplace.availability import Hours, Weekday
from marketplace.competencies import CheckCode, Competency
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.needs import NeedState, NewNeed
from marketplace.people import Person
from matching.errors import UnknownPostcode
from tests.builders import MONDAY, MORNINGS, World

EVENING = Hours(weekday=Weekday.SUNDAY, start=time(18), end=time(22))


def a_profile(**changes: object) -> Profile:
    said: dict[str, object] = {
        "name": "Asha Okoro",
        "postcode": "NG9 1EE",
        "lowest_rate_pence": 1350,
        "travel_minutes": 25,
        "hours": MORNINGS,
        "skills": [Skill(code=Competency.HOIST, checked_on=date(2026, 5, 1), valid_until=date(2027, 4, 30))],
    }
    return Profile.model_validate({**said, **changes})


def asked(**changes: object) -> NewNeed:
    said: dict[str, object] = {
        "title": "Mornings",
        "rate_pence": 1400,
        "starts_on": MONDAY.date(),
        "hours": MORNINGS,
        "required": {"hoist"},
        "reference": "A-1",
    }
    return NewNeed.model_validate({**said, **changes})


def email_of(session: Session, world: World, *, name: str) -> str:
    return session.get_one(Person, world.person(name).person_id).email


def test_people_join_once_and_those_who_are_here_keep_their_name(session: Session, world: World) -> None:
    here = email_of(session, world, name="Sam Carter")
    ids = intake.join_all(session, names={here: "Somebody Else", "new@example.org": "Ann New"}, now=MONDAY)
    assert intake.join_all(session, names={here: "", "new@example.org": ""}, now=MONDAY) == ids
    assert session.get_one(Person, ids[here]).name == "Sam Carter"
    assert session.get_one(Person, ids["new@example.org"]).name == "Ann New"
    assert intake.join_all(session, names={}, now=MONDAY) == {}


def test_profiles_are_told_back_as_they_were_saved(session: Session) -> None:
    said = {
        "a@example.org": a_profile(),
        "b@example.org": a_profile(name="Bo", skills=[], status="not_now", about="Hi"),
        "c@example.org": a_profile(
            travel_by="cycle",
            status="open",
            checks=[Check(code=CheckCode.DBS_ENHANCED, checked_on=date(2026, 5, 1), valid_until=date(2027, 4, 30))],
            languages={"pl", "en"},
            gender="man",
            brings={"drives", "smokes"},
            refuses={"smoking_home", "self_employment"},
            needs={"parking"},
        ),
    }
    ids = intake.join_all(session, names=dict.fromkeys(said, "?"), now=MONDAY)
    intake.save_profiles(session, profiles={ids[email]: profile for email, profile in said.items()}, now=MONDAY)
    assert intake.profiles(session, emails=[*said, "nobody@example.org"]) == said


def test_many_profiles_are_saved_as_each_would_be_alone(session: Session, world: World) -> None:
    one, other = world.person("One"), world.person("Other")
    check = Check(code=CheckCode.REFERENCES, checked_on=date(2026, 5, 1))
    profile = a_profile(postcode="ng91ee", hours=[EVENING, *MORNINGS], checks=[check], languages={"ur"})
    alone = assistants.save_profile(session, viewer=one, profile=profile, now=MONDAY)
    intake.save_profiles(session, profiles={other.person_id: profile}, now=MONDAY)
    viewer = access.viewer_of(session, person_id=other.person_id)
    assert viewer is not None
    assert viewer.assistant_id is not None
    among_many = assistants.get(session, assistant_id=viewer.assistant_id)
    assert among_many.model_dump(exclude={"id", "person_id"}) == alone.model_dump(exclude={"id", "person_id"})
    for told in (assistants.hours, assistants.skills, assistants.checks):
        assert told(session, assistant_id=among_many.id) == told(session, assistant_id=alone.id)


def test_a_profile_saved_again_replaces_the_one_before_and_keeps_its_id(session: Session, world: World) -> None:
    asha = world.assistant()
    later = MONDAY + timedelta(days=1)
    intake.save_profiles(
        session, profiles={asha.person_id: a_profile(name="Asha Webb", hours=[EVENING], travel_minutes=15)}, now=later
    )
    assert asha.assistant_id is not None
    saved = assistants.get(session, assistant_id=asha.assistant_id)
    assert (saved.travel_minutes, saved.registered_at) == (15, MONDAY)
    assert assistants.hours(session, assistant_id=saved.id) == [EVENING]
    assert session.exec(select(Person.name).where(Person.id == asha.person_id)).one() == "Asha Webb"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"postcode": "ZZ1 1ZZ"}, UnknownPostcode),
        ({"hours": [EVENING, EVENING.model_copy(update={"start": time(19)})]}, Invalid),
        ({"skills": [Skill(code=Competency.HOIST, checked_on=date(2026, 11, 24))]}, Invalid),
        ({"checks": [Check(code=CheckCode.REFERENCES, checked_on=date(2026, 11, 24))]}, Invalid),
    ],
)
def test_a_profile_that_could_not_be_saved_alone_is_refused_among_many(
    session: Session, world: World, changes: dict[str, object], error: type[Exception]
) -> None:
    person = world.person()
    with pytest.raises(error):
        intake.save_profiles(session, profiles={person.person_id: a_profile(**changes)}, now=MONDAY)


def test_holders_are_known_by_their_address(session: Session, world: World) -> None:
    broker = world.broker()
    holder = world.holder(broker=broker, name="Harriet Webb", postcode="ng92ab")
    email = session.get_one(Person, holder.person_id).email
    known = intake.holders(session, emails=[email, "nobody@example.org"])
    assert list(known) == [email]
    found = known[email]
    assert (found.id, found.person_id, found.name, found.postcode) == (
        holder.holder_id,
        holder.person_id,
        "Harriet Webb",
        "NG9 2AB",
    )
    assert (found.organisation_id,) == broker.organisation_ids


def test_needs_with_a_reference_are_told_back_as_they_were_posted(session: Session, world: World) -> None:
    holder = world.holder()
    assert holder.holder_id is not None
    new = asked(
        wished={"food"},
        hours=[EVENING],
        hours_a_week=3.5,
        mostly={"evening", "weekend"},
        checks={"references"},
        languages={"en"},
        languages_wished={"pl", "ur"},
        kind="sleep_in",
        people=2,
        contract="employed",
        home={"dog", "parking"},
        car="own_car",
        gender="woman",
        gender_reason="Help to wash.",
        refuses={"smokes"},
    )
    one = needs.post(session, viewer=holder, holder_id=holder.holder_id, new=new, now=MONDAY)
    world.need(holder)
    assert intake.posted(session, holder_ids=[holder.holder_id]) == {
        (holder.holder_id, "A-1"): intake.Posted(one.id, NeedState.OPEN, new)
    }


def test_an_open_need_is_replaced_by_another_and_keeps_its_reference(session: Session, world: World) -> None:
    holder = world.holder()
    assert holder.holder_id is not None
    one = needs.post(session, viewer=holder, holder_id=holder.holder_id, new=asked(), now=MONDAY)
    other = asked(title="Evenings", hours=[EVENING], required=set(), wished={"food"}, reference="B-9")
    needs.replace(session, viewer=holder, need_id=one.id, new=other, now=MONDAY + timedelta(days=9))
    told = intake.posted(session, holder_ids=[holder.holder_id])[holder.holder_id, "A-1"].told
    assert told == other.model_copy(update={"reference": "A-1"})
    assert needs.get(session, viewer=holder, need_id=one.id).posted_at == MONDAY


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_on": date(2026, 11, 24)}, "starts_on"),
        ({"ends_on": date(2026, 11, 22)}, "ends_on"),
        ({"hours": [EVENING, EVENING.model_copy(update={"start": time(19)})]}, "hours"),
    ],
)
def test_a_need_is_not_replaced_by_one_that_cannot_be(
    session: Session, world: World, changes: dict[str, object], field: str
) -> None:
    holder = world.holder()
    one = world.need(holder)
    with pytest.raises(Invalid) as refusal:
        needs.replace(session, viewer=holder, need_id=one.id, new=asked(**changes), now=MONDAY + timedelta(days=9))
    assert refusal.value.field == field


def test_a_need_is_replaced_by_its_own_people_only_and_only_while_it_is_open(session: Session, world: World) -> None:
    holder = world.holder()
    one = world.need(holder)
    with pytest.raises(NotFound):
        needs.replace(session, viewer=world.holder(), need_id=one.id, new=asked(), now=MONDAY)
    needs.close(session, viewer=holder, need_id=one.id)
    with pytest.raises(Conflict):
        needs.replace(session, viewer=holder, need_id=one.id, new=asked(), now=MONDAY)


def test_a_holder_is_corrected_by_those_who_act_for_them(session: Session, world: World) -> None:
    broker = world.broker()
    holder = world.holder(broker=broker)
    assert holder.holder_id is not None
    for viewer, name in ((broker, "Harriet Lee"), (holder, "Harriet Webb-Lee")):
        corrected = holders.correct(session, viewer=viewer, holder_id=holder.holder_id, name=name, postcode="ng51pb")
        assert corrected.postcode == "NG5 1PB"
        assert session.get_one(Person, holder.person_id).name == name
    with pytest.raises(UnknownPostcode):
        holders.correct(session, viewer=holder, holder_id=holder.holder_id, name="Harriet", postcode="ZZ1")
    with pytest.raises(NotFound):
        holders.correct(session, viewer=world.broker(), holder_id=holder.holder_id, name="Harriet", postcode="NG5")


def test_an_organisation_is_found_by_its_name(session: Session) -> None:
    made = organisations.found(session, name="Trent Brokers", kind=organisations.OrganisationKind.BROKER)
    assert organisations.named(session, name="Trent Brokers") == made
    assert organisations.named(session, name="Trent") is None

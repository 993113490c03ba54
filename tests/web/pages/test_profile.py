import re
from datetime import date
from typing import get_args

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from marketplace import assistants
from marketplace.assistants import Assistant, Check, Profile, Skill, Status
from marketplace.availability import Hours, Weekday
from marketplace.competencies import CHECK_NAMES, NAMES, CheckCode, Competency
from marketplace.languages import Language
from marketplace.people import Viewer
from marketplace.terms import Brings, Gender, Refusal, Wants
from matching.travel import MODES
from tests.builders import Clock
from tests.conftest import Database
from tests.web.clients import Clients, Maker, form
from tests.web.pages.markup import boxes, controls, problems, words
from tests.web.town import Place
from web.pages import profile_form

ZOE = {
    "name": "Zoë Ní Bhriain",
    "postcode": "ng9 1ee",
    "travel_by": "public_transport",
    "travel_minutes": "40",
    "hours.0.day": "weekdays",
    "hours.0.start": "9",
    "hours.0.end": "2.30pm",
    "hours.1.day": "sat",
    "hours.1.start": "10pm",
    "hours.1.end": "6am",
    "least_hours": "0",
    "most_hours": "20",
    "rate": "£13",
    "about": "I like dogs.",
    "skills": ["hoist", "first_aid"],
    "checked.hoist.day": "1",
    "checked.hoist.month": "3",
    "checked.hoist.year": "2026",
    "until.hoist.day": "1",
    "until.hoist.month": "3",
    "until.hoist.year": "2028",
    "checked.first_aid.day": "31",
    "checked.first_aid.month": "12",
    "checked.first_aid.year": "2025",
    "status": "looking",
    "checks": ["dbs_enhanced"],
    "checked.dbs_enhanced.day": "2",
    "checked.dbs_enhanced.month": "2",
    "checked.dbs_enhanced.year": "2026",
    "languages": ["en", "pl"],
    "brings": ["drives", "smokes"],
    "needs": ["parking"],
    "refuses": ["dog", "sleep_in"],
    "gender": "woman",
}


@pytest.fixture
def newcomer(make: Maker) -> Viewer:
    return make(lambda world: world.person("Zoe"))


@pytest.fixture
def client(client_of: Clients, newcomer: Viewer) -> TestClient:
    return client_of(newcomer)


def stored(database: Database, viewer: Viewer) -> tuple[Assistant, list[Hours], list[Skill]]:
    with database.session() as session:
        found = session.exec(select(Assistant).where(Assistant.person_id == viewer.person_id)).one()
        return (
            found,
            assistants.hours(session, assistant_id=found.id),
            assistants.skills(session, assistant_id=found.id),
        )


def checks_of(database: Database, viewer: Viewer) -> list[Check]:
    with database.session() as session:
        found = session.exec(select(Assistant.id).where(Assistant.person_id == viewer.person_id)).one()
        return assistants.checks(session, assistant_id=found)


# --- registering and changing


def test_nobody_signed_in_is_sent_to_sign_in(place: Place) -> None:
    response = place.client("nobody").get("/profile")
    assert (response.status_code, response.headers["location"]) == (303, "/sign-in?next=%2Fprofile")


def test_a_newcomer_registers_with_what_people_type(client: TestClient, newcomer: Viewer, database: Database) -> None:
    assert "Register as a personal assistant" in words(client.get("/profile"))
    response = client.post("/profile", data=form(client, ZOE))
    assert (response.status_code, response.headers["location"]) == (303, "/work?done=saved")
    made, hours, skills = stored(database, newcomer)
    assert (made.postcode, made.lowest_rate_pence) == ("NG9 1EE", 1300)
    assert (made.travel_by, made.travel_minutes) == ("public_transport", 40)
    assert (made.languages, made.brings, made.needs) == (["en", "pl"], ["drives", "smokes"], ["parking"])
    assert (made.refuses, made.gender) == (["dog", "sleep_in"], "woman")
    assert checks_of(database, newcomer) == [Check(code=CheckCode.DBS_ENHANCED, checked_on=date(2026, 2, 2))]
    assert (made.least_minutes, made.most_minutes, made.status) == (0, 1200, "looking")
    assert [one.weekday for one in hours] == list(Weekday)[:6]
    assert [(f"{one.start:%H:%M}", f"{one.end:%H:%M}") for one in hours[-2:]] == [
        ("09:00", "14:30"),
        ("22:00", "06:00"),
    ]
    assert skills == [
        Skill(code=Competency.FIRST_AID, checked_on=date(2025, 12, 31)),
        Skill(code=Competency.HOIST, checked_on=date(2026, 3, 1), valid_until=date(2028, 3, 1)),
    ]
    assert "Zoë Ní Bhriain" in words(client.get("/account"))


def test_what_was_said_comes_back_and_saved_unchanged_stays_the_same(
    client: TestClient, newcomer: Viewer, database: Database
) -> None:
    client.post("/profile", data=form(client, ZOE))
    before, checks = stored(database, newcomer), checks_of(database, newcomer)
    page = client.get("/profile")
    sent = boxes(page, "/profile")
    assert sent["hours.0.day"] + sent["hours.0.start"] + sent["hours.0.end"] == ["weekdays", "9am", "2:30pm"]
    assert sent["hours.2.day"] == [""]
    assert client.post("/profile", data=sent).status_code == 303
    after = stored(database, newcomer)
    assert after[0].model_dump(exclude={"changed_in"}) == before[0].model_dump(exclude={"changed_in"})
    assert (after[1:], checks_of(database, newcomer)) == (before[1:], checks)


def test_who_is_called_after_their_address_is_asked_for_their_name(client_of: Clients, make: Maker) -> None:
    nameless = make(lambda world: world.person("person1"))
    named = make(lambda world: world.person("Nia Bell"))
    assert boxes(client_of(nameless).get("/profile"), "/profile")["name"] == [""]
    assert boxes(client_of(named).get("/profile"), "/profile")["name"] == ["Nia Bell"]


def test_a_form_sent_twice_registers_once(client: TestClient) -> None:
    sent = form(client, ZOE)
    assert [client.post("/profile", data=sent).status_code for _ in range(2)] == [303, 303]


def test_a_holder_can_work_too(client_of: Clients, make: Maker) -> None:
    client = client_of(make(lambda world: world.holder()))
    client.post("/profile", data=form(client, ZOE))
    assert 'href="/work"' in client.get("/account").text
    assert 'href="/support"' in client.get("/account").text


# --- rows of times


@pytest.fixture
def visitor(place: Place) -> TestClient:
    """Somebody new in a town that is shared by tests which store nothing."""
    return place.client("newcomer")


def test_another_row_can_be_asked_for_without_losing_or_storing_anything(client: TestClient) -> None:
    typed = form(client, {**ZOE, "rate": "lots", "add": "hours"})
    response = client.post("/profile", data=typed)
    assert response.status_code == 200
    assert problems(response) == []
    sent = boxes(response, "/profile")
    assert (sent["name"], sent["rate"], sent["hours.2.day"]) == (["Zoë Ní Bhriain"], ["lots"], [""])
    assert "Nothing is saved yet" in words(response)
    assert client.get("/work").status_code == 404
    finished = {**typed, "rate": "13.00"}
    del finished["add"]
    assert client.post("/profile", data=finished).status_code == 303


@pytest.mark.parametrize(("row", "left"), [(0, ["sat", ""]), (1, ["weekdays", ""]), (2, ["weekdays", "sat", ""])])
def test_a_row_can_be_removed(visitor: TestClient, row: int, left: list[str]) -> None:
    response = visitor.post("/profile", data=form(visitor, {**ZOE, "remove": f"hours.{row}"}))
    sent = boxes(response, "/profile")
    assert [sent[f"hours.{at}.day"][0] for at in range(len(left))] == left
    assert f"hours.{len(left)}.day" not in sent


def test_the_enter_key_presses_no_remove_button(visitor: TestClient) -> None:
    page = visitor.get("/profile").text
    form_of_page = page[page.index('action="/profile"') :]
    first = re.search(r"<button[^>]*>", form_of_page)
    assert first is not None
    assert "remove" not in first[0]


# --- mistakes


WRONG = [
    ({"name": ""}, "name", "Enter name."),
    ({"name": "x" * 121}, "name", "Name must be 120 characters or fewer."),
    ({"name": "a\x07b"}, "name", "Name holds a character that can't be typed. Type it again."),
    ({"postcode": ""}, "postcode", "Enter your postcode, like NG1 6DQ."),
    ({"postcode": "BT1 1AA"}, "postcode", "BT1 1AA is in Northern Ireland"),
    ({"postcode": "nowhere at all"}, "postcode", "“nowhere at all” is not a postcode."),
    ({"travel_by": ""}, "travel_by", "Choose how you get to work."),
    ({"travel_by": "broom"}, "travel_by", "Choose how you get to work."),
    ({"travel_minutes": "far"}, "travel_minutes", "Enter how many minutes you will travel, like 30."),
    ({"travel_minutes": "4"}, "travel_minutes", "Travel minutes must be 5 or more."),
    ({"travel_minutes": "241"}, "travel_minutes", "Travel minutes must be 240 or less."),
    ({"languages": ["en", "klingon"]}, "languages", "Languages must be one of"),
    ({"brings": ["broom"]}, "brings", "Brings must be one of"),
    (
        {"refuses": ["employment", "self_employment"]},
        "refuses",
        "You can't refuse both being employed and being self-employed.",
    ),
    ({"gender": "king"}, "gender", "Gender must be one of"),
    ({"checked.dbs_enhanced.year": "2027"}, "checked.dbs_enhanced", "Enhanced DBS check: a check can't have been made"),
    ({"checks": ["references"]}, "checked.references", "References: enter a real date"),
    ({"rate": "lots"}, "rate", "Enter an amount in pounds and pence, like 13.50."),
    ({"rate": "7.99"}, "rate", "Lowest rate must be £8.00 or more."),
    ({"least_hours": "21"}, "least_hours", "The fewest hours you want can't be more than the most hours you want."),
    ({"most_hours": ""}, "most_hours", "Enter the most hours you want in a week, like 30."),
    ({"most_hours": "169"}, "most_hours", "Most hours must be 168 or less."),
    ({"about": "x" * 2001}, "about", "About must be 2000 characters or fewer."),
    ({"status": "king"}, "status", "Status must be one of"),
    ({"hours.0.start": "soon"}, "hours.0.start", "Enter a time, like 9:30am or 14:00."),
    ({"hours.0.start": "9:15"}, "hours.0.start", "Start on the hour or at half past"),
    ({"hours.0.end": "2:40pm"}, "hours.0.end", "Make it between half an hour and 24 hours long"),
    ({"hours.1.day": ""}, "hours.1.day", "Choose a day."),
    (
        {"hours.1.day": "mon", "hours.1.start": "8am", "hours.1.end": "10am"},
        "hours.1.day",
        "Two of the times on Monday",
    ),
    ({"checked.hoist.day": "31", "checked.hoist.month": "2"}, "checked.hoist", "Using a hoist: enter a real date"),
    ({"checked.hoist.year": "2027"}, "checked.hoist", "Using a hoist: a skill can't have been checked in the future."),
    ({"until.hoist.year": "2025"}, "checked.hoist", "Using a hoist: a skill can't run out before it was checked."),
    ({"checked.hoist.year": "1999"}, "checked.hoist", "Using a hoist: give a date from 2000 to 2178."),
    ({"until.hoist.year": "2190"}, "until.hoist", "Using a hoist: give a date from 2000 to 2178."),
    ({"until.hoist.month": "13"}, "until.hoist", "Using a hoist: enter a real date"),
    ({"skills": ["medication"]}, "checked.medication", "Giving medication: enter a real date"),
]


#: Where the mistakes above are words that no list has.
CHOSEN = {"status", "travel_by", "gender", "languages", "brings"}


@pytest.mark.parametrize(
    ("change", "box", "sentence"), WRONG, ids=[f"{box}-{at}" for at, (_, box, _) in enumerate(WRONG)]
)
def test_a_mistake_is_said_once_at_its_box_and_nothing_typed_is_lost(
    visitor: TestClient, change: dict[str, object], box: str, sentence: str
) -> None:
    typed = {**ZOE, **change}
    response = visitor.post("/profile", data=form(visitor, typed))
    assert response.status_code == 422
    assert "<title>Error: " in response.text
    found = problems(response)
    assert [field for field, _ in found] == [box]
    assert found[0][1].startswith(sentence)
    assert box in controls(response)
    assert words(response).count(found[0][1]) == 2
    sent = boxes(response, "/profile")
    for name, value in typed.items():
        expected = value if isinstance(value, list) else [value]
        # what is not in a list can't be chosen again
        if name in change and name in CHOSEN:
            continue
        assert [one for one in sent.get(name, []) if one or name != "languages"] == expected
    assert visitor.get("/work").status_code == 404


def test_every_mistake_is_said_at_once_in_the_order_of_the_page(visitor: TestClient) -> None:
    response = visitor.post("/profile", data=form(visitor, {"skills": ["hoist"], "status": "looking"}))
    assert [field for field, _ in problems(response)] == [
        "name",
        "postcode",
        "hours.0.day",
        "least_hours",
        "most_hours",
        "rate",
        "travel_by",
        "travel_minutes",
        "checked.hoist",
    ]


def test_a_skill_nobody_knows_is_left_out(client: TestClient, newcomer: Viewer, database: Database) -> None:
    client.post("/profile", data=form(client, {**ZOE, "skills": ["hoist", "king"]}))
    assert [skill.code for skill in stored(database, newcomer)[2]] == ["hoist"]


def test_every_word_there_is_can_be_chosen(visitor: TestClient) -> None:
    page = visitor.get("/profile").text
    words_of = {"brings": get_args(Brings), "refuses": get_args(Refusal), "needs": get_args(Wants)}
    for name, codes in {"skills": NAMES, "checks": CHECK_NAMES, **words_of}.items():
        for code in codes:
            assert f'name="{name}" type="checkbox" value="{code}"' in page
    for name, choices in {"travel_by": MODES, "status": Status, "gender": get_args(Gender)}.items():
        for code in choices:
            assert f'name="{name}" type="radio" value="{code}"' in page
    for code in Language:
        assert f'<option value="{code}">' in page


def test_the_model_the_form_fills_has_no_field_the_form_lacks() -> None:
    # A field that comes later has to be asked for here too, or be left out on purpose.
    asked = {*profile_form.BOXES, *profile_form.LISTS, "hours"} - {"rate"} | {"lowest_rate_pence"}
    assert set(Profile.model_fields) == asked


# --- languages, and what one need not say


def test_another_language_can_be_added_and_one_more_box_is_always_there(client: TestClient) -> None:
    client.post("/profile", data=form(client, {**ZOE, "languages": ["en", "pl", "", "cy"]}))
    assert boxes(client.get("/profile"), "/profile")["languages"] == ["cy", "en", "pl", ""]
    more = client.post("/profile", data=form(client, {**ZOE, "languages": ["en", "pl", "cy"], "add": "languages"}))
    assert more.status_code == 200
    assert more.text.count('name="languages"') == 4
    assert re.search(r'(?s)<details class="govuk-details" open>\s*<summary[^>]*>\s*<span[^>]*>Languages', more.text)


@pytest.mark.parametrize("said", ["not_said", ""])
def test_nobody_has_to_say_whether_they_are_a_woman_or_a_man(
    client: TestClient, newcomer: Viewer, database: Database, said: str
) -> None:
    page = client.get("/profile")
    assert boxes(page, "/profile")["gender"] == ["not_said"]
    assert "We do not show it, and it never moves you up or down." in words(page)
    client.post("/profile", data=form(client, {**ZOE, "gender": said}))
    assert stored(database, newcomer)[0].gender is None


@pytest.mark.parametrize(
    ("change", "summary"),
    [
        ({"checked.peg_feeding.day": "x", "skills": ["peg_feeding"]}, "Health tasks you were signed off for"),
        ({"until.dbs_enhanced.day": "x"}, "Checks and papers you can show"),
        ({"languages": ["klingon"]}, "Languages you speak"),
        ({"refuses": ["employment", "self_employment"]}, "Choose what you won’t do"),
        ({"gender": "king"}, "Are you a woman or a man?"),
    ],
)
def test_what_is_closed_at_first_opens_where_something_in_it_is_wrong(
    visitor: TestClient, change: dict[str, object], summary: str
) -> None:
    page = visitor.post("/profile", data=form(visitor, {**ZOE, **change})).text
    opened = re.findall(r"(?s)<details class=\"govuk-details\" open>.*?<span[^>]*>([^<]*)</span>", page)
    assert [one.startswith(summary) for one in opened if not one.startswith("Training")] == [True]


# --- still right


def test_for_eight_weeks_the_work_page_asks_quietly(client_of: Clients, make: Maker, clock: Clock) -> None:
    viewer = make(lambda world: world.assistant())
    clock.forward(weeks=8)
    text = words(client_of(viewer).get("/work"))
    assert text.index("Nobody has invited you yet") < text.index("You last confirmed it on Monday 23 November 2026.")
    assert "trust newer answers" not in text


def test_after_eight_weeks_it_is_asked_for_first_and_a_press_quietens_it(
    client_of: Clients, make: Maker, clock: Clock
) -> None:
    viewer = make(lambda world: world.assistant())
    clock.forward(weeks=8, days=1)
    client = client_of(viewer)
    asks = words(client.get("/work"))
    assert asks.index("People who need support trust newer answers.") < asks.index("Nobody has invited you yet")
    answer = client.post("/profile/confirm", data=form(client))
    assert (answer.status_code, answer.headers["location"]) == (303, "/work?done=still_right")
    after = words(client.get(answer.headers["location"]))
    assert "You last confirmed it on Tuesday 19 January 2027." in after
    assert "trust newer answers" not in after


@pytest.mark.parametrize("who", ["holder", "broker", "newcomer"])
def test_who_has_no_profile_has_nothing_to_confirm(place: Place, who: str) -> None:
    client = place.client(who)
    assert client.post("/profile/confirm", data=form(client)).status_code == 404

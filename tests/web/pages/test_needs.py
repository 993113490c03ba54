from uuid import UUID, uuid4

import pytest

from marketplace import needs
from marketplace.availability import Hours, Weekday
from marketplace.people import Viewer
from tests.builders import Clock, World
from tests.conftest import Database
from tests.web.clients import Clients, Maker, form
from tests.web.pages.asking import ASKED, need_of, new_page, sent, shown, typed
from tests.web.pages.markup import boxes, controls, problems, words
from tests.web.town import Place, contents

HALF_HOURS = "Give the hours a week in whole or half hours, like 12.5."

# --- asking


def test_a_request_is_posted_with_all_that_was_told(client_of: Clients, make: Maker, database: Database) -> None:
    holder = make(lambda world: world.holder())
    answer = sent(client_of(holder), new_page(holder))
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("?done=posted")
    need_id = need_of(answer)
    with database.session() as session:
        need = needs.get(session, viewer=holder, need_id=need_id)
        asked = needs.asked(session, need_ids=[need_id])[need_id]
    assert (need.title, need.about, need.rate_pence) == ("Weekday mornings", "A calm start.\nThen the radio.", 1450)
    assert (asked.required, asked.wished) == ({"hoist", "peg_feeding"}, {"first_aid"})
    assert [hours.weekday for hours in asked.hours] == [*Weekday][:6]
    assert asked.hours[-1] == Hours.model_validate({"weekday": "saturday", "start": "22:00", "end": "06:00"})
    assert (asked.minutes_a_week, need.mostly, need.kind, need.people) == (750, ["morning", "weekend"], "sleep_in", 2)
    assert (need.checks, need.languages, need.languages_wished) == (["dbs_enhanced"], ["pl"], ["cy", "en"])
    assert (need.contract, need.home, need.car) == ("self_employed", ["cat", "parking"], "own_car")
    assert (need.gender, need.gender_reason, need.refuses) == ("woman", "Help with washing", ["smokes"])


#: A request that says the least one can.
PLAIN: dict[str, object] = {
    name: value
    for name, value in ASKED.items()
    if name.split(".")[0] in {"title", "hours", "rate", "starts_on"} and not name.startswith("hours.1")
}


def test_what_is_left_alone_asks_for_nothing_special(client_of: Clients, make: Maker, database: Database) -> None:
    holder = make(lambda world: world.holder())
    client, path = client_of(holder), new_page(holder)
    answer = client.post(path, data={**boxes(client.get(path), path), **PLAIN})
    with database.session() as session:
        need = needs.get(session, viewer=holder, need_id=need_of(answer))
    assert (need.kind, need.people, need.contract, need.car) == ("visit", 1, "either", "none")
    assert (need.minutes_a_week, need.gender, need.gender_reason) == (None, None, "")
    lists = ("mostly", "checks", "languages", "languages_wished", "home", "refuses")
    assert [getattr(need, name) for name in lists] == [[]] * len(lists)


@pytest.mark.parametrize(
    ("changes", "box", "sentence"),
    [
        ({"title": " "}, "title", "Enter a short title, like “Weekday mornings”."),
        ({"title": "x" * 121}, "title", "Title must be 120 characters or fewer."),
        ({"title": "a\x07b"}, "title", "Title holds a character that can't be typed. Type it again."),
        ({"about": "x" * 2001}, "about", "About must be 2000 characters or fewer."),
        ({"rate": "a lot"}, "rate", "Enter an amount in pounds and pence, like 13.50."),
        ({"rate": ""}, "rate", "Enter an amount in pounds and pence, like 13.50."),
        ({"rate": "3"}, "rate", "Rate must be £8.00 or more."),
        ({"rate": "2000"}, "rate", "Rate must be £200.00 or less."),
        ({"starts_on.day": "31", "starts_on.month": "2"}, "starts_on", "Enter a real date, like 23 11 2026."),
        ({"starts_on.year": "26"}, "starts_on", "Enter the year with all 4 numbers, like 2026."),
        ({"starts_on.year": "2025"}, "starts_on", "The start date must be today or later."),
        ({"ends_on.day": "1"}, "ends_on", "Enter a real date, like 23 11 2026."),
        (
            {"ends_on.day": "1", "ends_on.month": "11", "ends_on.year": "2026"},
            "ends_on",
            "The end date must be on or after the start date.",
        ),
        ({"hours.0.day": ""}, "hours.0.day", "Choose a day."),
        ({"hours.0.day": "someday"}, "hours.0.day", "Choose a day."),
        ({"hours.1.start": "late"}, "hours.1.start", "Enter a time, like 9:30am or 14:00."),
        (
            {"hours.1.start": "10:15pm"},
            "hours.1.start",
            "Start on the hour or at half past, between 00:00 and 23:30.",
        ),
        (
            {"hours.1.end": "6:15am"},
            "hours.1.end",
            "Make it between half an hour and 24 hours long, in half hours.",
        ),
        (
            {"hours.1.day": "mon", "hours.1.start": "9am", "hours.1.end": "10am"},
            "hours.1.day",
            "Two of the times on Monday overlap. Change or remove one of them.",
        ),
        ({"hours_a_week": "lots"}, "hours_a_week", HALF_HOURS),
        ({"hours_a_week": "12.3"}, "hours_a_week", HALF_HOURS),
        ({"hours_a_week": "nan"}, "hours_a_week", HALF_HOURS),
        (
            {"hours_a_week": "29"},
            "hours_a_week",
            "The times given are only 28 hours a week together. Add times, or ask for fewer hours.",
        ),
        ({"gender_reason": ""}, "gender_reason", "Say why it has to be a woman. The law asks for a reason"),
        ({"gender_reason": "x" * 301}, "gender_reason", "Gender reason must be 300 characters or fewer."),
        ({"gender": "anybody"}, "gender", "Say whether it has to be a woman or a man, or take the reason out."),
    ],
)
def test_a_mistake_is_told_at_its_box_and_nothing_typed_is_lost(
    client_of: Clients, make: Maker, changes: dict[str, object], box: str, sentence: str
) -> None:
    holder = make(lambda world: world.holder())
    client, path = client_of(holder), new_page(holder)
    fields = {**ASKED, **changes}
    answer = client.post(path, data=form(client, fields))
    assert answer.status_code == 422
    ((told_at, told),) = problems(answer)
    assert (told_at, told.startswith(sentence)) == (box, True)
    assert box in controls(answer)
    assert f"Error: {sentence}" in words(answer)
    kept = {**fields, "title": str(fields["title"]).strip()}
    # a day that is not in the list can't be chosen again
    assert shown(answer, path) == {key: value for key, value in typed(kept).items() if value != ["someday"]}


def test_every_mistake_is_told_at_once_in_the_order_of_the_page(client_of: Clients, make: Maker) -> None:
    holder = make(lambda world: world.holder())
    client = client_of(holder)
    answer = client.post(new_page(holder), data=form(client))
    assert [box for box, _ in problems(answer)] == ["title", "hours.0.day", "starts_on", "rate"]
    assert "<title>Error: Ask for support" in answer.text


@pytest.mark.parametrize(
    ("button", "rows"),
    [({"add": "hours"}, ["weekdays", "sat", ""]), ({"remove": "hours.0"}, ["sat", ""])],
)
def test_rows_of_times_are_added_and_removed_without_a_judgement(
    client_of: Clients, make: Maker, button: dict[str, str], rows: list[str]
) -> None:
    holder = make(lambda world: world.holder())
    client, path = client_of(holder), new_page(holder)
    answer = client.post(path, data=form(client, {**ASKED, "title": "", **button}))
    assert (answer.status_code, problems(answer)) == (200, [])
    held = boxes(answer, path)
    assert [held[f"hours.{at}.day"] for at in range(len(rows))] == [[day] for day in rows]
    assert f"hours.{len(rows)}.day" not in held


def test_going_back_after_adding_a_row_the_form_can_still_be_sent(client_of: Clients, make: Maker) -> None:
    holder = make(lambda world: world.holder())
    client, path = client_of(holder), new_page(holder)
    first = form(client, ASKED)
    assert client.post(path, data={**first, "add": "hours"}).status_code == 200
    assert client.post(path, data=first).status_code == 303


def test_a_form_sent_twice_posts_one_request(client_of: Clients, make: Maker, database: Database) -> None:
    holder = make(lambda world: world.holder())
    client = client_of(holder)
    twice = form(client, ASKED)
    answers = [client.post(new_page(holder), data=twice) for _ in range(2)]
    assert len({answer.headers["location"] for answer in answers}) == 1
    with database.session() as session:
        assert len(needs.of_viewer(session, viewer=holder)) == 1


def test_an_earlier_request_fills_in_a_new_one(client_of: Clients, make: Maker, clock: Clock) -> None:
    holder = make(lambda world: world.holder())
    client = client_of(holder)
    need_id = sent(client, new_page(holder)).headers["location"].split("?")[0].removeprefix("/needs/")
    client.post(f"/needs/{need_id}/close", data=form(client))
    clock.forward(days=10)
    held = shown(client.get(f"{new_page(holder)}?like={need_id}"), new_page(holder))
    assert (held["title"], held["rate"], held["required"]) == (
        ["Weekday mornings"],
        ["14.50"],
        ["hoist", "peg_feeding"],
    )
    assert (held["hours.0.day"], held["hours.0.start"], held["hours.1.end"]) == (["weekdays"], ["8am"], ["6am"])
    same = ("kind", "people", "contract", "home", "car", "gender", "gender_reason", "refuses", "hours_a_week", "mostly")
    assert {name: held[name] for name in same} == {name: typed(ASKED)[name] for name in same}
    assert "starts_on.day" not in held  # it is past


# --- changing


def posted(world: World) -> tuple[Viewer, UUID]:
    holder = world.holder()
    return holder, world.need(holder, about="Before").id


def test_an_open_request_can_be_changed_with_its_own_words_filled_in(
    client_of: Clients, make: Maker, database: Database
) -> None:
    holder, need_id = make(posted)
    client, path = client_of(holder), f"/needs/{need_id}/change"
    held = boxes(client.get(path), path)
    assert held["about"] == ["Before"]
    answer = client.post(path, data={**held, "about": "After", "rate": "15"})
    assert answer.headers["location"] == f"/needs/{need_id}?done=changed"
    with database.session() as session:
        need = needs.get(session, viewer=holder, need_id=need_id)
    assert (need.title, need.about, need.rate_pence) == ("Mornings", "After", 1500)


def test_a_change_that_can_not_be_is_shown_again(client_of: Clients, make: Maker) -> None:
    holder, need_id = make(posted)
    client, path = client_of(holder), f"/needs/{need_id}/change"
    held = boxes(client.get(path), path)
    wrong = client.post(path, data={**held, "about": "After", "rate": "1"})
    assert (wrong.status_code, problems(wrong)) == (422, [("rate", "Rate must be £8.00 or more.")])
    assert boxes(wrong, path)["about"] == ["After"]
    more = client.post(path, data={**held, "add": "hours", "about": "After"})
    assert (more.status_code, boxes(more, path)["about"]) == (200, ["After"])


def test_a_request_that_is_not_open_is_not_changed(client_of: Clients, make: Maker) -> None:
    holder, need_id = make(posted)
    client, path = client_of(holder), f"/needs/{need_id}/change"
    held = boxes(client.get(path), path)
    client.post(f"/needs/{need_id}/close", data=form(client))
    assert client.get(path).headers["location"] == f"/needs/{need_id}"
    answer = client.post(path, data=held)
    assert answer.status_code == 422
    assert "This request is not open any more" in words(answer)


# --- closing


def test_closing_is_asked_about_first_and_says_who_is_affected(client_of: Clients, make: Maker) -> None:
    holder, need_id = make(posted)
    assistant = make(lambda world: world.assistant())
    client, path = client_of(holder), f"/needs/{need_id}/close"
    client.post(f"/needs/{need_id}/invite", data=form(client, {"assistant_id": str(assistant.assistant_id)}))
    question = client.get(path)
    assert "You can’t open it again." in words(question)
    assert "1 person has an invitation to it" in words(question)
    answer = client.post(path, data=boxes(question, path))
    assert answer.headers["location"] == f"/needs/{need_id}?done=closed"
    after = words(client.get(answer.headers["location"]))
    assert "Closed" in after
    assert "People who fit" not in after
    assert "there is nothing to close" in words(client.get(path))


# --- who may come

PAGES = ("/holders/{holder_id}/needs/new", "/needs/{need_id}/change", "/needs/{need_id}/close")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["other_holder", "other_broker", "assistant", "newcomer"])
def test_a_stranger_finds_no_page_and_changes_nothing(place: Place, path: str, who: str) -> None:
    client, address = place.client(who), place.town.path(path)
    before = contents(place.database)
    assert client.get(address).status_code == 404
    assert client.post(address, data=form(client, ASKED)).status_code == 404
    assert contents(place.database) == before


@pytest.mark.parametrize("path", PAGES)
def test_nobody_signed_in_is_sent_to_sign_in(place: Place, path: str) -> None:
    answer = place.client("nobody").get(place.town.path(path))
    assert (answer.status_code, answer.headers["location"][:14]) == (303, "/sign-in?next=")


@pytest.mark.parametrize("path", PAGES)
def test_a_broker_acts_for_the_holder_and_is_told_so(place: Place, path: str) -> None:
    answer = place.client("broker").get(place.town.path(path))
    assert answer.status_code == 200
    assert "You are acting for Harriet Webb." in answer.text


@pytest.mark.parametrize("path", ["/holders/{}/needs/new", "/needs/{}/change", "/needs/{}/close"])
def test_what_is_not_there_is_not_found(place: Place, path: str) -> None:
    assert place.client("holder").get(path.format(uuid4())).status_code == 404


def test_a_request_of_somebody_else_fills_in_nothing(place: Place) -> None:
    path = f"/holders/{place.town.people['other_holder'].holder_id}/needs/new?like={place.town.ids['need_id']}"
    assert place.client("other_holder").get(path).status_code == 404

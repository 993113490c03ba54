from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from marketplace import bookings
from marketplace.bookings import Booking
from marketplace.needs import Need
from marketplace.people import Viewer
from payments import budgets
from tests.builders import MONDAY, Clock, World
from tests.conftest import Database
from tests.counting import counted
from tests.web.clients import Clients, Maker, form
from tests.web.pages.markup import boxes, controls, problems, words
from tests.web.town import Place, contents

#: Shifts of the usual week (Monday, Wednesday, Friday from 8 to 12), as the form carries them.
WEDNESDAY, FRIDAY = "2026-11-25 08:00 12:00", "2026-11-27 08:00 12:00"
TYPED = {"day.day": "26", "day.month": "11", "day.year": "2026", "start": "10pm", "end": "6am"}


def booked(database: Database, viewer: Viewer) -> list[Booking]:
    with database.session() as session:
        return bookings.of_viewer(session, viewer=viewer)


def chosen(client: TestClient, agreement_id: UUID, **fields: object) -> Response:
    """The page after "See what it costs"."""
    blank = {"day.day": "", "day.month": "", "day.year": "", "start": "", "end": ""}
    return client.get(f"/agreements/{agreement_id}/book", params={**blank, **fields})


# --- choosing


def test_the_usual_week_is_offered_for_a_fortnight_without_what_is_booked(client_of: Clients, make: Maker) -> None:
    deal = make(lambda world: world.deal())
    make(lambda world: world.booking(deal, starts_at=datetime(2026, 11, 27, 8, tzinfo=UTC)))
    text = words(client_of(deal.holder).get(f"/agreements/{deal.agreement.id}/book"))
    assert "£944.00 is free in “Personal health budget”." in text
    assert "Wednesday 25 November 2026, 8am to midday 4 hours, £56.00" in text
    assert "Friday 4 December 2026, 8am to midday" in text
    for gone in ("Monday 23 November", "Friday 27 November", "Monday 7 December"):
        assert gone not in text


def test_hours_the_assistant_works_for_somebody_else_are_not_offered(client_of: Clients, make: Maker) -> None:
    first = make(lambda world: world.deal())
    second = make(lambda world: world.deal(assistant=first.assistant))
    make(lambda world: world.booking(first, starts_at=datetime(2026, 11, 25, 11, tzinfo=UTC)))
    text = words(client_of(second.holder).get(f"/agreements/{second.agreement.id}/book"))
    assert ("Wednesday 25 November" in text, "Friday 27 November" in text) == (False, True)


def test_where_only_some_hours_are_wanted_no_shift_is_the_usual_one(client_of: Clients, make: Maker) -> None:
    deal = make(lambda world: world.deal())

    def some(world: World) -> None:
        need = world.session.get_one(Need, deal.agreement.need_id)
        need.minutes_a_week = 360
        world.session.add(need)

    make(some)
    response = client_of(deal.holder).get(f"/agreements/{deal.agreement.id}/book")
    text = words(response)
    assert "You asked for: Monday, Wednesday and Friday, 8am to midday 6 hours a week within these times" in text
    assert 'name="shift"' not in response.text
    assert "A day and times" in text


# --- the cost, before anything is booked


def test_what_it_costs_and_what_is_left_is_shown_before_anything_is_booked(
    client_of: Clients, make: Maker, database: Database
) -> None:
    deal = make(lambda world: world.deal())
    client = client_of(deal.holder)
    response = chosen(client, deal.agreement.id, shift=[WEDNESDAY, FRIDAY], **TYPED)
    text = words(response)
    for part in (
        "With Asha Okoro, at £14.00 an hour.",
        "Wednesday 25 November 2026, 8am to midday 4 hours £56.00",
        "Thursday 26 November 2026, 10pm to 6am the next day 8 hours £112.00",
        "All together 16 hours £224.00",
        "Now £1,000.00 After these shifts £776.00",
        "Book these 3 shifts",
    ):
        assert part in text
    assert booked(database, deal.holder) == []
    path = f"/agreements/{deal.agreement.id}/book"
    assert boxes(response, path)["shift"] == [WEDNESDAY, "2026-11-26 22:00 06:00", FRIDAY]


def test_confirming_books_all_of_them_and_sets_their_money_aside(
    client_of: Clients, make: Maker, database: Database
) -> None:
    deal = make(lambda world: world.deal())
    client, path = client_of(deal.holder), f"/agreements/{deal.agreement.id}/book"
    check = chosen(client, deal.agreement.id, shift=[WEDNESDAY, FRIDAY])
    answer = client.post(path, data=boxes(check, path))
    assert answer.headers["location"] == f"/agreements/{deal.agreement.id}?done=booked_all"
    assert [one.starts_at.day for one in booked(database, deal.holder)] == [27, 25]
    with database.session() as session:
        position = budgets.position(session, line_id=deal.line.id)
    assert (position.free, position.set_aside) == (88_800, 11_200)
    assert "Shifts booked, and the money for them is set aside." in words(client.get(answer.headers["location"]))


def test_a_single_shift_leads_to_its_own_page(client_of: Clients, make: Maker, database: Database) -> None:
    deal = make(lambda world: world.deal())
    client, path = client_of(deal.holder), f"/agreements/{deal.agreement.id}/book"
    check = chosen(client, deal.agreement.id, **TYPED)
    assert "Book this shift" in words(check)
    answer = client.post(path, data=boxes(check, path))
    (one,) = booked(database, deal.holder)
    assert answer.headers["location"] == f"/bookings/{one.id}?done=booked"
    assert (one.starts_at, one.ends_at - one.starts_at) == (datetime(2026, 11, 26, 22, tzinfo=UTC), timedelta(hours=8))


def test_a_press_of_the_button_twice_books_once(client_of: Clients, make: Maker, database: Database) -> None:
    deal = make(lambda world: world.deal())
    client, path = client_of(deal.holder), f"/agreements/{deal.agreement.id}/book"
    sent = form(client, {"shift": [WEDNESDAY]})
    answers = [client.post(path, data=sent) for _ in range(2)]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert len(booked(database, deal.holder)) == 1


# --- what can't be booked


@pytest.mark.parametrize(
    ("fields", "box", "sentence"),
    [
        ({}, "shift", "Choose at least one shift."),
        ({"shift": ["tomorrow"]}, "shift", "Choose shifts from this list."),
        ({"shift": ["2026-13-25 08:00 12:00"]}, "shift", "Choose shifts from this list."),
        ({"shift": ["9999-12-31 22:00 06:00"]}, "shift", "Choose shifts from this list."),
        ({"shift": ["2026-11-20 08:00 12:00"]}, "shift", "The shift must start in the future."),
        ({**TYPED, "day.day": "31"}, "day", "Enter a real date, like 23 11 2026."),
        ({**TYPED, "start": ""}, "start", "Enter a time, like 9:30am or 14:00."),
        ({**TYPED, "end": "late"}, "end", "Enter a time, like 9:30am or 14:00."),
        ({**TYPED, "day.day": "1"}, "day", "The shift must start in the future."),
        (
            {**TYPED, "day.month": "5", "day.year": "2027"},
            "day",
            "No budget covers 26 May 2027. Ask whoever runs the budget, or choose another day.",
        ),
        (
            {**TYPED, "day.day": "28", "day.month": "3", "day.year": "2027", "start": "1:30am"},
            "start",
            "The clocks go forward that night, so 01:30 on 28 March 2027 does not happen. Choose another time.",
        ),
        (
            {"shift": [WEDNESDAY], "day.day": "25", "day.month": "11", "day.year": "2026", "start": "9", "end": "10"},
            "shift",
            "They are already booked in some of these hours: 25 November 2026, 09:00 to 10:00. Choose other times.",
        ),
    ],
)
def test_a_mistake_is_told_at_its_box_and_nothing_chosen_is_lost(
    client_of: Clients, make: Maker, fields: dict[str, Any], box: str, sentence: str
) -> None:
    deal = make(lambda world: world.deal())
    client, path = client_of(deal.holder), f"/agreements/{deal.agreement.id}/book"
    for answer in (chosen(client, deal.agreement.id, **fields), client.post(path, data=form(client, fields))):
        assert (answer.status_code, problems(answer)) == (422, [(box, sentence)])
        assert box in controls(answer)
        held = boxes(answer, path)
        assert {name: held[name] for name in fields if name != "shift"} == {
            name: [value] for name, value in fields.items() if name != "shift"
        }
        # what is not in the list can't be ticked in it
        assert held.get("shift", []) == [one for one in [*fields.get("shift", [])] if one == WEDNESDAY]


def test_more_than_the_money_left_is_refused_with_both_amounts(client_of: Clients, make: Maker) -> None:
    deal = make(lambda world: world.deal(pence=10_000))
    client = client_of(deal.holder)
    enough = chosen(client, deal.agreement.id, shift=[WEDNESDAY])
    assert "After these shifts £44.00" in words(enough)
    both = chosen(client, deal.agreement.id, shift=[WEDNESDAY, FRIDAY])
    sentence = "There is not enough money: £100.00 is left and this needs £112.00."
    assert problems(both) == [("shift", sentence)]
    typed = chosen(client, deal.agreement.id, **TYPED)
    assert problems(typed) == [("end", sentence)]


def test_one_shift_that_can_not_be_booked_leaves_none(
    client_of: Clients, make: Maker, database: Database, clock: Clock
) -> None:
    deal = make(lambda world: world.deal())
    client, path = client_of(deal.holder), f"/agreements/{deal.agreement.id}/book"
    check = chosen(client, deal.agreement.id, shift=[WEDNESDAY, FRIDAY])
    clock.forward(days=2)  # Wednesday has begun by now
    answer = client.post(path, data=boxes(check, path))
    assert problems(answer) == [("shift", "The shift must start in the future.")]
    assert booked(database, deal.holder) == []
    assert boxes(answer, path)["shift"] == [FRIDAY]


def test_hours_taken_by_somebody_else_in_between_are_refused(
    client_of: Clients, make: Maker, database: Database
) -> None:
    first = make(lambda world: world.deal())
    second = make(lambda world: world.deal(assistant=first.assistant))
    client, path = client_of(first.holder), f"/agreements/{first.agreement.id}/book"
    check = chosen(client, first.agreement.id, shift=[WEDNESDAY])
    make(lambda world: world.booking(second, starts_at=datetime(2026, 11, 25, 11, tzinfo=UTC)))
    answer = client.post(path, data=boxes(check, path))
    assert answer.status_code == 422
    assert "They are already booked in some of these hours" in words(answer)
    assert booked(database, first.holder) == []


def test_without_an_agreement_in_force_nothing_is_offered_to_book(client_of: Clients, make: Maker) -> None:
    def unanswered(world: World) -> tuple[Viewer, UUID]:
        deal = world.deal()
        deal.agreement.state, deal.agreement.answered_at = "offered", None
        world.session.add(deal.agreement)
        return deal.holder, deal.agreement.id

    holder, agreement_id = make(unanswered)
    client = client_of(holder)
    assert "has not agreed yet, so nothing can be booked" in words(client.get(f"/agreements/{agreement_id}/book"))
    answer = client.post(f"/agreements/{agreement_id}/book", data=form(client, {"shift": [WEDNESDAY]}))
    assert answer.status_code == 422
    assert "There is no agreement in force yet" in answer.text


def test_no_more_shifts_at_once_than_a_page_can_hold(client_of: Clients, make: Maker) -> None:
    deal = make(lambda world: world.deal())
    days = [(MONDAY + timedelta(days=ahead + 1)).date() for ahead in range(61)]
    answer = chosen(client_of(deal.holder), deal.agreement.id, shift=[f"{day} 08:00 09:00" for day in days])
    assert problems(answer) == [("shift", "You can book 60 shifts at once. Book the others after that.")]


def test_more_bookings_take_no_more_queries(client_of: Clients, make: Maker, database: Database) -> None:
    deal = make(lambda world: world.deal())
    client = client_of(deal.holder)

    def queries() -> int:
        with counted(database.engine) as seen:
            assert client.get(f"/agreements/{deal.agreement.id}/book").status_code == 200
        return len(seen)

    one = queries()
    make(lambda world: [world.booking(deal, starts_at=world.now.replace(day=day)) for day in (25, 26, 27)])
    assert queries() == one


# --- who may come


@pytest.mark.parametrize("who", ["other_holder", "other_broker", "assistant", "other_assistant", "newcomer"])
def test_a_stranger_and_the_assistant_can_not_book(place: Place, who: str) -> None:
    client, path = place.client(who), place.town.path("/agreements/{agreement_id}/book")
    before = contents(place.database)
    assert client.get(path).status_code == 404
    assert client.get(path, params={"shift": "2026-12-10 08:00 12:00"}).status_code == 404
    assert client.post(path, data=form(client, {"shift": ["2026-12-10 08:00 12:00"]})).status_code == 404
    assert contents(place.database) == before


def test_a_broker_books_for_the_holder_and_is_told_so(place: Place) -> None:
    path = place.town.path("/agreements/{agreement_id}/book")
    for address in (path, f"{path}?shift=2026-12-10+08%3A00+12%3A00"):
        answer = place.client("broker").get(address)
        assert (answer.status_code, "You are acting for Harriet Webb." in answer.text) == (200, True)


def test_nobody_signed_in_is_sent_to_sign_in(place: Place) -> None:
    answer = place.client("nobody").get(place.town.path("/agreements/{agreement_id}/book"))
    assert (answer.status_code, answer.headers["location"][:14]) == (303, "/sign-in?next=")


def test_what_is_not_there_is_not_found(place: Place) -> None:
    assert place.client("holder").get(f"/agreements/{uuid4()}/book").status_code == 404

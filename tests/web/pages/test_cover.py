from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from marketplace import agreements, introductions, needs
from marketplace.agreements import Agreement, NewAgreement
from marketplace.availability import Hours
from marketplace.people import Viewer
from tests.builders import MONDAY, Clock, Deal, World
from tests.conftest import Database
from tests.counting import counted
from tests.web.clients import Clients, Maker, form
from tests.web.pages.markup import boxes, controls, problems, words
from tests.web.town import Place, contents

#: Wednesday morning, from eight to twelve.
SHIFT = MONDAY.replace(day=25, hour=8)
SUNDAY = [{"weekday": "sunday", "start": "10:00", "end": "12:00"}]
PATH = "/bookings/{booking_id}/cover"


def booked(world: World) -> tuple[Deal, UUID]:
    deal = world.deal()
    return deal, world.booking(deal, starts_at=SHIFT).id


def on_sundays(world: World, holder: Viewer, assistant: Viewer, *, ends_on: date | None = None) -> Agreement:
    """An agreement between the two that leaves the week free."""
    asked = world.invitation(holder, assistant, need_id=world.need(holder, hours=SUNDAY).id)
    introductions.accept(world.session, viewer=assistant, introduction_id=asked.id, now=world.now)
    new = NewAgreement(rate_pence=1400, starts_on=world.now.date(), ends_on=ends_on)
    offered = agreements.offer(world.session, viewer=holder, introduction_id=asked.id, new=new, now=world.now)
    return agreements.accept(world.session, viewer=assistant, agreement_id=offered.id, now=world.now)


def known(world: World, holder: Viewer, *, ends_on: date | None = None) -> UUID:
    """The agreement of somebody who works for the holder on Sundays."""
    return on_sundays(world, holder, world.assistant(name="Kay Known"), ends_on=ends_on).id


def test_who_could_come_is_listed_with_those_who_know_the_holder_first(client_of: Clients, make: Maker) -> None:
    deal, booking_id = make(booked)
    make(lambda world: world.assistant(name="New Near", postcode="NG9 2AB"))
    agreement_id = make(lambda world: known(world, deal.holder))
    client = client_of(deal.holder)
    assert f'href="/bookings/{booking_id}/cover"' in client.get(f"/bookings/{booking_id}").text
    response = client.get(f"/bookings/{booking_id}/cover")
    text = words(response)
    for part in (
        "Wednesday 25 November 2026, 8am to midday , instead of Asha Okoro",
        "Asha Okoro stays booked",
        "Kay Known Has worked for you before About 7 minutes by car. £14.00 an hour. See what it costs and book",
        "New N. About 5 minutes by car. Asks for £13.00 an hour.",
        "Could you cover Wednesday 25 November 2026, 8am to midday?",
        "Ask New N.",
    ):
        assert part in text
    assert text.index("Kay Known") < text.index("New N.")
    assert f'href="/agreements/{agreement_id}/book?shift=2026-11-25+08%3A00+12%3A00"' in response.text
    check = words(client.get(f"/agreements/{agreement_id}/book?shift=2026-11-25+08%3A00+12%3A00"))
    assert "Wednesday 25 November 2026, 8am to midday 4 hours £56.00" in check


def test_an_agreement_that_does_not_hold_on_the_day_is_not_booked_with(client_of: Clients, make: Maker) -> None:
    deal, booking_id = make(booked)

    make(lambda world: known(world, deal.holder, ends_on=(MONDAY + timedelta(days=1)).date()))
    text = words(client_of(deal.holder).get(f"/bookings/{booking_id}/cover"))
    assert "Kay K. Has worked for you before" in text
    assert "Ask Kay K." in text
    assert "See what it costs" not in text


def test_somebody_new_is_asked_through_a_request_for_this_shift_and_the_next_one_through_the_same(
    client_of: Clients, make: Maker, database: Database
) -> None:
    deal, booking_id = make(booked)
    first, second = make(lambda world: (world.assistant(name="Fay First"), world.assistant(name="Sid Second")))
    client, path = client_of(deal.holder), f"/bookings/{booking_id}/cover"
    held = boxes(client.get(path), path)
    assert held["message"] == ["Could you cover Wednesday 25 November 2026, 8am to midday?"]
    for one in (first, second):
        sent = form(client, {"assistant_id": str(one.assistant_id), "message": held["message"][0]})
        answer = client.post(path, data=sent)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?done=cover_asked")
    with database.session() as session:
        (need,) = [one for one in needs.of_viewer(session, viewer=deal.holder) if one.state == "open"]
        asked = needs.asked(session, need_ids=[need.id])[need.id]
        invited = introductions.of_need(session, viewer=deal.holder, need_id=need.id)
    assert (need.title, need.rate_pence) == ("Cover on Wednesday 25 November 2026", 1400)
    assert (need.starts_on, need.ends_on) == (SHIFT.date(), SHIFT.date())
    assert asked.hours == [Hours.model_validate({"weekday": "wednesday", "start": "08:00", "end": "12:00"})]
    assert {one.assistant_id for one in invited} == {first.assistant_id, second.assistant_id}
    assert {one.message for one in invited} == {held["message"][0]}
    after = words(client.get(path))
    assert "Fay F. Waiting for an answer" in after
    assert "Sid S. Waiting for an answer" in after
    assert "You have asked everybody who could come." in after
    assert "Cover on Wednesday 25 November 2026" in words(client_of(first).get("/work"))


def test_a_request_for_cover_that_was_closed_is_followed_by_another(
    client_of: Clients, make: Maker, database: Database
) -> None:
    deal, booking_id = make(booked)
    pair = make(lambda world: (world.assistant(name="Fay First"), world.assistant(name="Sid Second")))
    client, path = client_of(deal.holder), f"/bookings/{booking_id}/cover"
    for one in pair:
        answer = client.post(path, data=form(client, {"assistant_id": str(one.assistant_id)}))
        assert answer.status_code == 303
        with database.session() as session, session.begin():
            for need in needs.of_viewer(session, viewer=deal.holder):
                needs.close(session, viewer=deal.holder, need_id=need.id)
    with database.session() as session:
        assert len(needs.of_viewer(session, viewer=deal.holder)) == 3


def test_a_shift_that_was_cancelled_can_be_covered_too(client_of: Clients, make: Maker) -> None:
    deal, booking_id = make(booked)
    make(lambda world: world.assistant(name="New Near"))
    assistant = client_of(deal.assistant)
    assert "Find cover" not in words(assistant.get(f"/bookings/{booking_id}"))
    assistant.post(f"/bookings/{booking_id}/cancel", data=form(assistant, {"reason": "ill"}))
    client = client_of(deal.holder)
    assert "Find cover for this shift" in words(client.get(f"/bookings/{booking_id}"))
    text = words(client.get(f"/bookings/{booking_id}/cover"))
    assert "Ask New N." in text
    assert "stays booked" not in text


# --- who can't come


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ({"hours": SUNDAY}, "Not free for all of these hours."),
        ({"lowest_rate_pence": 1500}, "Ask more than the rate offered."),
        ({"postcode": "NG1 5AA", "travel_by": "foot", "travel_minutes": 30}, "Live further away than they travel."),
    ],
)
def test_where_nobody_could_come_the_rule_that_took_out_most_is_named(
    client_of: Clients, make: Maker, profile: dict[str, object], said: str
) -> None:
    deal, booking_id = make(booked)
    make(lambda world: [world.assistant(**profile), world.assistant(**profile)])
    text = words(client_of(deal.holder).get(f"/bookings/{booking_id}/cover"))
    assert "Nobody could come" in text
    assert f"This took out the most, 2 people: {said}" in text


def test_who_works_elsewhere_in_these_hours_is_counted_and_not_listed(client_of: Clients, make: Maker) -> None:
    deal, booking_id = make(booked)
    busy = make(lambda world: world.assistant(name="Bo Busy", most_hours=48))

    def elsewhere(world: World) -> None:
        broker = world.broker()
        holder = world.holder(broker=broker)
        line = world.budget(broker=broker, holder=holder)
        other = Deal(holder, busy, on_sundays(world, holder, busy), line)
        world.booking(other, starts_at=SHIFT + timedelta(hours=1), minutes=60)

    make(elsewhere)
    text = words(client_of(deal.holder).get(f"/bookings/{booking_id}/cover"))
    assert "1 person would fit but has another shift in these hours." in text
    make(lambda world: world.assistant(name="New Near"))
    assert "1 more would fit but has another shift." in words(
        client_of(deal.holder).get(f"/bookings/{booking_id}/cover")
    )


@pytest.mark.parametrize(("within", "listed"), [("", True), ("15", True), ("5", False)])
def test_only_who_can_be_there_in_time_is_listed(client_of: Clients, make: Maker, within: str, *, listed: bool) -> None:
    deal, booking_id = make(booked)
    make(lambda world: world.assistant(name="New Near"))
    text = words(client_of(deal.holder).get(f"/bookings/{booking_id}/cover", params={"within": within}))
    assert ("Ask New N." in text) is listed


@pytest.mark.parametrize("within", ["0", "241", "soon", "-5", "9" * 30, "1.5", "٣"])
def test_a_time_to_get_there_that_can_not_be_is_told_at_its_box(client_of: Clients, make: Maker, within: str) -> None:
    deal, booking_id = make(booked)
    answer = client_of(deal.holder).get(f"/bookings/{booking_id}/cover", params={"within": within})
    assert (answer.status_code, [box for box, _ in problems(answer)]) == (422, ["within"])
    assert "within" in controls(answer)


def test_hours_that_are_over_can_not_be_covered(client_of: Clients, make: Maker, clock: Clock) -> None:
    deal, booking_id = make(booked)
    clock.forward(days=3)
    client = client_of(deal.holder)
    assert "Find cover" not in words(client.get(f"/bookings/{booking_id}"))
    answer = client.get(f"/bookings/{booking_id}/cover")
    assert answer.status_code == 422
    assert "These hours are over." in words(answer)


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"assistant_id": ""}, 422, ""),
        ({"assistant_id": "me"}, 422, ""),
        ({"assistant_id": "6f0b1a52-3a3e-4c1c-9d5a-0f5c2d6a7b11"}, 404, ""),
        ({"message": "x" * 1001}, 422, "Message must be 1000 characters or fewer."),
        ({"message": "a\x07b"}, 422, "Message holds a character that can't be typed."),
    ],
)
def test_an_invitation_that_can_not_be_makes_no_request_and_loses_no_words(
    client_of: Clients, make: Maker, database: Database, fields: dict[str, str], status: int, said: str
) -> None:
    deal, booking_id = make(booked)
    one = make(lambda world: world.assistant(name="New Near"))
    client, path = client_of(deal.holder), f"/bookings/{booking_id}/cover"
    answer = client.post(path, data=form(client, {"assistant_id": str(one.assistant_id), "message": "Hi", **fields}))
    assert answer.status_code == status
    assert said in words(answer)
    if "message" in fields:
        assert problems(answer)[0][0] == f"message-{one.assistant_id}"
        assert boxes(answer, path)["message"] == [fields["message"]]
    with database.session() as session:
        assert len(needs.of_viewer(session, viewer=deal.holder)) == 1


def test_more_people_take_no_more_queries(client_of: Clients, make: Maker, database: Database) -> None:
    deal, booking_id = make(booked)
    client = client_of(deal.holder)

    def queries() -> int:
        client.get(f"/bookings/{booking_id}/cover")  # the pool of candidates takes in those who are new
        with counted(database.engine) as seen:
            assert client.get(f"/bookings/{booking_id}/cover").status_code == 200
        return len(seen)

    make(lambda world: (known(world, deal.holder), world.assistant()))
    one = queries()
    make(lambda world: [(known(world, deal.holder), world.assistant()) for _ in range(3)])
    assert queries() == one


# --- who may come


@pytest.mark.parametrize("who", ["other_holder", "other_broker", "assistant", "other_assistant", "newcomer"])
def test_a_stranger_and_the_assistant_find_no_cover_and_ask_nobody(place: Place, who: str) -> None:
    client, path = place.client(who), place.town.path(PATH)
    before = contents(place.database)
    assert client.get(path).status_code == 404
    values = {"assistant_id": str(place.town.people["other_assistant"].assistant_id)}
    assert client.post(path, data=form(client, values)).status_code == 404
    assert contents(place.database) == before


def test_a_broker_finds_cover_for_the_holder_and_is_told_so(place: Place) -> None:
    # what is over can't be covered, and that is said to who may ask only
    answer = place.client("broker").get(place.town.path(PATH))
    assert (answer.status_code, "You are acting for Harriet Webb." in answer.text) == (422, True)


def test_nobody_signed_in_is_sent_to_sign_in(place: Place) -> None:
    answer = place.client("nobody").get(place.town.path(PATH))
    assert (answer.status_code, answer.headers["location"][:14]) == (303, "/sign-in?next=")


def test_what_is_not_there_is_not_found(place: Place) -> None:
    assert place.client("holder").get(f"/bookings/{uuid4()}/cover").status_code == 404

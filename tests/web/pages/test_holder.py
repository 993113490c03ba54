from uuid import UUID, uuid4

import pytest

from marketplace import introductions, needs, timesheets
from marketplace.people import Viewer
from tests.builders import Clock, Deal, World
from tests.conftest import Database
from tests.counting import counted
from tests.web.clients import Clients, Maker
from tests.web.pages.markup import words
from tests.web.town import Place


def said_yes(world: World, holder: Viewer, **need: object) -> UUID:
    assistant = world.assistant(name="Yara Yes")
    assert assistant.assistant_id is not None
    one = introductions.invite(
        world.session,
        viewer=holder,
        need_id=world.need(holder, **need).id,
        assistant_id=assistant.assistant_id,
        message="",
        now=world.now,
    )
    introductions.accept(world.session, viewer=assistant, introduction_id=one.id, now=world.now)
    return one.id


def worked(world: World, deal: Deal) -> UUID:
    """A shift two days from the world's now, confirmed an hour after its end."""
    booking = world.booking(deal)
    timesheets.confirm(
        world.session,
        viewer=deal.assistant,
        booking_id=booking.id,
        started_at=booking.starts_at,
        ended_at=booking.ends_at,
        now=booking.ends_at,
    )
    return booking.id


def test_a_new_holder_is_told_what_to_do_first(client_of: Clients, make: Maker) -> None:
    text = words(client_of(make(lambda world: world.holder())).get("/support"))
    for part in ("No open requests", "Ask for support", "No shifts are booked.", "You have no budget here yet."):
        assert part in text
    assert "Waiting for you" not in text


def test_what_waits_for_the_holder_comes_first_and_leads_to_it(client_of: Clients, make: Maker) -> None:
    deal = make(lambda world: world.deal())
    booking_id = make(lambda world: worked(world, deal))
    introduction_id = make(lambda world: said_yes(world, deal.holder, title="Evening <b>meals</b>"))
    response = client_of(deal.holder).get("/support")
    text = words(response)
    assert text.index("Waiting for you") < text.index("Hours of Wednesday 25 November 2026")
    assert "Asha Okoro, 9am to 1pm £56.00 to approve" in text
    assert "Yara Yes said yes Evening <b>meals</b>" in text
    assert f'href="/bookings/{booking_id}"' in response.text
    assert f'href="/introductions/{introduction_id}/agreement"' in response.text


def test_requests_shifts_agreements_and_money_are_on_the_page(client_of: Clients, make: Maker, clock: Clock) -> None:
    deal = make(lambda world: world.deal())
    make(lambda world: world.booking(deal))
    client = client_of(deal.holder)
    text = words(client.get("/support"))
    assert "Mornings Filled" in text
    assert "Wednesday 25 November 2026, 9am to 1pm Asha Okoro" in text
    assert "Mornings, £14.00 an hour Book shifts with Asha Okoro" in text
    assert "Personal health budget £944.00 free of £1,000.00, until Wednesday 31 March 2027" in text
    clock.forward(days=3)
    assert "Waiting for your assistants" in words(client.get("/support"))


def test_how_many_were_asked_and_said_yes_is_counted_for_each_request(client_of: Clients, make: Maker) -> None:
    holder = make(lambda world: world.holder())
    make(lambda world: world.need(holder, title="Nobody asked"))
    make(lambda world: said_yes(world, holder))
    text = words(client_of(holder).get("/support"))
    assert "Nobody asked Open You have not invited anyone yet." in text
    assert "Mornings Open 0 people still to answer, 1 said yes." in text


def test_closed_requests_are_put_away(client_of: Clients, make: Maker) -> None:
    holder = make(lambda world: world.holder())

    def closed(world: World) -> None:
        needs.close(world.session, viewer=holder, need_id=world.need(holder, title="Long ago").id)

    make(closed)
    text = words(client_of(holder).get("/support"))
    assert "Closed requests (1) Long ago" in text
    assert "No open requests" in text


def test_a_broker_finds_the_same_page_with_a_banner_and_may_open_a_budget(place: Place) -> None:
    path = place.town.path("/holders/{holder_id}")
    response = place.client("broker").get(path)
    assert "You are acting for Harriet Webb." in response.text
    assert "Support for Harriet Webb" in words(response)
    assert f'href="{path}/budgets/new"' in response.text
    own = place.client("holder").get(path)
    assert (own.status_code, "You are acting for" in own.text, "budgets/new" in own.text) == (200, False, False)


@pytest.mark.parametrize("who", ["other_holder", "other_broker", "assistant", "newcomer"])
def test_a_stranger_finds_no_page(place: Place, who: str) -> None:
    assert place.client(who).get(place.town.path("/holders/{holder_id}")).status_code == 404


@pytest.mark.parametrize("who", ["broker", "assistant", "newcomer"])
def test_who_is_no_holder_has_no_home_of_a_holder(place: Place, who: str) -> None:
    assert place.client(who).get("/support").status_code == 404


def test_what_is_not_there_is_not_found(place: Place) -> None:
    assert place.client("broker").get(f"/holders/{uuid4()}").status_code == 404


@pytest.mark.parametrize("path", ["/support", "/holders/{holder_id}"])
def test_nobody_signed_in_is_sent_to_sign_in(place: Place, path: str) -> None:
    answer = place.client("nobody").get(place.town.path(path))
    assert (answer.status_code, answer.headers["location"][:14]) == (303, "/sign-in?next=")


def test_more_requests_and_shifts_take_no_more_queries(client_of: Clients, make: Maker, database: Database) -> None:
    deal = make(lambda world: world.deal())
    client = client_of(deal.holder)

    def queries() -> int:
        with counted(database.engine) as seen:
            assert client.get("/support").status_code == 200
        return len(seen)

    make(lambda world: (worked(world, deal), said_yes(world, deal.holder)))
    one = queries()

    def more(world: World) -> None:
        for day in range(3, 8):
            world.booking(deal, starts_at=world.now.replace(day=world.now.day + day - 1, hour=15))
            said_yes(world, deal.holder)

    make(more)
    assert queries() == one

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from marketplace import agreements, introductions, needs
from marketplace.agreements import NewAgreement
from marketplace.assistants import Status
from marketplace.people import Viewer
from tests.builders import Clock, World
from tests.conftest import Database
from tests.counting import counted
from tests.web.clients import Clients, Maker, form
from tests.web.pages.markup import boxes, problems, words
from tests.web.town import Place, contents


@dataclass(frozen=True)
class Asked:
    """A holder, an assistant, and a question from one to the other."""

    holder: Viewer
    assistant: Viewer
    id: UUID

    @property
    def path(self) -> str:
        return f"/introductions/{self.id}"


def asked(world: World, *, message: str = "", assistant: Viewer | None = None, **need: object) -> Asked:
    holder, one = world.holder(), assistant or world.assistant()
    assert one.assistant_id is not None
    made = introductions.invite(
        world.session,
        viewer=holder,
        need_id=world.need(holder, **need).id,
        assistant_id=one.assistant_id,
        message=message,
        now=world.now,
    )
    return Asked(holder, one, made.id)


def offered(world: World) -> tuple[Asked, UUID]:
    one = asked(world)
    introductions.accept(world.session, viewer=one.assistant, introduction_id=one.id, now=world.now)
    new = NewAgreement(rate_pence=1450, starts_on=world.now.date())
    made = agreements.offer(world.session, viewer=one.holder, introduction_id=one.id, new=new, now=world.now)
    return one, made.id


# --- home


def test_who_was_never_asked_is_told_what_brings_invitations(client_of: Clients, make: Maker) -> None:
    text = words(client_of(make(lambda world: world.assistant())).get("/work"))
    assert "Nobody has invited you yet" in text
    assert "not looking" not in text


def test_who_is_not_looking_is_reminded_of_it(client_of: Clients, make: Maker) -> None:
    viewer = make(lambda world: world.assistant(status=Status.NOT_NOW))
    assert "You are not looking for work now" in words(client_of(viewer).get("/work"))


def test_who_is_open_to_offers_can_be_invited_and_is_reminded_of_nothing(client_of: Clients, make: Maker) -> None:
    viewer = make(lambda world: world.assistant(status=Status.OPEN))
    text = words(client_of(viewer).get("/work"))
    assert "not looking" not in text
    assert "You are on the list of everyone whose needs you fit." in text


@pytest.mark.parametrize(
    ("by", "said"),
    [("car", "About 7 minutes by car"), ("foot", "About 15 minutes on foot"), ("cycle", "About 7 minutes by bike")],
)
def test_the_journey_is_told_as_the_assistant_makes_it(client_of: Clients, make: Maker, by: str, said: str) -> None:
    one = make(lambda world: asked(world, assistant=world.assistant(travel_by=by)))
    assert f"NG9. {said} from you." in words(client_of(one.assistant).get(one.path))


def test_home_shows_what_waits_first_and_leads_to_it(client_of: Clients, make: Maker) -> None:
    one, agreement_id = make(offered)
    make(lambda world: asked(world, assistant=one.assistant, title="Evening <b>meals</b>"))
    response = client_of(one.assistant).get("/work")
    text = words(response)
    assert text.index("Agreement with Harriet Webb") < text.index("Evening <b>meals</b>") < text.index("Next shifts")
    assert "£14.50 an hour, from Monday 23 November 2026" in text
    assert f'href="/agreements/{agreement_id}"' in response.text


def test_shifts_lead_from_home_to_saying_their_hours(client_of: Clients, make: Maker, clock: Clock) -> None:
    deal = make(lambda world: world.deal())
    booking = make(lambda world: world.booking(deal))
    client = client_of(deal.assistant)
    coming = words(client.get("/work"))
    assert "Wednesday 25 November 2026, 9am to 1pm , for Harriet Webb" in coming
    assert "Tell us your hours" not in coming
    clock.forward(days=3)
    over = client.get("/work")
    assert "Tell us your hours Wednesday 25 November 2026, 9am to 1pm For Harriet Webb." in words(over)
    assert f'href="/bookings/{booking.id}"' in over.text


def test_more_invitations_take_no_more_queries(client_of: Clients, make: Maker, database: Database) -> None:
    viewer = make(lambda world: world.assistant())
    client = client_of(viewer)

    def queries() -> int:
        with counted(database.engine) as seen:
            assert client.get("/work").status_code == 200
        return len(seen)

    make(lambda world: asked(world, assistant=viewer))
    one = queries()
    for _ in range(4):
        make(lambda world: asked(world, assistant=viewer))
    assert queries() == one


# --- who may come


@pytest.mark.parametrize(
    "path", ["/work", "/introductions/{introduction_id}", "/introductions/{introduction_id}/decline"]
)
@pytest.mark.parametrize("who", ["holder", "broker", "other_holder", "other_broker", "newcomer"])
def test_a_stranger_finds_no_page(place: Place, path: str, who: str) -> None:
    assert place.client(who).get(place.town.path(path)).status_code == 404


@pytest.mark.parametrize("path", ["/introductions/{introduction_id}", "/introductions/{introduction_id}/decline"])
def test_another_assistant_finds_no_page_either(place: Place, path: str) -> None:
    assert place.client("other_assistant").get(place.town.path(path)).status_code == 404


@pytest.mark.parametrize("answer", ["accept", "decline"])
@pytest.mark.parametrize("what", ["introductions/{introduction_id}", "agreements/{agreement_id}"])
@pytest.mark.parametrize("who", ["holder", "broker", "other_assistant", "newcomer"])
def test_nobody_else_can_answer(place: Place, what: str, answer: str, who: str) -> None:
    before = contents(place.database)
    client = place.client(who)
    assert client.post(place.town.path(f"/{what}/{answer}"), data=form(client)).status_code == 404
    assert contents(place.database) == before


@pytest.mark.parametrize("path", ["/work", "/introductions/{introduction_id}"])
def test_nobody_signed_in_is_sent_to_sign_in(place: Place, path: str) -> None:
    response = place.client("nobody").get(place.town.path(path))
    assert response.status_code == 303
    assert response.headers["location"].startswith("/sign-in?next=%2F")


# --- invitations


def test_an_invitation_says_all_one_needs_to_decide_but_not_who_or_where_exactly(
    client_of: Clients, make: Maker
) -> None:
    one = make(
        lambda world: asked(
            world,
            message="Hello!\n<i>Do</i> you swim?",
            about="I use a hoist.",
            required={"hoist"},
            wished={"first_aid"},
            hours=[{"weekday": "friday", "start": "22:00", "end": "06:00"}],
            hours_a_week=6,
            mostly={"night"},
            kind="sleep_in",
            people=2,
            contract="self_employed",
            home={"smoking_home", "dog", "parking"},
            checks={"references"},
            languages={"pl"},
            languages_wished={"cy"},
            car="drives",
            refuses={"smokes"},
            gender="woman",
            gender_reason="SECRET",
        )
    )
    response = client_of(one.assistant).get(one.path)
    text = words(response)
    for part in (
        "Harriet W. invites you.",
        "Hello! <i>Do</i> you swim?",
        "I use a hoist.",
        "NG9. About 7 minutes by car from you.",
        "Friday, 10pm to 6am the next day",
        "6 hours a week within these times, mostly nights",
        "£14.00 an hour, so £84.00 for a full week",
        "Sleep-ins: asleep there, woken when needed, together with a second person",
        "Contract Self-employed",
        "Someone smokes there A dog Somewhere to park",
        "Monday 23 November 2026",
        "No end date",
        "What you must have Using a hoist References Speaks Polish Can drive Doesn’t smoke A woman",
        "Good to have First aid Speaks Welsh",
    ):
        assert part in text
    assert "Webb" not in response.text
    assert "2AB" not in response.text
    assert "SECRET" not in response.text


def test_a_yes_is_thanked_for_and_opens_the_full_name(client_of: Clients, make: Maker) -> None:
    one = make(asked)
    client = client_of(one.assistant)
    said = client.post(f"{one.path}/accept", data=boxes(client.get(one.path), f"{one.path}/accept"))
    assert (said.status_code, said.headers["location"]) == (303, f"{one.path}?done=accepted")
    text = words(client.get(said.headers["location"]))
    assert "Harriet Webb can now offer you an agreement" in text
    assert "Would you like to do this?" not in text


def test_a_no_is_made_sure_of_and_may_say_why(client_of: Clients, make: Maker, database: Database) -> None:
    one = make(asked)
    client = client_of(one.assistant)
    sure = client.get(f"{one.path}/decline")
    assert "It does not count against you." in words(sure)
    said = client.post(f"{one.path}/decline", data={**boxes(sure, f"{one.path}/decline"), "reason": " Too far. "})
    assert (said.status_code, said.headers["location"]) == (303, "/work?done=declined")
    with database.session() as session:
        answer = introductions.get(session, viewer=one.holder, introduction_id=one.id)
    assert (answer.state, answer.reason) == ("declined", "Too far.")
    assert "You said no" in words(client.get(one.path))


@pytest.mark.parametrize("reason", ["x" * 501, "a\x07b"])
def test_a_reason_that_can_not_be_stored_is_shown_again(client_of: Clients, make: Maker, reason: str) -> None:
    one = make(asked)
    client = client_of(one.assistant)
    response = client.post(f"{one.path}/decline", data=form(client, {"reason": reason}))
    assert response.status_code == 422
    assert [field for field, _ in problems(response)] == ["reason"]
    assert boxes(response, f"{one.path}/decline")["reason"] == [reason]


@pytest.mark.parametrize("second", ["accept", "decline"])
@pytest.mark.parametrize("first", ["accept", "decline"])
def test_an_answer_stands(client_of: Clients, make: Maker, first: str, second: str) -> None:
    one = make(asked)
    client = client_of(one.assistant)
    client.post(f"{one.path}/{first}", data=form(client))
    again = client.post(f"{one.path}/{second}", data=form(client))
    assert again.status_code == 422
    assert "You have answered this invitation already." in words(again)


def test_an_answer_sent_twice_is_given_once(client_of: Clients, make: Maker) -> None:
    one = make(asked)
    client = client_of(one.assistant)
    sent = form(client)
    answers = [client.post(f"{one.path}/accept", data=sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[1].headers["idempotent-replayed"] == "true"


def test_a_request_that_closed_asks_for_no_answer(client_of: Clients, make: Maker) -> None:
    one = make(asked)

    def close(world: World) -> None:
        introduction = introductions.get(world.session, viewer=one.holder, introduction_id=one.id)
        needs.close(world.session, viewer=one.holder, need_id=introduction.need_id)

    make(close)
    client = client_of(one.assistant)
    text = words(client.get(one.path))
    assert "There is nothing you have to do." in text
    assert "Would you like to do this?" not in text
    assert "No longer looking" in words(client.get("/work"))


@pytest.mark.parametrize("path", ["/introductions/{}", "/introductions/{}/decline"])
def test_what_is_not_there_is_not_found(place: Place, path: str) -> None:
    assert place.client("assistant").get(path.format(uuid4())).status_code == 404


# --- agreements


def answered(client: TestClient, agreement_id: UUID, answer: str) -> str:
    response = client.post(f"/agreements/{agreement_id}/{answer}", data=form(client))
    assert response.status_code == 303
    return response.headers["location"]


@pytest.mark.parametrize(
    ("answer", "onto", "state"),
    [
        ("accept", lambda found: f"/agreements/{found}?done=agreed", "agreed"),
        ("decline", lambda _found: "/work?done=declined", "declined"),
    ],
)
def test_an_agreement_is_answered_from_its_page(
    client_of: Clients, make: Maker, database: Database, answer: str, onto: Callable[[UUID], str], state: str
) -> None:
    one, agreement_id = make(offered)
    client = client_of(one.assistant)
    assert answered(client, agreement_id, answer) == onto(agreement_id)
    with database.session() as session:
        assert agreements.get(session, viewer=one.holder, agreement_id=agreement_id).state == state
    again = client.post(f"/agreements/{agreement_id}/accept", data=form(client))
    assert again.status_code == 409
    assert "You have answered this offer already." in words(again)

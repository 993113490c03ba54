from uuid import UUID, uuid4

import pytest

from marketplace import agreements, introductions
from marketplace.people import Viewer
from tests.builders import Clock, World
from tests.conftest import Database
from tests.counting import counted
from tests.web.clients import Clients, Maker, form
from tests.web.pages.markup import boxes, controls, problems, words
from tests.web.town import Place, contents


def accepted(world: World, *, answer: bool = True, **need: object) -> tuple[Viewer, Viewer, UUID]:
    """A holder, an assistant who said yes, and the introduction."""
    holder, assistant = world.holder(), world.assistant()
    assert assistant.assistant_id is not None
    one = introductions.invite(
        world.session,
        viewer=holder,
        need_id=world.need(holder, **need).id,
        assistant_id=assistant.assistant_id,
        message="",
        now=world.now,
    )
    if answer:
        introductions.accept(world.session, viewer=assistant, introduction_id=one.id, now=world.now)
    return holder, assistant, one.id


# --- offering


def test_the_offer_is_filled_in_from_the_request(client_of: Clients, make: Maker, clock: Clock) -> None:
    holder, _, introduction_id = make(lambda world: accepted(world, rate_pence=1450, ends_on="2027-03-31"))
    clock.forward(days=2)  # its first day is past by now
    path = f"/introductions/{introduction_id}/agreement"
    response = client_of(holder).get(path)
    held = boxes(response, path)
    assert held["rate"] == ["14.50"]
    assert [held[f"starts_on.{part}"][0] for part in ("day", "month", "year")] == ["25", "11", "2026"]
    assert [held[f"ends_on.{part}"][0] for part in ("day", "month", "year")] == ["31", "3", "2027"]
    text = words(response)
    assert "Offer an agreement to Asha Okoro" in text
    assert "12 hours a week At £14.50 an hour that is £174.00 a week." in text


def test_where_only_some_hours_are_wanted_the_offer_and_the_agreement_count_those(
    client_of: Clients, make: Maker
) -> None:
    holder, _, introduction_id = make(lambda world: accepted(world, hours_a_week=6))
    client, path = client_of(holder), f"/introductions/{introduction_id}/agreement"
    response = client.get(path)
    assert "6 hours a week within these times At £14.00 an hour that is £84.00 a week." in words(response)
    answer = client.post(path, data=boxes(response, path))
    assert "For 6 hours a week that is £84.00." in words(client.get(answer.headers["location"]))


def test_an_offer_is_made_once_and_leads_to_its_page_from_then_on(
    client_of: Clients, make: Maker, database: Database
) -> None:
    holder, assistant, introduction_id = make(accepted)
    client, path = client_of(holder), f"/introductions/{introduction_id}/agreement"
    held = boxes(client.get(path), path)
    answer = client.post(path, data={**held, "rate": "15"})
    address, done = answer.headers["location"].split("?")
    assert (answer.status_code, done) == (303, "done=offered")
    with database.session() as session:
        (offered,) = agreements.of_viewer(session, viewer=assistant)
    assert (address, offered.rate_pence, offered.ends_on) == (f"/agreements/{offered.id}", 1500, None)
    assert client.get(path).headers["location"] == address
    again = client.post(path, data=form(client, {**held, **form(client)}))
    assert again.status_code == 422
    assert "You have offered this person an agreement already." in words(again)


@pytest.mark.parametrize(
    ("changes", "box", "sentence"),
    [
        ({"rate": "ten"}, "rate", "Enter an amount in pounds and pence, like 13.50."),
        ({"rate": "5"}, "rate", "Rate must be £8.00 or more."),
        ({"starts_on.month": "13"}, "starts_on", "Enter a real date, like 23 11 2026."),
        ({"starts_on.day": ""}, "starts_on", "Enter a real date, like 23 11 2026."),
        ({"ends_on.year": "2027"}, "ends_on", "Enter a real date, like 23 11 2026."),
        (
            {"ends_on.day": "1", "ends_on.month": "1", "ends_on.year": "2026"},
            "ends_on",
            "The end date must be on or after the start date.",
        ),
    ],
)
def test_a_mistake_is_told_at_its_box_and_nothing_typed_is_lost(
    client_of: Clients, make: Maker, changes: dict[str, str], box: str, sentence: str
) -> None:
    holder, _, introduction_id = make(accepted)
    client, path = client_of(holder), f"/introductions/{introduction_id}/agreement"
    fields = {**boxes(client.get(path), path), **{name: [value] for name, value in changes.items()}}
    answer = client.post(path, data=fields)
    assert (answer.status_code, problems(answer)) == (422, [(box, sentence)])
    assert box in controls(answer)
    kept = boxes(answer, path)
    assert {name: kept[name] for name in changes} == {name: [value] for name, value in changes.items()}


def test_before_a_yes_there_is_nothing_to_offer(client_of: Clients, make: Maker) -> None:
    holder, _, introduction_id = make(lambda world: accepted(world, answer=False))
    client, path = client_of(holder), f"/introductions/{introduction_id}/agreement"
    response = client.get(path)
    assert "Asha O. has not said yes to your invitation" in words(response)
    assert "Okoro" not in response.text
    sent = {"rate": "14", "starts_on.day": "1", "starts_on.month": "12", "starts_on.year": "2026"}
    assert client.post(path, data=form(client, sent)).status_code == 422


# --- the page of both sides


def offered(world: World) -> tuple[Viewer, Viewer, UUID]:
    holder, assistant, introduction_id = accepted(world)
    new = agreements.NewAgreement(rate_pence=1450, starts_on=world.now.date())
    one = agreements.offer(world.session, viewer=holder, introduction_id=introduction_id, new=new, now=world.now)
    return holder, assistant, one.id


def test_an_offer_is_answered_by_the_assistant_only(client_of: Clients, make: Maker) -> None:
    holder, assistant, agreement_id = make(offered)
    theirs = client_of(assistant).get(f"/agreements/{agreement_id}")
    assert "Do you agree?" in words(theirs)
    assert set(boxes(theirs, f"/agreements/{agreement_id}/accept")) == {"csrf_token", "idempotency_key"}
    ours = words(client_of(holder).get(f"/agreements/{agreement_id}"))
    assert "Do you agree?" not in ours
    assert "Asha Okoro has your offer." in ours


def test_the_postcode_is_told_when_both_have_agreed_and_its_first_half_before(client_of: Clients, make: Maker) -> None:
    _, assistant, agreement_id = make(offered)
    client, path = client_of(assistant), f"/agreements/{agreement_id}"
    before = client.get(path)
    assert ("NG9" in words(before), "2AB" in before.text) == (True, False)
    client.post(f"{path}/accept", data=boxes(before, f"{path}/accept"))
    assert "NG9 2AB" in words(client.get(path))


def test_after_a_no_the_holder_offers_something_else_or_sees_who_else_fits(client_of: Clients, make: Maker) -> None:
    holder, assistant, agreement_id = make(offered)
    client, path = client_of(assistant), f"/agreements/{agreement_id}"
    client.post(f"{path}/decline", data=boxes(client.get(path), f"{path}/decline"))
    text = words(client_of(holder).get(path))
    assert "Asha Okoro did not accept this offer. Offer something else or see who else fits" in text
    assert "Book shifts" not in text


def test_shifts_stand_under_their_agreement_with_how_far_they_are(
    client_of: Clients, make: Maker, clock: Clock
) -> None:
    deal = make(lambda world: world.deal())
    make(lambda world: world.booking(deal))
    client = client_of(deal.holder)
    path = f"/agreements/{deal.agreement.id}"
    assert "Shifts to come Wednesday 25 November 2026, 9am to 1pm Booked" in words(client.get(path))
    clock.forward(days=3)
    over = "Shifts that are over, newest first Wednesday 25 November 2026, 9am to 1pm"
    assert f"{over} Hours not confirmed yet" in words(client.get(path))
    assert f"{over} Confirm your hours" in words(client_of(deal.assistant).get(path))


def test_only_the_holder_may_book(client_of: Clients, make: Maker) -> None:
    deal = make(lambda world: world.deal())
    link = f'href="/agreements/{deal.agreement.id}/book"'
    pages = [client_of(who).get(f"/agreements/{deal.agreement.id}").text for who in (deal.holder, deal.assistant)]
    assert [link in page for page in pages] == [True, False]


def test_more_shifts_take_no_more_queries(client_of: Clients, make: Maker, database: Database) -> None:
    deal = make(lambda world: world.deal())
    client = client_of(deal.holder)

    def queries() -> int:
        with counted(database.engine) as seen:
            assert client.get(f"/agreements/{deal.agreement.id}").status_code == 200
        return len(seen)

    make(lambda world: world.booking(deal))
    one = queries()
    make(lambda world: [world.booking(deal, starts_at=world.now.replace(day=day)) for day in (26, 27, 28)])
    assert queries() == one


# --- who may come


@pytest.mark.parametrize("who", ["other_holder", "other_broker", "assistant", "other_assistant", "newcomer"])
@pytest.mark.parametrize("introduction", ["introduction_id", "accepted_id"])
def test_a_stranger_and_the_one_who_was_asked_can_not_offer(place: Place, introduction: str, who: str) -> None:
    client, path = place.client(who), place.town.path(f"/introductions/{{{introduction}}}/agreement")
    before = contents(place.database)
    assert client.get(path).status_code == 404
    sent = {"rate": "14", "starts_on.day": "1", "starts_on.month": "12", "starts_on.year": "2026"}
    assert client.post(path, data=form(client, sent)).status_code == 404
    assert contents(place.database) == before


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("holder", 200),
        ("broker", 200),
        ("assistant", 200),
        ("other_holder", 404),
        ("other_broker", 404),
        ("other_assistant", 404),
        ("newcomer", 404),
    ],
)
def test_an_agreement_is_for_its_two_sides(place: Place, who: str, status: int) -> None:
    answer = place.client(who).get(place.town.path("/agreements/{agreement_id}"))
    assert answer.status_code == status
    assert ("You are acting for Harriet Webb." in answer.text) is (who == "broker")


@pytest.mark.parametrize("path", ["/agreements/{agreement_id}", "/introductions/{accepted_id}/agreement"])
def test_nobody_signed_in_is_sent_to_sign_in(place: Place, path: str) -> None:
    answer = place.client("nobody").get(place.town.path(path))
    assert (answer.status_code, answer.headers["location"][:14]) == (303, "/sign-in?next=")


@pytest.mark.parametrize("path", ["/agreements/{}", "/introductions/{}/agreement"])
def test_what_is_not_there_is_not_found(place: Place, path: str) -> None:
    assert place.client("holder").get(path.format(uuid4())).status_code == 404


def test_less_than_they_ask_is_refused_at_the_box_for_pay(client_of: Clients, make: Maker) -> None:
    holder, _assistant, introduction_id = make(accepted)
    client, path = client_of(holder), f"/introductions/{introduction_id}/agreement"
    told = client.post(path, data={**boxes(client.get(path), path), "rate": "12.99"})
    assert told.status_code == 422
    assert problems(told) == [("rate", "They ask for at least £13.00 an hour. Offer that or more.")]

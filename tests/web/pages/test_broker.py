import re
from datetime import date
from uuid import UUID, uuid4

import pytest
from httpx2 import Response

from marketplace import holders
from marketplace.organisations import Organisation
from marketplace.people import Viewer
from payments import budgets
from payments.budgets import FundingStream, ManagementType
from tests.builders import World
from tests.conftest import Database
from tests.counting import counted
from tests.web.clients import Clients, Maker, form
from tests.web.pages.markup import boxes, controls, problems, words
from tests.web.town import Place, contents
from web.pages.broker import PER_PAGE

SOMEBODY = {"name": "Joan Abbott", "email": "joan@example.org", "postcode": "ng9 2ab"}
BUDGET = {
    "name": "Personal health budget",
    "pence": "£26,000",
    "starts_on.day": "1",
    "starts_on.month": "4",
    "starts_on.year": "2026",
    "ends_on.day": "31",
    "ends_on.month": "3",
    "ends_on.year": "2027",
    "funding_stream": "nhs_chc",
    "management_type": "direct_payment",
}

NORTHERN_IRELAND = (
    "BT1 1AA is in Northern Ireland, and our map holds England, Scotland and Wales only. "
    "Your Health and Social Care Trust can tell you about direct payments there."
)


def names(response: Response) -> list[str]:
    """Who is on the page, in its order."""
    return re.findall(r'<a class="govuk-link" href="/holders/[^"/]+">([^<]+)</a>', response.text)


# --- the caseload


def test_people_are_listed_by_name_with_what_waits_and_what_is_left(client_of: Clients, make: Maker) -> None:
    broker = make(lambda world: world.broker())
    deal = make(lambda world: world.deal(broker=broker))
    make(lambda world: (world.booking(deal), world.holder(broker=broker, name="Abel Ash")))
    make(lambda world: world.holder(name="Somebody Else"))
    response = client_of(broker).get("/caseload")
    assert names(response) == ["Abel Ash", "Harriet Webb"]
    text = words(response)
    assert "Harriet Webb NG9 2AB 0 0 1 0 £944.00 £56.00" in text
    assert "2 people, by name." in text


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("webb", ["Harriet Webb"]),
        ("NG1", ["Abel Ash"]),
        (" ash ", ["Abel Ash"]),
        ("", ["Abel Ash", "Harriet Webb"]),
        ("%", []),
        ("\x00", ["Abel Ash", "Harriet Webb"]),
        ("x" * 5000, []),
    ],
)
def test_search_narrows_by_name_or_postcode(client_of: Clients, make: Maker, search: str, found: list[str]) -> None:
    broker = make(lambda world: world.broker())
    make(lambda world: (world.holder(broker=broker), world.holder(broker=broker, name="Abel Ash", postcode="NG1 5AA")))
    response = client_of(broker).get("/caseload", params={"search": search})
    assert (response.status_code, names(response)) == (200, found)


def test_a_search_without_an_answer_says_so_and_leads_back(client_of: Clients, make: Maker) -> None:
    broker = make(lambda world: world.broker())
    make(lambda world: world.holder(broker=broker))
    response = client_of(broker).get("/caseload?search=%3Cb%3E")
    assert "Nobody found for “<b>”" in words(response)
    assert boxes(response, "/caseload")["search"] == ["<b>"]
    assert 'href="/caseload"' in response.text


def test_a_new_broker_is_told_what_to_do_first(client_of: Clients, make: Maker) -> None:
    assert "Add the first person" in words(client_of(make(lambda world: world.broker())).get("/caseload"))


def many(world: World, broker: Viewer, *, count: int, start: int = 0) -> None:
    for number in range(start, start + count):
        holder = world.holder(broker=broker, name=f"Person {number:03}")
        world.budget(broker=broker, holder=holder)
        world.need(holder)


def test_pages_miss_nobody_and_keep_the_search_in_the_address(client_of: Clients, make: Maker) -> None:
    broker = make(lambda world: world.broker())
    make(lambda world: many(world, broker, count=PER_PAGE + 2))
    client = client_of(broker)
    pages = [client.get(f"/caseload?search=person&page={page}") for page in (1, 2)]
    assert [len(names(page)) for page in pages] == [PER_PAGE, 2]
    assert len({name for page in pages for name in names(page)}) == PER_PAGE + 2
    assert 'href="/caseload?search=person&amp;page=2"' in pages[0].text
    assert 'href="/caseload?search=person&amp;page=1"' in pages[1].text


@pytest.mark.parametrize("page", ["99", "999999", "0", "-1", "two", "9" * 400])
def test_a_page_that_is_not_there_is_the_nearest_that_is(client_of: Clients, make: Maker, page: str) -> None:
    broker = make(lambda world: world.broker())
    make(lambda world: many(world, broker, count=1))
    response = client_of(broker).get("/caseload", params={"page": page})
    assert (response.status_code, names(response)) == (200, ["Person 000"])


def test_more_people_take_no_more_queries(client_of: Clients, make: Maker, database: Database) -> None:
    broker = make(lambda world: world.broker())
    client = client_of(broker)

    def queries() -> int:
        with counted(database.engine) as seen:
            assert client.get("/caseload").status_code == 200
        return len(seen)

    make(lambda world: many(world, broker, count=1))
    one = queries()
    make(lambda world: many(world, broker, count=9, start=1))
    assert queries() == one


# --- sharing scarce people


def shares(database: Database, broker: Viewer) -> bool:
    with database.session() as session:
        return session.get_one(Organisation, broker.organisation_ids[0]).shares_scarce


def test_an_organisation_turns_sharing_off_and_on_again(client_of: Clients, make: Maker, database: Database) -> None:
    broker = make(lambda world: world.broker())
    client, path = client_of(broker), f"/organisations/{broker.organisation_ids[0]}/sharing"
    for tag, button, notice, on in (
        ("On", "Turn it off", "shares_not", False),
        ("Off", "Turn it on", "shares", True),
    ):
        page = client.get("/caseload")
        assert f"Brokers 1 {tag} {button} for Brokers 1" in words(page)
        answer = client.post(path, data=boxes(page, path))
        assert (answer.status_code, answer.headers["location"]) == (303, f"/caseload?done={notice}")
        assert shares(database, broker) is on


def test_what_is_neither_on_nor_off_is_off(client_of: Clients, make: Maker, database: Database) -> None:
    broker = make(lambda world: world.broker())
    client = client_of(broker)
    client.post(f"/organisations/{broker.organisation_ids[0]}/sharing", data=form(client, {"share": "perhaps"}))
    assert not shares(database, broker)


@pytest.mark.parametrize("who", ["other_broker", "holder", "assistant", "newcomer"])
def test_who_does_not_work_for_an_organisation_changes_nothing_of_it(place: Place, who: str) -> None:
    client, before = place.client(who), contents(place.database)
    organisation_id = place.town.people["broker"].organisation_ids[0]
    for path in (f"/organisations/{organisation_id}/sharing", f"/organisations/{uuid4()}/sharing"):
        assert client.post(path, data=form(client, {"share": "no"})).status_code == 404
    assert contents(place.database) == before


# --- adding somebody


def test_somebody_is_added_and_a_budget_is_the_next_thing(client_of: Clients, make: Maker, database: Database) -> None:
    broker = make(lambda world: world.broker())
    client = client_of(broker)
    answer = client.post("/caseload/new", data=form(client, SOMEBODY))
    address, done = answer.headers["location"].split("?")
    assert (answer.status_code, done) == (303, "done=holder_added")
    with database.session() as session:
        holder = holders.get(session, viewer=broker, holder_id=UUID(address.removeprefix("/holders/")))
    assert (holder.postcode, holder.organisation_id) == ("NG9 2AB", broker.organisation_ids[0])
    assert f'href="{address}/budgets/new"' in client.get(answer.headers["location"]).text


@pytest.mark.parametrize(
    ("changes", "box", "sentence"),
    [
        ({"name": ""}, "name", "Enter their full name."),
        ({"name": "x" * 121}, "name", "Name must be 120 characters or fewer."),
        ({"email": ""}, "email", "Enter their e-mail address, like name@example.org."),
        ({"email": "joan"}, "email", "Email must be an e-mail address, like name@example.org."),
        ({"postcode": " "}, "postcode", "Enter their postcode, like NG9 2AB."),
        (
            {"postcode": "nowhere"},
            "postcode",
            "“nowhere” is not a postcode. Type one like NG1 6DQ, or only its first half, like NG1.",
        ),
        (
            {"postcode": "BT1 1AA"},
            "postcode",
            NORTHERN_IRELAND,
        ),
    ],
)
def test_a_mistake_about_somebody_is_told_at_its_box_and_nothing_typed_is_lost(
    client_of: Clients, make: Maker, changes: dict[str, str], box: str, sentence: str
) -> None:
    client = client_of(make(lambda world: world.broker()))
    fields = {**SOMEBODY, **changes}
    answer = client.post("/caseload/new", data=form(client, fields))
    assert (answer.status_code, problems(answer)) == (422, [(box, sentence)])
    assert box in controls(answer)
    held = boxes(answer, "/caseload/new")
    assert {name: held[name] for name in fields} == {name: [value.strip()] for name, value in fields.items()}


def test_nobody_is_added_twice(client_of: Clients, make: Maker) -> None:
    client = client_of(make(lambda world: world.broker()))
    answers = [client.post("/caseload/new", data=form(client, SOMEBODY)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 422]
    assert problems(answers[1]) == [("email", "Somebody with this e-mail address is a budget holder here already.")]


# --- opening a budget


def supported(world: World) -> tuple[Viewer, Viewer]:
    broker = world.broker()
    return broker, world.holder(broker=broker)


def test_a_budget_is_opened_with_its_money(client_of: Clients, make: Maker, database: Database) -> None:
    broker, holder = make(supported)
    client = client_of(broker)
    answer = client.post(f"/holders/{holder.holder_id}/budgets/new", data=form(client, BUDGET))
    address, done = answer.headers["location"].split("?")
    assert (answer.status_code, done) == (303, "done=budget_added")
    with database.session() as session:
        assert holder.holder_id is not None
        (budget,) = holders.budgets(session, viewer=holder, holder_id=holder.holder_id)
        (line,) = budgets.lines(session, budget_ids=[budget.id])
        position = budgets.position(session, line_id=line.id)
    assert (address, budget.starts_on, budget.ends_on) == (f"/budgets/{budget.id}", date(2026, 4, 1), date(2027, 3, 31))
    assert (line.funding_stream, line.management_type, position.free) == ("nhs_chc", "direct_payment", 2_600_000)


@pytest.mark.parametrize(
    ("changes", "box", "sentence"),
    [
        ({"name": ""}, "name", "Enter a name for the budget, like “Personal health budget 2026 to 2027”."),
        ({"pence": "lots"}, "pence", "Enter an amount in pounds and pence, like 13.50."),
        ({"pence": "0"}, "pence", "The amount must be more than £0.00."),
        ({"pence": "1000000.01"}, "pence", "The amount can't be more than £1,000,000.00."),
        ({"starts_on.day": "32"}, "starts_on", "Enter a real date, like 23 11 2026."),
        ({"ends_on.day": ""}, "ends_on", "Enter a real date, like 23 11 2026."),
        ({"ends_on.year": "2025"}, "ends_on", "The budget must end on or after the day it starts."),
        ({"funding_stream": ""}, "funding_stream", "Choose where the money comes from."),
        ({"funding_stream": "lottery"}, "funding_stream", "Choose where the money comes from."),
        ({"management_type": ""}, "management_type", "Choose how the money is held."),
    ],
)
def test_a_mistake_about_a_budget_is_told_at_its_box_and_nothing_typed_is_lost(
    client_of: Clients, make: Maker, changes: dict[str, str], box: str, sentence: str
) -> None:
    broker, holder = make(supported)
    client, path = client_of(broker), f"/holders/{holder.holder_id}/budgets/new"
    fields = {**BUDGET, **changes}
    answer = client.post(path, data=form(client, fields))
    assert (answer.status_code, problems(answer)) == (422, [(box, sentence)])
    assert box in controls(answer)
    held = boxes(answer, path)
    # what was not in the list can't be chosen again
    kept = {name: value for name, value in fields.items() if value and value != "lottery"}
    assert {name: held[name] for name in kept} == {name: [value] for name, value in kept.items()}


def test_every_kind_of_money_can_be_chosen(client_of: Clients, make: Maker) -> None:
    broker, holder = make(supported)
    text = client_of(broker).get(f"/holders/{holder.holder_id}/budgets/new").text
    for value in (*FundingStream, *ManagementType):
        assert f'value="{value}"' in text


# --- who may come

PAGES = ("/caseload", "/caseload/new", "/holders/{holder_id}/budgets/new")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["holder", "other_holder", "assistant", "newcomer"])
def test_who_is_no_broker_finds_no_page_and_changes_nothing(place: Place, path: str, who: str) -> None:
    client, address = place.client(who), place.town.path(path)
    before = contents(place.database)
    assert client.get(address).status_code == 404
    if path != "/caseload":
        assert client.post(address, data=form(client, {**SOMEBODY, **BUDGET})).status_code == 404
    assert contents(place.database) == before


def test_a_broker_of_another_organisation_gives_no_budget_and_sees_nobody(place: Place) -> None:
    client, path = place.client("other_broker"), place.town.path("/holders/{holder_id}/budgets/new")
    assert client.get(path).status_code == 404
    assert client.post(path, data=form(client, BUDGET)).status_code == 404
    assert "Harriet Webb" not in client.get("/caseload").text


@pytest.mark.parametrize("path", PAGES)
def test_nobody_signed_in_is_sent_to_sign_in(place: Place, path: str) -> None:
    answer = place.client("nobody").get(place.town.path(path))
    assert (answer.status_code, answer.headers["location"][:14]) == (303, "/sign-in?next=")


def test_the_banner_of_acting_leads_back_to_the_caseload(place: Place) -> None:
    assert place.client("broker").get("/acting-for").headers["location"] == "/caseload"


def test_what_is_not_there_is_not_found(place: Place) -> None:
    assert place.client("broker").get(f"/holders/{uuid4()}/budgets/new").status_code == 404

from uuid import uuid4

import pytest

from marketplace.people import Viewer
from tests.web.clients import Clients, Maker
from tests.web.pages.markup import words
from tests.web.town import Place
from web.pages.home import home_of

ID = uuid4()


@pytest.mark.parametrize(
    ("who", "home"),
    [("holder", "/support"), ("assistant", "/work"), ("broker", "/caseload"), ("newcomer", "/join")],
)
def test_the_start_page_takes_a_signed_in_person_home(place: Place, who: str, home: str) -> None:
    response = place.client(who).get("/")
    assert (response.status_code, response.headers["location"]) == (303, home)


def test_who_has_several_roles_starts_at_the_first() -> None:
    both = Viewer(person_id=ID, name="Sam", holder_id=ID, assistant_id=ID, organisation_ids=(ID,))
    assert home_of(both) == "/support"


def test_the_start_page_says_what_this_is_and_has_one_way_in(place: Place) -> None:
    response = place.client("nobody").get("/")
    assert "people with a personal health budget or a direct payment" in words(response)
    assert response.text.count('href="/sign-in"') == 1
    assert "/demo" not in response.text


@pytest.mark.parametrize("path", ["/join", "/account"])
def test_nobody_is_asked_to_sign_in_first(place: Place, path: str) -> None:
    response = place.client("nobody").get(path)
    assert (response.status_code, response.headers["location"]) == (303, f"/sign-in?next=%2F{path[1:]}")


def test_joining_says_whom_to_ask_for_a_budget_and_leads_to_the_profile(client_of: Clients, make: Maker) -> None:
    viewer = make(lambda world: world.person())
    response = client_of(viewer).get("/join")
    assert "Ask them to add you with this e-mail address: person1@example.org" in words(response)
    assert 'href="/profile"' in response.text


@pytest.mark.parametrize(
    ("who", "role"),
    [
        ("holder", "You use a budget for your support"),
        ("assistant", "You work as a personal assistant"),
        ("broker", "You work for Brokers 1"),
        ("newcomer", "Nothing yet"),
    ],
)
def test_the_account_says_who_one_is_here(place: Place, who: str, role: str) -> None:
    text = words(place.client(who).get("/account"))
    assert place.town.people[who].name in text
    assert role in text


def test_a_name_is_shown_as_text_whatever_it_holds(client_of: Clients, make: Maker) -> None:
    viewer = make(lambda world: world.person("<script>alert(1)</script>"))
    page = client_of(viewer).get("/account").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page

import pytest
from starlette.testclient import TestClient

from tests.builders import Clock
from tests.serving import Postbox
from tests.web.clients import Clients, Maker, form
from tests.web.pages.markup import boxes, problems, words
from tests.web.town import Place
from web.pages.signing_in import local

EMAIL = "nia@example.org"


def link(client: TestClient, post: Postbox, *, onto: str = "") -> str:
    """Ask for a link and find its address in the mail."""
    client.post("/sign-in", data={"email": EMAIL, "next": onto})
    return "/sign-in/" + post.token(EMAIL)


def test_a_mailed_link_signs_in_whoever_presses_its_button(client_of: Clients, post: Postbox) -> None:
    client = client_of()
    asked = client.post("/sign-in", data={"email": f" {EMAIL.upper()} ", "next": ""})
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in/sent")
    assert EMAIL.upper() in words(client.get("/sign-in/sent")).upper()
    address = "/sign-in/" + post.token(post.mails[0].to)
    assert "Press the button" in words(client.get(address))
    spent = client.post(address, data=boxes(client.get(address), address))
    assert (spent.status_code, spent.headers["location"]) == (303, "/")
    assert client.get("/account").status_code == 200


def test_opening_a_link_spends_nothing(client_of: Clients, post: Postbox) -> None:
    client = client_of()
    address = link(client, post)
    for _ in range(3):
        assert client.get(address).status_code == 200
    assert client.post(address, data={"next": ""}).status_code == 303


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client_of: Clients, post: Postbox) -> None:
    client = client_of()
    cookie = client.post(link(client, post), data={}).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


@pytest.mark.parametrize("minutes", [0, 16])
def test_a_link_that_was_used_or_is_old_explains_itself_and_offers_another(
    client_of: Clients, post: Postbox, clock: Clock, minutes: int
) -> None:
    client = client_of()
    address = link(client, post, onto="/profile").partition("?")[0]
    if not minutes:
        client_of().post(address, data={})
    clock.forward(minutes=minutes)
    response = client.post(address, data={"next": "/profile"})
    assert response.status_code == 410
    assert "This link no longer works" in words(response)
    assert boxes(response, "/sign-in")["next"] == ["/profile"]
    assert client.get("/account").status_code == 303


def test_a_link_that_was_used_tells_who_is_signed_in_already(client_of: Clients, post: Postbox) -> None:
    client = client_of()
    address = link(client, post)
    client.post(address, data={})
    again = client.post(address, data=boxes(client.get(address), address))
    assert again.status_code == 410
    assert "You are signed in as nia." in words(again)


@pytest.mark.parametrize("typed", ["", "nonsense", "a@b", "a@example.org\r\nBcc: b@example.org", "a b@example.org"])
def test_what_is_no_address_is_asked_for_again(client_of: Clients, post: Postbox, typed: str) -> None:
    response = client_of().post("/sign-in", data={"email": typed, "next": "/work"})
    assert response.status_code == 422
    assert problems(response) == [("email", "Enter an e-mail address, like name@example.org.")]
    assert boxes(response, "/sign-in")["email"] == [typed.strip().replace("\r\n", "\n")] or "\n" in typed
    assert boxes(response, "/sign-in")["next"] == ["/work"]
    assert "<title>Error: " in response.text
    assert post.mails == []


def test_the_sixth_link_within_an_hour_is_refused_in_words(client_of: Clients, post: Postbox, clock: Clock) -> None:
    client = client_of()
    answers = [client.post("/sign-in", data={"email": EMAIL}).status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]
    assert len(post.mails) == 5
    clock.forward(minutes=61)
    assert client.post("/sign-in", data={"email": EMAIL}).status_code == 303


def test_the_answer_is_the_same_whether_the_address_is_known(client_of: Clients, make: Maker) -> None:
    make(lambda world: world.person())
    answers = [
        client_of().post("/sign-in", data={"email": email}) for email in ("person1@example.org", "no-one@example.org")
    ]
    assert answers[0].status_code == answers[1].status_code
    assert answers[0].headers["location"] == answers[1].headers["location"]


def test_signing_in_leads_to_where_one_wanted_to_go_on_any_device(client_of: Clients, post: Postbox) -> None:
    refused = client_of().get("/profile")
    first = client_of().get(refused.headers["location"])
    assert boxes(first, "/sign-in")["next"] == ["/profile"]
    address = link(client_of(), post, onto="/profile")
    assert address.endswith("?next=%2Fprofile")
    phone = client_of()
    sent = boxes(phone.get(address), address.partition("?")[0])
    assert phone.post(address, data=sent).headers["location"] == "/profile"


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/work", "/work"),
        ("/needs/1?a=b#c", "/needs/1?a=b#c"),
        ("", ""),
        ("work", ""),
        ("//example.org", ""),
        ("///example.org", ""),
        ("/\\example.org", ""),
        ("https://example.org/", ""),
        ("http:/work", ""),
        ("javascript:alert(1)", ""),
        ("/a\r\nset-cookie: b=c", ""),
        ("/\t/example.org", ""),
        ("//[", ""),
        ("/sign-out", ""),
        ("/sign-in/abc", ""),
    ],
)
def test_only_our_own_pages_can_come_next(place: Place, path: str, kept: str) -> None:
    assert local(path) == kept
    response = place.client("holder").get("/sign-in", params={"next": path})
    assert (response.status_code, response.headers["location"]) == (303, kept or "/")


def test_signing_out_ends_the_session_wherever_its_cookie_was_copied_to(client_of: Clients, make: Maker) -> None:
    client = client_of(make(lambda world: world.person()))
    copy = client_of()
    copy.cookies.set("alongside", client.cookies["alongside"])
    response = client.post("/sign-out", data=form(client))
    assert (response.status_code, response.headers["location"]) == (303, "/")
    assert 'alongside=""' in response.headers["set-cookie"]
    assert "Max-Age=0" in response.headers["set-cookie"]
    assert copy.get("/account").status_code == 303


def test_signing_out_twice_says_nothing_new(client_of: Clients) -> None:
    response = client_of().post("/sign-out", data={})
    assert (response.status_code, response.headers["location"]) == (303, "/")


def test_another_site_can_sign_nobody_in_or_out(client_of: Clients, make: Maker) -> None:
    client = client_of(make(lambda world: world.person()))
    assert client.post("/sign-out", data={"idempotency_key": "k"}).status_code == 403
    elsewhere = {"origin": "https://example.org", "sec-fetch-site": "cross-site"}
    assert client_of().post("/sign-in", data={"email": EMAIL}, headers=elsewhere).status_code == 403
    assert client.get("/account").status_code == 200


def test_a_page_before_anything_was_sent_shows_no_address(client_of: Clients) -> None:
    assert "We sent a link to" not in words(client_of().get("/sign-in/sent"))

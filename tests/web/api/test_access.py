from tests.serving import Postbox
from tests.web.clients import BASE, Clients, asked
from tests.web.town import Place


def test_who_is_signed_in_is_told_with_every_role(place: Place) -> None:
    town = place.town.people
    assert place.client("assistant").get("/api/v1/me").json() == {
        "person_id": str(town["assistant"].person_id),
        "name": "Asha Okoro",
        "holder_id": None,
        "assistant_id": str(town["assistant"].assistant_id),
        "organisation_ids": [],
    }
    told = place.client("broker").get("/api/v1/me").json()
    assert told["organisation_ids"] == [str(town["broker"].organisation_ids[0])]
    assert place.client("holder").get("/api/v1/me").json()["holder_id"] == str(town["holder"].holder_id)


def test_a_link_is_mailed_to_the_address_that_asked_for_it(client_of: Clients, post: Postbox) -> None:
    assert asked(client_of(), "POST", "/api/v1/sign-in-links", {"email": "New@Example.org"}).content == b""
    [mail] = post.mails
    assert mail.to.lower() == "new@example.org"
    assert f"{BASE}/sign-in/" in mail.text


def test_a_new_session_is_told_once_and_never_in_a_cookie(client_of: Clients, post: Postbox) -> None:
    asked(client_of(), "POST", "/api/v1/sign-in-links", {"email": "new@example.org"})
    made = asked(client_of(), "POST", "/api/v1/sessions", {"token": post.token("new@example.org")})
    assert (made.status_code, list(made.json())) == (201, ["session"])
    assert "set-cookie" not in made.headers
    assert made.headers["cache-control"] == "no-store"


def test_signing_out_has_nothing_to_say(place: Place) -> None:
    leaving = place.client_of(place.town.people["newcomer"])
    answer = asked(leaving, "DELETE", "/api/v1/sessions/current")
    assert (answer.status_code, answer.content) == (204, b"")


def test_the_api_describes_itself(place: Place) -> None:
    described = place.client("nobody").get("/api/v1/openapi.json").json()
    paths = described["paths"]
    assert all(path.startswith(("/api/v1/", "/health/")) for path in paths)
    assert {"401", "404", "409", "422", "503"} <= set(paths["/api/v1/bookings/{booking_id}"]["get"]["responses"])
    assert all(one["summary"] for path in paths.values() for one in path.values())

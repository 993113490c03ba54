"""Who may do what, over every route of the API there is: a route without a row in the table fails."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from fastapi.routing import iter_route_contexts

from tests.web.clients import asked
from tests.web.town import AGREEMENT, ALL, BUDGET, NEED, PROFILE, SHIFT, WORKED, Place, contents

SIDE = frozenset({"holder", "broker"})
PA = frozenset({"assistant"})
EVERYBODY = frozenset(ALL)


@dataclass(frozen=True)
class Row:
    """Who gets anything but 404, and what they send and ask."""

    may: frozenset[str]
    body: Mapping[str, object] = field(default_factory=dict)
    query: str = ""


PUBLIC = {"POST /sign-in-links", "POST /sessions", "GET /competencies"}
ROWS: dict[str, Row] = {
    "GET /me": Row(EVERYBODY),
    "POST /holders": Row(
        frozenset({"broker", "other_broker"}), {"name": "A", "email": "{who}@b.org", "postcode": "NG1"}
    ),
    "GET /holders": Row(EVERYBODY),
    "GET /holders/{holder_id}": Row(SIDE),
    "POST /holders/{holder_id}/budgets": Row(frozenset({"broker"}), BUDGET),
    "GET /holders/{holder_id}/budgets": Row(SIDE),
    "GET /budgets/{budget_id}": Row(SIDE),
    "GET /budgets/{budget_id}/statements": Row(SIDE),
    "GET /assistants/me": Row(frozenset({"assistant", "other_assistant"})),
    "POST /assistants/me/confirm": Row(frozenset({"assistant", "other_assistant"})),
    "POST /holders/{holder_id}/needs": Row(SIDE, NEED),
    "GET /needs": Row(EVERYBODY),
    "GET /needs/{need_id}": Row(SIDE),
    "GET /needs/{need_id}/matches": Row(SIDE),
    "GET /needs/{need_id}/why-not/{assistant_id}": Row(SIDE),
    "GET /needs/{need_id}/cover": Row(
        SIDE, query="?starts_at=2027-11-24T09:00:00Z&ends_at=2027-11-24T12:00:00Z&within=60"
    ),
    "POST /needs/{need_id}/introductions": Row(SIDE, {"assistant_id": "{assistant_id}"}),
    "GET /needs/{need_id}/introductions": Row(SIDE),
    "POST /needs/{need_id}/close": Row(SIDE),
    "GET /introductions": Row(EVERYBODY),
    "POST /introductions/{introduction_id}/accept": Row(PA),
    "POST /introductions/{introduction_id}/decline": Row(PA),
    "POST /introductions/{introduction_id}/agreement": Row(SIDE, AGREEMENT),
    "GET /agreements": Row(EVERYBODY),
    "GET /agreements/{agreement_id}": Row(SIDE | PA),
    "POST /agreements/{agreement_id}/accept": Row(PA),
    "POST /agreements/{agreement_id}/decline": Row(PA),
    "POST /agreements/{agreement_id}/bookings": Row(SIDE, SHIFT),
    "GET /bookings": Row(EVERYBODY),
    "GET /bookings/{booking_id}": Row(SIDE | PA),
    "PUT /bookings/{booking_id}/hours": Row(PA, WORKED),
    "POST /bookings/{booking_id}/hours/query": Row(SIDE, {"question": "Why so long?"}),
    "POST /bookings/{booking_id}/hours/approve": Row(SIDE),
    "POST /bookings/{booking_id}/cancel": Row(SIDE | PA),
    "GET /blocks": Row(EVERYBODY),
    "PUT /holders/{holder_id}/blocks/{assistant_id}": Row(SIDE),
    "DELETE /holders/{holder_id}/blocks/{assistant_id}": Row(SIDE),
    "PUT /assistants/me/blocks/{holder_id}": Row(PA),
    "DELETE /assistants/me/blocks/{holder_id}": Row(PA),
    # last, as who does the first becomes an assistant and who does the second is signed out
    "PUT /assistants/me": Row(EVERYBODY, PROFILE),
    "DELETE /sessions/current": Row(EVERYBODY),
}
OWNED = [route for route in ROWS if "{" in route]


def send(place: Place, route: str, who: str, **other: object) -> tuple[int, str]:
    """The status and what was said."""
    method, template = route.split()
    path = f"/api/v1{template}{ROWS[route].query}".format_map({**place.town.ids, **other})
    words = {**place.town.ids, "who": who}
    body = {name: _filled(value, words) for name, value in ROWS[route].body.items()}
    answer = asked(place.client(who), method, path, None if method in {"GET", "DELETE"} else body)
    return answer.status_code, answer.json()["detail"] if answer.status_code >= 400 else ""


def _filled(value: object, words: Mapping[str, object]) -> object:
    return value.format_map(words) if isinstance(value, str) else value


def test_every_route_has_a_row(place: Place) -> None:
    routes = {
        f"{method} {path.removeprefix('/api/v1')}"
        for each in iter_route_contexts(place.app.routes)
        for method in each.methods or ()
        if (path := str(each.path)).startswith("/api/v1/") and path != "/api/v1/openapi.json"
    }
    assert routes == PUBLIC | set(ROWS)


@pytest.mark.parametrize("route", ROWS)
def test_who_is_not_signed_in_is_asked_to(place: Place, route: str) -> None:
    assert send(place, route, "nobody") == (401, "Sign in first.")


@pytest.mark.parametrize("route", [route for route, row in ROWS.items() if row.may != EVERYBODY])
def test_what_is_not_yours_is_not_there_and_stays_as_it_is(place: Place, route: str) -> None:
    before = contents(place.database)
    strangers = [who for who in ALL if who not in ROWS[route].may]
    answers = {who: send(place, route, who)[0] for who in strangers}
    assert answers == dict.fromkeys(strangers, 404)
    assert contents(place.database) == before


@pytest.mark.parametrize("route", OWNED)
def test_nobody_can_tell_what_is_not_theirs_from_what_is_not_there(place: Place, route: str) -> None:
    nowhere = {name: uuid4() for name in place.town.ids}
    for stranger in ("other_holder", "other_broker", "other_assistant"):
        assert send(place, route, stranger) == send(place, route, stranger, **nowhere)


def test_lists_hold_what_is_yours_and_nothing_else(place: Place) -> None:
    lists = ("/holders", "/needs", "/introductions", "/agreements", "/bookings")

    def lengths(who: str) -> list[int]:
        found = [place.client(who).get(f"/api/v1{path}").json() for path in lists]
        return [one["total"] if isinstance(one, dict) else len(one) for one in found]

    assert {who: lengths(who) for who in ALL} == {
        "holder": [0, 2, 0, 1, 1],
        "broker": [1, 2, 0, 1, 1],
        "assistant": [0, 0, 2, 1, 1],
        "other_holder": [0, 0, 0, 0, 0],
        "other_broker": [1, 0, 0, 0, 0],
        "other_assistant": [0, 0, 0, 0, 0],
        "newcomer": [0, 0, 0, 0, 0],
    }


@pytest.mark.parametrize("route", ROWS)
def test_whose_it_is_finds_it(place: Place, route: str) -> None:
    statuses = {who: send(place, route, who)[0] for who in sorted(ROWS[route].may)}
    # 409: the one before has done it already
    assert set(statuses.values()) <= {200, 201, 204, 409}, statuses

"""Nonsense of every kind, over HTTP: refused in a sentence that names the field, and nothing is stored."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest

from tests.web.clients import asked
from tests.web.town import AGREEMENT, BUDGET, HOLDER, NEED, PROFILE, SHIFT, WORKED, Place, contents

#: A body that is right, by the route that takes it, and who sends it.
RIGHT: dict[str, tuple[str, Mapping[str, Any]]] = {
    "POST /sign-in-links": ("nobody", {"email": "hal@example.org"}),
    "POST /sessions": ("nobody", {"token": "t" * 43}),
    "POST /holders": ("broker", HOLDER),
    "POST /holders/{holder_id}/budgets": ("broker", BUDGET),
    "POST /holders/{holder_id}/needs": ("holder", NEED),
    "PUT /assistants/me": ("assistant", PROFILE),
    "POST /needs/{need_id}/introductions": ("holder", {"assistant_id": "3f0c5ddc-8a5c-4f6c-9d9f-2f6b1c1a7f10"}),
    "POST /introductions/{introduction_id}/decline": ("assistant", {"reason": "Too far"}),
    "POST /introductions/{accepted_id}/agreement": ("holder", AGREEMENT),
    "POST /agreements/{agreement_id}/bookings": ("holder", SHIFT),
    "PUT /bookings/{booking_id}/hours": ("assistant", WORKED),
    "POST /bookings/{booking_id}/hours/query": ("holder", {"question": "Why?"}),
    "POST /bookings/{booking_id}/cancel": ("holder", {"reason": "Ill"}),
}
LINKS, HOLDERS, BUDGETS, NEEDS, PROFILES = (
    "POST /sign-in-links",
    "POST /holders",
    "POST /holders/{holder_id}/budgets",
    "POST /holders/{holder_id}/needs",
    "PUT /assistants/me",
)
BOOKINGS, HOURS = "POST /agreements/{agreement_id}/bookings", "PUT /bookings/{booking_id}/hours"
OFFERS = "POST /introductions/{accepted_id}/agreement"
INVITATIONS = "POST /needs/{need_id}/introductions"
QUESTIONS = "POST /bookings/{booking_id}/hours/query"
MISSING = object()


def monday(**changes: object) -> list[dict[str, object]]:
    return [{"weekday": "monday", "start": "08:00", "end": "12:00", **changes}]


def skill(**changes: object) -> list[dict[str, object]]:
    return [{"code": "hoist", "checked_on": "2026-05-01", **changes}]


def check(**changes: object) -> list[dict[str, object]]:
    return [{"code": "references", "checked_on": "2026-05-01", **changes}]


#: The route, the field that is changed and to what, and the field the refusal names, where that is another.
WRONG: list[tuple[str, str, object, str]] = [
    # places
    (HOLDERS, "postcode", "nonsense", ""),
    (HOLDERS, "postcode", "BT1 5GS", ""),
    (HOLDERS, "postcode", "JE2 3AB", ""),
    (HOLDERS, "postcode", "ZZ99 9ZZ", ""),
    (HOLDERS, "postcode", "🏠🏠", ""),
    (HOLDERS, "postcode", "NG9 2AB\x00", ""),
    (PROFILES, "postcode", "", ""),
    (PROFILES, "postcode", "BT48 6AB", ""),
    # addresses and names
    (LINKS, "email", "nobody", ""),
    (LINKS, "email", "a@b", ""),
    (LINKS, "email", "a@example.org\r\nBcc: b@example.org", ""),
    (HOLDERS, "email", "@example.org", ""),
    (HOLDERS, "email", "a\x00b@example.org", ""),
    (HOLDERS, "email", "a" * 300 + "@example.org", ""),
    (HOLDERS, "name", "", ""),
    (HOLDERS, "name", "   ", ""),
    (HOLDERS, "name", "n" * 121, ""),
    (HOLDERS, "name", "Har\x00riet", ""),
    (HOLDERS, "name", "\x1f", ""),
    (HOLDERS, "name", "Har\ud800riet", ""),
    (HOLDERS, "name", ["Harriet"], ""),
    (HOLDERS, "name", None, ""),
    (HOLDERS, "name", MISSING, ""),
    (HOLDERS, "id", "3f0c5ddc-8a5c-4f6c-9d9f-2f6b1c1a7f10", ""),
    (HOLDERS, "organisation_id", "3f0c5ddc-8a5c-4f6c-9d9f-2f6b1c1a7f10", ""),
    # text
    (NEEDS, "title", "t" * 121, ""),
    (NEEDS, "title", "\x00", ""),
    (NEEDS, "title", 5, ""),
    (NEEDS, "about", "a" * 2001, ""),
    (NEEDS, "about", "\x07", ""),
    (NEEDS, "reference", "r" * 61, ""),
    (NEEDS, "reference", "a\x00", ""),
    (PROFILES, "about", "a" * 2001, ""),
    (INVITATIONS, "message", "m" * 1001, ""),
    (INVITATIONS, "message", "m\x00", ""),
    ("POST /introductions/{introduction_id}/decline", "reason", "r" * 501, ""),
    ("POST /introductions/{introduction_id}/decline", "reason", "\x00", ""),
    ("POST /bookings/{booking_id}/cancel", "reason", "r" * 501, ""),
    ("POST /bookings/{booking_id}/cancel", "reason", "\x00", ""),
    (QUESTIONS, "question", "", ""),
    (QUESTIONS, "question", "q" * 501, ""),
    (QUESTIONS, "question", "\x00", ""),
    ("POST /sessions", "token", "", ""),
    ("POST /sessions", "token", "t" * 201, ""),
    # dates
    (NEEDS, "starts_on", "2026-11-29", ""),
    (NEEDS, "starts_on", "2025-12-07", ""),
    (NEEDS, "starts_on", "2026-02-30", ""),
    (NEEDS, "starts_on", "07/12/2026", ""),
    (NEEDS, "starts_on", "tomorrow", ""),
    (NEEDS, "starts_on", "2026-12-07T08:00:00", ""),
    (NEEDS, "starts_on", "99999-12-07", ""),
    (NEEDS, "starts_on", 5, ""),
    (NEEDS, "starts_on", MISSING, ""),
    (NEEDS, "ends_on", "2026-12-06", ""),
    (OFFERS, "ends_on", "2026-12-06", ""),
    (BUDGETS, "ends_on", "2026-03-31", ""),
    (PROFILES, "skills", skill(checked_on="2026-12-01"), ""),
    (PROFILES, "skills", skill(valid_until="2026-04-30"), ""),
    # hours of the week
    (NEEDS, "hours", [], ""),
    (NEEDS, "hours", monday() * 51, ""),
    (NEEDS, "hours", monday() + monday(start="11:00"), ""),
    (NEEDS, "hours", monday(weekday="funday"), "hours.0.weekday"),
    (NEEDS, "hours", monday(weekday=0), "hours.0.weekday"),
    (NEEDS, "hours", monday(end="27:00"), "hours.0.end"),
    (NEEDS, "hours", monday(start="08:00:30"), "hours.0.start"),
    (NEEDS, "hours", monday(start="08:00+01:00"), "hours.0.start"),
    (NEEDS, "hours", monday(start="08:15"), "start"),
    (NEEDS, "hours", monday(start="morning"), "hours.0.start"),
    (NEEDS, "hours", monday(minutes=60), "hours.0.minutes"),
    (NEEDS, "hours", "monday", ""),
    (NEEDS, "hours", [[]], "hours.0"),
    (NEEDS, "hours", MISSING, ""),
    # money
    (NEEDS, "rate_pence", -1400, ""),
    (NEEDS, "rate_pence", 0, ""),
    (NEEDS, "rate_pence", 799, ""),
    (NEEDS, "rate_pence", 20_001, ""),
    (NEEDS, "rate_pence", 2**63, ""),
    (NEEDS, "rate_pence", 10**400, ""),
    (NEEDS, "rate_pence", 14.5, ""),
    (NEEDS, "rate_pence", "£14", ""),
    (NEEDS, "rate_pence", float("nan"), ""),
    (NEEDS, "rate_pence", float("inf"), ""),
    (NEEDS, "rate_pence", {}, ""),
    (OFFERS, "rate_pence", 2**31, ""),
    (PROFILES, "lowest_rate_pence", 1, ""),
    (BUDGETS, "pence", 0, ""),
    (BUDGETS, "pence", -1, ""),
    (BUDGETS, "pence", 100_000_001, ""),
    (BUDGETS, "pence", 2**63, ""),
    # numbers
    (PROFILES, "travel_minutes", 4, ""),
    (PROFILES, "travel_minutes", 241, ""),
    (PROFILES, "travel_minutes", 12.5, ""),
    (PROFILES, "travel_minutes", MISSING, ""),
    (PROFILES, "travel_miles", 10, ""),
    (NEEDS, "hours_a_week", 4.5, ""),
    (NEEDS, "hours_a_week", 0, ""),
    (NEEDS, "hours_a_week", 1.2, ""),
    (NEEDS, "hours_a_week", float("nan"), ""),
    (NEEDS, "hours_a_week", "lots", ""),
    (NEEDS, "hours_a_week", [], ""),
    (NEEDS, "people", 3, ""),
    (NEEDS, "people", "two", ""),
    (PROFILES, "most_hours", 169, ""),
    (PROFILES, "least_hours", 49, ""),
    # codes
    (NEEDS, "required", ["juggling"], "required.0"),
    (NEEDS, "required", "hoist", ""),
    (PROFILES, "status", "retired", ""),
    (PROFILES, "skills", skill(code="juggling"), "skills.0.code"),
    (PROFILES, "skills", skill() * 2, ""),
    (PROFILES, "checks", check(code="hoist"), "checks.0.code"),
    (PROFILES, "checks", check(valid_until="2026-04-30"), ""),
    (PROFILES, "checks", check(checked_on="2026-12-01"), ""),
    (PROFILES, "checks", check() * 2, ""),
    (PROFILES, "checks", check(number="001"), "checks.0.number"),
    (PROFILES, "travel_by", "helicopter", ""),
    (PROFILES, "languages", ["klingon"], "languages.0"),
    (PROFILES, "languages", "en", ""),
    (PROFILES, "gender", "any", ""),
    (PROFILES, "brings", ["dog"], "brings.0"),
    (PROFILES, "refuses", ["parking"], "refuses.0"),
    (PROFILES, "refuses", ["employment", "self_employment"], ""),
    (PROFILES, "needs", [None], "needs.0"),
    (PROFILES, "age", 40, ""),
    (NEEDS, "kind", "holiday", ""),
    (NEEDS, "mostly", ["dawn"], "mostly.0"),
    (NEEDS, "checks", ["hoist"], "checks.0"),
    (NEEDS, "languages", ["klingon"], "languages.0"),
    (NEEDS, "languages_wished", ["klingon"], "languages_wished.0"),
    (NEEDS, "contract", "zero hours", ""),
    (NEEDS, "home", ["snake"], "home.0"),
    (NEEDS, "car", True, ""),
    (NEEDS, "gender", "any", ""),
    (NEEDS, "gender", "woman", "gender_reason"),
    (NEEDS, "gender_reason", "Because", "gender"),
    (NEEDS, "gender_reason", "r" * 301, ""),
    (NEEDS, "refuses", ["dog"], "refuses.0"),
    (NEEDS, "faith", "any", ""),
    (BUDGETS, "funding_stream", "lottery", ""),
    (BUDGETS, "management_type", "NOTIONAL", ""),
    (INVITATIONS, "assistant_id", "1", ""),
    (INVITATIONS, "assistant_id", 1, ""),
    # moments
    (BOOKINGS, "starts_at", "2026-12-10T08:00:00", ""),
    (BOOKINGS, "starts_at", "2026-12-10T12:00:00Z", "end"),
    (BOOKINGS, "starts_at", "2026-12-10T11:59:30Z", "end"),
    (BOOKINGS, "starts_at", "2026-12-10", ""),
    (BOOKINGS, "starts_at", "2026-13-10T08:00:00Z", ""),
    (BOOKINGS, "starts_at", "0001-01-01T00:00:00+14:00", ""),
    (BOOKINGS, "ends_at", "9999-12-31T23:59:59-14:00", ""),
    (BOOKINGS, "ends_at", "2026-12-11T11:00:00Z", "end"),
    (BOOKINGS, "ends_at", "2026-12-10T07:00:00Z", "end"),
    (BOOKINGS, "ends_at", None, ""),
    (BOOKINGS, "pence", 1, ""),
    (HOURS, "ended_at", "2026-11-26T11:00:00Z", "end"),
    (HOURS, "ended_at", "2026-11-25T08:00:00Z", "end"),
    (HOURS, "ended_at", "2026-11-25T08:00:59Z", "end"),
    (HOURS, "ended_at", "2026-11-25T08:30:00Z", "start"),
    (HOURS, "started_at", "2026-11-25T08:00:00", ""),
]


def refusal(
    place: Place, route: str, body: object, *, kind: str = "application/json", key: str | None = None
) -> dict[str, Any]:
    """What is said to a body, after looking that it is a plain refusal and that nothing was stored."""
    who, _ = RIGHT[route]
    method, template = route.split()
    before = contents(place.database)
    answer = place.client(who).request(
        method,
        f"/api/v1{template.format_map(place.town.ids)}",
        content=body if isinstance(body, bytes) else json.dumps(body),
        headers={b"Content-Type": kind.encode(), b"Idempotency-Key": (uuid4().hex if key is None else key).encode()},
    )
    assert contents(place.database) == before
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert 400 <= answer.status_code == told["status"] < 500
    for sentence in (told["detail"], *(error["message"] for error in told.get("errors", ()))):
        assert sentence[0].isupper() or sentence[0] in "“£"
        assert sentence[-1] == "."
        assert not any(jargon in sentence.lower() for jargon in ("input", "value error", "valid uuid", "parsing"))
    return told


@pytest.mark.parametrize(("route", "field", "value", "named"), WRONG)
def test_a_wrong_value_is_refused_by_its_fields_name(
    place: Place, route: str, field: str, value: object, named: str
) -> None:
    body = {**RIGHT[route][1], field: value}
    if value is MISSING:
        del body[field]
    told = refusal(place, route, body)
    assert told["status"] == 422
    assert [error["field"] for error in told["errors"]] == [named or field]


def test_every_right_body_is_taken(place: Place) -> None:
    """Else the table above could be refused for another reason than the one it means."""
    statuses = {}
    for route, (who, body) in RIGHT.items():
        method, template = route.split()
        answer = asked(place.client(who), method, f"/api/v1{template.format_map(place.town.ids)}", body)
        statuses[route] = answer.status_code
    # the link and the assistant aren't there, the offer was made before, and the shift was worked
    known = {"POST /sessions": 404, INVITATIONS: 404, OFFERS: 409, "POST /bookings/{booking_id}/cancel": 409}
    assert {route: status for route, status in statuses.items() if status >= 400} == known


NO_BODY: dict[str, tuple[bytes, int, str | None]] = {
    "nothing": (b"", 422, "body"),
    "cut off": (b"{", 422, "body"),
    "a comma too many": (b'{"title": "a",}', 422, "body"),
    "a form": (b"title=Mornings", 422, "body"),
    "a list": (b"[]", 422, "body"),
    "null": (b"null", 422, "body"),
    "a number": (b"5", 422, "body"),
    "not UTF-8": (b'{"title": \xff}', 400, None),
    "5,000 digits": (b'{"rate_pence": ' + b"9" * 5_000 + b"}", 400, None),
    "100,000 brackets": (b"[" * 100_000, 400, None),
    "300 kB": (b'"' + b"a" * 300_000 + b'"', 413, None),
}


@pytest.mark.parametrize(("body", "status", "named"), NO_BODY.values(), ids=NO_BODY)
def test_what_is_no_body_of_ours_is_refused(place: Place, body: bytes, status: int, named: str | None) -> None:
    told = refusal(place, NEEDS, body)
    assert told["status"] == status
    assert [error["field"] for error in told.get("errors", ())] == ([named] if named else [])


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "image/png"]
)
def test_a_body_that_does_not_say_it_is_json_is_not_read_as_json(place: Place, kind: str) -> None:
    assert refusal(place, NEEDS, NEED, kind=kind)["status"] in {400, 403, 422}


@pytest.mark.parametrize("key", ["", "k" * 256, "k" * 300, "schlüssel", "🔑", "a\tb"])
def test_a_write_needs_a_plain_key_of_its_own(place: Place, key: str) -> None:
    told = refusal(place, NEEDS, NEED, key=key)
    assert told["status"] == 400
    assert "Idempotency-Key" in told["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/holders/1",
        "/holders/%00",
        "/holders?search=%00",
        "/holders?offset=-1",
        "/holders?offset=9223372036854775808",
        "/holders?most=0",
        "/holders?most=201",
        "/holders?search=" + "s" * 121,
        "/needs?state=lost",
    ],
)
def test_a_wrong_address_is_refused_in_words(place: Place, path: str) -> None:
    answer = place.client("broker").get(f"/api/v1{path}")
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["field"] in path or error["field"] == "holder_id"
    assert error["message"].endswith(".")
    assert "input" not in error["message"].lower()


@pytest.mark.parametrize(
    "text", ["Frühstück 🥣", "朝ごはん", "O'Brien; DROP TABLE marketplace_need --", "<b>Mornings</b>", "%s"]
)
def test_what_people_really_write_is_kept_as_they_write_it(place: Place, text: str) -> None:
    path = place.town.path("/api/v1/holders/{holder_id}/needs")
    made = asked(place.client("holder"), "POST", path, {**NEED, "title": text, "about": f"{text}\n\t{text}"})
    assert made.status_code == 201
    kept = place.client("holder").get(f"/api/v1/needs/{made.json()['id']}").json()
    assert (kept["title"], kept["about"]) == (text, f"{text}\n\t{text}")

from collections.abc import Callable
from uuid import uuid4

import pytest
from fastapi import Request, Response
from starlette.testclient import TestClient

from tests.serving import Postbox
from tests.web.clients import BASE, SECRET, Clients, form
from tests.web.probes import Probes
from tests.web.town import Place, contents
from web import security
from web.app import STATIC, create_app
from web.settings import Settings

HTTPS = "https://alongside.example"


def settings(base_url: str = BASE) -> Settings:
    return Settings(DATABASE_URL="postgresql+psycopg://nobody@127.0.0.1/none", secret_key=SECRET, base_url=base_url)


@pytest.fixture(scope="module")
def probed(place: Place) -> Place:
    Probes(place.app)
    return place


# --- requests from elsewhere


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({}, True),
        ({"Origin": BASE}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Origin": BASE, "Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "http://127.0.0.1:8001"}, False),
        ({"Origin": "http://127.0.0.1"}, False),
        ({"Origin": "http://127.0.0.1:8000.evil.example"}, False),
        ({"Origin": "http://evil.example@127.0.0.1:8000"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "nonsense"}, False),
        ({"Origin": BASE, "Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": BASE, "Host": "evil.example"}, False),
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/probe/stores", "/probe/stores"])
def test_a_write_that_another_site_sent_is_refused(
    probed: Place, path: str, headers: dict[str, str], taken: bool
) -> None:
    before = contents(probed.database)
    sent = probed.client("newcomer").post(path, headers={"Idempotency-Key": uuid4().hex, **headers})
    assert sent.status_code == (200 if taken else 403)
    assert (contents(probed.database) != before) is taken


@pytest.mark.parametrize("path", ["/api/v1/sign-in-links", "/api/v1/sessions"])
def test_nobody_is_signed_in_by_another_site(client_of: Clients, post: Postbox, path: str) -> None:
    body = {"email": "a@example.org"} if path.endswith("links") else {"token": "t"}
    answer = client_of().post(path, json=body, headers={"Origin": "https://evil.example"})
    assert (answer.status_code, post.mails) == (403, [])


def test_pages_may_be_opened_from_other_sites(place: Place) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://search.example"}
    assert place.client("newcomer").get("/api/v1/me", headers=headers).status_code == 200


# --- forms


@pytest.mark.parametrize(
    ("spoil", "taken"),
    [
        (lambda token: token, True),
        (lambda _: "", False),
        (lambda _: None, False),
        (lambda token: token[:-1], False),
        (lambda token: token.upper(), False),
        (lambda token: "é" + token, False),
        (lambda _: security.csrf_token(request_of("")), False),
        (lambda _: security.csrf_token(request_of("somebody else's session")), False),
    ],
)
@pytest.mark.parametrize("multipart", [False, True])
def test_a_form_needs_the_token_of_its_own_session(
    probed: Place, spoil: Callable[[str], str | None], taken: bool, multipart: bool
) -> None:
    client, before = probed.client("newcomer"), contents(probed.database)
    sent = form(client)
    token = spoil(str(sent.pop("csrf_token")))
    if token is not None:
        sent["csrf_token"] = token
    answer = client.post("/probe/moves-on", data=sent, files={"file": b"photo"} if multipart else None)
    assert answer.status_code == (303 if taken else 403)
    assert (contents(probed.database) != before) is taken


def request_of(token: str) -> Request:
    """A request in a session, as far as form tokens go."""
    app = create_app(settings(), engine=None, mailer=Postbox())  # type: ignore[arg-type]
    return Request({"type": "http", "app": app, "state": {"token": token}, "headers": []})


def test_a_token_of_one_key_is_none_of_another() -> None:
    one, other = request_of("session"), request_of("session")
    other.app.state.settings = Settings(DATABASE_URL="postgresql+psycopg://a@b/c", secret_key="x" * 40, base_url=BASE)
    assert security.csrf_token(one) == security.csrf_token(request_of("session"))
    assert security.csrf_token(one) != security.csrf_token(other)


# --- the session's cookie


@pytest.mark.parametrize(
    ("base_url", "name", "secure"), [(BASE, "alongside", False), (HTTPS, "__Host-alongside", True)]
)
def test_the_cookie_is_for_this_host_alone_and_out_of_reach_of_scripts(base_url: str, name: str, secure: bool) -> None:
    response = Response()
    security.set_cookie(response, settings(base_url), "token")
    [pair, *flags] = response.headers["set-cookie"].split("; ")
    assert pair == f"{name}=token"
    expected = {"HttpOnly", "Path=/", "SameSite=lax", "Max-Age=1209600"} | ({"Secure"} if secure else set())
    assert set(flags) == expected


@pytest.mark.parametrize("base_url", [BASE, HTTPS])
def test_signing_out_takes_the_same_cookie_away(base_url: str) -> None:
    response = Response()
    security.clear_cookie(response, settings(base_url))
    [pair, *flags] = response.headers["set-cookie"].split("; ")
    assert pair.startswith(f'{security.cookie_name(settings(base_url))}=""')
    assert {"Max-Age=0", "HttpOnly", "Path=/", "SameSite=lax"} <= set(flags)


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({}, None),
        ({"Authorization": "Bearer abc"}, "abc"),
        ({"Authorization": "bearer  abc "}, "abc"),
        ({"Authorization": "Bearer "}, None),
        ({"Authorization": "Basic abc"}, None),
        ({"Cookie": "alongside=abc"}, "abc"),
        ({"Cookie": "other=abc"}, None),
        ({"Cookie": "alongside=abc", "Authorization": "Bearer def"}, "def"),
        ({"Cookie": "alongside=abc", "Authorization": "Basic def"}, "abc"),
        ({"Cookie": "__Host-alongside=abc"}, None),
    ],
)
def test_a_session_is_told_by_cookie_or_by_bearer(headers: dict[str, str], token: str | None) -> None:
    request = request_of("")
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    assert security.token_of(Request({**request.scope, "headers": raw})) == token


def test_over_https_only_the_hosts_own_cookie_counts() -> None:
    request = request_of("")
    request.app.state.settings = settings(HTTPS)
    raw = [(b"cookie", b"alongside=planted; __Host-alongside=ours")]
    assert security.token_of(Request({**request.scope, "headers": raw})) == "ours"


# --- headers


def a_static_file() -> str:
    return f"/static/{next(path for path in sorted(STATIC.iterdir()) if path.is_file()).name}"


KINDS: dict[str, tuple[str, str, int]] = {
    "page": ("GET", "/sign-in", 200),
    "page that is not there": ("GET", "/nowhere", 404),
    "redirect": ("GET", "/account", 303),
    "JSON": ("GET", "/api/v1/competencies", 200),
    "401": ("GET", "/api/v1/me", 401),
    "404": ("GET", "/api/v1/nowhere", 404),
    "405": ("DELETE", "/api/v1/me", 405),
    "422": ("POST", "/api/v1/sessions", 422),
    "fault behind JSON": ("GET", "/api/v1/probe/breaks", 500),
    "fault behind a page": ("GET", "/probe/breaks", 500),
    "health": ("GET", "/health/live", 200),
    "description": ("GET", "/api/v1/openapi.json", 200),
    "static": ("GET", a_static_file(), 200),
    "static that is not there": ("GET", "/static/nowhere", 404),
}


@pytest.mark.parametrize("base_url", [BASE, HTTPS])
def test_every_kind_of_answer_is_protected(place: Place, base_url: str) -> None:
    app = create_app(settings(base_url), engine=place.database.engine, mailer=Postbox())
    Probes(app)
    client = TestClient(app, base_url=base_url, raise_server_exceptions=False, follow_redirects=False)
    for kind, (method, path, status) in KINDS.items():
        answer = client.request(method, path)
        assert answer.status_code == status, kind
        assert {name: answer.headers.get(name) for name in security.HEADERS} == security.HEADERS, kind
        kept_out_of_caches = answer.headers.get("cache-control") == "no-store"
        assert kept_out_of_caches is not path.startswith("/static/"), kind
        assert ("strict-transport-security" in answer.headers) is (base_url == HTTPS), kind


@pytest.mark.parametrize(
    "rule",
    ["default-src 'self'", "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'", "form-action 'self'"],
)
def test_pages_run_nothing_but_our_own_files(rule: str) -> None:
    rules = security.POLICY.split("; ")
    assert rule in rules
    assert not any("unsafe" in each or "*" in each for each in rules)


@pytest.mark.parametrize("path", ["../app.py", "%2e%2e/app.py", "/etc/passwd", "..%2fapp.py", "....//app.py"])
def test_what_is_served_to_everybody_lies_in_one_folder(place: Place, path: str) -> None:
    assert place.client("nobody").get(f"/static/{path}").status_code == 404


def test_a_fault_tells_nothing_about_itself(probed: Place) -> None:
    for path in ("/api/v1/probe/breaks", "/probe/breaks"):
        answer = probed.client_of(faults_answered=True).get(path)
        assert answer.status_code == 500
        assert not any(word in answer.text for word in ("RuntimeError", "a fault of ours", "Traceback", "probes.py"))


@pytest.mark.parametrize("token", ["", "a" * 43, "' OR 1=1 --", "\xff", "a" * 8_000])
def test_nobody_is_let_in_by_a_made_up_session(place: Place, token: str) -> None:
    headers = {b"Authorization": b"Bearer " + token.encode("latin-1")}
    assert place.client("nobody").get("/api/v1/me", headers=headers).status_code == 401


def test_a_person_is_let_in_by_bearer_too(place: Place) -> None:
    viewer = place.town.people["newcomer"]
    headers = {"Authorization": f"Bearer {place.client_of.token(viewer)}"}
    assert place.client("nobody").get("/api/v1/me", headers=headers).json()["person_id"] == str(viewer.person_id)

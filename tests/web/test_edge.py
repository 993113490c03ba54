"""One request is one transaction; no more of them at once than there are connections; no body without end."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response

from tests.conftest import Database
from tests.web.clients import BASE, Clients, Maker, asked
from tests.web.probes import Probes, is_stored
from tests.web.town import Place, contents
from web.edge import MOST_BYTES, ROOM

Answer = TypeVar("Answer")


@pytest.fixture(scope="module")
def probed(place: Place) -> Place:
    Probes(place.app)
    return place


def run(going: Coroutine[Any, Any, Answer]) -> Answer:
    """What comes of it, in a thread of its own: a browser's test in this process may have a loop in the main one."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, going).result()


def program(app: FastAPI, token: str = "") -> AsyncClient:
    """A client that can have many requests under way."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return AsyncClient(transport=ASGITransport(app=app), base_url=BASE, headers=headers)


@pytest.mark.parametrize(
    ("method", "path", "status", "stored"),
    [
        ("POST", "stores", 200, True),
        ("POST", "moves-on", 303, True),
        ("POST", "answers/202", 202, True),
        ("POST", "answers/404", 404, False),
        ("POST", "answers/422", 422, False),
        ("POST", "answers/500", 500, False),
        ("POST", "refuses", 409, False),
        ("POST", "breaks", 500, False),
        ("POST", "loses-its-connection", 503, False),
        ("GET", "stores", 200, False),
        ("GET", "breaks", 500, False),
    ],
)
def test_what_is_answered_well_is_stored_and_nothing_else_is(
    probed: Place, method: str, path: str, status: int, stored: bool
) -> None:
    client, before = probed.client_of(probed.town.people["newcomer"], faults_answered=True), contents(probed.database)
    assert asked(client, method, f"/api/v1/probe/{path}").status_code == status
    assert (contents(probed.database) != before) is stored


def test_only_a_reading_route_that_says_so_keeps_what_it_stored(
    app: FastAPI, client_of: Clients, make: Maker, database: Database
) -> None:
    Probes(app)
    client = client_of(make(lambda world: world.person()))
    kept = []
    for path in ("stores", "keeps"):
        assert client.get(f"/api/v1/probe/{path}").status_code == 200
        kept.append(is_stored(database))
    assert kept == [False, True]


def test_a_write_is_committed_before_its_answer_is_sent(
    app: FastAPI, client_of: Clients, make: Maker, database: Database
) -> None:
    Probes(app)
    viewer = make(lambda world: world.person())
    token, seen = client_of.token(viewer), []

    async def spy(scope, receive, send):  # type: ignore[no-untyped-def]
        async def noticing(message):  # type: ignore[no-untyped-def]
            if message["type"] == "http.response.start":
                seen.append(is_stored(database))
            await send(message)

        await app(scope, receive, noticing)

    async def go() -> Response:
        async with AsyncClient(transport=ASGITransport(app=spy), base_url=BASE) as client:
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}
            return await client.post("/api/v1/probe/stores", headers=headers)

    assert run(go()).status_code == 200
    assert seen == [True]


def test_no_more_requests_work_at_once_than_have_a_connection_and_none_is_lost(app: FastAPI) -> None:
    probes = Probes(app)

    async def go() -> list[Response]:
        async with program(app) as client:
            return await asyncio.gather(*(client.get("/api/v1/probe/works") for _ in range(4 * ROOM)))

    assert [answer.status_code for answer in run(go())] == [200] * 4 * ROOM
    assert 1 < probes.busiest <= ROOM


def test_many_who_look_for_people_at_once_do_not_wait_for_each_others_connections(
    app: FastAPI, client_of: Clients, make: Maker
) -> None:
    deal = make(lambda world: world.deal())
    token = client_of.token(deal.holder)

    async def go() -> list[Response]:
        path = f"/api/v1/needs/{deal.agreement.need_id}/matches"
        async with asyncio.timeout(8), program(app, token) as client:  # a connection is waited for 10 seconds
            return await asyncio.gather(*(client.get(path) for _ in range(2 * ROOM)))

    assert [answer.status_code for answer in run(go())] == [200] * 2 * ROOM


def test_who_sends_slowly_keeps_nobody_waiting(app: FastAPI, client_of: Clients, make: Maker) -> None:
    token = client_of.token(make(lambda world: world.person()))

    async def go() -> tuple[Response, list[Response]]:
        begun, enough = asyncio.Semaphore(0), asyncio.Event()

        async def slow() -> AsyncIterator[bytes]:
            yield b"{"
            begun.release()
            await enough.wait()

        async with asyncio.timeout(8), program(app, token) as client:
            slow_ones = [
                asyncio.create_task(client.put("/api/v1/assistants/me", content=slow())) for _ in range(2 * ROOM)
            ]
            for _ in slow_ones:
                await begun.acquire()
            quick = await client.get("/api/v1/me")
            enough.set()
            return quick, await asyncio.gather(*slow_ones)

    quick, slow_ones = run(go())
    assert quick.status_code == 200
    assert {answer.status_code for answer in slow_ones} == {400}  # without a key


@pytest.mark.parametrize("path", ["/api/v1/assistants/me", "/api/v1/sessions/current"])
def test_a_body_without_end_is_not_read_to_its_end(place: Place, path: str) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 64 * MOST_BYTES:
            sent += 65_536
            yield b" " * 65_536

    async def go() -> Response:
        async with asyncio.timeout(8), program(place.app) as client:
            return await client.request("PUT" if path.endswith("me") else "DELETE", path, content=endless())

    answer = run(go())
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
    assert sent <= MOST_BYTES + 2 * 65_536


@pytest.mark.parametrize("length", [MOST_BYTES, MOST_BYTES + 1])
def test_a_body_may_be_as_long_as_the_limit(place: Place, length: int) -> None:
    answer = place.client("nobody").post("/api/v1/sessions", content=b" " * length)
    assert (answer.status_code == 413) is (length > MOST_BYTES)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/api/v1/me", {"GET"}),
        ("HEAD", "/api/v1/me", {"GET"}),
        ("GET", "/api/v1/sessions", {"POST"}),
        ("PATCH", "/api/v1/assistants/me", {"PUT", "GET"}),
    ],
)
def test_what_an_address_does_not_take_is_refused_with_what_it_takes(
    place: Place, method: str, path: str, allowed: set[str]
) -> None:
    answer = place.client("nobody").request(method, path)
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) <= allowed

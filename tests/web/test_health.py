"""Whether we are well, and what everybody is told while the database is away: then all works again by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.builders import Clock, World
from tests.serving import Postbox
from tests.web.clients import BASE, SECRET, Clients, asked
from tests.web.town import NEED, Place
from web.app import create_app
from web.database import engine_for, migrate, sessions_on
from web.postgres import Server, remove, running
from web.settings import Settings

AWAY = "We can't reach our records. Nothing was lost. Try again soon."


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_when_all_is_well_nobody_has_to_sign_in_to_hear_it(place: Place, path: str) -> None:
    answer = place.client("nobody").get(path)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server that no other test uses, so that this one may break it."""
    folder = tmp_path / "postgres"
    with running(folder) as server:
        server.create_database("own")
        migrate(server.url("own", role="owner"))
        yield server
    remove(folder)


def statuses(client: TestClient) -> dict[str, int]:
    paths = ("/health/live", "/health/ready", "/api/v1/me", "/api/v1/needs", "/account", "/", "/nowhere")
    return {path: client.get(path).status_code for path in paths}


def test_while_the_database_is_away_everybody_is_told_and_afterwards_all_works_again(own_server: Server) -> None:
    url = own_server.url("own", role="app")
    engine = engine_for(url)
    app: FastAPI = create_app(
        Settings(DATABASE_URL=url, secret_key=SECRET, base_url=BASE), engine=engine, clock=Clock(), mailer=Postbox()
    )
    with sessions_on(engine)() as session, session.begin():
        holder = World(session).holder()
    client, path = Clients(app)(holder), f"/api/v1/holders/{holder.holder_id}/needs"
    well = statuses(client)
    assert (well["/health/ready"], well["/api/v1/needs"]) == (200, 200)

    own_server.crash()
    away = statuses(client)
    write = asked(client, "POST", path, NEED, key="k")
    page = client.get("/account")
    own_server.start()
    back, again = statuses(client), asked(client, "POST", path, NEED, key="k")
    needs = client.get("/api/v1/needs").json()
    engine.dispose()

    assert away == {**dict.fromkeys(well, 503), "/health/live": 200, "/nowhere": 404}
    assert (write.status_code, write.headers["retry-after"], write.json()["detail"]) == (503, "5", AWAY)
    assert (page.headers["retry-after"], page.headers["content-type"]) == ("5", "text/html; charset=utf-8")
    assert "Everything you saved before is safe" in page.text
    assert back == well
    assert again.status_code == 201
    assert [need["id"] for need in needs] == [again.json()["id"]]

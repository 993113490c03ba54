"""The application as browsers and programs meet it, without a socket; tests move its clock and read its mail."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi import FastAPI

from tests.builders import Clock
from tests.conftest import Database
from tests.serving import Postbox
from tests.web.clients import BASE, SECRET, Clients, Maker
from tests.web.town import Place
from web.app import create_app
from web.database import engine_for
from web.postgres import Server
from web.settings import Settings


@pytest.fixture
def clock() -> Clock:
    """Stands still at `tests.builders.MONDAY` until it is moved."""
    return Clock()


@pytest.fixture
def post() -> Postbox:
    """Every mail the application sent."""
    return Postbox()


@pytest.fixture
def settings(database: Database) -> Settings:
    return Settings(DATABASE_URL=database.url, secret_key=SECRET, base_url=BASE)


@pytest.fixture
def app(settings: Settings, database: Database, clock: Clock, post: Postbox) -> FastAPI:
    """The whole application on a database of this test alone."""
    return create_app(settings, engine=database.engine, clock=clock, mailer=post, fresh_for=timedelta(0))


@pytest.fixture
def client_of(app: FastAPI) -> Clients:
    return Clients(app)


@pytest.fixture
def make(database: Database) -> Maker:
    return Maker(database)


@pytest.fixture(scope="module")
def place(server: Server, template: str) -> Iterator[Place]:
    name = f"test_{uuid4().hex[:12]}"
    server.create_database(name, template=template)
    engine = engine_for(server.url(name, role="app"))
    yield Place(Database(server, name, engine))
    engine.dispose()
    server.drop_database(name)

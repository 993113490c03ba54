"""The database every test runs on: one server for the whole run, one migrated template, a copy for each worker.

A test that only needs one transaction takes `session`, which is rolled back. A test that commits, or that needs
several connections, takes `database`: a copy of the template of its own.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from tests.builders import World
from web.database import MIGRATIONS, engine_for, migrate, sessions_on
from web.postgres import Server, running

ROOT = Path(__file__).parent.parent
#: Any number; whoever holds this advisory lock makes the template, the other workers wait for it.
MAKING_TEMPLATE = 7401


@dataclass(frozen=True)
class Database:
    """A database of this test alone."""

    server: Server
    name: str
    engine: Engine

    @property
    def url(self) -> str:
        return self.server.url(self.name, role="app")

    @property
    def owner_url(self) -> str:
        return self.server.url(self.name, role="owner")

    def session(self) -> Session:
        return sessions_on(self.engine)()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running(ROOT / ".alongside" / "test-postgres", settings={"max_connections": "200"}) as started:
        yield started


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    """A migrated database to copy; named after the migrations, so that changed ones make a new one."""
    steps = sorted((MIGRATIONS / "versions").glob("*.py"))
    name = "template_" + hashlib.sha256(b"".join(step.read_bytes() for step in steps)).hexdigest()[:12]
    admin = server.url("postgres", role="admin").replace("+psycopg", "")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [MAKING_TEMPLATE])
        if name not in server.databases():
            server.create_database("making_" + name)
            migrate(server.url("making_" + name, role="owner"))
            connection.execute(f'ALTER DATABASE "making_{name}" RENAME TO "{name}"')
    return name


@pytest.fixture(scope="session")
def worker_engine(server: Server, template: str) -> Iterator[Engine]:
    name = f"worker_{uuid4().hex[:12]}"
    server.create_database(name, template=template)
    engine = engine_for(server.url(name, role="app"))
    yield engine
    engine.dispose()
    server.drop_database(name)


@pytest.fixture
def session(worker_engine: Engine) -> Iterator[Session]:
    """One transaction, undone at the end."""
    with worker_engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as one:
            yield one
        outer.rollback()


@pytest.fixture
def world(session: Session) -> World:
    """Builds people, needs and budgets in the test's one transaction."""
    return World(session)


@pytest.fixture
def database(server: Server, template: str) -> Iterator[Database]:
    """A copy of the template for a test that commits."""
    name = f"test_{uuid4().hex[:12]}"
    server.create_database(name, template=template)
    engine = engine_for(server.url(name, role="app"))
    yield Database(server, name, engine)
    engine.dispose()
    server.drop_database(name)

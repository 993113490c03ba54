"""Engines, sessions, migrations, and the checks before the first request."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, func, select
from sqlmodel import Session

from web.postgres import unsafe_settings

MIGRATIONS = Path(__file__).parent / "migrations"

#: Any number; whoever holds this advisory lock migrates.
MIGRATING = 7403

OpenSession = Callable[[], Session]

#: How many a process may have at once. `web.edge` lets in fewer requests than that, so that none waits for one.
CONNECTIONS = 20


class UnsafeDatabase(RuntimeError):
    """The database would lose or expose what it is trusted with; the sentences say how."""


def engine_for(url: str, *, pool_size: int = CONNECTIONS) -> Engine:
    """An engine that notices a dropped connection before using it, and gives up on a lost server in seconds."""
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=True,
        pool_timeout=10,
        connect_args={"connect_timeout": 5, "application_name": "alongside"},
    )


def sessions_on(engine: Engine) -> OpenSession:
    """Sessions whose objects stay readable after the commit."""
    return lambda: Session(engine, expire_on_commit=False)


@contextmanager
def transaction(open_session: OpenSession) -> Iterator[Session]:
    """A session that commits when the block ends well and rolls back when it doesn't."""
    with open_session() as session, session.begin():
        yield session


def migrate(url: str, *, revision: str = "head") -> None:
    """Bring the database up to `revision`, as its owner; up to date, it does nothing."""
    engine = create_engine(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        with engine.begin() as connection:
            # whoever comes second waits, and then finds nothing left to do
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    finally:
        engine.dispose()


def refuse_unsafe(engine: Engine) -> None:
    """Nothing, when what is committed stays committed and the role can't rewrite history.

    Raises:
        UnsafeDatabase: with every reason in words.
    """
    with engine.connect() as connection:
        reasons = unsafe_settings(cast("psycopg.Connection", connection.connection.driver_connection))
    if reasons:
        raise UnsafeDatabase(" ".join(reasons))

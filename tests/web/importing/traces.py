"""What an import leaves behind in the database, and what it asks of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event, text

from tests.conftest import Database


def versions(database: Database) -> dict[str, list[tuple[str, ...]]]:
    """Where every row of every table stands and which transaction wrote it."""
    with database.engine.connect() as connection:
        tables = connection.execute(text("SELECT tablename FROM pg_tables WHERE tablename LIKE 'marketplace_%'"))
        return {
            name: sorted(map(tuple, connection.execute(text(f"SELECT ctid::text, xmin::text FROM {name}"))))
            for (name,) in tables
        }


@contextmanager
def counting(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)

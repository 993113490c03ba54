"""How many queries something takes: constant, however many rows there are, or a page slows down with its use."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event


@contextmanager
def counted(on: Engine | Connection) -> Iterator[list[str]]:
    """The statements that go to the database through an engine or a connection while the block lasts."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(on, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(on, "before_cursor_execute", note)

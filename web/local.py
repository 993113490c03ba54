"""What a command runs on here: the server that DATABASE_URL names, else a database of our own; and a free port."""

import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from psycopg.errors import DuplicateDatabase, UniqueViolation

from web.database import migrate
from web.postgres import remove, running
from web.settings import Settings

#: What the command runs on when nothing is set from outside.
DATABASE = "alongside"


class CannotRun(RuntimeError):
    """It can't be run here, and why."""


def home() -> Path:
    """The folder of everything local: ALONGSIDE_HOME, or in the checkout, which git ignores, or where one stands."""
    if named := os.environ.get("ALONGSIDE_HOME"):
        return Path(named).resolve()
    checkout = Path(__file__).resolve().parent.parent
    return (checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()) / ".alongside"


@contextmanager
def settings(*, say: Callable[[str], None], **changes: object) -> Iterator[Settings]:
    """The settings for one command; our own database runs for as long as the block, or longer if others use it.

    `changes` are settings that the command itself decides, like `demo`.

    Raises:
        PostgresUnavailable: there is neither DATABASE_URL nor a server to start.
        ValidationError: something set from outside can't be right.
    """
    if os.environ.get("DATABASE_URL"):
        yield Settings.model_validate({**_environment(), **changes})
        return
    with running(home() / "postgres", say=say) as server:
        if DATABASE not in server.databases():
            # two that start for the first time at once: one makes it, the other finds it made
            with suppress(DuplicateDatabase, UniqueViolation):
                server.create_database(DATABASE)
        migrate(server.url(DATABASE, role="owner"))
        local = {"database_url": server.url(DATABASE, role="app"), "secret_key": _secret()}
        yield Settings.model_validate({**_environment(), **local, **changes})


def forget() -> None:
    """Delete our own database with all that is in it.

    Raises:
        PostgresUnavailable: somebody still uses it.
    """
    remove(home() / "postgres")


def refuse_taken(port: int) -> None:
    """Nothing, when the port of this machine is free.

    Raises:
        CannotRun: something listens there.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CannotRun(
                f"Something listens on port {port} already; if it is Alongside, open http://127.0.0.1:{port}. "
                f"Another port: --port {port + 1}"
            ) from error


def _environment() -> dict[str, object]:
    names = {**{f"ALONGSIDE_{name.upper()}": name for name in Settings.model_fields}, "DATABASE_URL": "database_url"}
    return {field: os.environ[name] for name, field in names.items() if name in os.environ}


def _secret() -> str:
    """Kept, so that forms that are open in a browser survive a restart."""
    path = home() / "secret"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text()

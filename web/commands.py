"""What every command needs: where to write, the database it runs on, and a sentence where something is wrong."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from web import local
from web.database import UnsafeDatabase, engine_for, refuse_unsafe
from web.postgres import PostgresUnavailable
from web.settings import Settings

# Sentences are left to the terminal to wrap, so that a file or a pipe gets each on one line.
out, err = Console(highlight=False, soft_wrap=True), Console(stderr=True, highlight=False, soft_wrap=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print what a program can read.")]


def say(sentence: str) -> None:
    """A remark for whoever watches; programs read the other stream."""
    err.print(sentence, style="dim")


@contextmanager
def plainly() -> Iterator[None]:
    """Ends with a sentence and status 1 where something outside is not as it must be."""
    try:
        yield
    except ValidationError as error:
        for problem in error.errors():
            name = str(problem["loc"][0]).upper() if problem["loc"] else ""
            variable = name if name in {"", "DATABASE_URL"} else f"ALONGSIDE_{name}"
            err.print(f"{variable} {problem['msg']}".strip(), style="red")
        raise typer.Exit(1) from error
    except OperationalError as error:
        err.print(f"The database can't be reached: {str(error.orig).strip()}", style="red")
        raise typer.Exit(1) from error
    except (PostgresUnavailable, UnsafeDatabase, local.CannotRun) as error:
        err.print(str(error), style="red")
        raise typer.Exit(1) from error


@contextmanager
def checked_database() -> Iterator[tuple[Settings, Engine]]:
    """The settings and a checked database, for one command."""
    with plainly(), local.settings(say=say) as settings:
        engine = engine_for(settings.database_url, pool_size=2)
        try:
            refuse_unsafe(engine)
            yield settings, engine
        finally:
            engine.dispose()


def has_database() -> bool:
    """Whether a database was named or made before, so that a command that can do without one needn't make it."""
    return bool(os.environ.get("DATABASE_URL")) or (local.home() / "postgres").is_dir()

"""The command `alongside`: what an operator, or a curious person, types."""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from threading import Event
from typing import Annotated

import typer
import uvicorn
from email_validator import EmailNotValidError, validate_email
from fastapi import FastAPI
from pydantic import ValidationError
from rich.console import Console
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from marketplace import organisations, people
from marketplace.organisations import OrganisationKind
from payments import ledger
from web import local
from web.app import create_app, system_clock
from web.database import OpenSession, UnsafeDatabase, engine_for, migrate, refuse_unsafe, sessions_on, transaction
from web.demo.run import run_demo
from web.importing import assistants, needs
from web.importing.results import Outcome
from web.importing.results import Progress as Rows
from web.postgres import PostgresUnavailable
from web.progress import counting
from web.settings import Settings
from web.worker import Worker, gateway_for

app = typer.Typer(
    help="Alongside: personal assistants, and the people who choose them with their own budget.\n\n"
    "Without DATABASE_URL every command uses a database of its own in the folder .alongside.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
imports = typer.Typer(help="Bring in people and requests from a file.", no_args_is_help=True)
app.add_typer(imports, name="import")
# Sentences are left to the terminal to wrap, so that a file or a pipe gets each on one line.
out, err = Console(highlight=False, soft_wrap=True), Console(stderr=True, highlight=False, soft_wrap=True)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="The CSV file.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print what a program can read.")]


def _say(sentence: str) -> None:
    err.print(sentence, style="dim")


@contextmanager
def _plainly() -> Iterator[None]:
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
def _engine() -> Iterator[tuple[Settings, Engine]]:
    """The settings and a checked database, for one command."""
    with _plainly(), local.settings(say=_say) as settings:
        engine = engine_for(settings.database_url, pool_size=2)
        try:
            refuse_unsafe(engine)
            yield settings, engine
        finally:
            engine.dispose()


def application() -> FastAPI:
    """The application as `serve` starts it in each of its processes: settings from the environment."""
    settings = Settings()
    engine = engine_for(settings.database_url)
    refuse_unsafe(engine)
    return create_app(settings, engine=engine)


@app.command()
def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="Show the main job and end, without serving.")] = False,
    port: Annotated[int, typer.Option(help="Where to serve.", min=1, max=65535)] = 8000,
    remove: Annotated[bool, typer.Option("--remove", help="Delete the local database and end.")] = False,
) -> None:
    """Show the main job on made-up people at real places, then serve it on this machine."""
    with _plainly():
        if remove:
            local.forget()
            return
        with local.settings(say=_say, demo=True, base_url=f"http://127.0.0.1:{port}") as settings:
            run_demo(settings, out, serve=not once, port=port)


@app.command()
def serve(
    *,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="How many processes.", min=1)] = 1,
) -> None:
    """Serve the web application."""
    with _plainly():
        local.refuse_taken(port)
    with _engine() as (settings, _):
        # Each process reads its settings from the environment, where our own database would not be named.
        os.environ["DATABASE_URL"] = settings.database_url
        os.environ["ALONGSIDE_SECRET_KEY"] = settings.secret_key.get_secret_value()
        uvicorn.run("web.cli:application", factory=True, host=host, port=port, workers=workers, server_header=False)


@app.command()
def worker(
    *,
    heartbeat: Annotated[Path | None, typer.Option(help="A file to touch after each round, for health checks.")] = None,
) -> None:
    """Do what waits: send payments, tidy up. Run one beside the web application, or several."""
    stop = Event()
    with _engine() as (settings, engine):
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stop.set())
        gateway = gateway_for(settings)
        Worker(sessions_on(engine), gateway=gateway, clock=system_clock, heartbeat=heartbeat).run(stop)


@app.command("migrate")
def migrate_database(
    owner_url: Annotated[str, typer.Option(envvar="DATABASE_OWNER_URL", help="The database, as its owner.")],
) -> None:
    """Bring a server's database up to date; up to date, it does nothing."""
    with _plainly():
        migrate(owner_url)
    out.print("The database is up to date.")


@app.command("check-ledger")
def check_ledger(*, as_json: AsJson = False) -> None:
    """Prove that every penny is where the accounts say; ends with status 1 when one is not."""
    with _engine() as (_, engine), transaction(sessions_on(engine)) as session:
        found = ledger.check(session)
    if as_json:
        sys.stdout.write(json.dumps(found.model_dump()) + "\n")
    else:
        out.print(f"{found.transfers} transfers, {found.entries} entries, {found.accounts} accounts")
        out.print(f"{found.found} differences", style="red" if found.found else "green")
    raise typer.Exit(1 if found.found else 0)


@app.command("add-organisation")
def add_organisation(
    name: Annotated[str, typer.Argument(help="What it is called.")],
    *,
    member: Annotated[str, typer.Option(help="The e-mail address of somebody who works there, and may sign in.")],
    member_name: Annotated[str, typer.Option(help="Their name.")],
    kind: Annotated[OrganisationKind, typer.Option(help="What it is to budget holders.")] = OrganisationKind.BROKER,
) -> None:
    """Let an organisation and its first member in; for one that is here, let another member in."""
    try:
        address = validate_email(member, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise typer.BadParameter(str(error)) from error
    with _engine() as (_, engine), transaction(sessions_on(engine)) as session:
        organisation = organisations.named(session, name=name) or organisations.found(session, name=name, kind=kind)
        person = people.join(session, email=address, name=member_name, now=system_clock())
        organisations.employ(session, organisation_id=organisation.id, person_id=person.id)
    out.print(f"{member_name} can sign in with {address} and works for {name}.")


@imports.command("assistants")
def import_assistants(file: File, *, as_json: AsJson = False) -> None:
    """Personal assistants from a CSV file; see docs/importing.md for its columns."""

    def store(open_session: OpenSession, progress: Rows) -> Outcome:
        return assistants.run(open_session, file, now=system_clock(), progress=progress)

    _import(store, as_json=as_json)


@imports.command("needs")
def import_needs(
    file: File,
    *,
    organisation: Annotated[str | None, typer.Option(help="Who supports holders that are new here.")] = None,
    as_json: AsJson = False,
) -> None:
    """Requests for support from a CSV file; see docs/importing.md for its columns."""

    def store(open_session: OpenSession, progress: Rows) -> Outcome:
        return needs.run(open_session, file, organisation=organisation, now=system_clock(), progress=progress)

    _import(store, as_json=as_json)


def _import(store: Callable[[OpenSession, Rows], Outcome], *, as_json: bool) -> None:
    with _engine() as (_, engine), counting(err, "Rows") as progress:
        outcome = store(sessions_on(engine), progress)
    if as_json:
        sys.stdout.write(json.dumps(asdict(outcome)) + "\n")
    else:
        _print_outcome(outcome)
    raise typer.Exit(0 if outcome.summary else 1)


def _print_outcome(outcome: Outcome) -> None:
    for note in outcome.notes:
        err.print(note, style="yellow")
    for problem in outcome.problems:
        err.print(str(problem), markup=False)
    if outcome.summary is None:
        number = len(outcome.problems)
        err.print(
            f"{number} problem{'s' * (number != 1)}. Nothing was stored; mend the file and import it again.",
            style="red",
        )
    else:
        done = outcome.summary
        out.print(f"{done.added} added, {done.changed} changed, {done.unchanged} already as in the file.")


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        out.print(f"alongside {version('alongside')}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    _show: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Options before any command."""


def main() -> None:
    """The console script."""
    # By default SIGTERM ends Python on the spot, and our own database would be left running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    app()

"""The command `alongside`: what an operator, or a curious person, types."""

import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from threading import Event
from typing import Annotated

import typer
import uvicorn
from email_validator import EmailNotValidError, validate_email
from fastapi import FastAPI

from marketplace import organisations, people
from marketplace.organisations import OrganisationKind
from payments import ledger
from web import local
from web.app import create_app
from web.clock import system_clock
from web.commands import AsJson, checked_database, err, out, plainly, say
from web.database import OpenSession, engine_for, migrate, refuse_unsafe, sessions_on, transaction
from web.demo.run import run_demo
from web.geo.commands import app as places
from web.importing import assistants, needs
from web.importing.results import Outcome
from web.importing.results import Progress as Rows
from web.match.commands import app as matching
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
app.add_typer(places, name="geo")
app.add_typer(matching)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="The CSV file.")]


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
    with plainly():
        if remove:
            local.forget()
            return
        with local.settings(say=say, demo=True, base_url=f"http://127.0.0.1:{port}") as settings:
            run_demo(settings, out, serve=not once, port=port)


@app.command()
def serve(
    *,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="How many processes.", min=1)] = 1,
) -> None:
    """Serve the web application."""
    with plainly():
        local.refuse_taken(port)
    with checked_database() as (settings, _):
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
    with checked_database() as (settings, engine):
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stop.set())
        gateway = gateway_for(settings)
        Worker(sessions_on(engine), gateway=gateway, clock=system_clock, heartbeat=heartbeat).run(stop)


@app.command("migrate")
def migrate_database(
    owner_url: Annotated[str, typer.Option(envvar="DATABASE_OWNER_URL", help="The database, as its owner.")],
) -> None:
    """Bring a server's database up to date; up to date, it does nothing."""
    with plainly():
        migrate(owner_url)
    out.print("The database is up to date.")


@app.command("check-ledger")
def check_ledger(*, as_json: AsJson = False) -> None:
    """Prove that every penny is where the accounts say; ends with status 1 when one is not."""
    with checked_database() as (_, engine), transaction(sessions_on(engine)) as session:
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
    with checked_database() as (_, engine), transaction(sessions_on(engine)) as session:
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
    with checked_database() as (_, engine), counting(err, "Rows") as progress:
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

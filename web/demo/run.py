"""`alongside demo`: load the region, show the main job, serve."""

from datetime import datetime
from threading import Event, Thread

import uvicorn
from rich.console import Console

from marketplace.candidates import Candidates
from web import local
from web.app import create_app
from web.clock import system_clock
from web.database import OpenSession, engine_for, refuse_unsafe, sessions_on, transaction
from web.demo import loading, region, story, telling
from web.progress import counting
from web.settings import Settings
from web.worker import Worker, gateway_for

_FROM_ANOTHER_VERSION = (
    "The demo's people are not as this version makes them. Start anew: alongside demo --remove, then alongside demo."
)
ROLES = ("holder", "assistant", "broker")


def run_demo(settings: Settings, out: Console, *, serve: bool, port: int) -> None:
    """Show the main job on the demo's region, made on the first run, and serve it until Ctrl-C.

    Raises:
        CannotRun: the database has real people in it, or something else listens on the port.
    """
    if serve:
        local.refuse_taken(port)
    engine = engine_for(settings.database_url)
    try:
        refuse_unsafe(engine)
        open_session = sessions_on(engine)
        now = system_clock()
        _load(open_session, out, now=now)
        try:
            _show(open_session, settings, out, now=now)
        except LookupError as error:
            raise local.CannotRun(_FROM_ANOTHER_VERSION) from error
        if serve:
            _serve(settings, open_session, out, port=port)
    finally:
        engine.dispose()


def _load(open_session: OpenSession, out: Console, *, now: datetime) -> None:
    with transaction(open_session) as session:
        if loading.loaded(session):
            out.print("The demo region is here already: Nottinghamshire, five districts.", style="dim")
            return
        if loading.occupied(session):
            raise local.CannotRun("This database has people of its own in it, so the demo's are not mixed among them.")
        with counting(out, "Nottinghamshire: people, needs, budgets") as progress:
            loading.load(session, region.generate(today=now.date()), now=now, progress=progress)


def _show(open_session: OpenSession, settings: Settings, out: Console, *, now: datetime) -> None:
    candidates = Candidates(open_session)
    with transaction(open_session) as session:
        lived = story.found(session) is not None
    if not lived:
        gateway = gateway_for(settings)
        story.live(open_session, candidates=candidates, gateway=gateway, now=now)
    with transaction(open_session) as session:
        told = story.found(session)
        if told is None:
            raise LookupError("The demo's story has lost a part.")
        telling.tell(session, told, out, candidates=candidates, now=now)


def _serve(settings: Settings, open_session: OpenSession, out: Console, *, port: int) -> None:
    app = create_app(settings, engine=engine_for(settings.database_url))
    out.print("\n[bold]Now look around yourself.[/bold] Each address signs you in:")
    for role in ROLES:
        out.print(f"   {role:<10} {settings.base_url}/demo/sign-in/{role}")
    out.print("   Mail that would be sent is shown here and at /demo/mail. Ctrl-C ends everything.\n")
    stop = Event()
    worker = Worker(open_session, gateway=gateway_for(settings), clock=system_clock)
    beside = Thread(target=worker.run, args=(stop,), name="worker")
    beside.start()
    try:
        uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", server_header=False)
    finally:
        stop.set()
        beside.join()

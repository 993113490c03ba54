"""`alongside match`, `alongside market` and `alongside model`."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from marketplace import market, models, showings
from marketplace.availability import LONDON
from marketplace.candidates import Candidates
from marketplace.errors import NotFound
from marketplace.shortlists import SHOWN
from matching.errors import BadQuestion
from matching.learning import fit
from matching.ranker import Ranker
from matching.scorecard import STARTING
from matching.travel import ModelTimes, TravelTimes
from web.clock import system_clock
from web.commands import AsJson, checked_database, err, out
from web.database import sessions_on, transaction
from web.geo.osrm import OsrmTravelTimes, TravelTimesUnavailable
from web.importing.results import BadFile
from web.match import files
from web.progress import counting

app = typer.Typer()
model = typer.Typer(
    help="The scores: learn them from what people answered, and choose which to use.", no_args_is_help=True
)
app.add_typer(model, name="model")

Csv = Annotated[Path, typer.Option(exists=True, dir_okay=False, readable=True, help="A CSV file.")]


@app.command("match")
def match_files(
    *,
    needs: Csv,
    assistants: Csv,
    out_file: Annotated[
        Path, typer.Option("--out", dir_okay=False, writable=True, help="Where the matches go, as CSV.")
    ],
    explain: Annotated[bool, typer.Option("--explain", help="Add the reasons, and why nobody fits a need.")] = False,
    share: Annotated[bool, typer.Option("--share", help="Let lists share people whom many of the needs want.")] = False,
    k: Annotated[int, typer.Option("--best", min=1, max=1_000, help="How many people for each need.")] = SHOWN,
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="As if it were this day; today by default.")
    ] = None,
    routes: Annotated[
        str | None, typer.Option("--routes", metavar="URL", help="An OSRM server of your own that knows the roads.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Match two files without a database; their columns are those of `alongside import` (docs/importing.md)."""
    today = on.date() if on else system_clock().astimezone(LONDON).date()
    read = _read(needs, assistants, today=today)
    # written beside and moved into place, so that a run that is stopped leaves the file of the last one
    half = out_file.with_name(f".{out_file.name}.part")
    try:
        with (
            _roads(routes) as times,
            counting(err, "Needs") as progress,
            half.open("w", encoding="utf-8", newline="") as target,
        ):
            found = files.match(read, Ranker(), today=today, k=k, share=share, times=times, progress=progress)
            all_of_them, nobody = files.write(found, read, target, explain=explain)
        half.replace(out_file)
    except TravelTimesUnavailable as error:
        err.print(str(error), style="red")
        raise typer.Exit(1) from error
    finally:
        half.unlink(missing_ok=True)
    if as_json:
        sys.stdout.write(
            json.dumps({"needs": all_of_them, "nobody_fits": nobody, "assistants": len(read.people)}) + "\n"
        )
    else:
        out.print(f"{all_of_them} needs, {len(read.people)} assistants. {nobody} needs that nobody fits.")


def _read(needs: Path, assistants: Path, *, today: date) -> files.Files:
    """Both files, or every problem of theirs and status 1."""
    try:
        read = files.read(needs, assistants, today=today)
    except BadFile as error:
        for problem in error.problems:
            err.print(str(problem), markup=False)
        number = len(error.problems)
        err.print(f"{number} problem{'s' * (number != 1)}. Nothing was matched; mend the file.", style="red")
        raise typer.Exit(1) from error
    for note in read.notes:
        err.print(note, style="yellow")
    return read


@contextmanager
def _roads(url: str | None) -> Iterator[TravelTimes | None]:
    """What knows the roads, if anything was named."""
    if url is None:
        yield None
        return
    with OsrmTravelTimes(url, otherwise=ModelTimes()) as times:
        yield times


@app.command("market")
def work_out_market(*, as_json: AsJson = False) -> None:
    """Work out anew what it costs to list people whom many open requests need; a worker does it every hour."""
    with checked_database() as (_, engine), counting(err, "Requests") as progress:
        now, open_session = system_clock(), sessions_on(engine)
        pool, ranker = Candidates(open_session).look(now=now)
        with transaction(open_session) as session:
            done = market.work_out(session, pool=pool, card=ranker.card, now=now, progress=progress)
            found = {"needs": done.needs, "people": done.people}
    if as_json:
        sys.stdout.write(json.dumps(found) + "\n")
    else:
        out.print(f"{found['needs']} open requests; {found['people']} people are wanted by several of them.")


@model.command("fit")
def fit_model(
    *,
    use: Annotated[
        bool, typer.Option("--use", help="Rank with it from now on, if it is better on answers held back.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Learn the scores from what people answered to the lists they were shown."""
    now = system_clock()
    with checked_database() as (_, engine), transaction(sessions_on(engine)) as session:
        answers = list(showings.answers(session, today=now.astimezone(LONDON).date()))
        try:
            fitted = fit(answers, version=f"learnt-{now:%Y-%m-%d-%H%M%S}", start=STARTING)
        except BadQuestion as error:
            err.print(str(error), style="red")
            raise typer.Exit(1) from error
        figures: dict[str, Any] = {part: asdict(getattr(fitted, part)) for part in ("holder", "assistant", "gain")}
        figures["attention"] = fitted.attention
        learnt = fitted.holder.learnt or fitted.assistant.learnt
        if learnt:
            models.store(session, fitted.card, figures=figures, now=now)
        if learnt and use and fitted.replaces:
            models.use(session, version=fitted.card.version)
    if as_json:
        sys.stdout.write(json.dumps({"version": fitted.card.version, "replaces": fitted.replaces, **figures}) + "\n")
    else:
        out.print(f"{len(answers)} answers. {fitted.sentence}")


@model.command("list")
def list_models(*, as_json: AsJson = False) -> None:
    """Every model there is, newest first."""
    with checked_database() as (_, engine), transaction(sessions_on(engine)) as session:
        used = models.in_use(session).version
        versions = [one.version for one in models.all_of_them(session)]
    versions.append(STARTING.version)
    if as_json:
        sys.stdout.write(json.dumps([{"version": one, "in_use": one == used} for one in versions]) + "\n")
        return
    for one in versions:
        out.print(f"{one}{'  in use' if one == used else ''}")


@model.command("use")
def use_model(version: Annotated[str, typer.Argument(help="As `alongside model list` names it.")]) -> None:
    """Rank with this model from now on."""
    with checked_database() as (_, engine), transaction(sessions_on(engine)) as session:
        try:
            models.use(session, version=version)
        except NotFound as error:
            err.print(f"There is no model called {version}. `alongside model list` names them.", style="red")
            raise typer.Exit(1) from error
    out.print(f"Lists are ordered by {version} from now on.")

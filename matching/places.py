"""Postcodes of Great Britain as places on the British National Grid, and how far apart they are.

No address is needed and none is kept: a place is the middle of a postcode sector (NG1 6), or of a district (NG1) where
the sector isn't known. Where the figures come from: data/SOURCE.md. Whoever has a table of full postcodes can be more
precise.
"""

import csv
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product
from typing import Any, Literal

import numpy as np
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point
from numpy.typing import NDArray

from matching.errors import Outside, UnknownPostcode
from matching.grid import to_grid, to_wgs84

__all__ = [
    "Place",
    "PostcodeGeocoder",
    "Precision",
    "locate",
    "miles",
    "nearest",
    "normalise",
    "sectors",
    "to_grid",
    "to_wgs84",
]

Precision = Literal["postcode", "sector", "district"]

#: Further than this from the middle of every sector, in metres, is nowhere: of the postcodes of Great Britain one in
#: nine thousand is, on islands and in the Highlands; Ireland, the Isle of Man and France are at least 34 km off.
NOWHERE_M = 25_000

METRES_IN_A_MILE = 1609.344

_OUTWARD = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?")
_INWARD = re.compile(r"(?:[0-9](?:[A-Z]{2})?)?")
_LONGEST = 7
#: How much of what was typed an error says again.
_SAID = 40
#: It ended in 2000 and had no place then either, but it is a postcode, of a shape that no other has.
_GIROBANK = "GIR0AA"
_BOX = ((49.0, 61.5), (-9.0, 2.5))
_MISREAD = {"O": "O0", "0": "0O", "I": "I1", "1": "1I"}
_OUTSIDE: dict[str, Outside] = {
    "BT": "northern_ireland",
    "GY": "islands",
    "IM": "islands",
    "JE": "islands",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A point of the British National Grid in metres.

    Within `radius_m` are 90% of the postcodes of a sector or district, or about all the addresses of one postcode.
    """

    easting: int
    northing: int
    code: str
    precision: Precision
    radius_m: int


def locate(postcode: str) -> Place:
    """The middle of the postcode's sector or, where that isn't on the map, of its district.

    Takes what people type: lower case, odd spaces, O for 0, the first half only.

    Raises:
        UnknownPostcode: it is outside Great Britain, not on the map, or not a postcode.
    """
    code = normalise(postcode)
    outward, _, inward = code.partition(" ")
    sector = _places("sector").get(f"{outward} {inward[0]}") if inward else None
    place = sector or _places("district").get(outward)
    if place is None:
        raise UnknownPostcode(code, _OUTSIDE.get(outward[:2], "not_found"))
    return place


def normalise(postcode: str) -> str:
    """A full or partial postcode as it is printed: `ng16dq` -> NG1 6DQ, `sw1a oaa` -> SW1A 0AA.

    It need not exist: of the ways to read it, one with a known district comes first, then the one
    nearest to what was typed.

    Raises:
        UnknownPostcode: no reading of it has the shape of a postcode.
    """
    parts = re.findall(r"[^\W_]+", postcode)
    typed = "".join(parts).upper()
    # In capitals ß is SS and ﬁ is FI: other letters than ours would be read as places that nobody meant.
    readings = list(_readings(typed)) if all(part.isascii() for part in parts) else []
    if not readings:
        said = postcode.strip()
        raise UnknownPostcode(said if len(said) <= _SAID else f"{said[:_SAID]}…", "not_a_postcode")
    # "NG1 2" is a sector of NG1, "NG12" a district: the gap is all that tells them apart
    gap = len(typed) - len(parts[-1]) if len(parts) > 1 else len(typed)
    known = _places("district")

    def unlikely(reading: tuple[str, str]) -> tuple[bool, int, bool]:
        outward, inward = reading
        changed = sum(a != b for a, b in zip(outward + inward, typed, strict=True))
        return outward not in known, changed, len(outward) != gap

    best = min(readings, key=unlikely)
    return " ".join(filter(None, best))


def sectors() -> Mapping[str, Place]:
    """Every postcode sector by its code, like "NG1 6"."""
    return _places("sector")


def nearest(latitude: float, longitude: float) -> Place | None:
    """The sector whose middle is nearest to a point in degrees on WGS84; None when that is over `NOWHERE_M` away."""
    if not all(least <= one <= most for one, (least, most) in zip((latitude, longitude), _BOX, strict=True)):
        return None
    places, middles = _middles()
    squares = ((middles - to_grid(latitude, longitude)) ** 2).sum(axis=1)
    at = int(squares.argmin())
    return places[at] if squares[at] <= NOWHERE_M**2 else None


def _readings(typed: str) -> Iterator[tuple[str, str]]:
    """Every outward and inward half that `typed` may mean."""
    if len(typed) > _LONGEST:
        return
    if typed == _GIROBANK:
        yield typed[:3], typed[3:]
        return
    for letters in product(*(_MISREAD.get(letter, letter) for letter in typed)):
        text = "".join(letters)
        for cut in (len(text), len(text) - 1, len(text) - 3):
            outward, inward = text[: max(cut, 0)], text[max(cut, 0) :]
            if _OUTWARD.fullmatch(outward) and _INWARD.fullmatch(inward):
                yield outward, inward


@cache
def _places(precision: Literal["sector", "district"]) -> dict[str, Place]:
    table = resources.files("matching").joinpath("data", f"gb_{precision}_median.csv")
    rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    places = (
        Place(
            easting=int(row["easting"]),
            northing=int(row["northing"]),
            code=f"{row['code'][:-1]} {row['code'][-1]}" if precision == "sector" else row["code"],
            precision=precision,
            radius_m=int(row["radius90_m"]),
        )
        for row in rows
    )
    return {place.code: place for place in places}


@cache
def _middles() -> tuple[tuple[Place, ...], NDArray[np.int64]]:
    """The sectors, and their eastings and northings in the same order, two columns of metres."""
    places = tuple(_places("sector").values())
    return places, np.array([(place.easting, place.northing) for place in places])


def miles(a: Place, b: Place) -> float:
    """As the crow flies, on the grid: 0.04% off at most, far less than a sector is wide."""
    return math.hypot(a.easting - b.easting, a.northing - b.northing) / METRES_IN_A_MILE


class PostcodeGeocoder(Geocoder):  # type: ignore[misc] # geopy ships no types
    """geopy's way to ask; it answers from the tables shipped here and sends no postcode anywhere."""

    def geocode(
        self,
        query: str,
        *,
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,  # noqa: ARG002 - every geopy geocoder takes one
    ) -> Location | list[Location] | None:
        """The place as a geopy Location (WGS84), a list of one, or None if there is none.

        `locate` says why there is none; geopy's callers expect None.
        """
        try:
            return _answer(locate(query), exactly_one=exactly_one)
        except UnknownPostcode:
            return None

    def reverse(
        self,
        query: Point | tuple[float, float] | str,
        *,
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,  # noqa: ARG002 - every geopy geocoder takes one
    ) -> Location | list[Location] | None:
        """The sector nearest to a point (WGS84, latitude first) as `geocode` gives it, or None as `nearest` does.

        Raises:
            ValueError: it is no point.
        """
        point = Point(query)
        place = nearest(point.latitude, point.longitude)
        return None if place is None else _answer(place, exactly_one=exactly_one)


def _answer(place: Place, *, exactly_one: bool) -> Location | list[Location]:
    found = Location(place.code, to_wgs84(place.easting, place.northing), {"place": place})
    return found if exactly_one else [found]

"""Postcodes of Great Britain as places on the British National Grid, and how far apart they are.

No address is needed and none is kept: a place is the middle of a postcode sector (NG1 6), or of a
district (NG1) where the sector isn't known. Where the figures come from: data/SOURCE.md.
"""

import csv
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product
from typing import Any, Literal

from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location

from matching.errors import Outside, UnknownPostcode
from matching.grid import to_wgs84

__all__ = ["Place", "PostcodeGeocoder", "Precision", "locate", "miles", "normalise", "to_wgs84"]

Precision = Literal["sector", "district"]

METRES_IN_A_MILE = 1609.344

_OUTWARD = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?")
_INWARD = re.compile(r"(?:[0-9](?:[A-Z]{2})?)?")
_LONGEST = 7
_MISREAD = {"O": "O0", "0": "0O", "I": "I1", "1": "1I"}
_OUTSIDE: dict[str, Outside] = {
    "BT": "northern_ireland",
    "GY": "islands",
    "IM": "islands",
    "JE": "islands",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A point of the British National Grid in metres; 90% of its postcodes are within `radius_m`."""

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
    sector = _places("sector").get(outward + inward[:1]) if inward else None
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
    parts = re.findall(r"[^\W_]+", postcode.upper())
    typed = "".join(parts)
    # "NG1 2" is a sector of NG1, "NG12" a district: the gap is all that tells them apart
    gap = len(typed) - len(parts[-1]) if len(parts) > 1 else len(typed)
    known = _places("district")

    def unlikely(reading: tuple[str, str]) -> tuple[bool, int, bool]:
        outward, inward = reading
        changed = sum(a != b for a, b in zip(outward + inward, typed, strict=True))
        return outward not in known, changed, len(outward) != gap

    best = min(_readings(typed), key=unlikely, default=None)
    if best is None:
        raise UnknownPostcode(postcode.strip(), "not_a_postcode")
    return " ".join(filter(None, best))


def _readings(typed: str) -> Iterator[tuple[str, str]]:
    """Every outward and inward half that `typed` may mean."""
    if len(typed) > _LONGEST:
        return
    for letters in product(*(_MISREAD.get(letter, letter) for letter in typed)):
        text = "".join(letters)
        for cut in (len(text), len(text) - 1, len(text) - 3):
            outward, inward = text[: max(cut, 0)], text[max(cut, 0) :]
            if _OUTWARD.fullmatch(outward) and _INWARD.fullmatch(inward):
                yield outward, inward


@cache
def _places(precision: Precision) -> dict[str, Place]:
    table = resources.files("matching").joinpath("data", f"gb_{precision}_median.csv")
    rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    return {
        row["code"]: Place(
            easting=int(row["easting"]),
            northing=int(row["northing"]),
            code=f"{row['code'][:-1]} {row['code'][-1]}" if precision == "sector" else row["code"],
            precision=precision,
            radius_m=int(row["radius90_m"]),
        )
        for row in rows
    }


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
            place = locate(query)
        except UnknownPostcode:
            return None
        point = to_wgs84(place.easting, place.northing)
        found = Location(place.code, point, {"place": place})
        return found if exactly_one else [found]

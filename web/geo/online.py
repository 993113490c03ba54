"""Services on the internet that know postcodes, behind geopy's interface; asked only by whoever names one.

Asking tells the service a postcode, which may be somebody's home.
"""

import json
from contextlib import suppress
from enum import StrEnum
from importlib.metadata import version
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from geopy.adapters import AdapterHTTPError, URLLibAdapter
from geopy.exc import GeocoderParseError
from geopy.geocoders import Nominatim
from geopy.geocoders.base import DEFAULT_SENTINEL, NONE_RESULT, Geocoder
from geopy.location import Location
from geopy.point import Point

from matching.errors import UnknownPostcode
from matching.places import locate, normalise

POSTCODES_IO = "api.postcodes.io"
NOMINATIM = "nominatim.openstreetmap.org"

_NOT_FOUND = 404
#: Seconds; geopy's own single one is little for a service that may have to wake up.
_TIMEOUT = 10


class Service(StrEnum):
    """Whom to ask."""

    POSTCODES_IO = "postcodes.io"
    NOMINATIM = "nominatim"


class PostcodesIo(Geocoder):  # type: ignore[misc] # geopy ships no types
    """postcodes.io, the public one or one of your own: full postcodes, and first halves.

    `Location.raw` is the service's own answer. Its eastings and northings of Northern Ireland are in the Irish Grid.
    """

    def __init__(self, *, domain: str = POSTCODES_IO, **options: Any) -> None:
        super().__init__(**options)
        self.domain = domain.strip("/")

    def geocode(
        self, query: str, *, exactly_one: bool = True, timeout: Any = DEFAULT_SENTINEL
    ) -> Location | list[Location] | None:
        """Where a postcode is, or None if the service knows none, or what was typed is none.

        Raises:
            GeocoderServiceError: no answer, or one that can't be read.
        """
        try:
            outward, _, inward = normalise(query).partition(" ")
        except UnknownPostcode:
            return None
        path = f"postcodes/{quote(f'{outward} {inward}')}" if len(inward) > 1 else f"outcodes/{quote(outward)}"
        return self._ask(path, exactly_one=exactly_one, timeout=timeout)

    def reverse(
        self, query: Point | tuple[float, float] | str, *, exactly_one: bool = True, timeout: Any = DEFAULT_SENTINEL
    ) -> Location | list[Location] | None:
        """The full postcodes nearest to a point, nearest first, or None if there are none near it.

        Raises:
            GeocoderServiceError: no answer, or one that can't be read.
        """
        point = Point(query)
        where = urlencode({"lon": point.longitude, "lat": point.latitude})
        return self._ask(f"postcodes?{where}", exactly_one=exactly_one, timeout=timeout)

    def _ask(self, path: str, *, exactly_one: bool, timeout: Any) -> Location | list[Location] | None:
        def answer(body: Any) -> Location | list[Location] | None:
            found = _locations(body)
            if not found:
                return None
            return found[0] if exactly_one else found

        return self._call_geocoder(f"{self.scheme}://{self.domain}/{path}", answer, timeout=timeout)

    def _geocoder_exception_handler(self, error: Exception) -> object:
        # "No such postcode" is a 404 with a body that says 404 too; any other 404 comes from somebody else.
        if isinstance(error, AdapterHTTPError) and error.status_code == _NOT_FOUND:
            with suppress(ValueError, AttributeError):
                if json.loads(error.text).get("status") == _NOT_FOUND:
                    return NONE_RESULT
        return None


class BritishNominatim(Nominatim):  # type: ignore[misc] # geopy ships no types
    """geopy's Nominatim, asked for postcodes of the United Kingdom and nothing else."""

    def geocode(  # noqa: D102 - as its parent, with fewer options
        self, query: str, *, exactly_one: bool = True, timeout: Any = DEFAULT_SENTINEL
    ) -> Location | list[Location] | None:
        try:
            postcode = normalise(query)
        except UnknownPostcode:
            return None
        asked = {"postalcode": postcode}
        return super().geocode(asked, exactly_one=exactly_one, timeout=timeout, country_codes="gb")


def british(postcode: str) -> str:
    """The postcode as it is printed, if it may be in Great Britain: what can't be isn't worth telling anybody.

    Raises:
        UnknownPostcode: it is in Northern Ireland or the islands, or not a postcode.
    """
    try:
        locate(postcode)
    except UnknownPostcode as refusal:
        # A service may know a postcode that is newer than our map.
        if refusal.reason != "not_found":
            raise
    return normalise(postcode)


def geocoder_for(service: Service, *, server: str | None = None) -> Geocoder:
    """The service itself, or a server of one's own that speaks its language, like http://127.0.0.1:8080.

    Raises:
        ValueError: that is no address of a server.
    """
    kind, public = {
        Service.POSTCODES_IO: (PostcodesIo, POSTCODES_IO),
        Service.NOMINATIM: (BritishNominatim, NOMINATIM),
    }[service]
    at = urlsplit(server or f"https://{public}")
    if at.scheme not in {"http", "https"} or not at.netloc:
        raise ValueError(f"“{server}” is no address of a server. Write one like http://127.0.0.1:8080.")
    return kind(
        scheme=at.scheme,
        domain=at.netloc + at.path,
        timeout=_TIMEOUT,
        user_agent=f"alongside/{version('alongside')}",
        # geopy would take requests where that happens to be installed
        adapter_factory=URLLibAdapter,
    )


def _locations(body: Any) -> list[Location]:
    """What postcodes.io answers is one result, a list of them, or null; the islands' have no coordinates."""
    try:
        results = body["result"] or []
        listed = results if isinstance(results, list) else [results]
        return [
            Location(one.get("postcode") or one["outcode"], (one["latitude"], one["longitude"]), one)
            for one in listed
            if one["latitude"] is not None
        ]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise GeocoderParseError("postcodes.io's answer is not as its documentation says") from error

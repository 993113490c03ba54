"""Travel times by road from a route server that speaks OSRM's HTTP API, version 1."""

import math
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Annotated, Self

import httpx
from pydantic import BaseModel, Field, ValidationError

from matching.grid import to_wgs84
from matching.places import Place
from matching.travel import Mode, TravelTimes

#: Names of the profiles in the address. osrm-routed ignores them and answers for the one its data were made with.
PROFILES: Mapping[Mode, str] = {"car": "driving", "cycle": "cycling", "foot": "foot"}
#: A hundred to a request is what osrm-routed allows unless it is started with a larger --max-table-size.
AT_ONCE = 100

_TIMEOUT = httpx.Timeout(10, connect=3)


class TravelTimesUnavailable(RuntimeError):
    """The route server doesn't answer, or not as it should; the sentence says which."""


class _Table(BaseModel):
    """Seconds from each source to each destination; null where there is no way."""

    code: str
    message: str = ""
    durations: list[list[Annotated[float, Field(ge=0, allow_inf_nan=False)] | None]] = []


class OsrmTravelTimes:
    """A `TravelTimes` that asks an OSRM server; modes without a profile are answered by `otherwise`.

    The server learns the places, as latitude and longitude, and nothing about whose they are.
    """

    def __init__(
        self,
        base_url: str,
        client: httpx.Client | None = None,
        *,
        otherwise: TravelTimes,
        profiles: Mapping[Mode, str] = PROFILES,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._client = client or httpx.Client(timeout=_TIMEOUT)
        self._otherwise = otherwise
        self._profiles = profiles

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def minutes(self, mode: Mode, start: Place, ends: Sequence[Place]) -> list[int | None]:
        """Whole minutes from `start` to each of `ends`, rounded up; None where there is no way.

        Raises:
            TravelTimesUnavailable: the server can't be reached, refuses, or answers something else.
        """
        profile = self._profiles.get(mode)
        if profile is None:
            return self._otherwise.minutes(mode, start, ends)
        batches = (ends[first : first + AT_ONCE] for first in range(0, len(ends), AT_ONCE))
        seconds = (one for batch in batches for one in self._seconds(profile, start, batch))
        return [None if one is None else math.ceil(one / 60) for one in seconds]

    def _seconds(self, profile: str, start: Place, ends: Sequence[Place]) -> list[float | None]:
        points = ";".join(_point(place) for place in (start, *ends))
        address = f"{self._base_url}/table/v1/{profile}/{points}"
        try:
            answer = self._client.get(address, params={"sources": "0", "annotations": "duration"})
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            said = str(error) or type(error).__name__
            raise TravelTimesUnavailable(f"The route server can't be reached: {said}.") from error
        _from_start_to_itself, *rest = _durations(answer, wide=1 + len(ends))
        return rest


def _point(place: Place) -> str:
    latitude, longitude = to_wgs84(place.easting, place.northing)
    return f"{longitude:.6f},{latitude:.6f}"


def _durations(answer: httpx.Response, *, wide: int) -> list[float | None]:
    """The one row of seconds that was asked for."""
    try:
        table = _Table.model_validate_json(answer.content)
    except ValidationError as error:
        raise TravelTimesUnavailable(
            f"The route server answered {answer.status_code} with something that is no table of travel times."
        ) from error
    if answer.status_code != httpx.codes.OK or table.code != "Ok":
        said = f"{table.code}: {table.message}" if table.message else table.code
        raise TravelTimesUnavailable(f"The route server refused with {answer.status_code}, {said}.")
    if [len(row) for row in table.durations] != [wide]:
        raise TravelTimesUnavailable(f"The route server was asked for 1 row of {wide} travel times and sent others.")
    return table.durations[0]

"""Travel times from a server that speaks OSRM's HTTP API as its documentation has it; no live one was asked."""

import math
from collections.abc import Mapping, Sequence

import httpx
import pytest

from matching.places import Place, locate
from matching.travel import Mode
from tests.web.geo.answering import Answer, Answering, answering
from web.geo.osrm import AT_ONCE, PROFILES, OsrmTravelTimes, TravelTimesUnavailable

HOME, NEAR, FAR = locate("NG1 6DQ"), locate("NG9 2AB"), locate("SW1A 0AA")
METRES_A_SECOND = {"driving": 10.0, "cycling": 5.0, "foot": 1.25, "truck": 8.0}


class Model:
    """Answers for what a route server doesn't know."""

    def minutes(self, mode: Mode, start: Place, ends: Sequence[Place]) -> list[int | None]:
        assert mode == "public_transport"
        assert start == HOME
        return [len(ends)] * len(ends)


def apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres as the crow flies, longitude first."""
    (a, b), (c, d) = one, other
    return math.hypot((a - c) * 111_320 * math.cos(math.radians(b)), (b - d) * 111_320)


def osrm(path: str, options: dict[str, str]) -> Answer:
    """The table service: the crow's way; no way at all to Scotland; as much at once as by default."""
    _, service, version, profile, coordinates = path.split("/")
    assert (service, version) == ("table", "v1")
    assert options == {"sources": "0", "annotations": "duration"}
    points = [(float(x), float(y)) for x, y in (point.split(",") for point in coordinates.split(";"))]
    if len(points) > AT_ONCE + 1:
        return 400, {"code": "TooBig", "message": "Too many table coordinates"}
    seconds = [apart(points[0], point) / METRES_A_SECOND[profile] if point[1] < 55.5 else None for point in points]
    told = [{"name": "", "hint": "", "distance": 1.0, "location": list(point)} for point in points]
    return 200, {"code": "Ok", "durations": [seconds], "sources": told[:1], "destinations": told}


def times(server: Answering, profiles: Mapping[Mode, str] = PROFILES) -> OsrmTravelTimes:
    return OsrmTravelTimes(server.url, otherwise=Model(), profiles=profiles)


@pytest.mark.parametrize(
    ("mode", "profile", "near"), [("car", "driving", 10), ("cycle", "cycling", 20), ("foot", "foot", 77)]
)
def test_each_mode_asks_its_profile_and_gets_minutes_rounded_up(mode: Mode, profile: str, near: int) -> None:
    with answering(osrm) as server, times(server) as found:
        minutes = found.minutes(mode, HOME, [HOME, NEAR, FAR])
    assert minutes[0] == 0
    assert minutes[1] == pytest.approx(near, abs=near * 0.2)
    assert minutes[2] is not None
    assert minutes[2] > 10 * near
    [(path, _)] = server.asked
    assert path.startswith(f"/table/v1/{profile}/-1.153138,52.952452;")


def test_where_there_is_no_way_there_are_no_minutes() -> None:
    with answering(osrm) as server, times(server) as found:
        assert [one is None for one in found.minutes("car", HOME, [NEAR, locate("EH1 1RE"), FAR])] == [
            False,
            True,
            False,
        ]


@pytest.mark.parametrize(("ends", "requests"), [(0, 0), (1, 1), (100, 1), (101, 2), (250, 3)])
def test_many_ends_are_asked_a_hundred_at_a_time_and_stay_in_order(ends: int, requests: int) -> None:
    places = [Place(HOME.easting + 600 * far, HOME.northing, "NG1 6", "sector", 0) for far in range(ends)]
    with answering(osrm) as server, times(server) as found:
        minutes = [one or 0 for one in found.minutes("car", HOME, places)]
    assert len(minutes) == ends
    assert minutes == sorted(minutes)
    assert len(server.asked) == requests


def test_what_no_profile_covers_is_answered_by_the_model_and_nobody_is_asked() -> None:
    with answering(osrm) as server, times(server) as found:
        assert found.minutes("public_transport", HOME, [NEAR, FAR]) == [2, 2]
    assert server.asked == []


def test_profiles_are_what_the_server_calls_them() -> None:
    with answering(osrm) as server, times(server, {"car": "truck"}) as found:
        found.minutes("car", HOME, [NEAR])
    assert server.asked[0][0].startswith("/table/v1/truck/")


def ok(durations: object) -> Answer:
    return 200, {"code": "Ok", "durations": durations}


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ((500, "<h1>Internal Server Error</h1>"), "answered 500 with something that is no table"),
        ((200, "<h1>Welcome to our portal</h1>"), "answered 200 with something that is no table"),
        ((200, ""), "answered 200 with something"),
        ((200, [1, 2]), "answered 200 with something"),
        ((200, {"durations": [[0, 60]]}), "answered 200 with something"),
        (
            (400, {"code": "NoSegment", "message": "Could not find a matching segment"}),
            "400, NoSegment: Could not find",
        ),
        ((400, {"code": "InvalidUrl"}), "refused with 400, InvalidUrl."),
        ((200, {"code": "NoTable"}), "refused with 200, NoTable."),
        ((503, {"code": "Ok", "durations": [[0, 60]]}), "refused with 503, Ok."),
        (ok([[0, 60, 60]]), "1 row of 2 travel times and sent others"),
        (ok([[0]]), "1 row of 2"),
        (ok([]), "1 row of 2"),
        (ok([[0, 60], [60, 0]]), "1 row of 2"),
        (ok([[0, -60]]), "something that is no table"),
        (ok([[0, "soon"]]), "something that is no table"),
        ((200, '{"code": "Ok", "durations": [[0, NaN]]}'), "something that is no table"),
        (ok(None), "something that is no table"),
    ],
)
def test_an_answer_that_is_no_table_of_times_is_refused_in_words(answer: Answer, sentence: str) -> None:
    with (
        answering(lambda *_: answer) as server,
        times(server) as found,
        pytest.raises(TravelTimesUnavailable) as refusal,
    ):
        found.minutes("car", HOME, [NEAR])
    assert sentence in str(refusal.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "no address", "ftp://127.0.0.1", "http://[", ""])
def test_a_server_that_is_not_there_is_a_sentence(url: str) -> None:
    with (
        OsrmTravelTimes(url, otherwise=Model()) as found,
        pytest.raises(TravelTimesUnavailable, match=r"can't be reached: .+"),
    ):
        found.minutes("car", HOME, [NEAR])


def test_a_server_that_keeps_us_waiting_is_given_up_on() -> None:
    def slow(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("", request=request)

    client = httpx.Client(transport=httpx.MockTransport(slow))
    with (
        OsrmTravelTimes("http://127.0.0.1", client, otherwise=Model()) as found,
        pytest.raises(TravelTimesUnavailable, match="ReadTimeout"),
    ):
        found.minutes("car", HOME, [NEAR])

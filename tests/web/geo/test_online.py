"""Services on the internet, played by a server on this machine; no live one was asked."""

from typing import Any

import pytest
from geopy.exc import GeocoderParseError, GeocoderRateLimited, GeocoderServiceError, GeocoderUnavailable
from geopy.geocoders import Nominatim
from geopy.geocoders.base import Geocoder
from geopy.location import Location

from matching.errors import Outside, UnknownPostcode
from tests.web.geo.answering import Answer, answering
from web.geo.online import BritishNominatim, PostcodesIo, Service, british, geocoder_for

FULL = {
    "postcode": "NG1 6DQ",
    "quality": 1,
    "eastings": 457069,
    "northings": 339778,
    "country": "England",
    "longitude": -1.152057,
    "latitude": 52.952343,
    "outcode": "NG1",
    "incode": "6DQ",
}
OUTWARD = {"outcode": "NG1", "longitude": -1.1476, "latitude": 52.9537, "eastings": 457363, "northings": 339937}
JERSEY = {"postcode": "JE2 3AB", "longitude": None, "latitude": None, "country": "Channel Islands"}
NOT_FOUND = (404, {"status": 404, "error": "Postcode not found"})


def postcodes_io(path: str, options: dict[str, str]) -> Answer:
    if path == "/postcodes/NG1 6DQ":
        return 200, {"status": 200, "result": FULL}
    if path == "/outcodes/NG1":
        return 200, {"status": 200, "result": OUTWARD}
    if path == "/postcodes/JE2 3AB":
        return 200, {"status": 200, "result": JERSEY}
    if path == "/postcodes":
        return 200, {"status": 200, "result": [FULL, JERSEY] if options["lat"] == "52.95" else None}
    return NOT_FOUND


def nominatim(path: str, options: dict[str, str]) -> Answer:
    assert path == "/search"
    known = options["postalcode"] == "NG1 6DQ"
    return 200, [{"display_name": "NG1 6DQ, Nottingham", "lat": "52.9523", "lon": "-1.1520"}] if known else []


@pytest.mark.parametrize(
    ("typed", "path", "address"),
    [
        ("NG1 6DQ", "/postcodes/NG1 6DQ", "NG1 6DQ"),
        ("ng16dq.", "/postcodes/NG1 6DQ", "NG1 6DQ"),
        ("NG1", "/outcodes/NG1", "NG1"),
        ("NG1 6", "/outcodes/NG1", "NG1"),
    ],
)
def test_postcodes_io_is_asked_for_what_was_meant(typed: str, path: str, address: str) -> None:
    with answering(postcodes_io) as server, geocoder_for(Service.POSTCODES_IO, server=server.url) as geocoder:
        found = geocoder.geocode(typed)
    assert isinstance(geocoder, Geocoder)
    assert isinstance(found, Location)
    assert server.asked == [(path, {})]
    assert found.address == address
    assert (found.latitude, found.longitude) == (found.raw["latitude"], found.raw["longitude"])


@pytest.mark.parametrize("typed", ["NG1 6ZZ", "JE2 3AB", "ZZ99"])
def test_what_postcodes_io_has_no_place_for_is_none(typed: str) -> None:
    with answering(postcodes_io) as server, geocoder_for(Service.POSTCODES_IO, server=server.url) as geocoder:
        assert geocoder.geocode(typed) is None
    assert len(server.asked) == 1


@pytest.mark.parametrize("service", Service)
def test_what_is_no_postcode_is_not_sent(service: Service) -> None:
    with answering(postcodes_io) as server, geocoder_for(service, server=server.url) as geocoder:
        assert geocoder.geocode("12 Acacia Avenue") is None
    assert server.asked == []


@pytest.mark.parametrize(
    ("point", "found"), [("52.95, -1.152", ["NG1 6DQ"]), ((52.95, -1.152), ["NG1 6DQ"]), ((0, 0), None)]
)
def test_the_postcodes_at_a_point_are_asked_as_geopy_does(point: Any, found: list[str] | None) -> None:
    with answering(postcodes_io) as server, geocoder_for(Service.POSTCODES_IO, server=server.url) as geocoder:
        all_of_them = geocoder.reverse(point, exactly_one=False)
        nearest = geocoder.reverse(point)
    assert (all_of_them and [one.address for one in all_of_them]) == found
    assert (nearest and nearest.address) == (found and found[0])


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((429, {"status": 429}), GeocoderRateLimited),
        ((500, {"status": 500, "error": "Internal"}), GeocoderServiceError),
        ((404, "<h1>No such page</h1>"), GeocoderServiceError),
        ((404, ["not", "ours"]), GeocoderServiceError),
        ((200, "<h1>Welcome</h1>"), GeocoderParseError),
        ((200, {"status": 200}), GeocoderParseError),
        ((200, [1]), GeocoderParseError),
        ((200, {"status": 200, "result": "NG1 6DQ"}), GeocoderParseError),
        ((200, {"status": 200, "result": {"postcode": "NG1 6DQ"}}), GeocoderParseError),
        (
            (200, {"status": 200, "result": {"postcode": "NG1 6DQ", "latitude": "x", "longitude": 0}}),
            GeocoderParseError,
        ),
    ],
)
def test_any_other_answer_of_postcodes_io_is_geopys_error(answer: Answer, error: type[GeocoderServiceError]) -> None:
    with (
        answering(lambda *_: answer) as server,
        geocoder_for(Service.POSTCODES_IO, server=server.url) as geocoder,
        pytest.raises(error),
    ):
        geocoder.geocode("NG1 6DQ")


def test_a_service_that_is_not_there_is_geopys_error() -> None:
    with (
        geocoder_for(Service.POSTCODES_IO, server="http://127.0.0.1:1") as geocoder,
        pytest.raises((GeocoderUnavailable, GeocoderServiceError)),
    ):
        geocoder.geocode("NG1 6DQ")


@pytest.mark.parametrize(("typed", "found"), [("ng16dq", "NG1 6DQ, Nottingham"), ("NG1 6ZZ", None)])
def test_nominatim_is_asked_for_postcodes_of_this_country_by_a_client_that_says_its_name(
    typed: str, found: str | None
) -> None:
    with answering(nominatim) as server, geocoder_for(Service.NOMINATIM, server=server.url) as geocoder:
        location = geocoder.geocode(typed)
    [(_, options)] = server.asked
    assert (location and location.address) == found
    assert options["countrycodes"] == "gb"
    assert server.agents[0].startswith("alongside/")


def test_without_a_server_of_ones_own_the_public_one_is_meant_and_over_https() -> None:
    first, second = geocoder_for(Service.POSTCODES_IO), geocoder_for(Service.NOMINATIM)
    assert isinstance(first, PostcodesIo)
    assert isinstance(second, BritishNominatim)
    assert isinstance(second, Nominatim)
    assert (first.scheme, first.domain) == ("https", "api.postcodes.io")
    assert second.api == "https://nominatim.openstreetmap.org/search"


@pytest.mark.parametrize("server", ["example.org", "ftp://example.org", "/postcodes", "http://"])
def test_an_address_that_is_none_is_refused(server: str) -> None:
    with pytest.raises(ValueError, match="no address of a server"):
        geocoder_for(Service.NOMINATIM, server=server)


@pytest.mark.parametrize(("typed", "told"), [("ng16dq", "NG1 6DQ"), ("NG1", "NG1"), ("ZZ99 3VZ", "ZZ99 3VZ")])
def test_a_service_is_told_what_may_be_in_great_britain(typed: str, told: str) -> None:
    assert british(typed) == told


@pytest.mark.parametrize(
    ("typed", "reason"), [("BT1 1AA", "northern_ireland"), ("JE2 3AB", "islands"), ("hello", "not_a_postcode")]
)
def test_a_service_is_not_told_what_can_not_be(typed: str, reason: Outside) -> None:
    with pytest.raises(UnknownPostcode) as refusal:
        british(typed)
    assert refusal.value.reason == reason

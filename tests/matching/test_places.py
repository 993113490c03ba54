"""Postcodes as people type them, and where they are."""

import pytest
from geopy.distance import geodesic
from geopy.geocoders.base import Geocoder
from geopy.location import Location

from matching.errors import Outside, UnknownPostcode
from matching.places import Place, PostcodeGeocoder, locate, miles, normalise, to_wgs84


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("NG1 6DQ", "NG1 6DQ"),
        ("ng16dq", "NG1 6DQ"),
        ("  nG1   6dq ", "NG1 6DQ"),
        ("N G 1 6 D Q", "NG1 6DQ"),
        ("ng1-6dq.", "NG1 6DQ"),
        ("e1w1aa", "E1W 1AA"),
        ("ec1a1bb", "EC1A 1BB"),
        ("m11ae", "M1 1AE"),
        ("B338TH", "B33 8TH"),
    ],
)
def test_a_badly_typed_postcode_is_read_as_it_is_printed(typed: str, printed: str) -> None:
    assert normalise(typed) == printed


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("SW1A OAA", "SW1A 0AA"),
        ("NGI 6DQ", "NG1 6DQ"),
        ("0X1 1AA", "OX1 1AA"),
        ("ox1 iaa", "OX1 1AA"),
        ("1P1 1AA", "IP1 1AA"),
        ("IV1 1AA", "IV1 1AA"),
        ("CRO 1AA", "CR0 1AA"),
        ("E1O 1AA", "E10 1AA"),
        ("N1O", "N10"),
        ("wii 1aa", "W11 1AA"),
        ("SO14 OAA", "SO14 0AA"),
    ],
)
def test_o_and_nought_and_i_and_one_are_swapped_where_only_the_other_can_stand(typed: str, printed: str) -> None:
    assert normalise(typed) == printed


@pytest.mark.parametrize(
    ("typed", "printed"),
    [("NG1", "NG1"), ("ng12", "NG12"), ("NG1 2", "NG1 2"), ("NG12 3", "NG12 3"), ("NG92", "NG9 2"), ("se1", "SE1")],
)
def test_half_a_postcode_is_a_district_unless_a_gap_or_the_map_says_sector(typed: str, printed: str) -> None:
    assert normalise(typed) == printed


@pytest.mark.parametrize(
    "printed", ["NG1 6DQ", "SW1A 0AA", "E10 1AA", "NG1 2", "NG12", "OX1 1AA", "BT1 1AA", "ZZ99 9ZZ"]
)
def test_what_is_printed_right_is_left_alone(printed: str) -> None:
    assert normalise(printed) == printed
    assert normalise(printed.lower()) == printed


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "hello", "12345", "NG1 6D", "NG", "6DQ", "NG1 6DQ Nottingham", "NG1 6DQQ", "-", "é1 1aa", "O" * 5000],
)
def test_nonsense_is_refused_with_an_example_of_a_postcode(typed: str) -> None:
    with pytest.raises(UnknownPostcode, match="Type one like NG1 6DQ") as refusal:
        normalise(typed)
    assert refusal.value.reason == "not_a_postcode"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("BT1 1AA", "northern_ireland"),
        ("bt48", "northern_ireland"),
        ("BTI 1AA", "northern_ireland"),
        ("JE2 3AB", "islands"),
        ("GY1 1AA", "islands"),
        ("IM1 1AA", "islands"),
        ("ZZ99 9ZZ", "not_found"),
        ("SW1", "not_found"),
        ("not a place", "not_a_postcode"),
    ],
)
def test_each_kind_of_postcode_that_is_not_on_the_map_has_its_own_answer(typed: str, reason: Outside) -> None:
    with pytest.raises(UnknownPostcode) as refusal:
        locate(typed)
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    ("typed", "code", "precision"),
    [
        ("NG1 6DQ", "NG1 6", "sector"),
        ("NG1 6", "NG1 6", "sector"),
        ("NG1", "NG1", "district"),
        ("ng12", "NG12", "district"),
        ("AB10 1AA", "AB10 1", "sector"),
        ("E10 1AA", "E10", "district"),
    ],
)
def test_a_place_says_whether_it_is_a_sector_or_only_a_district(typed: str, code: str, precision: str) -> None:
    found = locate(typed)
    assert (found.code, found.precision) == (code, precision)


@pytest.mark.parametrize(
    ("postcode", "latitude", "longitude"),
    [
        ("NG1 6DQ", 52.954, -1.152),
        ("SW1A 0AA", 51.4995, -0.1248),
        ("EH1 1RE", 55.951, -3.190),
        ("CF10 1EP", 51.479, -3.176),
        ("ZE1 0LX", 60.154, -1.146),
        ("TR21 0LW", 49.914, -6.315),
    ],
)
def test_towns_all_over_the_map_are_found_where_they_are(postcode: str, latitude: float, longitude: float) -> None:
    found = locate(postcode)
    at = to_wgs84(found.easting, found.northing)
    assert geodesic((latitude, longitude), at).km < 3


def test_a_place_is_looked_up_once_and_then_remembered() -> None:
    assert locate("NG1 6DQ") is locate("ng1 6aa")


def test_miles_are_measured_straight_across_the_grid() -> None:
    here = Place(400_000, 300_000, "A", "sector", 500)
    there = Place(403_000, 304_000, "B", "sector", 500)
    assert miles(here, there) == miles(there, here) == pytest.approx(5000 / 1609.344)
    assert miles(here, here) == 0


@pytest.mark.parametrize(("one", "other"), [("NG1 6DQ", "DE1 1AA"), ("SW1A 0AA", "EH1 1RE"), ("TR18 2AA", "NR30 1AA")])
def test_miles_agree_with_geopy_to_a_thousandth(one: str, other: str) -> None:
    a, b = locate(one), locate(other)
    truth = geodesic(to_wgs84(a.easting, a.northing), to_wgs84(b.easting, b.northing)).miles
    assert miles(a, b) == pytest.approx(truth, rel=0.001)


def test_the_geocoder_answers_as_geopy_ones_do() -> None:
    geocoder = PostcodeGeocoder()
    found = geocoder.geocode("ng1 6dq")
    assert isinstance(geocoder, Geocoder)
    assert isinstance(found, Location)
    assert found.address == "NG1 6"
    assert found.raw["place"] == locate("NG1 6DQ")
    assert (found.latitude, found.longitude) == to_wgs84(found.raw["place"].easting, found.raw["place"].northing)
    assert geocoder.geocode("NG1 6DQ", exactly_one=False, timeout=5) == [found]


@pytest.mark.parametrize("query", ["BT1 1AA", "nowhere", ""])
def test_the_geocoder_gives_none_for_what_is_not_on_the_map(query: str) -> None:
    assert PostcodeGeocoder().geocode(query) is None

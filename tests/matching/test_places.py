"""Postcodes as people type them, and where they are."""

import contextlib

import pytest
from geopy.distance import geodesic
from geopy.geocoders.base import Geocoder
from geopy.location import Location
from geopy.point import Point
from hypothesis import given
from hypothesis import strategies as st

from matching.errors import Outside, UnknownPostcode
from matching.places import Place, PostcodeGeocoder, locate, miles, nearest, normalise, sectors, to_wgs84

#: Letters that are easily taken for one another.
ALIKE = str.maketrans("O0I1", "0011")


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("NG1 6DQ", "NG1 6DQ"),
        ("ng16dq", "NG1 6DQ"),
        ("  nG1   6dq ", "NG1 6DQ"),
        ("N G 1 6 D Q", "NG1 6DQ"),
        ("ng1-6dq.", "NG1 6DQ"),
        ("NG1 6DQ...", "NG1 6DQ"),
        ("“NG1 6DQ”,", "NG1 6DQ"),
        ("NG1\u00a06DQ", "NG1 6DQ"),
        ("\ufeffNG1\u200b6DQ\r\n", "NG1 6DQ"),
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
    "printed", ["NG1 6DQ", "SW1A 0AA", "E10 1AA", "NG1 2", "NG12", "OX1 1AA", "BT1 1AA", "ZZ99 9ZZ", "GIR 0AA"]
)
def test_what_is_printed_right_is_left_alone(printed: str) -> None:
    assert normalise(printed) == printed
    assert normalise(printed.lower()) == printed


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "hello",
        "12345",
        "NG1 6D",
        "NG",
        "6DQ",
        "NG1 6DQ Nottingham",
        "NG1 6DQQ",
        "-",
        "\x00",
        "é1 1aa",
        "ß1 1AA",  # SS1 in capitals, which is Southend
        "ﬁ1 1AA",
        "NG² 6DQ",
        "NG١ 6DQ",
        "ＮＧ１ ６ＤＱ",
        "ＮG1 6DQ",
        "\N{GREEK CAPITAL LETTER NU}G1 6DQ",
        "BFPO 61",
        "FIQQ 1ZZ",
        "O" * 5000,
        "NG1 6DQ " * 100_000,
    ],
)
def test_nonsense_is_refused_with_an_example_of_a_postcode(typed: str) -> None:
    with pytest.raises(UnknownPostcode, match="Type one like NG1 6DQ") as refusal:
        normalise(typed)
    assert refusal.value.reason == "not_a_postcode"
    assert len(str(refusal.value)) < 150


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("BT1 1AA", "northern_ireland"),
        ("bt48", "northern_ireland"),
        ("BTI 1AA", "northern_ireland"),
        ("JE2 3AB", "islands"),
        ("GY1 1AA", "islands"),
        ("IM1 1AA", "islands"),
        ("je2 3ab.", "islands"),
        ("1M1 1AA", "islands"),
        ("ZZ99 9ZZ", "not_found"),
        ("ZZ99 3VZ", "not_found"),
        ("GIR 0AA", "not_found"),
        ("gir0aa", "not_found"),
        ("BF1 3AA", "not_found"),
        ("BX1 1LT", "not_found"),
        ("GX11 1AA", "not_found"),
        ("AB1 0AA", "not_found"),
        ("0000000", "not_found"),
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
        ("E98 1SN", 51.508, -0.064),
    ],
)
def test_towns_all_over_the_map_are_found_where_they_are(postcode: str, latitude: float, longitude: float) -> None:
    found = locate(postcode)
    at = to_wgs84(found.easting, found.northing)
    assert geodesic((latitude, longitude), at).km < 3


@given(st.text(st.sampled_from("NGBTSWEAOI01269 -.²ßＮ"), max_size=9) | st.text(max_size=12))
def test_whatever_is_typed_a_place_is_made_of_its_letters_alone_and_else_there_is_a_refusal(typed: str) -> None:
    with contextlib.suppress(UnknownPostcode):
        found = locate(typed)
        plain = "".join(filter(str.isalnum, typed)).upper().translate(ALIKE)
        assert plain.startswith(found.code.replace(" ", "").translate(ALIKE))
        assert len(plain) <= 7


def test_sectors_are_known_by_their_codes() -> None:
    assert sectors()["NG1 6"] == locate("NG1 6DQ")
    assert len(sectors()) == 10_846


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


@pytest.mark.parametrize("code", ["NG1 6", "ZE2 9", "TR21 0", "E98 1", "NR30 1"])
def test_a_sectors_middle_leads_back_to_the_sector(code: str) -> None:
    place = sectors()[code]
    assert nearest(*to_wgs84(place.easting, place.northing)) == place


@pytest.mark.parametrize(
    ("latitude", "longitude", "code"),
    [
        (52.954, -1.152, "NG1 6"),
        (51.4995, -0.1248, "SW1A 0"),
        (57.03, -5.66, "PH41 4"),  # Knoydart, 11 km from anywhere
        (51.18, -4.67, "EX39 6"),  # Lundy, 25 km
    ],
)
def test_a_point_belongs_to_the_nearest_sector(latitude: float, longitude: float, code: str) -> None:
    found = nearest(latitude, longitude)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        (54.597, -5.93),  # Belfast
        (55.197, -6.06),  # Torr Head, where Ireland is nearest
        (54.415, -4.367),  # Isle of Man, at its nearest
        (50.87, 1.58),  # Cap Gris-Nez
        (49.19, -2.11),  # Jersey
        (57.81, -8.58),  # St Kilda: nobody lives there
        (40.71, -74.0),
        (-52.954, 1.152),
        (0, 179),
        (90, 0),
        (-90, 0),
    ],
)
def test_a_point_outside_great_britain_is_nowhere(latitude: float, longitude: float) -> None:
    assert nearest(latitude, longitude) is None
    assert PostcodeGeocoder().reverse((latitude, longitude)) is None


@pytest.mark.parametrize("query", [Point(52.954, -1.152), (52.954, -1.152), "52.954, -1.152"])
def test_the_geocoder_takes_points_as_geopy_ones_do(query: Point | tuple[float, float] | str) -> None:
    geocoder = PostcodeGeocoder()
    found = geocoder.reverse(query, timeout=5)
    assert found == geocoder.geocode("NG1 6")
    assert isinstance(found, Location)
    assert found.raw["place"] == sectors()["NG1 6"]
    assert geocoder.reverse(query, exactly_one=False) == [found]


@pytest.mark.parametrize("query", ["nowhere", (float("nan"), 0.0)])
def test_what_is_no_point_is_refused(query: str | tuple[float, float]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - geopy's own, with words that may change
        PostcodeGeocoder().reverse(query)

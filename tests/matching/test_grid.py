"""National Grid to latitude and longitude and back, against Ordnance Survey's own points."""

import math
from statistics import median

import pytest
from geopy.distance import geodesic

from matching.grid import to_grid, to_wgs84

# Ordnance Survey's 40 test points of OSTN15 (Scilly to Shetland), each with ETRS89, which is WGS84 to under a metre,
# and Caister water tower from "A guide to coordinate systems in Great Britain".
OS_POINTS = {
    "TP01 St Mary's": (49.92226394, -6.29977752, 91492.146, 11318.804),
    "TP02": (49.96006138, -5.20304610, 170370.718, 11572.405),
    "TP03": (50.43885826, -4.10864564, 250359.811, 62016.569),
    "TP04": (50.57563665, -1.29782277, 449816.371, 75335.861),
    "TP05": (50.93127938, -1.45051434, 438710.920, 114792.250),
    "TP06": (51.40078220, -3.55128349, 292184.870, 168003.465),
    "TP07": (51.37447026, 1.44454730, 639821.835, 169565.858),
    "TP08": (51.42754743, -2.54407618, 362269.991, 169978.690),
    "TP09": (51.48936565, -0.11992557, 530624.974, 178388.464),
    "TP10": (51.85890896, -4.30852477, 241124.584, 220332.641),
    "TP11": (51.89436637, 0.89724327, 599445.590, 225722.826),
    "TP12": (52.25529382, -2.15458614, 389544.190, 261912.153),
    "TP13": (52.25160951, -0.91248957, 474335.969, 262047.755),
    "TP14": (52.75136687, 0.40153547, 562180.547, 319784.995),
    "TP15 Nottingham": (52.96219109, -1.19747656, 454002.834, 340834.943),
    "TP16": (53.34480280, -2.64049321, 357455.843, 383290.436),
    "TP17": (53.41628516, -4.28918070, 247958.971, 393492.909),
    "TP18": (53.41630925, -4.28917793, 247959.241, 393495.583),
    "TP19": (53.77911026, -3.04045491, 331534.564, 431920.794),
    "TP20": (53.80021520, -1.66379168, 422242.186, 433818.701),
    "TP21": (54.08666318, -4.63452168, 227778.330, 468847.388),
    "TP22": (54.11685144, -0.07773133, 525745.670, 470703.214),
    "TP23": (54.32919541, -4.38849118, 244780.636, 495254.887),
    "TP24": (54.89542340, -2.93827741, 339921.145, 556034.761),
    "TP25": (54.97912274, -1.61657685, 424639.355, 565012.703),
    "TP26": (55.85399953, -4.29649016, 256340.925, 664697.269),
    "TP27": (55.92478266, -3.29479219, 319188.434, 670947.534),
    "TP28": (57.00606696, -5.82836692, 167634.202, 797067.144),
    "TP29": (57.13902519, -2.04856031, 397160.491, 805349.736),
    "TP30": (57.48625001, -4.21926399, 267056.768, 846176.972),
    "TP31 St Kilda": (57.81351838, -8.57854456, 9587.909, 899448.996),
    "TP32": (58.21262247, -7.59255561, 71713.132, 938516.404),
    "TP33": (58.51560361, -6.26091456, 151968.652, 966483.780),
    "TP34": (58.58120461, -3.72631022, 299721.891, 967202.992),
    "TP35": (59.03743871, -3.21454001, 330398.323, 1017347.016),
    "TP36": (59.09335035, -4.41757675, 261596.778, 1025447.602),
    "TP37": (59.09671617, -5.82799340, 180862.461, 1029604.114),
    "TP38": (59.53470794, -1.62516966, 421300.525, 1072147.239),
    "TP39": (59.85409914, -1.27486910, 440725.073, 1107878.448),
    "TP40": (60.13308092, -2.07382823, 395999.668, 1138728.951),
    "Caister water tower": (52.658007833, 1.716073973, 651409.804, 313177.450),
}


def off_by(latitude: float, longitude: float, easting: float, northing: float) -> float:
    return geodesic((latitude, longitude), to_wgs84(easting, northing)).meters


@pytest.mark.parametrize(("latitude", "longitude", "easting", "northing"), OS_POINTS.values(), ids=OS_POINTS)
def test_each_point_of_ordnance_survey_lies_within_five_metres(
    latitude: float, longitude: float, easting: float, northing: float
) -> None:
    assert off_by(latitude, longitude, easting, northing) < 5


def test_half_of_the_points_lie_within_two_metres() -> None:
    assert median(off_by(*point) for point in OS_POINTS.values()) < 2


def test_the_true_origin_of_the_grid_is_where_its_definition_puts_it_but_for_the_datum() -> None:
    latitude, longitude = to_wgs84(400_000, -100_000)
    assert math.isclose(latitude, 49, abs_tol=0.002)
    assert math.isclose(longitude, -2, abs_tol=0.002)


def test_a_mile_on_the_grid_is_a_mile_on_the_ground_to_a_thousandth() -> None:
    here, there = to_wgs84(457_000, 340_000), to_wgs84(457_000 + 1609.344, 340_000)
    assert geodesic(here, there).miles == pytest.approx(1, rel=0.001)


@pytest.mark.parametrize(("latitude", "longitude", "easting", "northing"), OS_POINTS.values(), ids=OS_POINTS)
def test_each_point_comes_back_to_its_place_on_the_grid_within_five_metres(
    latitude: float, longitude: float, easting: float, northing: float
) -> None:
    assert math.dist(to_grid(latitude, longitude), (easting, northing)) < 5


@pytest.mark.parametrize("easting", range(0, 700_001, 100_000))
@pytest.mark.parametrize("northing", range(0, 1_250_001, 125_000))
def test_there_and_back_again_is_two_centimetres_at_most(easting: int, northing: int) -> None:
    assert math.dist(to_grid(*to_wgs84(easting, northing)), (easting, northing)) < 0.02

from itertools import chain

import pytest

from matching.places import locate
from web.demo.districts import DISTRICTS, postcodes, shared_out

SECTORS = list(chain.from_iterable(district.sectors for district in DISTRICTS))


def test_the_districts_planned_282_budgets() -> None:
    assert sum(district.budgets for district in DISTRICTS) == 282


def test_every_sector_is_in_one_district_only() -> None:
    assert len(set(SECTORS)) == len(SECTORS)


@pytest.mark.parametrize("sector", SECTORS)
def test_every_sector_is_on_the_map_and_in_the_county(sector: str) -> None:
    place = locate(sector)
    assert (place.code, place.precision) == (sector, "sector")
    assert 443_000 < place.easting < 485_000
    assert 324_000 < place.northing < 372_000


def test_every_sector_has_homes() -> None:
    assert list(postcodes()) == SECTORS
    assert min(postcodes().values()) > 30


@pytest.mark.parametrize(
    ("total", "shares"),
    [
        (0, [0, 0, 0, 0, 0]),
        (1, [1, 0, 0, 0, 0]),
        (5, [1, 1, 1, 1, 1]),
        (282, [77, 54, 61, 39, 51]),
        (300, [82, 57, 65, 42, 54]),
    ],
)
def test_budgets_are_shared_out_as_planned(total: int, shares: list[int]) -> None:
    assert shared_out(total) == shares


@pytest.mark.parametrize("total", range(0, 400, 7))
def test_however_many_budgets_are_shared_out_none_is_lost(total: int) -> None:
    assert sum(shared_out(total)) == total

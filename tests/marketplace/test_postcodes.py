"""A place is as precise as what is loaded."""

import pytest
from sqlalchemy import event
from sqlmodel import Session

from marketplace import postcodes
from marketplace.postcodes import Postcode
from matching import places
from matching.errors import Outside, UnknownPostcode
from matching.places import Place

EXACT = Place(457_500, 339_500, "NG1 6DQ", "postcode", postcodes.RADIUS_M)


@pytest.fixture
def loaded(session: Session) -> Session:
    session.add(Postcode(code=EXACT.code, easting=EXACT.easting, northing=EXACT.northing))
    session.flush()
    return session


@pytest.mark.parametrize("typed", ["NG1 6DQ", "ng16dq", " Ng1 6dQ. ", "NGI 6DQ"])
def test_a_postcode_in_the_table_is_a_place_of_its_own(loaded: Session, typed: str) -> None:
    assert postcodes.locate(loaded, typed) == EXACT


@pytest.mark.parametrize("typed", ["NG1 6DR", "NG1 6", "NG1", "SW1A 0AA"])
def test_any_other_is_found_as_without_the_table(loaded: Session, typed: str) -> None:
    assert postcodes.locate(loaded, typed) == places.locate(typed)


def test_without_a_table_filled_every_place_is_a_sector_or_district(session: Session) -> None:
    assert postcodes.locate(session, "NG1 6DQ") == places.locate("NG1 6DQ")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("BT1 1AA", "northern_ireland"), ("JE2 3AB", "islands"), ("ZZ99 3VZ", "not_found"), ("", "not_a_postcode")],
)
def test_what_is_on_no_map_has_the_same_answer_as_without_the_table(
    loaded: Session, typed: str, reason: Outside
) -> None:
    with pytest.raises(UnknownPostcode) as refusal:
        postcodes.locate(loaded, typed)
    assert refusal.value.reason == reason


def test_the_table_makes_no_place_that_would_be_lost_with_it(loaded: Session) -> None:
    loaded.add(Postcode(code="ZZ99 3VZ", easting=457_069, northing=339_778))
    with pytest.raises(UnknownPostcode):
        postcodes.locate(loaded, "ZZ99 3VZ")


def test_many_are_found_in_one_query_each_by_what_was_typed(loaded: Session) -> None:
    asked: list[str] = []
    connection = loaded.connection()
    event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2]))
    found = postcodes.locate_many(loaded, ["ng16dq", "NG1 6DQ", "NG9", "SW1A 0AA"])
    assert found == {
        "ng16dq": EXACT,
        "NG1 6DQ": EXACT,
        "NG9": places.locate("NG9"),
        "SW1A 0AA": places.locate("SW1A 0AA"),
    }
    assert len(asked) == 1


def test_more_are_found_at_once_than_a_query_may_have_parameters(loaded: Session) -> None:
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    many = [
        f"NG{district} {sector}{a}{b}"
        for district in range(1, 20)
        for sector in range(10)
        for a in letters
        for b in letters
    ]
    assert len(many) > 65_535
    assert postcodes.locate_many(loaded, many)["NG1 6DQ"] == EXACT


def test_none_of_none_is_found(loaded: Session) -> None:
    assert postcodes.locate_many(loaded, []) == {}


@pytest.mark.parametrize(
    ("easting", "northing", "place"),
    [(457_069, 339_778, EXACT), (None, None, places.locate("NG1 6DQ"))],
)
def test_what_a_join_found_or_did_not_makes_a_place(easting: int | None, northing: int | None, place: Place) -> None:
    assert postcodes.placed("NG1 6DQ", easting, northing) == place

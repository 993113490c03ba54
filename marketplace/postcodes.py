"""Full postcodes, where an operator has loaded them: a place is then the postcode itself and not its sector."""

from collections.abc import Collection

from sqlalchemy import ARRAY, String, any_, literal
from sqlmodel import Field, Session, SQLModel, col, select

from matching import places
from matching.places import Place

#: Metres. A postcode's place is the middle of the square of the National Grid that it lies in: near enough for a
#: journey, and whoever is told distances from it can't work out somebody's street.
SQUARE_M = 1_000
#: Metres from the middle of a square to a corner, rounded up.
RADIUS_M = 710


class Postcode(SQLModel, table=True):
    """A full postcode as it is printed ("NG1 6DQ") and its metres on the British National Grid."""

    __tablename__ = "marketplace_postcode"

    code: str = Field(max_length=8, primary_key=True)
    easting: int
    northing: int


def locate(session: Session, postcode: str) -> Place:
    """The postcode itself where it is in the table, else its sector or district.

    Raises:
        UnknownPostcode: it is outside Great Britain, not on the map, or not a postcode.
    """
    return locate_many(session, [postcode])[postcode]


def locate_many(session: Session, postcodes: Collection[str]) -> dict[str, Place]:
    """The same for any number of postcodes in one query, by postcode as it was given.

    Raises:
        UnknownPostcode: one of them is outside Great Britain, not on the map, or not a postcode.
    """
    printed = {postcode: places.normalise(postcode) for postcode in postcodes}
    # One array: a list of parameters ends at 65,535.
    asked = any_(literal(list(set(printed.values())), ARRAY(String)))
    rows = session.exec(select(Postcode.code, Postcode.easting, Postcode.northing).where(col(Postcode.code) == asked))
    exact = {code: (easting, northing) for code, easting, northing in rows}
    return {postcode: placed(code, *exact.get(code, (None, None))) for postcode, code in printed.items()}


def placed(code: str, easting: int | None, northing: int | None) -> Place:
    """The place of a postcode, as it is printed, and what an outer join with the table found for it, or didn't.

    The table makes a place more precise and never makes one: what is stored stays on the map when the table goes.

    Raises:
        UnknownPostcode: it is outside Great Britain, not on the map, or not a postcode.
    """
    around = places.locate(code)
    if easting is None or northing is None:
        return around
    return Place(_middle(easting), _middle(northing), code=code, precision="postcode", radius_m=RADIUS_M)


def _middle(metres: int) -> int:
    return metres // SQUARE_M * SQUARE_M + SQUARE_M // 2

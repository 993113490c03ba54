"""Storing full postcodes: all of a directory or nothing, in one transaction that readers see the end of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from web.geo.directory import Directory, NoDirectory

#: Told how many files are read, and of how many.
Progress = Callable[[int, int], None]

# Readers go on meanwhile; a second loader waits, and then compares with what the first has stored.
_ONE_AT_A_TIME = text("LOCK TABLE marketplace_postcode IN SHARE ROW EXCLUSIVE MODE")
_INCOMING = text("""
    CREATE TEMPORARY TABLE incoming (code varchar(8), easting integer, northing integer) ON COMMIT DROP
""")
_INTO_INCOMING = "COPY incoming (code, easting, northing) FROM STDIN"
# The server gathers these by itself for tables that stay, and plans wrongly for a million rows it knows nothing of.
_LOOK_AT = text("ANALYZE incoming")
_DIFFERENCE = text("""
    CREATE TEMPORARY TABLE difference ON COMMIT DROP AS
    SELECT code, told.easting, told.northing, stored.easting IS NULL AS added, told.easting IS NULL AS removed
      FROM (SELECT DISTINCT ON (code) code, easting, northing FROM incoming ORDER BY code) AS told
      FULL JOIN marketplace_postcode AS stored USING (code)
     WHERE (told.easting, told.northing) IS DISTINCT FROM (stored.easting, stored.northing)
""")
_COUNTED = text("""
    SELECT count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added AND NOT removed),
           count(*) FILTER (WHERE removed)
      FROM difference
""")
_KEEP = text("""
    INSERT INTO marketplace_postcode (code, easting, northing)
    SELECT code, easting, northing FROM difference WHERE NOT removed ORDER BY code
    ON CONFLICT (code) DO UPDATE SET easting = EXCLUDED.easting, northing = EXCLUDED.northing
""")
_REMOVE = text("""
    DELETE FROM marketplace_postcode AS stored USING difference
     WHERE difference.code = stored.code AND difference.removed
""")
# A trigger numbers the row, and whoever keeps a pool of candidates then reads it anew. Last, as it locks the row
# against its owner until the end of the transaction.
_READ_ANEW = text("""
    UPDATE marketplace_assistant SET changed_in = changed_in WHERE postcode IN (SELECT code FROM difference)
""")
_TOTAL = text("SELECT count(*) FROM marketplace_postcode")


@dataclass(frozen=True, slots=True)
class Changes:
    """Postcodes that were new, lie elsewhere now, or are gone; how many there are; assistants placed otherwise now."""

    added: int
    changed: int
    removed: int
    total: int
    assistants: int


def store(session: Session, directory: Directory, *, progress: Progress) -> Changes:
    """Make the table say what the directory says; in the caller's transaction, which must not have done so before.

    Raises:
        NoDirectory: it can't be read or holds no postcode of Great Britain; nothing was stored.
    """
    connection = session.connection()
    connection.execute(_ONE_AT_A_TIME)
    connection.execute(_INCOMING)
    if not _copy(session, directory, progress):
        raise NoDirectory("There is no postcode of Great Britain in it. Nothing was changed.")
    connection.execute(_LOOK_AT)
    connection.execute(_DIFFERENCE)
    added, changed, removed = connection.execute(_COUNTED).one()
    connection.execute(_KEEP)
    connection.execute(_REMOVE)
    assistants = connection.execute(_READ_ANEW).rowcount
    return Changes(added, changed, removed, connection.execute(_TOTAL).scalar_one(), assistants)


def _copy(session: Session, directory: Directory, progress: Progress) -> int:
    """How many rows that were."""
    # SQLAlchemy knows no COPY; this is the connection, and the transaction, that the session already has
    connection: Any = session.connection().connection.driver_connection
    progress(0, len(directory.parts))
    rows = 0
    with connection.cursor() as cursor, cursor.copy(_INTO_INCOMING) as copy:
        for done, part in enumerate(directory.parts, start=1):
            for point in (points := part()):
                copy.write_row(point)
            rows += len(points)
            progress(done, len(directory.parts))
    return rows

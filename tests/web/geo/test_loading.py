"""Loading full postcodes: all or nothing, again and again, with whoever they place elsewhere read anew."""

from collections.abc import Callable
from threading import Thread

import pytest
from sqlmodel import Session, col, func, select

from marketplace.assistants import Assistant
from marketplace.postcodes import Postcode
from tests.builders import World
from tests.conftest import Database
from web.geo.directory import Directory, NoDirectory, Point, installed
from web.geo.loading import Changes, store

FIRST = [("NG1 6DQ", 457_069, 339_778), ("NG9 1EE", 453_000, 336_900), ("NG9 2AB", 452_500, 336_000)]
LATER = [("NG1 6DQ", 457_069, 339_778), ("NG9 1EE", 453_010, 336_900), ("NG9 3AA", 451_000, 336_500)]


def directory(*parts: list[Point]) -> Directory:
    return Directory(tuple(part.copy for part in parts))


def in_silence(_done: int, _of: int) -> None:
    """Progress that nobody watches."""


def load(database: Database, *parts: list[Point]) -> Changes:
    with database.session() as session, session.begin():
        return store(session, directory(*parts), progress=in_silence)


def stored(session: Session) -> list[Point]:
    rows = session.exec(select(Postcode.code, Postcode.easting, Postcode.northing).order_by(col(Postcode.code)))
    return [(code, easting, northing) for code, easting, northing in rows]


def test_the_table_says_what_the_directory_says_and_what_changed_is_counted(database: Database) -> None:
    assert load(database, FIRST[:1], FIRST[1:]) == Changes(added=3, changed=0, removed=0, total=3, assistants=0)
    assert load(database, FIRST) == Changes(added=0, changed=0, removed=0, total=3, assistants=0)
    assert load(database, LATER) == Changes(added=1, changed=1, removed=1, total=3, assistants=0)
    with database.session() as session:
        assert stored(session) == LATER


def test_thousands_are_loaded_from_the_package(database: Database) -> None:
    ub = installed().parts[-4]
    with database.session() as session, session.begin():
        changes = store(session, Directory((ub,)), progress=in_silence)
        assert changes.added == changes.total == session.exec(select(func.count()).select_from(Postcode)).one()
    assert 8_000 < changes.added < 11_798


def test_progress_is_told_file_by_file(database: Database) -> None:
    told: list[tuple[int, int]] = []
    with database.session() as session, session.begin():
        store(session, directory(FIRST, LATER), progress=lambda done, of: told.append((done, of)))
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_readers_see_all_of_it_or_nothing(database: Database) -> None:
    load(database, FIRST)
    with database.session() as reader, database.session() as session:
        with session.begin():
            store(session, directory(LATER), progress=in_silence)
            assert stored(reader) == FIRST
        assert stored(reader) == LATER


def broken() -> list[Point]:
    raise NoDirectory("The second half is missing.")


@pytest.mark.parametrize("second", [broken, list])
def test_a_directory_that_breaks_off_or_is_empty_leaves_what_was_there(
    database: Database, second: Callable[[], list[Point]]
) -> None:
    load(database, FIRST)
    first = LATER.copy if second is broken else list
    with database.session() as session, pytest.raises(NoDirectory), session.begin():
        store(session, Directory((first, second)), progress=in_silence)
    with database.session() as session:
        assert stored(session) == FIRST


def test_a_postcode_that_is_told_twice_is_stored_once(database: Database) -> None:
    assert load(database, FIRST, FIRST).total == 3


def test_two_at_once_come_one_after_the_other(database: Database) -> None:
    told: list[Changes] = []
    with database.session() as session, session.begin():
        store(session, directory(FIRST), progress=in_silence)
        other = Thread(target=lambda: told.append(load(database, LATER)))
        other.start()
        other.join(timeout=0.3)
        assert other.is_alive()
    other.join(timeout=20)
    assert told == [Changes(added=1, changed=1, removed=1, total=3, assistants=0)]


def test_an_assistant_whose_postcode_lies_elsewhere_now_is_read_anew_and_nobody_else(database: Database) -> None:
    postcodes = {"new": "NG1 6DQ", "moved": "NG9 1EE", "gone": "NG9 2AB", "untouched": "NG7 1AA", "half": "NG9"}
    with database.session() as session, session.begin():
        world = World(session)
        ids = {world.assistant(postcode=postcode).assistant_id: name for name, postcode in postcodes.items()}
    load(database, FIRST[1:])
    before = numbered(database)
    assert load(database, FIRST[:1], LATER[1:]).assistants == 3
    after = numbered(database)
    assert {ids[one] for one in ids if after[one] != before[one]} == {"new", "moved", "gone"}


def numbered(database: Database) -> dict[object, int]:
    with database.session() as session:
        return dict(session.exec(select(Assistant.id, Assistant.changed_in)).all())

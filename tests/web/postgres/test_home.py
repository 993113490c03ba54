import os
import shutil
import stat
from pathlib import Path

import psycopg
import pytest

from web.postgres import PostgresUnavailable, Programs, remove, running
from web.postgres.home import settle

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands over to a user with fewer rights")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_data_stay_in_the_folder_when_the_servers_user_can_reach_it(open_folder: Path) -> None:
    with running(open_folder) as server:
        assert server.home.place == open_folder
        assert server.home.data.stat().st_uid != 0
        assert (open_folder / "server.json").stat().st_uid == 0
    with running(open_folder) as server:
        assert server.databases() == frozenset()


def test_a_closed_parent_stays_closed_and_the_data_go_to_a_place_of_our_own(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    folder = closed / "postgres"
    with running(folder) as server:
        place = server.home.place
        assert place.parent == Path("/var/tmp")
        assert (folder / "moved-to").read_text().strip() == str(place)
        assert mode(server.home.server) == 0o700
        server.create_database("kept")
    with running(folder) as server:
        assert server.databases() == {"kept"}
    assert mode(closed) == 0o700
    remove(folder)
    assert not place.exists()


def test_who_deletes_the_folder_of_moved_data_begins_with_an_empty_database(fresh_folder: Path) -> None:
    with running(fresh_folder) as server:
        server.create_database("kept")
    shutil.rmtree(fresh_folder)
    with running(fresh_folder) as again:
        assert again.home.place == server.home.place
        assert again.databases() == frozenset()


def test_a_parent_that_was_closed_later_is_told(open_folder: Path) -> None:
    with running(open_folder):
        pass
    open_folder.parent.chmod(0o700)
    with pytest.raises(PostgresUnavailable, match="can no longer be reached"), running(open_folder):
        pass
    open_folder.parent.chmod(0o755)


def test_programs_in_a_closed_folder_are_copied_to_where_the_servers_user_can_run_them(
    fresh_folder: Path, wheel: Programs
) -> None:
    package = wheel.folder.parents[1]
    closed = fresh_folder.parent / "site-packages"
    shutil.copytree(package, closed / package.name, ignore=shutil.ignore_patterns("include"))
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, closed / libraries.name)
    hidden = Programs(closed / package.name / "pginstall" / "bin", wheel.version, "wheel")
    with running(fresh_folder, programs=hidden) as server:
        copied = server.home.runnable(hidden)
        assert copied.is_relative_to(server.home.place)
        assert copied.stat().st_uid == 0, "the server may run its programs, not change them"
        server.create_database("works")
        with psycopg.connect(server.url("works", role="owner").replace("+psycopg", "")) as owner:
            owner.execute("CREATE EXTENSION btree_gist")


def test_a_folder_that_somebody_else_has_put_in_the_place_for_data_is_not_trusted(fresh_folder: Path) -> None:
    fresh_folder.mkdir()
    place = settle(fresh_folder).place
    os.chown(place, 65534, 65534)
    with pytest.raises(PostgresUnavailable, match="was not made by Alongside"), running(fresh_folder):
        pass
    os.chown(place, 0, 0)

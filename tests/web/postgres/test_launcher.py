import os
import signal
from pathlib import Path

import pytest

from web.postgres import PostgresUnavailable, Server, running
from web.postgres.home import settle
from web.postgres.launcher import is_running
from web.postgres.locks import is_held


def test_the_servers_own_processes_hold_its_lock(server: Server) -> None:
    assert is_held(server.home.alive)
    assert is_running(server.home, server.record)


def test_a_killed_server_is_replaced_for_the_next_who_comes(folder: Path) -> None:
    with running(folder) as server:
        killed = server.pid
        os.kill(killed, signal.SIGKILL)
        with running(folder) as joined:
            assert joined.pid != killed
            assert joined.databases() == frozenset()


def test_a_process_id_that_is_somebody_elses_by_now_is_no_obstacle(folder: Path) -> None:
    with running(folder) as server:
        file = server.home.data / "postmaster.pid"
        lines = file.read_text().splitlines()
    file.write_text("\n".join([str(os.getpid()), *lines[1:], ""]))
    with running(folder) as server:
        assert server.databases() == frozenset()


def test_a_set_up_that_was_cut_off_is_begun_again(fresh_folder: Path) -> None:
    fresh_folder.mkdir()
    remains = settle(fresh_folder).server / "data.new"
    remains.mkdir()
    (remains / "PG_VERSION").write_text("15\n")
    with running(fresh_folder) as server:
        assert server.databases() == frozenset()
    assert not remains.exists()


def test_a_start_that_fails_tells_the_end_of_the_log_and_leaves_nothing_running(folder: Path) -> None:
    mistake = running(folder, settings={"no_such_parameter": "1"})
    with pytest.raises(PostgresUnavailable, match="no_such_parameter"), mistake:
        pass
    with running(folder) as server:
        assert server.databases() == frozenset()


def test_a_set_up_that_fails_says_why(fresh_folder: Path) -> None:
    fresh_folder.mkdir()
    (settle(fresh_folder).server / "data.new").touch()
    with pytest.raises(PostgresUnavailable, match="could not be set up"), running(fresh_folder):
        pass

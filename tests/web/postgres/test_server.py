import os
import signal
import socket
import stat
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from web.postgres import PostgresUnavailable, Programs, Server, remove, running


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def ask(server: Server, query: str) -> list[tuple[object, ...]]:
    with connect(server.url("kept", role="admin")) as connection:
        return connection.execute(query).fetchall()


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("data_checksums", "on"),
        ("server_encoding", "UTF8"),
        ("TimeZone", "UTC"),
        ("listen_addresses", "127.0.0.1"),
        ("unix_socket_directories", ""),
        ("password_encryption", "scram-sha-256"),
    ],
)
def test_a_server_of_ours_loses_nothing_and_is_heard_on_this_machine_alone(
    server: Server, setting: str, value: str
) -> None:
    assert ask(server, f"SELECT current_setting('{setting}')") == [(value,)]


def test_text_sorts_the_same_on_every_system(server: Server) -> None:
    query = "SELECT datcollate, datctype FROM pg_database WHERE datname = 'kept'"
    assert ask(server, query) == [("C", "C")]


def test_nobody_is_let_in_without_a_password(server: Server) -> None:
    assert ask(server, "SELECT DISTINCT auth_method FROM pg_hba_file_rules") == [("scram-sha-256",)]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(f"postgresql://alongside_app:guess@127.0.0.1:{server.port}/kept")


def test_neither_the_application_nor_the_owner_is_a_superuser(server: Server) -> None:
    query = """SELECT current_user::text, rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication
               FROM pg_roles WHERE rolname = current_user"""
    with connect(server.url("kept", role="app")) as app, connect(server.url("kept", role="owner")) as owner:
        assert app.execute(query).fetchall() == [("alongside_app", False)]
        assert owner.execute(query).fetchall() == [("alongside_owner", False)]


def test_migrations_may_install_extensions_and_the_application_may_not_even_make_a_table(server: Server) -> None:
    with connect(server.url("kept", role="owner")) as owner:
        for extension in ("btree_gist", "pg_trgm", "cube"):
            owner.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    with connect(server.url("kept", role="app")) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("CREATE TABLE mine ()")


def test_a_copy_of_a_template_has_its_rows_and_the_same_owner(server: Server) -> None:
    server.create_database("migrated")
    with connect(server.url("migrated", role="owner")) as owner:
        owner.execute("CREATE TABLE people AS SELECT 'Ada' AS name")
    server.create_database("copy", template="migrated")
    with connect(server.url("copy", role="owner")) as owner:
        assert owner.execute("SELECT name FROM people").fetchall() == [("Ada",)]
    assert server.databases() >= {"migrated", "copy"}


def test_dropping_a_database_cuts_off_whoever_is_connected(server: Server) -> None:
    server.create_database("doomed")
    with connect(server.url("doomed", role="app")) as app:
        server.drop_database("doomed")
        with pytest.raises(psycopg.OperationalError):
            app.execute("SELECT 1")
    assert "doomed" not in server.databases()


def test_what_was_committed_is_there_after_a_crash(server: Server) -> None:
    with connect(server.url("kept", role="owner")) as owner:
        owner.execute("CREATE TABLE paid AS SELECT 1250 AS pence")
        server.crash()
        with pytest.raises(psycopg.OperationalError):
            owner.execute("SELECT 1")
    assert not answers(server.port)
    server.start()
    with connect(server.url("kept", role="owner")) as owner:
        assert owner.execute("SELECT pence FROM paid").fetchall() == [(1250,)]


def test_data_passwords_and_port_are_the_same_after_a_stop(fresh_folder: Path, programs: Programs) -> None:
    said: list[str] = []
    with running(fresh_folder, programs=programs, say=said.append) as server:
        server.create_database("kept")
        before = server.url("kept", role="app")
    assert not answers(server.port)
    with running(fresh_folder, programs=programs, say=said.append) as server:
        assert server.url("kept", role="app") == before
        assert server.databases() == {"kept"}
    assert said == ["Setting up the database (first time only)"]


def test_another_port_is_taken_when_somebody_sits_on_ours(folder: Path) -> None:
    with running(folder) as server:
        port = server.port
    with socket.create_server(("127.0.0.1", port)), running(folder) as server:
        assert server.port != port
        assert server.databases() == frozenset()


def test_passwords_are_for_our_eyes_only(server: Server) -> None:
    told = repr(server) + repr(server.record) + server.home.log.read_text()
    assert stat.S_IMODE((server.folder / "server.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(server.home.log.stat().st_mode) == 0o600
    assert not any(password in told for password in server.record.passwords.values())


def test_a_second_process_cannot_change_the_settings_of_a_running_server(folder: Path) -> None:
    with running(folder, settings={"work_mem": "8MB"}) as server:
        with running(folder) as joined:
            assert joined.pid == server.pid
        with pytest.raises(PostgresUnavailable, match="other settings"), running(folder, settings={"work_mem": "9MB"}):
            pass
        assert answers(server.port), "who was refused stops nothing"


def test_data_of_a_version_that_is_not_here_or_of_none_are_left_alone(folder: Path) -> None:
    with running(folder) as server:
        pass
    made_by = server.home.data / "PG_VERSION"
    version = made_by.read_text()
    made_by.write_text("14\n")
    with pytest.raises(PostgresUnavailable, match="was made by PostgreSQL 14"), running(folder):
        pass
    made_by.unlink()
    with pytest.raises(PostgresUnavailable, match="are damaged"), running(folder):
        pass
    made_by.write_text(version)
    with running(folder) as server:
        assert server.databases() == frozenset()


def test_data_whose_passwords_are_gone_are_left_alone(open_folder: Path) -> None:
    with running(open_folder) as server:
        pass
    (open_folder / "server.json").unlink()
    with pytest.raises(PostgresUnavailable, match=r"passwords .* are gone"), running(open_folder):
        pass
    assert server.home.data.exists()


def test_a_database_in_use_is_not_removed(fresh_folder: Path) -> None:
    with running(fresh_folder) as server, pytest.raises(PostgresUnavailable, match="in use"):
        remove(fresh_folder)
    remove(fresh_folder)
    assert not fresh_folder.exists()
    assert not server.home.place.exists()


def test_who_used_a_folder_that_is_gone_does_not_stop_the_server_that_took_its_place(open_folder: Path) -> None:
    former = open_folder.with_name("former")
    successor = ExitStack()
    with running(open_folder) as gone:
        ended = gone.pid
        open_folder.rename(former)
        server = successor.enter_context(running(open_folder))
    with successor:
        assert answers(server.port)
    assert not answers(server.port)
    os.kill(ended, signal.SIGINT)
    remove(former)


def test_a_folder_that_was_never_ours_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    remove(tmp_path)
    assert (tmp_path / "thesis.txt").exists()

from pathlib import Path

import psycopg
import pytest

from web.postgres import Server, running, unsafe_settings


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def test_the_application_on_a_server_of_ours_is_safe(server: Server) -> None:
    with connect(server.url("kept", role="app")) as app:
        assert unsafe_settings(app) == []


def test_settings_that_lose_data_in_a_power_cut_are_named(folder: Path) -> None:
    with running(folder, settings={"fsync": "off", "full_page_writes": "off"}) as server:
        server.create_database("risky")
        with connect(server.url("risky", role="app")) as app:
            sentences = unsafe_settings(app)
        server.drop_database("risky")
    assert [sentence.split(":")[0] for sentence in sentences] == ["fsync is off", "full_page_writes is off"]


@pytest.mark.parametrize("level", ["off", "local", "remote_write"])
def test_a_lesser_synchronous_commit_is_named(server: Server, level: str) -> None:
    with connect(server.url("kept", role="app")) as app:
        app.execute(f"SET synchronous_commit = {level}")
        (sentence,) = unsafe_settings(app)
    assert f"synchronous_commit is {level}" in sentence


def test_a_role_that_is_too_mighty_is_named(server: Server) -> None:
    server.create_database("owned")
    with connect(server.url("owned", role="owner")) as owner:
        assert unsafe_settings(owner) == [], "it owns no table yet"
        owner.execute("CREATE TABLE ledger ()")
        assert "alongside_owner owns tables" in " ".join(unsafe_settings(owner))
    with connect(server.url("owned", role="admin")) as admin:
        assert "alongside_admin is a superuser" in " ".join(unsafe_settings(admin))
        admin.execute("CREATE ROLE auditor BYPASSRLS")
        admin.execute("SET ROLE auditor")
        assert "auditor passes by row security" in " ".join(unsafe_settings(admin))

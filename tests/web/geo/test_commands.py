"""`alongside geo` as it is typed; online services are played by a server on this machine."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner, Result

from tests.conftest import Database
from tests.web.geo.answering import answering
from tests.web.geo.test_directory import ROWS, written
from tests.web.geo.test_online import nominatim, postcodes_io
from web.geo.commands import app

ALONGSIDE = Path(sys.executable).with_name("alongside")


def run(environment: Mapping[str, str | None], *words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "200", **environment})


@pytest.fixture
def nowhere(tmp_path: Path) -> dict[str, str | None]:
    """Where there is no database."""
    return {"ALONGSIDE_HOME": str(tmp_path / "home"), "DATABASE_URL": None}


@pytest.fixture
def somewhere(database: Database) -> dict[str, str | None]:
    return {"DATABASE_URL": database.url, "ALONGSIDE_SECRET_KEY": "k" * 40}


@pytest.fixture
def code_point(tmp_path: Path) -> Path:
    path = tmp_path / "codepo_gb.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("Data/CSV/ng.csv", written(ROWS))
    return path


def test_a_place_is_found_without_a_database_and_none_is_made(nowhere: dict[str, str | None], tmp_path: Path) -> None:
    found = run(nowhere, "find", "ng1 6dq")
    assert (found.exit_code, found.stderr) == (0, "")
    for part in ("NG1 6\n", "456994, 339788", "52.952452, -1.153138", "sector", "265 m"):
        assert part in found.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_program_reads_the_same(nowhere: dict[str, str | None]) -> None:
    assert json.loads(run(nowhere, "find", "NG1 6DQ", "--json").stdout) == {
        "code": "NG1 6",
        "easting": 456994,
        "northing": 339788,
        "latitude": 52.952452,
        "longitude": -1.153138,
        "precision": "sector",
        "radius_m": 265,
        "answered_by": "here",
    }


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("BT1 1AA", "northern_ireland"), ("je2 3ab", "islands"), ("ZZ99 3VZ", "not_found"), ("[red]", "not_a_postcode")],
)
def test_a_postcode_that_is_on_no_map_is_a_sentence_and_status_1(
    nowhere: dict[str, str | None], typed: str, reason: str
) -> None:
    shown, told = run(nowhere, "find", typed), run(nowhere, "find", typed, "--json")
    assert (shown.exit_code, shown.stdout, told.exit_code) == (1, "", 1)
    assert json.loads(told.stdout) == {"reason": reason, "sentence": shown.stderr.strip()}


def test_loaded_postcodes_are_counted_and_then_found(somewhere: dict[str, str | None], code_point: Path) -> None:
    assert json.loads(run(somewhere, "find", "NG1 6DQ", "--json").stdout)["precision"] == "sector"
    first, second = (
        run(somewhere, "import", "--file", code_point),
        run(somewhere, "import", "--file", code_point, "--json"),
    )
    assert first.exit_code == 0, first.stderr
    assert "4 added, 0 changed, 0 removed." in first.stdout
    assert "There are 4 postcodes" in first.stdout
    assert json.loads(second.stdout) == {"added": 0, "changed": 0, "removed": 0, "total": 4, "assistants": 0}
    found = json.loads(run(somewhere, "find", "ng16dq", "--json").stdout)
    assert (found["code"], found["precision"], found["radius_m"]) == ("NG1 6DQ", "postcode", 710)
    assert (found["easting"], found["northing"]) == (457500, 339500)


def test_a_file_of_something_else_changes_nothing_and_says_so(
    somewhere: dict[str, str | None], code_point: Path, tmp_path: Path
) -> None:
    run(somewhere, "import", "--file", code_point)
    other = tmp_path / "people.csv"
    other.write_text("email,name\n")
    refused = run(somewhere, "import", "--file", other)
    assert refused.exit_code == 1
    assert "people.csv does not hold" in refused.stderr
    assert json.loads(run(somewhere, "import", "--file", code_point, "--json").stdout)["total"] == 4


def test_without_the_extra_there_is_a_sentence_that_says_how_to_install_it(tmp_path: Path) -> None:
    (tmp_path / "brotli.py").write_text("raise ModuleNotFoundError(\"No module named 'brotli'\", name='brotli')\n")
    path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path, "ALONGSIDE_HOME": str(tmp_path / "home"), "DATABASE_URL": ""}
    refused = subprocess.run(
        [ALONGSIDE, "geo", "import"], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert refused.returncode == 1
    assert "pip install 'alongside[geo]'" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "home").exists()


def test_a_service_is_asked_only_when_it_is_named_and_what_it_learns_is_said(nowhere: dict[str, str | None]) -> None:
    with answering(postcodes_io) as server:
        found = run(nowhere, "find", "ng16dq", "--online", "postcodes.io", "--server", server.url, "--json")
    assert found.stderr.strip() == f"This tells {server.url} the postcode NG1 6DQ."
    told = json.loads(found.stdout)
    assert (told["code"], told["precision"], told["answered_by"]) == ("NG1 6DQ", None, "postcodes.io")
    assert abs(told["easting"] - 457069) < 5
    assert abs(told["northing"] - 339778) < 5
    assert len(server.asked) == 1


def test_nominatims_answer_is_shown_as_its_own(nowhere: dict[str, str | None]) -> None:
    with answering(nominatim) as server:
        found = run(nowhere, "find", "NG1 6DQ", "--online", "nominatim", "--server", server.url)
    assert "NG1 6DQ, Nottingham" in found.stdout
    assert "Answered by            nominatim" in found.stdout


@pytest.mark.parametrize("typed", ["BT1 1AA", "IM1 1AA", "hello"])
def test_what_can_not_be_in_great_britain_is_told_nobody(nowhere: dict[str, str | None], typed: str) -> None:
    with answering(postcodes_io) as server:
        refused = run(nowhere, "find", typed, "--online", "postcodes.io", "--server", server.url)
    assert (refused.exit_code, server.asked) == (1, [])
    assert "This tells" not in refused.stderr


@pytest.mark.parametrize(
    ("status", "sentence"), [(404, "We can't find NG1 6ZZ"), (500, "The service gave no answer: HTTP Error 500")]
)
def test_no_answer_is_a_sentence_and_status_1(nowhere: dict[str, str | None], status: int, sentence: str) -> None:
    with answering(lambda *_: (status, {"status": status, "error": "no"})) as server:
        refused = run(nowhere, "find", "NG1 6ZZ", "--online", "postcodes.io", "--server", server.url)
    assert refused.exit_code == 1
    assert sentence in refused.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["--server", "http://127.0.0.1"],
        ["--online", "postcodes.io", "--server", "example.org"],
        ["--online", "somebody"],
    ],
)
def test_options_that_can_not_be_are_refused_as_such(nowhere: dict[str, str | None], words: list[str]) -> None:
    assert run(nowhere, "find", "NG1 6DQ", *words).exit_code == 2

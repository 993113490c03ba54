"""The command as people type it: processes of their own, a database in a folder of this test's own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from web.postgres import remove, running

ALONGSIDE = Path(sys.executable).with_name("alongside")
EXAMPLES = Path(__file__).parent.parent.parent / "docs" / "examples"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for the module, as the first start is the slow one; the tests go from first to last."""
    folder = tmp_path_factory.mktemp("home")
    yield folder
    remove(folder / "postgres")


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ALONGSIDE_", "DATABASE_"))}
    return {**kept, "ALONGSIDE_HOME": str(home), "COLUMNS": "120"}


def run(home: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ALONGSIDE, *words], env=environment(home), capture_output=True, text=True, timeout=120, check=False
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_demo_shows_the_main_job_once_and_the_second_time_the_same(home: Path) -> None:
    first, second = run(home, "demo", "--once"), run(home, "demo", "--once")
    for shown in (first, second):
        assert shown.returncode == 0, shown.stderr
        assert "it sums to the penny" in shown.stdout
        assert "2000 assistants considered" in shown.stdout
    assert "here already" in second.stdout
    steps = [line for line in first.stdout.splitlines() if line[:1].isdigit()]
    assert [line[0] for line in steps] == list("123456")
    assert steps == [line for line in second.stdout.splitlines() if line[:1].isdigit()]


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_demo_serves_three_ways_in_and_stops_all_it_started(home: Path, stop: signal.Signals) -> None:
    port = free_port()
    process = subprocess.Popen(
        [ALONGSIDE, "demo", "--port", str(port)], env=environment(home), stdout=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while not listens(port) and time.monotonic() < deadline:
        time.sleep(0.1)
    with running(home / "postgres") as server:  # joins it; leaving does not stop what the demo uses
        database_port = server.port
    for role in ("holder", "assistant", "broker"):
        with httpx.Client(follow_redirects=True) as browser:
            page = browser.get(f"http://127.0.0.1:{port}/demo/sign-in/{role}")
            assert (page.status_code, page.url.path in {"/support", "/work", "/caseload"}) == (200, True)
    beside = run(home, "demo", "--port", str(port))
    assert (beside.returncode, "listens on port" in beside.stderr) == (1, True)
    assert run(home, "demo", "--once").returncode == 0
    assert listens(port)
    process.send_signal(stop)
    out, _ = process.communicate(timeout=30)
    assert out.count(f"http://127.0.0.1:{port}/demo/sign-in/") == 3
    assert (listens(port), listens(database_port)) == (False, False)


def test_files_are_imported_and_importing_them_again_changes_nothing(home: Path) -> None:
    assert run(home, "add-organisation", "Trent", "--member", "b@example.org", "--member-name", "B").returncode == 0
    for kind, more in (("assistants", []), ("needs", ["--organisation", "Trent"])):
        told = [run(home, "import", kind, EXAMPLES / f"{kind}.csv", *more, "--json") for _ in range(2)]
        counts = [json.loads(one.stdout)["summary"] for one in told]
        assert counts[0]["added"] == counts[1]["unchanged"] > 0
        assert (counts[1]["added"], counts[1]["changed"]) == (0, 0)


def test_a_bad_file_is_refused_with_every_row_and_column_and_stores_nothing(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    header, first, *_ = (EXAMPLES / "assistants.csv").read_text().splitlines()
    file.write_text(f"{header}\n{first.replace('@', ' at ')}\n")
    refused = run(home, "import", "assistants", file)
    assert refused.returncode == 1
    assert "Row 2, email:" in refused.stderr
    assert "Nothing was stored" in refused.stderr


def test_two_files_are_matched_without_a_database(tmp_path: Path) -> None:
    out = tmp_path / "matches.csv"
    files = ("--needs", EXAMPLES / "needs.csv", "--assistants", EXAMPLES / "assistants.csv")
    told = run(tmp_path, "match", *files, "--out", out, "--explain", "--on", "2029-12-01", "--json")
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout) == {"needs": 8, "nobody_fits": 3, "assistants": 8}
    assert len(out.read_text().splitlines()) > 8
    assert not (tmp_path / "postgres").exists()
    before = out.read_text()
    bad = tmp_path / "bad.csv"
    bad.write_text((EXAMPLES / "needs.csv").read_text().replace("14.50", "lots"))
    refused = run(tmp_path, "match", "--needs", bad, *files[2:], "--out", out)
    assert (refused.returncode, "Row 2, rate:" in refused.stderr) == (1, True)
    assert (out.read_text(), sorted(one.name for one in tmp_path.iterdir())) == (before, ["bad.csv", "matches.csv"])


def test_the_market_is_worked_out_and_models_are_listed_learnt_and_chosen(home: Path) -> None:
    assert run(home, "demo", "--once").returncode == 0
    worked_out = run(home, "market", "--json")
    assert worked_out.returncode == 0, worked_out.stderr
    assert json.loads(worked_out.stdout)["needs"] > 0
    listed = json.loads(run(home, "model", "list", "--json").stdout)
    assert [one["in_use"] for one in listed] == [True]
    learnt = run(home, "model", "fit", "--use", "--json")
    assert learnt.returncode == 0, learnt.stderr
    assert json.loads(learnt.stdout)["replaces"] is False
    assert run(home, "model", "use", listed[0]["version"]).returncode == 0
    unknown = run(home, "model", "use", "nobody")
    assert (unknown.returncode, "There is no model called nobody" in unknown.stderr) == (1, True)


def test_the_ledger_is_checked(home: Path) -> None:
    found = run(home, "check-ledger", "--json")
    assert found.returncode == 0
    counted = json.loads(found.stdout)
    assert (counted["sum_of_entries"], counted["entries"]) == (0, 2 * counted["transfers"])


def test_an_organisation_is_let_in_with_somebody_who_works_there(home: Path) -> None:
    let_in = run(home, "add-organisation", "Trent", "--member", "bea@example.org", "--member-name", "Bea Morris")
    assert (let_in.returncode, "bea@example.org" in let_in.stdout) == (0, True)
    refused = run(home, "add-organisation", "Trent", "--member", "nobody", "--member-name", "Bea")
    assert refused.returncode == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ALONGSIDE_BASE_URL": "http://alongside.example.org"}, "must start with https"),
        ({"DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/none"}, "ALONGSIDE_SECRET_KEY"),
        (
            {"DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/none", "ALONGSIDE_SECRET_KEY": "k" * 40},
            "can't be reached",
        ),
    ],
)
def test_a_setting_that_cant_be_right_is_a_sentence(home: Path, changes: dict[str, str], sentence: str) -> None:
    told = subprocess.run(
        [ALONGSIDE, "check-ledger"],
        env={**environment(home), **changes},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.returncode == 1
    assert sentence in told.stderr
    assert "Traceback" not in told.stderr

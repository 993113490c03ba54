"""The house stays as drawn: what may import what, how long a file or function may be, what never stands in it."""

import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("matching", "payments", "marketplace", "web")
SOURCES = sorted(path for package in (*PACKAGES, "tests", "tools") for path in (ROOT / package).rglob("*.py"))
CONTRACTS = re.findall(r'^id = "(\w+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)

#: For each contract a line that breaks it, and the file that line is put into.
VIOLATIONS = {
    "house": ("payments/ledger.py", "import marketplace.people"),
    "arithmetic": ("matching/places.py", "import sqlalchemy"),
    "http": ("marketplace/bookings.py", "import fastapi"),
    "stripe": ("web/worker.py", "import stripe"),
    "payments": ("payments/money.py", "import payments.budgets"),
    "matching": ("matching/profiles.py", "import matching.ranker"),
    "marketplace": ("marketplace/people.py", "import marketplace.bookings"),
    "web": ("web/settings.py", "import web.app"),
    "cycles": ("payments/errors.py", "import payments.payouts"),
}


def lint(folder: Path, contract: str) -> subprocess.CompletedProcess[str]:
    linter = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [linter, "--no-cache", "--contract", contract],
        cwd=folder,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"},
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The four packages and the contracts, somewhere else."""
    folder = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "static", "*.csv")
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_every_contract_has_a_violation_to_be_tried_with() -> None:
    assert set(VIOLATIONS) == set(CONTRACTS)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_each_contract_is_kept_and_a_violation_of_it_is_refused(copy: Path, contract: str) -> None:
    kept = lint(copy, contract)
    assert kept.returncode == 0, kept.stdout
    name, line = VIOLATIONS[contract]
    source = copy / name
    before = source.read_text()
    source.write_text(f"{before}\n{line}\n")
    broken = lint(copy, contract)
    source.write_text(before)
    assert broken.returncode == 1, broken.stdout
    assert "BROKEN" in broken.stdout


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_are_short_and_import_nothing_inside(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= 400
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        assert length <= 50, f"{node.name} has {length} lines"
        inside = [inner for inner in ast.walk(node) if isinstance(inner, ast.Import | ast.ImportFrom)]
        assert not inside, f"{node.name} imports inside, where no contract sees it"


@pytest.mark.parametrize("name", ["run", "dev", "node"])
def test_lock_files_pin_by_hash_and_name_no_place_to_download_from(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert "--hash=sha256:" in text
    assert not re.search(r"https?://|file:|--(extra-)?index-url|--find-links", text)


def test_the_lock_of_front_end_packages_has_hashes_and_no_addresses() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    others = [package for name, package in packages.items() if name]
    assert len(others) >= 2
    assert all(package["integrity"].startswith("sha512-") and "resolved" not in package for package in others)


def test_nothing_set_up_or_built_is_committed() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    grown = [name for name in tracked if re.match(r"(\.venv|\.alongside|build|node_modules|web/static/vendor)/", name)]
    assert grown == []

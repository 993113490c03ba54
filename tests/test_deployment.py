"""What can be checked of the server's set-up without an engine to run it."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return found


@pytest.mark.parametrize("service", ["web", "worker", "database"])
def test_every_service_that_stays_up_says_whether_it_is_well_and_comes_back(
    compose: dict[str, Any], service: str
) -> None:
    assert compose["services"][service]["healthcheck"]["test"]
    assert compose["services"][service]["restart"] == "unless-stopped"


def test_the_database_keeps_its_data_in_a_volume(compose: dict[str, Any]) -> None:
    mounted = compose["services"]["database"]["volumes"][0].split(":")[0]
    assert mounted in compose["volumes"]


def test_every_variable_of_the_compose_file_is_in_the_example() -> None:
    text = (ROOT / "compose.yaml").read_text()
    used = {part.split(":-")[0] for part in text.split("${")[1:]}
    example = (ROOT / "deploy" / "example.env").read_text()
    assert used == {line.split("=")[0] for line in example.splitlines() if line and not line.startswith("#")}


def test_what_the_image_copies_and_runs_is_there() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert "tools/setup run" in text
    assert os.access(ROOT / "tools" / "setup", os.X_OK)
    assert os.access(ROOT / "deploy" / "make-roles.sh", os.X_OK)


@pytest.mark.parametrize("script", ["tools/setup", "tools/browser", "tools/lock", "deploy/make-roles.sh", ".ci/run"])
def test_every_script_is_sound_shell(script: str) -> None:
    shell = (ROOT / script).read_text().splitlines()[0].removeprefix("#!").split()[-1]
    checked = subprocess.run([shell, "-n", ROOT / script], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr

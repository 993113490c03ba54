import os
import subprocess
import sys

import pytest
from pydantic import ValidationError

from tests.web.clients import SECRET
from web.settings import Settings

URL = "postgresql+psycopg://app@127.0.0.1/alongside"
HERE = ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"]


def settings(**changes: object) -> Settings:
    return Settings.model_validate({"DATABASE_URL": URL, "secret_key": SECRET, **changes})


@pytest.mark.parametrize("base_url", [*HERE, "https://alongside.example", "https://127.0.0.1"])
def test_pages_come_over_https_or_from_this_machine(base_url: str) -> None:
    assert settings(base_url=base_url).secure is base_url.startswith("https://")


@pytest.mark.parametrize(
    "base_url",
    ["http://alongside.example", "http://192.168.0.1:8000", "http://0.0.0.0:8000", "ftp://alongside.example", "", "x"],
)
def test_an_open_line_is_refused(base_url: str) -> None:
    with pytest.raises(ValidationError, match="must start with https://"):
        settings(base_url=base_url)


@pytest.mark.parametrize("base_url", HERE)
def test_the_demo_runs_on_this_machine(base_url: str) -> None:
    assert settings(demo=True, base_url=base_url).demo


def test_the_demo_runs_nowhere_else() -> None:
    with pytest.raises(ValidationError, match="signs anybody in"):
        settings(demo=True, base_url="https://alongside.example")


@pytest.mark.parametrize(
    "changes",
    [
        {"secret_key": "k" * 31},
        {"secret_key": ""},
        {"mail": "pigeon"},
        {"gateway": "cash"},
        {"DATABASE_URL": None},
        {"demo": "perhaps"},
    ],
)
def test_what_cant_be_set_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        settings(**changes)


def test_what_is_secret_is_not_shown() -> None:
    assert SECRET not in repr(settings())
    assert SECRET not in str(settings().model_dump())


def test_settings_are_read_from_the_environment() -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": URL,
        "ALONGSIDE_SECRET_KEY": SECRET,
        "ALONGSIDE_BASE_URL": "https://alongside.example",
        "ALONGSIDE_MAIL": "smtp",
        "ALONGSIDE_NONSENSE": "ignored",
    }
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "from web.settings import Settings as S; s = S(); print(s.database_url, s.secure, s.mail)",
        ],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    assert told.stdout.split() == [URL, "True", "smtp"]

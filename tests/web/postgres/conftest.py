import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from web.postgres import PostgresUnavailable, Programs, Server, find_programs, remove, running


def _programs_from(origin: str) -> Programs:
    try:
        return find_programs(environ={**os.environ, "ALONGSIDE_POSTGRES": origin})
    except PostgresUnavailable as error:
        pytest.skip(str(error))


@pytest.fixture(scope="package", params=["system", "wheel"])
def programs(request: pytest.FixtureRequest) -> Programs:
    return _programs_from(request.param)


@pytest.fixture
def wheel() -> Programs:
    return _programs_from("wheel")


@pytest.fixture(scope="package")
def server(programs: Programs, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server of each origin, with a database `kept` that no test drops."""
    folder = tmp_path_factory.mktemp("shared") / "postgres"
    with running(folder, programs=programs) as server:
        server.create_database("kept")
        yield server
    remove(folder)


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Set up and stopped; a test leaves it as it found it."""
    folder = tmp_path_factory.mktemp("stopped") / "postgres"
    with running(folder):
        pass
    yield folder
    remove(folder)


@pytest.fixture
def fresh_folder(tmp_path: Path) -> Iterator[Path]:
    """Nothing is there yet."""
    yield tmp_path / "postgres"
    remove(tmp_path / "postgres")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Nothing is there yet, but every user can get there: pytest's own folders are closed to all but ourselves."""
    parent = Path(tempfile.mkdtemp())
    parent.chmod(0o755)
    yield parent / "postgres"
    remove(parent / "postgres")
    parent.rmdir()

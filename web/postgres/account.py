"""The user who runs the server's programs.

PostgreSQL refuses to run as root, so root (a container, mostly) hands over to a user with fewer rights.
"""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from web.postgres.errors import PostgresUnavailable

_NAMES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A user and group to run programs as; without numbers, ourselves."""

    uid: int | None = None
    gid: int | None = None

    def run(
        self,
        *command: str | Path,
        output: int | IO[bytes] = subprocess.PIPE,
        keep_open: Sequence[int] = (),
    ) -> subprocess.CompletedProcess[str]:
        """Waits for the program's end; its two outputs come as one text, or go to `output`."""
        return subprocess.run(  # noqa: S603 - our own programs, arguments as a list, no shell
            command,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
            # our own working folder may be closed to that user, and PostgreSQL looks at it
            cwd="/",
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            pass_fds=keep_open,
            # Ctrl-C goes to every process of the terminal's group: the server outlives it until we stop it
            start_new_session=True,
            check=False,
        )

    def may(self, right: Literal["-x", "-w"], path: Path) -> bool:
        """Whether this user may execute (enter) or write there: asked as that user, so that parents count."""
        return self.run("/bin/sh", "-c", f'test {right} "$1"', "sh", path).returncode == 0

    def give(self, path: Path) -> None:
        """Makes the path this user's own."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def we_are_root() -> bool:
    """Whether programs must be run as somebody else."""
    return os.geteuid() == 0


def unprivileged() -> Account:
    """The user that root hands over to.

    Raises:
        PostgresUnavailable: the system has neither of the two.
    """
    for name in _NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise PostgresUnavailable(
        "PostgreSQL does not run as root, and this system has neither a user postgres nor a user nobody. "
        "Start Alongside as an ordinary user, or set DATABASE_URL to a PostgreSQL server."
    )


def owner_of(path: Path) -> Account:
    """Whoever owns the path."""
    status = path.stat()
    return Account(status.st_uid, status.st_gid)


def _environment() -> dict[str, str]:
    """Nothing of ours but the search paths: our environment holds keys that are none of the server's business."""
    kept = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"LC_ALL": "C", "TZ": "UTC"}

"""What is remembered of a server from one start to the next: its passwords, its port, its settings."""

import json
import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Literal, Self

Role = Literal["app", "owner", "admin"]

HOST = "127.0.0.1"
_FILE = "server.json"


def _password() -> str:
    return secrets.token_urlsafe(24)


@dataclass(frozen=True)
class Record:
    """The passwords never appear when this is printed."""

    port: int
    passwords: Mapping[Role, str] = field(repr=False)
    settings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def new(cls) -> Self:
        """Random passwords and a port that is free now."""
        return cls(free_port(), {role: _password() for role in ("app", "owner", "admin")})

    @classmethod
    def load(cls, folder: Path) -> Self | None:
        """What an earlier start left in this folder."""
        path = folder / _FILE
        return cls(**json.loads(path.read_text())) if path.exists() else None

    def save(self, folder: Path) -> None:
        """Whole or not at all, and readable by its owner alone."""
        unfinished = folder / f"{_FILE}.new"
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(asdict(self), file)
        unfinished.replace(folder / _FILE)

    def for_a_start(self, settings: Mapping[str, str]) -> Self:
        """With the settings asked for, on the same port if nobody has taken it since."""
        port = self.port if _is_free(self.port) else free_port()
        return replace(self, port=port, settings=dict(settings))


def free_port() -> int:
    """A port on which nobody listens at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # as PostgreSQL does: connections just closed don't count
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True

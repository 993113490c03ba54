"""initdb, start and stop. Whoever calls these holds the folder's `starting` lock."""

import os
import shlex
import shutil
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from web.postgres import locks
from web.postgres.errors import PostgresUnavailable
from web.postgres.home import Home
from web.postgres.programs import Programs
from web.postgres.record import HOST, Record

ADMIN = "alongside_admin"

FAST = signal.SIGINT  # ends connections, writes everything out
IMMEDIATE = signal.SIGQUIT  # as a power cut would

# Recovery after a crash may replay a lot; a stop writes out all that is in memory.
_START_SECONDS = 120.0
_STOP_SECONDS = 60.0
_PAUSE_SECONDS = 0.01
_LOG_BYTES = 10_000_000
_TAIL_LINES = 12
_STATUS_LINE = 7  # of postmaster.pid, counted from 0

_ALWAYS = {
    "listen_addresses": HOST,
    # a socket's path may be 103 bytes long at most, and checkouts lie deeper than that
    "unix_socket_directories": "",
    "fsync": "on",
    "full_page_writes": "on",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # only some builds have it: the same plans everywhere
    "jit": "off",
    "cluster_name": "alongside",
}


def is_running(home: Home, record: Record) -> bool:
    """Whether there is a server that takes connections.

    One that is starting is waited for, and so is the end of what a killed one has left behind.

    Raises:
        PostgresUnavailable: neither comes in time.
    """
    deadline = time.monotonic() + _START_SECONDS
    while locks.is_held(home.alive):
        if _says_ready(home) and _listens(record.port):
            return True
        _pause(home, deadline, "does not answer")
    return False


def pid(home: Home) -> int:
    """The process id of a running server."""
    return int(_pid_file(home)[0])


def initialise(home: Home, programs: Programs, password: str) -> None:
    """Makes the data directory, whole or not at all."""
    unfinished = home.server / "data.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    with _password_file(home, password) as password_file:
        done = home.account.run(
            home.runnable(programs) / "initdb",
            f"--pgdata={unfinished}",
            f"--username={ADMIN}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            # the one locale that is the same on every system and in every version
            "--locale=C",
            "--data-checksums",
            "--no-instructions",
        )
    if done.returncode:
        raise PostgresUnavailable(f"The database could not be set up in {home.server}:\n{done.stdout.strip()}")
    unfinished.rename(home.data)


def launch(home: Home, programs: Programs, record: Record) -> None:
    """Starts the server and waits until it takes connections.

    Raises:
        PostgresUnavailable: it ended, or wasn't ready in time; the end of its log is told.
    """
    folder = home.runnable(programs)
    # Nobody holds the server's lock, so no server lives, whatever a killed one has left here. After a restart of the
    # machine its process id may be another program's by now, and PostgreSQL would refuse to start.
    (home.data / "postmaster.pid").unlink(missing_ok=True)
    with locks.Lock(home.alive) as alive, _log(home) as log:
        alive.take()
        home.account.run(
            folder / "pg_ctl",
            "start",
            "--no-wait",
            f"--pgdata={home.data}",
            f"--options={_options(record)}",
            output=log,
            keep_open=[alive.descriptor],
        )
    if not is_running(home, record):
        raise PostgresUnavailable(_told(home, "did not start"))


def stop(home: Home, mode: signal.Signals = FAST) -> None:
    """Ends the server, if it lives, and waits until its last process is gone.

    Raises:
        PostgresUnavailable: it is still there after a minute.
    """
    deadline = time.monotonic() + _STOP_SECONDS
    told = False
    while locks.is_held(home.alive):
        told = told or _signal(home, mode)
        _pause(home, deadline, "did not stop")


def _options(record: Record) -> str:
    settings: Mapping[str, str] = _ALWAYS | {"port": str(record.port)} | dict(record.settings)
    return shlex.join(part for name, value in settings.items() for part in ("-c", f"{name}={value}"))


def _pid_file(home: Home) -> list[str]:
    try:
        return (home.data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


@contextmanager
def _password_file(home: Home, password: str) -> Iterator[Path]:
    path = home.server / "password"
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(password)
        home.account.give(path)
        yield path
    finally:
        path.unlink()


def _log(home: Home) -> IO[bytes]:
    if home.log.exists() and home.log.stat().st_size > _LOG_BYTES:
        home.log.replace(home.log.with_name("log.1"))
    return os.fdopen(os.open(home.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def _signal(home: Home, mode: signal.Signals) -> bool:
    """What `pg_ctl stop` does, without needing the programs that started it. Not yet, if it is only starting."""
    lines = _pid_file(home)
    if not lines:
        return False
    with suppress(ProcessLookupError):
        os.kill(int(lines[0]), mode)
    return True


def _says_ready(home: Home) -> bool:
    return [line.strip() for line in _pid_file(home)[_STATUS_LINE:]] == ["ready"]


def _listens(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


def _pause(home: Home, deadline: float, trouble: str) -> None:
    if time.monotonic() > deadline:
        raise PostgresUnavailable(_told(home, trouble))
    time.sleep(_PAUSE_SECONDS)


def _told(home: Home, trouble: str) -> str:
    tail = "\n".join(home.log.read_text(errors="replace").splitlines()[-_TAIL_LINES:])
    return f"The database {trouble}. The end of {home.log}:\n{tail}"

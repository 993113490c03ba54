"""PostgreSQL's own benchmark program: our peer's workload, and the driver of ours."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from tests.benchmarks.harness import CannotRun, WrongAnswer
from web.postgres import Programs, Server
from web.postgres.record import Role

#: Beyond the seconds asked for: connecting, the vacuum before, the last transactions.
_GRACE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Pace:
    """How many transactions were committed, and how many that was a second, connecting not counted."""

    transactions: int
    per_second: float


def found(programs: Programs) -> Path:
    """The program itself.

    Raises:
        CannotRun: this installation of PostgreSQL came without it.
    """
    program = programs.path("pgbench")
    if not program.exists():
        raise CannotRun(f"pgbench is not among the programs of PostgreSQL {programs.version} ({programs.origin}).")
    return program


def fill(server: Server, database: str, *, scale: int) -> None:
    """Its own four tables; 100,000 accounts a unit of scale. They belong to the owner's role."""
    _run(server, database, "owner", "--initialize", "--quiet", f"--scale={scale}")


def drive(server: Server, database: str, *options: str, role: Role, clients: int, seconds: float) -> Pace:
    """So many clients for so many seconds (at least one), with statements prepared once a connection.

    Raises:
        WrongAnswer: a transaction failed.
    """
    whole = max(1, round(seconds))
    threads = min(clients, os.cpu_count() or 1)
    return read(
        _run(
            server,
            database,
            role,
            "--protocol=prepared",
            f"--client={clients}",
            f"--jobs={threads}",
            f"--time={whole}",
            *options,
            seconds=whole,
        )
    )


def read(told: str) -> Pace:
    """The figures out of what pgbench prints at its end.

    Raises:
        WrongAnswer: there are none, or a transaction failed.
    """
    done = re.search(r"transactions actually processed: (\d+)", told)
    failed = re.search(r"number of failed transactions: (\d+)", told)
    pace = re.search(r"^tps = ([\d.]+)", told, re.MULTILINE)
    if done is None or failed is None or pace is None or int(failed[1]):
        raise WrongAnswer(f"pgbench did not end well:\n{told}")
    return Pace(int(done[1]), float(pace[1]))


def _run(server: Server, database: str, role: Role, *options: str, seconds: int = 0) -> str:
    url = make_url(server.url(database, role=role))
    # what the shell says of another server (PGHOSTADDR, PGOPTIONS and so on) is none of this one's business
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    where = (f"--host={url.host}", f"--port={url.port}", f"--username={url.username}")
    try:
        ran = subprocess.run(
            [found(server.programs), *where, *options, database],
            env={**environment, "PGPASSWORD": str(url.password)},
            capture_output=True,
            text=True,
            timeout=seconds + _GRACE_SECONDS,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        raise WrongAnswer(f"pgbench did not end well:\n{error.stderr}") from error
    return ran.stdout

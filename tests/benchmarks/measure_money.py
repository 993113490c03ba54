"""The ledger beside PostgreSQL's own benchmark.

TPC-B is three updates, a query and an insert for one commit. A pair of set aside and draw is two commits, so at a ratio
of 0.5 one movement of money with all its rules would cost what one transaction of TPC-B does.
"""

import random
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from uuid import uuid4

import psycopg
from sqlalchemy import func
from sqlmodel import col, select

from payments import budgets, ledger
from payments.ledger import Kind, Transfer
from payments.money import MOST_PENCE
from tests.benchmarks import generate, pgbench
from tests.benchmarks.harness import Bench, Figure, Result, WrongAnswer, benchmark, interleaved
from tests.benchmarks.pgbench import Pace
from web.database import OpenSession, engine_for, migrate, refuse_unsafe, sessions_on, transaction
from web.postgres import Server
from web.postgres.record import Role

PAIRS = Figure("set aside and draw, in the database", "pairs a TPC-B transaction", 0.30, "at_least")
PYTHON_PAIRS = Figure("set aside and draw, through Python", "pairs a TPC-B transaction", 0.10, "at_least")

CLIENTS = 4
#: Many short turns rather than a few long ones: whatever else the machine does then falls on all sides.
ROUNDS, QUICK_ROUNDS = (12, 2), (3, 1)
SCALE = 50  # 5,000,000 accounts of TPC-B
LINES = 10_000
WARM_SECONDS = 2

_SCRIPT = Path(__file__).with_name("set_aside_and_draw.sql")
_NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
_TPC_B, _LEDGER = "tpc_b", "ledger"


@dataclass(frozen=True)
class Sides:
    """The three that take turns; each call is one turn of `seconds`."""

    server: Server
    workers: ProcessPoolExecutor
    dice: random.Random
    seconds: int

    def tpc_b(self) -> Pace:
        options = ("--builtin=tpcb-like",)
        return pgbench.drive(self.server, _TPC_B, *options, role="owner", clients=CLIENTS, seconds=self.seconds)

    def in_database(self) -> Pace:
        seed = self.dice.getrandbits(32)
        options = ("--no-vacuum", f"--file={_SCRIPT}", f"--define=lines={LINES}", f"--random-seed={seed}")
        return pgbench.drive(self.server, _LEDGER, *options, role="app", clients=CLIENTS, seconds=self.seconds)

    def in_python(self) -> Pace:
        url = self.server.url(_LEDGER, role="app")
        seeds = [self.dice.getrandbits(32) for _ in range(CLIENTS)]
        began = time.perf_counter()
        working = [self.workers.submit(_move_pairs, url, seed, self.seconds) for seed in seeds]
        pairs = sum(one.result() for one in working)
        return Pace(pairs, pairs / (time.perf_counter() - began))


@benchmark("money", PAIRS, PYTHON_PAIRS)
def money(bench: Bench) -> Iterator[Result]:
    """Money set aside and drawn, beside pgbench's TPC-B: 4 clients, one server, prepared statements."""
    pgbench.found(bench.server.programs)
    rounds, seconds = QUICK_ROUNDS if bench.quick else ROUNDS
    with _databases(bench), ProcessPoolExecutor(CLIENTS, mp_context=get_context("spawn")) as workers:
        sides = Sides(bench.server, workers, bench.dice, seconds)
        with bench.doing("Warming up"):
            warm = _in_turns(range(1), replace(sides, seconds=WARM_SECONDS))
        paces = _in_turns(bench.track(range(rounds), "Moving money"), sides)
        with bench.doing("Checking the ledger"):
            _refuse_wrong(bench.server, sum(row[side].transactions for row in warm + paces for side in (1, 2)))
    note = f"medians of {rounds} rounds of {seconds} s; {CLIENTS} clients, {LINES:,} budget lines"
    yield _compared(PAIRS, paces, 1, note)
    yield _compared(PYTHON_PAIRS, paces, 2, f"{note}; a process for each client")


def _in_turns(rounds: Iterable[int], sides: Sides) -> list[tuple[Pace, ...]]:
    return interleaved(rounds, sides.tpc_b, sides.in_database, sides.in_python)


def _compared(figure: Figure, paces: Sequence[tuple[Pace, ...]], side: int, note: str) -> Result:
    """The middle one of the rounds' ratios: a round that something else disturbed counts for little."""
    ratios = [row[side].per_second / row[0].per_second for row in paces]
    return figure.result(
        median(ratios),
        ours=f"{median(row[side].per_second for row in paces):,.0f} pairs/s",
        peer=f"{median(row[0].per_second for row in paces):,.0f} TPC-B/s",
        note=f"{note}; ratios from {min(ratios):.2f} to {max(ratios):.2f}",
    )


def _move_pairs(url: str, seed: int, seconds: float) -> int:
    """How many pairs one client moved through the product's own calls, each committed; runs in its own process."""
    sessions, dice = _sessions(url), random.Random(seed)
    until, pairs = time.perf_counter() + seconds, 0
    while time.perf_counter() < until:
        line_id, pence = generate.line_id(dice.randint(1, LINES)), dice.randint(100, 20_000)
        with transaction(sessions) as session:
            held = budgets.set_aside(
                session, line_id=line_id, pence=pence, key=f"set_aside:{uuid4()}", memo="Shift", now=_NOW
            )
        with transaction(sessions) as session:
            budgets.draw(session, set_aside_id=held, pence=pence, key=f"draw:{held}", memo="Shift", now=_NOW)
        pairs += 1
    return pairs


@cache
def _sessions(url: str) -> OpenSession:
    # one engine a process: a worker of the service, too, keeps its connections from one request to the next
    return sessions_on(engine_for(url, pool_size=1))


@contextmanager
def _databases(bench: Bench) -> Iterator[None]:
    """TPC-B's tables and a funded ledger, both vacuumed and written out, so that neither pays for its beginnings."""
    server = bench.server
    try:
        with bench.doing("Filling the tables of TPC-B"):
            server.create_database(_TPC_B)
            pgbench.fill(server, _TPC_B, scale=SCALE)
        with bench.doing("Funding budget lines"):
            server.create_database(_LEDGER)
            migrate(server.url(_LEDGER, role="owner"))
            with _connection(server, _LEDGER, "app") as connection:
                generate.fund_lines(connection, lines=LINES, pence=MOST_PENCE)
            with _connection(server, _LEDGER, "owner") as connection:
                connection.execute("VACUUM (ANALYZE)")
            with _connection(server, "postgres", "admin") as connection:
                connection.execute("CHECKPOINT")
        yield
    finally:
        server.drop_database(_LEDGER)
        server.drop_database(_TPC_B)


def _connection(server: Server, database: str, role: Role) -> psycopg.Connection:
    return psycopg.connect(server.url(database, role=role).replace("+psycopg", ""), autocommit=True)


def _refuse_wrong(server: Server, pairs: int) -> None:
    """Every pair counted must be in the ledger, drawn to the last penny, on a server that loses nothing."""
    engine = engine_for(server.url(_LEDGER, role="app"))
    try:
        refuse_unsafe(engine)
        with sessions_on(engine)() as session:
            kinds = dict(session.execute(select(Transfer.kind, func.count()).group_by(col(Transfer.kind))).all())
            differences = ledger.check(session)
    finally:
        engine.dispose()
    if kinds != {Kind.FUND: LINES, Kind.SET_ASIDE: pairs, Kind.DRAW: pairs} or differences.found:
        raise WrongAnswer(f"{pairs} pairs were counted, and the ledger holds {kinds}, {differences!r}.")

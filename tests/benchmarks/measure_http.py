"""A list with reasons over HTTP, beside an endpoint of the same application that only finds out who asks."""

import csv
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import resources
from uuid import UUID

import httpx
import psycopg
from psycopg import Connection

from marketplace.competencies import DELEGATED, Competency
from tests.benchmarks.generate import LOWEST_LAWFUL_RATE, TODAY
from tests.benchmarks.harness import Bench, Figure, Result, WrongAnswer, benchmark, interleaved, quantile
from tests.builders import World
from web.database import engine_for, migrate, sessions_on, transaction
from web.postgres import Server
from web.sessions import SignedIn, hashed

LIST = Figure("a list of 20 with reasons over HTTP, p50", "times an endpoint that only authenticates", 5, "at_most")

ASSISTANTS, QUICK_ASSISTANTS = 100_000, 40_000
NEEDS = 60
TURNS, QUICK_TURNS = 600, 60
_DATABASE = "http"
_TOKEN = "benchmark"
_NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC)
_TRAINING = tuple(sorted(code.value for code in set(Competency) - DELEGATED))
_SHIFTS = ((7, 300), (8, 480), (9, 360), (12, 360), (16, 360), (22, 540), (8, 720))


@benchmark("http", LIST)
def http(bench: Bench) -> Iterator[Result]:
    """GET /needs/{id}/matches beside GET /me: one process, one client that keeps its connection, in turns."""
    people = QUICK_ASSISTANTS if bench.quick else ASSISTANTS
    with _database(bench, people) as needs, _served(bench.server) as client:
        with bench.doing("Reading everybody into the pool"):
            shown = [_list(client, need) for need in needs]
        turns = QUICK_TURNS if bench.quick else TURNS
        asked = iter(bench.dice.choices(needs, k=turns))
        times = interleaved(
            bench.track(range(turns), "Asking"),
            lambda: _timed(client, "/me"),
            lambda: _timed(client, f"/needs/{next(asked)}/matches"),
        )
    if min(sum(shown) / len(shown), 20) < 15:  # most lists must be whole, or they were no work
        raise WrongAnswer(f"The lists have {sum(shown) / len(shown):.1f} people on average.")
    who, lists = ([row[side] for row in times] for side in (0, 1))
    yield LIST.result(
        quantile(lists, 0.5) / quantile(who, 0.5),
        ours=f"{quantile(lists, 0.5) * 1000:.1f} ms, p99 {quantile(lists, 0.99) * 1000:.1f} ms",
        peer=f"{quantile(who, 0.5) * 1000:.1f} ms, p99 {quantile(who, 0.99) * 1000:.1f} ms",
        note=f"{people:,} assistants in the pool, {len(needs)} needs, {turns} turns, what was shown is stored",
    )


def _timed(client: httpx.Client, path: str) -> float:
    began = time.perf_counter()
    client.get(path).raise_for_status()
    return time.perf_counter() - began


def _list(client: httpx.Client, need: UUID) -> int:
    """How long the list is; each person on it comes with reasons."""
    answer = client.get(f"/needs/{need}/matches").raise_for_status().json()
    if not all(person["reasons"] for person in answer["people"]):
        raise WrongAnswer("Somebody on a list came without reasons.")
    return len(answer["people"])


@contextmanager
def _served(server: Server) -> Iterator[httpx.Client]:
    """The application in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"DATABASE_URL": server.url(_DATABASE, role="app"), "ALONGSIDE_SECRET_KEY": "k" * 40}
    command = [sys.executable, "-m", "uvicorn", "web.cli:application", "--factory", "--port", str(port)]
    process = subprocess.Popen([*command, "--log-level", "warning"], env={**os.environ, **settings})
    try:
        base = f"http://127.0.0.1:{port}/api/v1"
        with httpx.Client(base_url=base, headers={"Authorization": f"Bearer {_TOKEN}"}, timeout=120) as client:
            _wait(client, process)
            yield client
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            client.get("/me").raise_for_status()
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise WrongAnswer("The application did not start.")


@contextmanager
def _database(bench: Bench, people: int) -> Iterator[list[UUID]]:
    """A database with so many assistants all over Great Britain; the ids of needs in many towns."""
    server, sectors = bench.server, _sectors()
    server.create_database(_DATABASE)
    try:
        with bench.doing(f"Registering {people:,} assistants"):
            migrate(server.url(_DATABASE, role="owner"))
            url = server.url(_DATABASE, role="owner").replace("+psycopg", "")
            with psycopg.connect(url) as connection:
                _register(connection, bench.dice, sectors, people)
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("VACUUM (ANALYZE)")
        engine = engine_for(server.url(_DATABASE, role="app"), pool_size=1)
        try:
            with transaction(sessions_on(engine)) as session:
                needs = _needs(World(session, now=_NOW), bench.dice, sectors)
        finally:
            engine.dispose()
        yield needs
    finally:
        server.drop_database(_DATABASE)


def _sectors() -> tuple[list[str], list[int]]:
    """Postcode sectors, and how many postcodes are in each."""
    table = resources.files("matching").joinpath("data", "gb_sector_median.csv")
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    return [f"{row['code'][:-1]} {row['code'][-1]}" for row in rows], [int(row["postcodes"]) for row in rows]


def _register(connection: Connection, dice: random.Random, sectors: tuple[list[str], list[int]], people: int) -> None:
    homes = dice.choices(*sectors, k=people)
    ids = [UUID(int=dice.getrandbits(128)) for _ in range(2 * people)]
    persons, assistants = ids[:people], ids[people:]
    _copy(
        connection,
        "marketplace_person (id, email, name, joined_at)",
        ((one, f"pa{at}@demo.example", f"Asha Okoro {at}", _NOW) for at, one in enumerate(persons)),
    )
    _copy(
        connection,
        "marketplace_assistant (id, person_id, postcode, about, lowest_rate_pence, travel_by, travel_minutes, "
        "least_minutes, most_minutes, status, languages, brings, refuses, needs, confirmed_on, registered_at)",
        (_assistant(dice, *each) for each in zip(assistants, persons, homes, strict=True)),
    )
    _copy(
        connection,
        "marketplace_assistant_window (assistant_id, weekday, start, minutes)",
        (row for one in assistants for row in _windows(dice, one)),
    )
    _copy(
        connection,
        "marketplace_assistant_competency (assistant_id, code, checked_on)",
        (row for one in assistants for row in _skills(dice, one)),
    )


def _copy(connection: Connection, into: str, rows: Iterable[tuple[object, ...]]) -> None:
    with connection.cursor().copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _assistant(dice: random.Random, one: UUID, person: UUID, home: str) -> tuple[object, ...]:
    return (
        one,
        person,
        home,
        "I cook, and I am calm in a crisis.",
        dice.randrange(LOWEST_LAWFUL_RATE, 1650, 10),
        dice.choice(("car", "car", "public_transport")),
        dice.choice((20, 30, 45)),
        dice.choice((0, 120, 240)),
        dice.choice((960, 1440, 2400)),
        dice.choice(("looking", "looking", "open")),
        ["en"],
        dice.sample(("drives", "smokes"), k=dice.randint(0, 1)),
        dice.sample(("dog", "cat", "sleep_in", "waking_night"), k=dice.randint(0, 2)),
        [],
        TODAY - timedelta(days=dice.randrange(200)),
        _NOW,
    )


def _windows(dice: random.Random, one: UUID) -> Iterator[tuple[object, ...]]:
    start, minutes = dice.choice(_SHIFTS)
    for day in dice.sample(range(7), dice.randint(3, 7)):
        yield one, day, start * 60, minutes


def _skills(dice: random.Random, one: UUID) -> Iterator[tuple[object, ...]]:
    for code in dice.sample(_TRAINING, dice.randint(3, 8)):
        yield one, code, TODAY - timedelta(days=dice.randrange(700))


def _needs(world: World, dice: random.Random, sectors: tuple[list[str], list[int]]) -> list[UUID]:
    """Needs of many holders whom one broker supports, who is signed in."""
    broker = world.broker()
    world.session.add(
        SignedIn(token_hash=hashed(_TOKEN), person_id=broker.person_id, expires_at=_NOW + timedelta(days=400))
    )
    found = []
    for home in dice.choices(*sectors, k=NEEDS):
        holder = world.holder(broker=broker, postcode=home)
        required = set(dice.sample(_TRAINING, 1))
        wished = set(dice.sample(_TRAINING, 2))
        found.append(world.need(holder, required=required, wished=wished, rate_pence=1600).id)
    return found

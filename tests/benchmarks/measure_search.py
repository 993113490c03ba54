"""The best 20 of a million, beside whatever else could have searched for them; everybody gives the same answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import thread_time
from uuid import UUID

import numpy as np
from sklearn.neighbors import BallTree
from threadpoolctl import threadpool_limits

from matching.columns import Columns
from matching.places import Place
from matching.pool import Pool
from matching.profiles import Candidate
from matching.question import Question
from matching.scorecard import STARTING
from matching.week import WeeklyWindow
from tests.benchmarks import region
from tests.benchmarks.engines.ball_tree import Ball
from tests.benchmarks.engines.base import timed
from tests.benchmarks.engines.geopy_each import GeopyEach
from tests.benchmarks.engines.in_duckdb import Duck
from tests.benchmarks.engines.in_numpy import FullScan
from tests.benchmarks.engines.in_postgresql import Gist, connected
from tests.benchmarks.engines.in_postgresql_tables import Tables
from tests.benchmarks.engines.ours import Ours
from tests.benchmarks.engines.scoring import Scorer
from tests.benchmarks.engines.table import Table, table_of
from tests.benchmarks.generate import TODAY
from tests.benchmarks.harness import Bench, Figure, Result, benchmark, interleaved, quantile
from tests.benchmarks.racing import Runner, answer, compared, race, refuse_another, row, write

FASTER = "times as fast"
BALL, GIST, DUCK, NUMPY, GEOPY = "BallTree + numpy", "PostgreSQL GiST", "DuckDB", "numpy", "geopy for each"
#: The same two once more with all that we could think of: columns in the order of places, everything yes or no in one
#: word of bits, and in PostgreSQL an index that finds each person's own box and holds all that is asked of it.
TUNED_BALL, TUNED_GIST = f"{BALL}, tuned", f"{GIST}, tuned"


def _figures(people: str, limits: dict[str, float]) -> dict[str, Figure]:
    return {
        peer: Figure(f"best 20 of {people}, against {peer}, p50", FASTER, limit, "at_least")
        for peer, limit in limits.items()
    }


MILLION = _figures("1,000,000", {BALL: 25, GIST: 400, TUNED_BALL: 12, TUNED_GIST: 12, DUCK: 15, NUMPY: 40})
HUNDRED_THOUSAND = _figures("100,000", {BALL: 10, GIST: 50, TUNED_BALL: 7, TUNED_GIST: 7, DUCK: 15, NUMPY: 6})
TAIL = Figure(f"best 20 of 1,000,000, against {BALL}, p99", FASTER, 6, "at_least")
FROM_GEOPY = Figure(f"best 20 of 100,000, against {GEOPY}, p50", FASTER, 50_000, "at_least")
REBUILT = Figure("1,000,000 indexed anew", "times as fast as BallTree sorts their points", 0.5, "at_least")
BYTES = Figure("a person's memory, without bitmaps", "bytes", 150, "at_most")

SHOWN = 20
#: Answered before anything is timed: what is prepared at the first question is nobody's.
WARM = 20
#: Each takes seconds for geopy.
GEOPY_NEEDS = 3
CHANGED = 100
REBUILDS = 5
TABLE = Path(__file__).parents[2] / "build" / "search.json"


@dataclass(frozen=True, slots=True)
class Size:
    """How many people, and how many needs they are searched for."""

    people: int
    needs: int


SIZES = (Size(1_000_000, 300), Size(100_000, 300))
QUICK_SIZES = (Size(200_000, 50), Size(20_000, 50))


@dataclass(frozen=True)
class Country:
    """People, as ours has them and as tables for the others, and questions, the first WARM of which aren't timed."""

    columns: Columns
    table: Table
    unsorted: Table
    questions: list[Question]


@benchmark("search", *MILLION.values(), TAIL, REBUILT, BYTES, *HUNDRED_THOUSAND.values(), FROM_GEOPY)
def search(bench: Bench) -> Iterator[Result]:
    """The best 20 of 1,000,000 and of 100,000 assistants for 300 needs each, one core, beside five other engines."""
    large, small = QUICK_SIZES if bench.quick else SIZES
    with threadpool_limits(1):
        country = _country(bench, large)
        with _runners(bench, country) as runners:
            yield from _raced(bench, country, runners, MILLION)
            yield compared(TAIL, runners[0], runners[1], 0.99, _note(country))
            rows = [row(one, large.people) for one in runners]
        yield _rebuilt(bench, country)
        yield _bytes(country)
        country = _country(bench, small)
        with _runners(bench, country) as runners:
            yield from _raced(bench, country, runners, HUNDRED_THOUSAND)
            geopy = _geopy(bench, country, runners[0])
            yield compared(FROM_GEOPY, runners[0], geopy, 0.5, f"{_note(country)}, geopy {GEOPY_NEEDS} of them")
            rows += [row(one, small.people) for one in (*runners, geopy)]
    write(TABLE, rows)


def _country(bench: Bench, size: Size) -> Country:
    with bench.doing(f"Making {size.people:,} assistants"):
        columns = region.people(bench.dice.getrandbits(32), size.people)
        needs = region.needs(bench.dice.getrandbits(32), size.needs + WARM)
        return Country(
            columns, table_of(columns), table_of(columns, by_place=False), [Question(need, TODAY) for need in needs]
        )


@contextmanager
def _runners(bench: Bench, country: Country) -> Iterator[list[Runner]]:
    """Ours first."""
    scorer = Scorer(STARTING)
    Pool.of_columns(country.columns.take(np.arange(100)))  # compiling is nobody's
    with connected(bench.server, "search") as connection:
        with bench.doing("Building indexes"):
            runners = [
                Runner("ours", Ours(country.columns, STARTING)),
                Runner(BALL, Ball(country.unsorted, scorer)),
                Runner(GIST, Tables(country.unsorted, scorer, connection), "wall"),
                Runner(TUNED_BALL, Ball(country.table, scorer)),
                Runner(TUNED_GIST, Gist(country.table, scorer, connection), "wall"),
                Runner(DUCK, Duck(country.table, scorer)),
                Runner(NUMPY, FullScan(country.table, scorer)),
            ]
        yield runners


def _raced(bench: Bench, country: Country, runners: list[Runner], figures: dict[str, Figure]) -> Iterator[Result]:
    warming = [Runner(one.name, one.engine) for one in runners]
    race(warming, country.questions[:WARM], SHOWN, bench=bench)
    race(runners, country.questions[WARM:], SHOWN, bench=bench)
    for peer in runners[1:]:
        yield compared(figures[peer.name], runners[0], peer, 0.5, _note(country))


def _geopy(bench: Bench, country: Country, ours: Runner) -> Runner:
    """Its few turns, in which its answers may differ from ours by people who live on the edge of their reach."""
    with bench.doing("Making points for geopy"):
        engine, seconds = timed(lambda: GeopyEach(country.table, Scorer(STARTING)))
    engine.build_seconds = seconds
    runner = Runner(GEOPY, engine)
    for question in bench.track(country.questions[WARM : WARM + GEOPY_NEEDS], "geopy"):
        found = runner.answer(engine.prepare(question), SHOWN)
        refuse_another(found, answer(ours.engine, question, SHOWN), on_edge=country.table.ids(engine.on_edge(question)))
    return runner


def _rebuilt(bench: Bench, country: Country) -> Result:
    """A pool with changes made one index again, beside BallTree with nobody's columns to sort."""
    pool = Pool.of_columns(country.columns).with_changes(upsert=[_newcomer(number) for number in range(CHANGED)])
    points = np.column_stack([country.table.easting, country.table.northing]).astype(np.float64)
    mine, theirs = (
        (lambda: timed(pool.rebuilt, thread_time)[1]),
        (lambda: timed(partial(BallTree, points), thread_time)[1]),
    )
    ours, peer = zip(*interleaved(bench.track(range(REBUILDS), "Rebuilding"), mine, theirs), strict=True)
    return REBUILT.result(
        quantile(peer, 0.5) / quantile(ours, 0.5),
        ours=f"{quantile(ours, 0.5):.2f} s of CPU",
        peer=f"{quantile(peer, 0.5):.2f} s of CPU",
        note=f"{len(pool):,} people, {CHANGED} of them new; ours sorts all that is known of them, and makes bitmaps",
    )


def _newcomer(number: int) -> Candidate:
    return Candidate(
        id=UUID(int=number),
        place=Place(457_000 + 10 * number, 340_000, "", "postcode", 50),
        windows=(WeeklyWindow(0, 8 * 60, 8 * 60),),
        competencies={},
        lowest_rate_pence=1_400,
        travel_minutes=30,
        least_minutes=0,
        most_minutes=600,
    )


def _bytes(country: Country) -> Result:
    people, finding = Pool.of_columns(country.columns).nbytes
    note = f"and {finding / len(country.table):.1f} of bitmaps and cells"
    return BYTES.result(people / len(country.table), ours=f"{people / 1e6:.0f} MB", note=note)


def _note(country: Country) -> str:
    return f"{len(country.questions) - WARM} needs of {len(country.table):,} people, each asked once"

"""The harness itself; nothing here is measured."""

import json
import math
import random
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from rich.console import Console
from rich.progress import Progress

from tests.benchmarks import generate, machine, pgbench, report
from tests.benchmarks.__main__ import load, main, parser
from tests.benchmarks.harness import (
    SUITE,
    Bench,
    CannotRun,
    Figure,
    Ground,
    Measure,
    Result,
    Suite,
    WrongAnswer,
    interleaved,
    quantile,
)
from web.postgres import PostgresUnavailable, Programs

PACE = Figure("pace", "times the peer's", 0.3, "at_least")
DELAY = Figure("delay", "times the peer's", 2, "at_most")
KEYS = ["name", "value", "unit", "limit", "direction", "met", "note"]
PGBENCH_15 = """\
number of transactions actually processed: 9797
number of failed transactions: 0 (0.000%)
latency average = 2.445 ms
initial connection time = 18.720 ms
tps = 1636.057457 (without initial connection time)
"""


def steady(_bench: Bench) -> Iterator[Result]:
    yield PACE.result(0.5)
    yield DELAY.result(1.5)


def lacking(_bench: Bench) -> Iterator[Result]:
    yield PACE.result(0.5)
    raise CannotRun("there is no pgbench")


def without_database(_bench: Bench) -> Iterator[Result]:
    yield PACE.result(0.5)
    raise PostgresUnavailable("nothing was found")


def broken(_bench: Bench) -> Iterator[Result]:
    yield PACE.result(0.5)
    raise WrongAnswer("a penny is missing")


def silent(_bench: Bench) -> Iterator[Result]:
    yield PACE.result(0.5)


def undeclared(_bench: Bench) -> Iterator[Result]:
    yield Figure("another", "", 1, "at_least").result(1)


def twice(_bench: Bench) -> Iterator[Result]:
    yield PACE.result(0.5)
    yield PACE.result(0.6)


def not_a_number(_bench: Bench) -> Iterator[Result]:
    yield PACE.result(math.nan)


@pytest.fixture
def screen() -> StringIO:
    return StringIO()


@pytest.fixture
def progress(screen: StringIO) -> Iterator[Progress]:
    with Progress(console=Console(file=screen, width=200), auto_refresh=False) as shown:
        yield shown


def measured(measure: Measure, *, ground: Path, progress: Progress, quick: bool = False) -> list[Result]:
    suite = Suite()
    suite.benchmark("one", PACE, DELAY)(measure)
    with Ground(ground) as given:
        return suite.run(["one"], ground=given, progress=progress, quick=quick)


@pytest.mark.parametrize(
    ("direction", "value", "met"),
    [
        ("at_least", 0.31, True),
        ("at_least", 0.3, True),
        ("at_least", 0.29999, True),  # shown as 0.3, so judged as 0.3
        ("at_least", 0.2999, False),
        ("at_least", -1, False),
        ("at_most", 0.29, True),
        ("at_most", 0.3, True),
        ("at_most", 0.3001, False),
    ],
)
def test_a_limit_is_met_from_its_own_side_and_exactly(direction: str, value: float, met: bool) -> None:
    figure = Figure("figure", "", 0.3, "at_least" if direction == "at_least" else "at_most")
    assert figure.result(value).met is met


def test_a_figure_without_a_value_is_never_met() -> None:
    assert not Figure("figure", "", -1, "at_least").missing("why").met


def test_a_result_has_exactly_seven_keys_and_the_raw_figures_in_its_note() -> None:
    told = PACE.result(0.456789, ours="1,500 pairs/s", peer="4,000 TPC-B/s", note="5 rounds").as_json()
    assert list(told) == KEYS
    assert told["value"] == 0.4568
    assert told["note"] == "ours 1,500 pairs/s; peer 4,000 TPC-B/s; 5 rounds"


def test_a_benchmark_yields_its_figures_in_the_order_declared(tmp_path: Path, progress: Progress) -> None:
    results = measured(steady, ground=tmp_path, progress=progress)
    assert [(one.figure, one.value, one.met) for one in results] == [(PACE, 0.5, True), (DELAY, 1.5, True)]


@pytest.mark.parametrize(
    ("measure", "pace", "why"),
    [
        (lacking, 0.5, "Can't run here: there is no pgbench"),
        (without_database, 0.5, "Can't run here: nothing was found"),
        (silent, 0.5, "The benchmark ended without yielding this figure."),
        (broken, None, "WrongAnswer: a penny is missing"),
        (undeclared, None, "WrongAnswer: another was not declared, or came twice."),
        (twice, None, "WrongAnswer: pace was not declared, or came twice."),
        (not_a_number, None, "ValueError: pace came out as nan."),
    ],
)
def test_whatever_happens_every_figure_is_there_and_says_why(
    measure: Measure, pace: float | None, why: str, tmp_path: Path, progress: Progress
) -> None:
    first, second = measured(measure, ground=tmp_path, progress=progress)
    assert (first.figure, first.value) == (PACE, pace)
    assert (second.figure, second.value, second.met, second.note) == (DELAY, None, False, why)


def test_one_broken_benchmark_leaves_the_others_and_shows_its_trace(
    tmp_path: Path, progress: Progress, screen: StringIO
) -> None:
    suite = Suite()
    suite.benchmark("steady", PACE, DELAY)(steady)
    suite.benchmark("broken", Figure("lost", "", 1, "at_least"))(not_a_number)
    with Ground(tmp_path) as ground:
        results = suite.run(list(suite.benchmarks), ground=ground, progress=progress)
    assert [one.met for one in results] == [True, True, False]
    assert "pace came out as nan" in screen.getvalue()


def test_a_quick_run_says_so_in_every_note(tmp_path: Path, progress: Progress) -> None:
    results = measured(lacking, ground=tmp_path, progress=progress, quick=True)
    assert all(one.note.startswith("quick run, noisy; ") for one in results)


def test_a_benchmark_that_asks_for_no_server_starts_none(tmp_path: Path, progress: Progress) -> None:
    measured(steady, ground=tmp_path / "server", progress=progress)
    assert not (tmp_path / "server").exists()


@pytest.mark.parametrize(
    ("name", "figures"),
    [("one", (DELAY,)), ("two", (PACE,)), ("two", (DELAY, DELAY)), ("two", ())],
)
def test_names_are_given_once(name: str, figures: tuple[Figure, ...]) -> None:
    suite = Suite()
    suite.benchmark("one", PACE)(silent)
    with pytest.raises(ValueError, match="of its own"):
        suite.benchmark(name, *figures)


def test_the_dice_fall_alike_in_every_run_and_differently_for_each_benchmark(
    tmp_path: Path, progress: Progress
) -> None:
    def thrown(name: str) -> float:
        return Bench(name, ground=Ground(tmp_path), progress=progress).dice.random()

    assert thrown("one") == thrown("one")
    assert thrown("one") != thrown("two")


def test_steps_come_through_tracking_unchanged_and_its_line_goes(tmp_path: Path, progress: Progress) -> None:
    bench = Bench("one", ground=Ground(tmp_path), progress=progress)
    assert list(bench.track([3, 1, 2], "Counting")) == [3, 1, 2]
    with bench.doing("Waiting"):
        assert [task.description for task in progress.tasks] == ["Waiting"]
    assert progress.tasks == []


def test_sides_take_turns() -> None:
    turns: list[str] = []

    def side(name: str) -> int:
        turns.append(name)
        return len(turns)

    rows = interleaved(range(2), lambda: side("A"), lambda: side("B"))
    assert turns == ["A", "B", "A", "B"]
    assert rows == [(1, 2), (3, 4)]


@pytest.mark.parametrize(
    ("count", "share", "value"), [(1, 0.5, 1), (4, 0.5, 2), (5, 0.5, 3), (100, 0.99, 99), (50, 0.99, 50), (3, 1, 3)]
)
def test_a_quantile_is_one_of_the_values(count: int, share: float, value: int) -> None:
    values = [float(number) for number in range(1, count + 1)]
    random.Random(1).shuffle(values)
    assert quantile(values, share) == value


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1.0], 0), ([1.0], 1.01)])
def test_a_quantile_of_nothing_is_refused(values: list[float], share: float) -> None:
    with pytest.raises(ValueError, match="quantile"):
        quantile(values, share)


def test_the_file_holds_the_machine_and_a_list_of_results(tmp_path: Path) -> None:
    path = tmp_path / "made" / "bench.json"
    report.write(path, {"cpu": "one", "cores": 2}, [PACE.result(0.5), DELAY.missing("why")])
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told["machine"] == {"cpu": "one", "cores": 2}
    assert [list(one) for one in told["results"]] == [KEYS, KEYS]
    assert told["results"][1] == DELAY.missing("why").as_json()


def test_the_table_shows_both_sides_and_what_was_missed() -> None:
    shown = StringIO()
    Console(file=shown, width=100).print(report.table([PACE.result(0.5, ours="10/s", peer="20/s"), DELAY.missing("")]))
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in shown.getvalue().splitlines() if "│" in line]
    assert rows == [["pace", "10/s", "20/s", "0.5", "≥ 0.3", "yes"], ["delay", "", "", "-", "≤ 2", "no"]]


def test_the_machine_is_told_without_its_name_or_anything_of_its_user() -> None:
    told = machine.describe()
    assert list(told) == [
        "cpu",
        "cores",
        "memory_gib",
        "load",
        "os",
        "python",
        "postgresql",
        "postgresql_origin",
        "date",
    ]
    assert told["postgresql_origin"] in {"system", "wheel"}
    assert report.summary(told).startswith(str(told["cpu"]))


@pytest.mark.parametrize(
    ("results", "status"),
    [
        ([PACE.result(0.3), DELAY.result(2)], 0),
        ([PACE.result(0.3), DELAY.result(2.1)], 1),
        ([PACE.missing("no pgbench")], 1),
    ],
)
def test_the_exit_status_is_one_when_a_limit_is_missed(results: list[Result], status: int) -> None:
    assert report.status(results) == status


def test_every_figure_is_listed_with_its_limit() -> None:
    load()
    words = report.listed(SUITE)
    for one in SUITE.benchmarks.values():
        assert one.name in words
        assert all(f"{figure.name}: {report.limit(figure)}" in words for figure in one.figures)


@pytest.mark.parametrize(
    ("arguments", "only"), [([], ["a", "b"]), (["--only", "b"], ["b"]), (["--only", "b", "a"], ["b", "a"])]
)
def test_all_benchmarks_run_unless_some_are_named(arguments: list[str], only: list[str]) -> None:
    assert parser(["a", "b"]).parse_args(arguments).only == only


def test_a_name_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--only", "ledgers"])
    assert ended.value.code == 2
    assert "ledgers" in capsys.readouterr().err


def test_listing_measures_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0
    assert "ranking" in capsys.readouterr().out


def test_the_pace_is_read_from_what_pgbench_says() -> None:
    assert pgbench.read(PGBENCH_15) == pgbench.Pace(9797, 1636.057457)


@pytest.mark.parametrize("told", ["", PGBENCH_15.replace("failed transactions: 0", "failed transactions: 3")])
def test_a_run_of_pgbench_with_a_failure_is_no_pace(told: str) -> None:
    with pytest.raises(WrongAnswer):
        pgbench.read(told)


def test_an_installation_without_pgbench_cannot_run_it(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="PostgreSQL 17"):
        pgbench.found(Programs(tmp_path, 17, "system"))


def test_a_lines_id_is_the_one_postgresql_works_out() -> None:
    # SELECT md5(7::text)::uuid
    assert generate.line_id(7) == UUID("8f14e45f-ceea-167a-5a36-dedd4bea2543")

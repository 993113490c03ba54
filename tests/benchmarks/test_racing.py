"""Races between engines: everybody must give the same answer, and each is timed by the clock that is fair to it."""

import json
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from rich.console import Console
from rich.progress import Progress

from matching.question import Question
from tests.benchmarks import region
from tests.benchmarks.generate import TODAY
from tests.benchmarks.harness import Bench, Figure, Ground, WrongAnswer
from tests.benchmarks.racing import TURN, Runner, answer, compared, race, refuse_another, row, write

ONE, TWO, THREE, FOUR = (UUID(int=number) for number in range(1, 5))
PACE = Figure("pace", "times as fast", 2, "at_least")


class Knows:
    """An engine that knows its answer beforehand, and whose turns are counted."""

    build_seconds = 0.5
    nbytes = 3_000_000

    def __init__(self, *ids: UUID, turns: list[str] | None = None, name: str = "") -> None:
        self._ids = ids
        self._turns = turns if turns is not None else []
        self._name = name

    def prepare(self, question: Question) -> Question:
        return question

    def best(self, _prepared: Question, k: int) -> Sequence[UUID]:
        self._turns.append(self._name)
        return self._ids[:k]

    def ids(self, found: Sequence[UUID]) -> list[UUID]:
        return list(found)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with Progress(console=Console(file=StringIO()), auto_refresh=False) as progress, Ground(tmp_path) as ground:
        yield Bench("race", ground=ground, progress=progress)


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    return [Question(need, TODAY) for need in region.needs(1, TURN + 5)]


def test_engines_take_turns_and_each_answers_every_question_once(bench: Bench, questions: list[Question]) -> None:
    turns: list[str] = []
    runners = [Runner(name, Knows(ONE, turns=turns, name=name)) for name in ("a", "b")]
    race(runners, questions, 20, bench=bench)
    assert turns == ["a"] * TURN + ["b"] * TURN + ["a"] * 5 + ["b"] * 5
    assert all(len(one.wall) == len(one.processor) == len(questions) for one in runners)


@pytest.mark.parametrize("other", [(TWO, ONE), (ONE,), (ONE, THREE), ()])
def test_an_engine_that_finds_others_is_refused(bench: Bench, questions: list[Question], other: tuple[UUID]) -> None:
    runners = [Runner("ours", Knows(ONE, TWO)), Runner("theirs", Knows(*other))]
    with pytest.raises(WrongAnswer, match="theirs found others than ours"):
        race(runners, questions[:1], 20, bench=bench)


@pytest.mark.parametrize(
    ("found", "expected", "refused"),
    [
        ((ONE, TWO), (ONE, TWO), False),
        ((ONE, TWO, THREE), (ONE, TWO, FOUR), False),
        ((ONE, TWO), (ONE, FOUR, TWO), False),
        ((), (FOUR,), False),
        ((ONE, TWO), (TWO, ONE), True),
        ((ONE,), (TWO,), True),
        ((FOUR, TWO), (FOUR, ONE), True),
        ((ONE,), (ONE, TWO, THREE, FOUR, UUID(int=5), UUID(int=6)), True),
    ],
)
def test_lists_may_differ_by_who_lives_on_an_edge_and_by_nobody_else(
    found: tuple[UUID], expected: tuple[UUID], refused: bool
) -> None:
    told = False
    try:
        refuse_another(found, expected, on_edge=[THREE, FOUR])
    except WrongAnswer:
        told = True
    assert told is refused


@pytest.mark.parametrize(("clock", "ratio"), [("processor", 10), ("wall", 2)])
def test_both_are_compared_by_the_clock_that_is_fair_to_the_peer(clock: str, ratio: float) -> None:
    ours = Runner("ours", Knows(), processor=[0.001, 0.002, 0.9], wall=[0.01, 0.01, 0.9])
    clocks = {"processor": [0.02, 0.01, 0.03], "wall": [0.03, 0.01, 0.02]}
    peer = Runner("peer", Knows(), "wall" if clock == "wall" else "processor", **clocks)
    result = compared(PACE, ours, peer, 0.5, "3 needs")
    assert result.value == ratio
    assert result.note == "3 needs; 3 MB, indexed in 0.50 s"


def test_the_table_of_engines_is_written_as_a_list(tmp_path: Path) -> None:
    runner = Runner("ours", Knows(), processor=[0.001, 0.002], wall=[0.5, 0.5])
    path = tmp_path / "build" / "search.json"
    write(path, [row(runner, 1_000)])
    assert json.loads(path.read_text()) == [
        {
            "engine": "ours",
            "people": 1_000,
            "needs": 2,
            "p50_ms": 1.0,
            "p99_ms": 2.0,
            "clock": "processor",
            "megabytes": 3.0,
            "build_seconds": 0.5,
        }
    ]


def test_an_answer_outside_the_race_leaves_no_time(questions: list[Question]) -> None:
    assert answer(Knows(ONE, TWO), questions[0], 1) == [ONE]

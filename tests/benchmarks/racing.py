"""Engines that answer the same questions in turns, and what came of it."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from time import perf_counter, thread_time
from typing import Literal
from uuid import UUID

from matching.question import Question
from tests.benchmarks.engines.base import Engine, timed
from tests.benchmarks.harness import Bench, Figure, Result, WrongAnswer, quantile

#: So many questions one engine answers before it is another's turn: long enough that each works with its own memory
#: at hand, short enough that whatever else the machine does falls on all.
TURN = 60

Clock = Literal["processor", "wall"]


@dataclass
class Runner:
    """An engine under its name; `clock` is "wall" for one that has others work for it. Times are in seconds."""

    name: str
    engine: Engine
    clock: Clock = "processor"
    processor: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def answer(self, prepared: object, k: int) -> list[UUID]:
        """The engine's answer as ids; what it took to find them is kept."""
        ask = partial(self.engine.best, prepared, k)
        (found, processor), wall = timed(partial(timed, ask, thread_time), perf_counter)
        self.processor.append(processor)
        self.wall.append(wall)
        return self.engine.ids(found)

    def quantile(self, share: float, clock: Clock) -> float:
        """Of its times by that clock."""
        return quantile(self.processor if clock == "processor" else self.wall, share)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table of engines; milliseconds by `clock`, for so many different needs."""

    engine: str
    people: int
    needs: int
    p50_ms: float
    p99_ms: float
    clock: Clock
    megabytes: float
    build_seconds: float


def race(runners: Sequence[Runner], questions: Sequence[Question], k: int, *, bench: Bench) -> None:
    """Every engine answers every question once, in turns of TURN; the times are the runners'.

    Raises:
        WrongAnswer: one found other people than the first, or in another order.
    """
    prepared = [[runner.engine.prepare(question) for question in questions] for runner in runners]
    for first in bench.track(range(0, len(questions), TURN), "Searching"):
        answers = [
            [runner.answer(one, k) for one in mine[first : first + TURN]]
            for runner, mine in zip(runners, prepared, strict=True)
        ]
        for runner, found in zip(runners, answers, strict=True):
            if found != answers[0]:
                raise WrongAnswer(f"{runner.name} found others than {runners[0].name}.")


def answer(engine: Engine, question: Question, k: int) -> list[UUID]:
    """An answer outside the race."""
    return engine.ids(engine.best(engine.prepare(question), k))


def refuse_another(found: Sequence[UUID], expected: Sequence[UUID], *, on_edge: Collection[UUID]) -> None:
    """Refuses lists that differ by more than people of whom two measures of distance say different things.

    Raises:
        WrongAnswer: they do.
    """
    one, other = ([person for person in people if person not in on_edge] for people in (found, expected))
    same = min(len(one), len(other))
    if one[:same] != other[:same] or abs(len(found) - len(expected)) > len(on_edge):
        raise WrongAnswer("The two lists hold other people, or stand in another order.")


def compared(figure: Figure, ours: Runner, peer: Runner, share: float, note: str) -> Result:
    """How many times as fast, at the same quantile and by the peer's clock."""
    mine, theirs = ours.quantile(share, peer.clock), peer.quantile(share, peer.clock)
    by = "of CPU" if peer.clock == "processor" else "by the clock"
    return figure.result(
        theirs / mine,
        ours=f"{mine * 1000:.3f} ms {by}",
        peer=f"{theirs * 1000:.3g} ms {by}",
        note=f"{note}; {peer.engine.nbytes / 1e6:,.0f} MB, indexed in {peer.engine.build_seconds:.2f} s",
    )


def row(runner: Runner, people: int) -> Row:
    """What the table says of it."""
    middle, tail = (round(runner.quantile(share, runner.clock) * 1000, 4) for share in (0.5, 0.99))
    size, build = round(runner.engine.nbytes / 1e6, 1), round(runner.engine.build_seconds, 3)
    return Row(runner.name, people, len(runner.wall), middle, tail, runner.clock, size, build)


def write(path: Path, rows: Sequence[Row]) -> None:
    """A list of objects with the names of `Row`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(one) for one in rows], indent=2) + "\n", encoding="utf-8")

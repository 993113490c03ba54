"""What a benchmark is, what it may use, and the run that measures them one after the other.

A figure is a promise with a limit, declared before anything is measured: whatever happens then, it is in the table.
"""

import math
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, TypeVar

from rich.progress import Progress

from web.postgres import PostgresUnavailable, Server, remove, running

Direction = Literal["at_least", "at_most"]
Json = dict[str, str | float | bool | None]
T = TypeVar("T")

#: Nothing that makes a commit less safe. The log is long enough that no checkpoint falls into one side's turn.
SERVER_SETTINGS: Mapping[str, str] = {
    "synchronous_commit": "on",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "30min",
    "max_connections": "100",
}
#: The same people, needs and amounts in every run.
SEED = 20261123


class CannotRun(Exception):
    """Something this machine lacks; a sentence that says what. The figures count as not met."""


class WrongAnswer(Exception):
    """What was measured did not do its work, so how fast it was means nothing."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One promise: `name` is what the table says, `unit` what the value counts, and `limit` what it is held to."""

    name: str
    unit: str
    limit: float
    direction: Direction

    def result(self, value: float, *, ours: str = "", peer: str = "", note: str = "") -> "Result":
        """The value to four digits, so that what is judged is what is shown; the raw figures of both sides as text.

        Raises:
            ValueError: the value isn't a finite number.
        """
        if not math.isfinite(value):
            raise ValueError(f"{self.name} came out as {value}.")
        return Result(self, float(f"{value:.4g}"), ours, peer, note)

    def missing(self, why: str) -> "Result":
        """No value, and so not met."""
        return Result(self, None, note=why)


@dataclass(frozen=True, slots=True)
class Result:
    """What came out for a figure; without a value, `note` says why."""

    figure: Figure
    value: float | None
    ours: str = ""
    peer: str = ""
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether the value keeps the limit; reaching it exactly does."""
        if self.value is None:
            return False
        if self.figure.direction == "at_least":
            return self.value >= self.figure.limit
        return self.value <= self.figure.limit

    def as_json(self) -> Json:
        """Seven keys; the note carries the raw figures that the ratio was made of."""
        raw = [f"ours {self.ours}" if self.ours else "", f"peer {self.peer}" if self.peer else ""]
        return {
            "name": self.figure.name,
            "value": self.value,
            "unit": self.figure.unit,
            "limit": self.figure.limit,
            "direction": self.figure.direction,
            "met": self.met,
            "note": "; ".join(filter(None, [*raw, self.note])),
        }


class Ground:
    """What the benchmarks of one run share: a server of their own, started for the first who asks.

    It is new in every run and nothing of it is left afterwards: neither last week's bloat nor a gigabyte on the disk.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._leaving = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leaving.__exit__(kind, error, trace)

    @cached_property
    def server(self) -> Server:
        """Running until the run's end.

        Raises:
            PostgresUnavailable: no programs were found, or another run is using the folder.
        """
        remove(self._folder)
        self._leaving.callback(remove, self._folder)
        return self._leaving.enter_context(running(self._folder, settings=SERVER_SETTINGS))


class Bench:
    """What a benchmark is given: the server, dice thrown alike in every run, and a place to say how far it is."""

    def __init__(self, name: str, *, ground: Ground, progress: Progress, quick: bool = False) -> None:
        self.quick = quick
        self.dice = random.Random(f"{SEED} {name}")
        self._ground = ground
        self._progress = progress

    @property
    def server(self) -> Server:
        """PostgreSQL of this run; see `Ground.server`."""
        return self._ground.server

    def track(self, steps: Sequence[T], what: str) -> Iterator[T]:
        """The steps one by one, with a bar on the screen that moves only between them."""
        with self._line(what, len(steps)) as advance:
            for step in steps:
                yield step
                advance()

    @contextmanager
    def doing(self, what: str) -> Iterator[None]:
        """Something long that can't say how far it is."""
        with self._line(what, None):
            yield

    @contextmanager
    def _line(self, what: str, total: int | None) -> Iterator[Callable[[], None]]:
        task = self._progress.add_task(what, total=total)

        def advance() -> None:
            self._progress.advance(task)
            self._progress.refresh()

        self._progress.refresh()
        try:
            yield advance
        finally:
            self._progress.remove_task(task)


Measure = Callable[[Bench], Iterable[Result]]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A measuring function with the figures it must yield, each once."""

    name: str
    figures: tuple[Figure, ...]
    measure: Measure

    def run(self, bench: Bench, console_trace: Callable[[], None]) -> list[Result]:
        """A result for every figure, in the order declared. `console_trace` shows an exception nobody foresaw."""
        found: dict[Figure, Result] = {}
        why = "The benchmark ended without yielding this figure."
        try:
            for result in self.measure(bench):
                _expect(result.figure, self.figures, found)
                found[result.figure] = result
        except (CannotRun, PostgresUnavailable) as error:
            why = f"Can't run here: {error}"
        except Exception as error:  # noqa: BLE001 - the others' figures are still wanted; these count as not met
            console_trace()
            # what it yielded before it went wrong can't be trusted either
            found.clear()
            why = f"{type(error).__name__}: {' '.join(str(error).split())}"
        return [found.get(figure) or figure.missing(why) for figure in self.figures]


class Suite:
    """All benchmarks by name, in the order in which they were registered."""

    def __init__(self) -> None:
        self.benchmarks: dict[str, Benchmark] = {}

    def benchmark(self, name: str, *figures: Figure) -> Callable[[Measure], Measure]:
        """Registers the function below it; it yields one result for each of these figures.

        Raises:
            ValueError: no figures, or a name that is already taken.
        """
        taken = {figure.name for one in self.benchmarks.values() for figure in one.figures}
        names = [figure.name for figure in figures]
        if name in self.benchmarks or not names or len(taken.union(names)) < len(taken) + len(names):
            raise ValueError(f"The benchmark {name} needs a name of its own and figures with names of their own.")

        def register(measure: Measure) -> Measure:
            self.benchmarks[name] = Benchmark(name, figures, measure)
            return measure

        return register

    def run(self, names: Sequence[str], *, ground: Ground, progress: Progress, quick: bool = False) -> list[Result]:
        """Results of the benchmarks of these names; whatever else happens, one for each figure."""
        results: list[Result] = []
        whole = progress.add_task("Benchmarks", total=len(names))
        for name in names:
            bench = Bench(name, ground=ground, progress=progress, quick=quick)
            results += self.benchmarks[name].run(bench, partial(progress.console.print_exception, max_frames=6))
            progress.advance(whole)
        return [replace(one, note=f"quick run, noisy; {one.note}") for one in results] if quick else results


#: Where `measure_*.py` register themselves.
SUITE = Suite()
benchmark = SUITE.benchmark


def interleaved(rounds: Iterable[object], *sides: Callable[[], T]) -> list[tuple[T, ...]]:
    """What each side answered in each round, a row a round: A B A B, so that noise from outside hits both."""
    return [tuple(side() for side in sides) for _ in rounds]


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of them doesn't pass (nearest rank): 0.5 the middle, 0.99 the tail.

    Raises:
        ValueError: there are no values, or the share isn't above 0 and at most 1.
    """
    if not values or not 0 < share <= 1:
        raise ValueError("A quantile needs values, and a share above 0 and at most 1.")
    return sorted(values)[math.ceil(share * len(values)) - 1]


def _expect(figure: Figure, declared: Sequence[Figure], found: Mapping[Figure, Result]) -> None:
    if figure not in declared or figure in found:
        raise WrongAnswer(f"{figure.name} was not declared, or came twice.")

"""What every engine answers, and what is asked of it while it is measured."""

import time
from collections.abc import Callable
from typing import Any, Protocol, TypeVar
from uuid import UUID

import numpy as np

from matching.question import Question
from tests.benchmarks.engines.scoring import Ask, Scorer, ask_of
from tests.benchmarks.engines.table import Ints, Table

T = TypeVar("T")


class Engine(Protocol):
    """One way to search, made with everything that can be made before the first question.

    `build_seconds` is what its index took, from the decoded columns on, in time of the processor or, for a server, of
    the clock; `nbytes` is the memory of people and index.
    """

    build_seconds: float
    nbytes: int

    def prepare(self, question: Question) -> Any:
        """What can be worked out about a question before it is asked; not timed."""

    def best(self, prepared: Any, k: int) -> Any:
        """The answer, timed: who it is in the engine's own terms."""

    def ids(self, found: Any) -> list[UUID]:
        """The answer as ids, best first; not timed."""


class OnTable:
    """What engines share that find rows of a table and leave the rest to numpy; one that has more to prepare does."""

    def __init__(self, table: Table, scorer: Scorer) -> None:
        self.table = table
        self.scorer = scorer
        self.build_seconds = 0.0
        self.nbytes = table.nbytes

    def prepare(self, question: Question) -> Any:
        return ask_of(question, self.table)

    def best(self, prepared: Ask, k: int) -> Ints:
        return self.scorer.best(prepared, self.table, self.rows(prepared), k)

    def rows(self, _ask: Ask) -> Ints:
        """Rows that may fit, `masked`; everybody who fits is among them."""
        return np.arange(len(self.table))

    def ids(self, found: Ints) -> list[UUID]:
        return self.table.ids(found)


def timed(call: Callable[[], T], clock: Callable[[], float] = time.perf_counter) -> tuple[T, float]:
    """What the call gives, and the seconds it took by that clock."""
    began = clock()
    answer = call()
    return answer, clock() - began

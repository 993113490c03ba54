"""Ours, asked through the front door: a call from Python to `Pool.best`."""

from collections.abc import Sequence
from time import thread_time
from uuid import UUID

from matching.columns import Columns
from matching.pool import Found, Pool
from matching.question import Asked, Question
from matching.scorecard import Scorecard
from tests.benchmarks.engines.base import timed


class Ours:
    """`matching.pool`."""

    def __init__(self, columns: Columns, card: Scorecard) -> None:
        self.pool, self.build_seconds = timed(lambda: Pool.of_columns(columns), thread_time)
        self.nbytes = sum(self.pool.nbytes)
        self._card = card

    def prepare(self, question: Question) -> tuple[Question, Sequence[Asked]]:
        return question, self.pool.ask(question)

    def best(self, prepared: tuple[Question, Sequence[Asked]], k: int) -> list[Found]:
        question, asked = prepared
        return self.pool.best(question, self._card, k=k, asked=asked)

    def ids(self, found: Sequence[Found]) -> list[UUID]:
        return [self.pool.id_of(one) for one in found]

"""Whoever searches, the answer is the same: what is measured against each other answers one question."""

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest

from matching.columns import Columns, columns_of
from matching.question import Question
from matching.scorecard import STARTING
from tests.benchmarks import generate, region
from tests.benchmarks.engines.ball_tree import Ball
from tests.benchmarks.engines.base import Engine
from tests.benchmarks.engines.geopy_each import GeopyEach
from tests.benchmarks.engines.in_duckdb import Duck
from tests.benchmarks.engines.in_numpy import BruteForce, FullScan, Slab
from tests.benchmarks.engines.in_postgresql import Gist, connected
from tests.benchmarks.engines.in_postgresql_tables import Tables
from tests.benchmarks.engines.ours import Ours
from tests.benchmarks.engines.scoring import Scorer
from tests.benchmarks.engines.table import Table, table_of
from tests.matching import oracle
from tests.matching.world import TODAY, random_need, random_pool
from web.postgres import Server

PEOPLE, NEEDS, SHOWN = 2_000, 30, 20
PEERS = {"ball_tree": Ball, "duckdb": Duck, "numpy": FullScan, "slab": Slab, "brute_force": BruteForce}


@pytest.fixture(scope="module")
def columns() -> Columns:
    return region.people(7, PEOPLE, areas=region.MIDLANDS)


@pytest.fixture(scope="module")
def table(columns: Columns) -> Table:
    return table_of(columns)


@pytest.fixture(scope="module")
def ours(columns: Columns) -> Ours:
    return Ours(columns, STARTING)


@pytest.fixture(scope="module")
def questions(ours: Ours) -> list[Question]:
    """Some of them for cover, some further than people say, and with people who are blocked or known."""
    dice = random.Random(11)
    asked = [Question(need, generate.TODAY) for need in region.needs(7, NEEDS, areas=region.MIDLANDS)]
    changed = [replace(one, cover=True, further=3_000, within=60) for one in asked[::3]]
    return [*asked, *(_between_some(one, answer(ours, one), dice) for one in changed + asked[::2])]


def _between_some(question: Question, best: list[UUID], dice: random.Random) -> Question:
    blocked, known = (frozenset(dice.sample(best, len(best) // 3)) for _ in range(2))
    return replace(question, need=replace(question.need, blocked=blocked, known=known))


def answer(engine: Engine, question: Question) -> list[UUID]:
    return engine.ids(engine.best(engine.prepare(question), SHOWN))


@pytest.fixture(scope="module")
def gist(server: Server, table: Table) -> Iterator[Gist]:
    with connected(server, f"search_{uuid4().hex[:12]}") as connection:
        yield Gist(table, Scorer(STARTING), connection)


def test_the_questions_find_somebody(ours: Ours, questions: list[Question]) -> None:
    found = [len(answer(ours, question)) for question in questions]
    assert sum(map(bool, found)) > len(found) / 2
    assert SHOWN in found


@pytest.mark.parametrize("name", PEERS)
def test_each_engine_gives_the_same_twenty_as_ours(
    name: str, table: Table, ours: Ours, questions: list[Question]
) -> None:
    peer: Any = PEERS[name](table, Scorer(STARTING))
    assert peer.nbytes >= table.nbytes
    for question in questions:
        assert answer(peer, question) == answer(ours, question)


def test_postgresql_gives_the_same_twenty_as_ours(gist: Gist, ours: Ours, questions: list[Question]) -> None:
    for question in questions:
        assert answer(gist, question) == answer(ours, question)


def test_postgresql_with_tables_of_its_own_gives_the_same_twenty_as_ours(
    server: Server, columns: Columns, ours: Ours, questions: list[Question]
) -> None:
    with connected(server, f"search_{uuid4().hex[:12]}") as connection:
        tables = Tables(table_of(columns, by_place=False), Scorer(STARTING), connection)
        for question in questions:
            assert answer(tables, question) == answer(ours, question)


def test_balltree_on_people_as_they_came_gives_the_same_twenty_as_ours(
    columns: Columns, ours: Ours, questions: list[Question]
) -> None:
    ball = Ball(table_of(columns, by_place=False), Scorer(STARTING))
    for question in questions:
        assert answer(ball, question) == answer(ours, question)


def test_geopy_gives_the_same_twenty_but_for_who_lives_on_the_edge(columns: Columns) -> None:
    few = columns.take(np.arange(400))
    ours, table = Ours(few, STARTING), table_of(few)
    peer = GeopyEach(table, Scorer(STARTING))
    for need in region.needs(5, 10, areas=region.MIDLANDS):
        question = Question(replace(need, rate_pence=1_700, required=frozenset()), generate.TODAY, further=5_000)
        on_edge = set(table.ids(peer.on_edge(question)))
        assert [one for one in answer(peer, question) if one not in on_edge] == [
            one for one in answer(ours, question) if one not in on_edge
        ]


@pytest.mark.parametrize("seed", range(5))
def test_brute_force_in_numpy_gives_what_is_worked_out_by_hand(seed: int) -> None:
    dice, people = random.Random(seed), random_pool(seed, 200)
    peer = BruteForce(table_of(columns_of(people)), Scorer(STARTING))
    for _ in range(10):
        question = Question(random_need(dice, people), TODAY, dice.choice((0, 2_000)), dice.random() < 0.3)
        expected = oracle.rank(question.need, people, STARTING, TODAY, further=question.further, cover=question.cover)
        assert answer(peer, question) == [placed.id for placed in expected[:SHOWN]]


def test_more_codes_than_a_word_of_bits_holds_are_refused(columns: Columns) -> None:
    many = replace(columns, codes=(*columns.codes, *(f"competency:{number}" for number in range(60))))
    with pytest.raises(ValueError, match="more than one word of bits"):
        table_of(many)

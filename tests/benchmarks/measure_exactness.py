"""Whether a search is exact: the same people in the same order as whoever looks at everybody."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from threadpoolctl import threadpool_limits

from matching.pool import Pool
from matching.question import Question
from matching.scorecard import STARTING
from tests.benchmarks import region
from tests.benchmarks.engines.in_numpy import Slab
from tests.benchmarks.engines.ours import Ours
from tests.benchmarks.engines.scoring import Scorer
from tests.benchmarks.engines.table import table_of
from tests.benchmarks.generate import TODAY
from tests.benchmarks.harness import Bench, Figure, Result, benchmark
from tests.benchmarks.racing import answer
from tests.matching import oracle, world

NEEDS, BY_HAND = 10_000, 1_000
IDENTICAL = Figure("identical best 20 of 1,000,000, of 10,000 needs", "needs", NEEDS, "at_least")
WORKED_OUT = Figure("identical to lists worked out by hand, of 1,000 needs", "needs", BY_HAND, "at_least")

PEOPLE, QUICK_PEOPLE = 1_000_000, 100_000
#: A quick run asks so many times fewer, and counts each as often.
QUICK_SHARE = 20
SHOWN = 20
#: People of a small world, and needs asked in each.
VILLAGE, ASKED_IN_EACH = 200, 25


@benchmark("exactness", IDENTICAL, WORKED_OUT)
def exactness(bench: Bench) -> Iterator[Result]:
    """The best 20 of 1,000,000 beside brute force, and whole lists of small worlds beside plain Python."""
    times = QUICK_SHARE if bench.quick else 1
    with threadpool_limits(1):
        yield _by_brute_force(bench, QUICK_PEOPLE if bench.quick else PEOPLE, NEEDS // times, times)
    yield _by_hand(bench, BY_HAND // times, times)


def _by_brute_force(bench: Bench, people: int, count: int, times: int) -> Result:
    with bench.doing(f"Making {people:,} assistants"):
        columns = region.people(bench.dice.getrandbits(32), people)
        ours, oracle_of_all = Ours(columns, STARTING), Slab(table_of(columns), Scorer(STARTING))
        asked = [Question(need, TODAY) for need in region.needs(bench.dice.getrandbits(32), count)]
    same, fitting = 0, 0
    for plain in bench.track(asked, "Looking at everybody"):
        question = _varied(plain, answer(ours, plain, SHOWN), bench.dice)
        found = answer(ours, question, SHOWN)
        same += found == answer(oracle_of_all, question, SHOWN)
        fitting += len(found)
    note = (
        f"{count:,} needs of {people:,} people, {fitting / count:.0f} shown for each; numpy on all who live near enough"
    )
    return IDENTICAL.result(same * times, note=note)


def _varied(question: Question, best: Sequence[UUID], dice: random.Random) -> Question:
    """One in four for cover, one in four further than people say; some of the best are blocked, some known."""
    some = [frozenset(dice.sample(best, len(best) // 4)) for _ in range(2)]
    blocked, known = some if dice.random() < 0.5 else (frozenset(), frozenset())
    return replace(
        question,
        need=replace(question.need, blocked=blocked, known=known),
        cover=dice.random() < 0.25,
        further=dice.choice((0, 0, 0, 5_000)),
        within=dice.choice((question.within, question.within, 20)),
    )


def _by_hand(bench: Bench, count: int, times: int) -> Result:
    same, fitting = 0, 0
    for seed in bench.track(range(count // ASKED_IN_EACH), "Working out by hand"):
        people = world.random_pool(seed, VILLAGE)
        pool, dice = Pool(people), random.Random(seed)
        for _ in range(ASKED_IN_EACH):
            need = world.random_need(dice, people)
            found = pool.best(Question(need, world.TODAY), STARTING, k=VILLAGE)
            expected = oracle.rank(need, people, STARTING, world.TODAY)
            same += [(pool.id_of(one), one.key) for one in found] == [(one.id, one.key) for one in expected]
            fitting += len(expected)
    note = f"{count:,} needs of {VILLAGE} people, {fitting / count:.0f} of whom fit; ids and scores of all of them"
    return WORKED_OUT.result(same * times, note=note)

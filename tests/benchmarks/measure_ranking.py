"""Ranking beside what is usually done: geopy's distance to everybody, and the rules in plain Python."""

from collections.abc import Iterator
from functools import partial
from time import thread_time

from threadpoolctl import threadpool_limits

from marketplace.competencies import NAMES
from matching.question import Question
from matching.ranker import Ranker
from matching.scorecard import STARTING
from tests.benchmarks import region
from tests.benchmarks.engines.base import timed
from tests.benchmarks.engines.geopy_each import GeopyEach
from tests.benchmarks.engines.ours import Ours
from tests.benchmarks.engines.scoring import Scorer
from tests.benchmarks.engines.table import table_of
from tests.benchmarks.generate import TODAY
from tests.benchmarks.harness import Bench, Figure, Result, WrongAnswer, benchmark, quantile
from tests.benchmarks.racing import refuse_another

UNIT = "times as fast as geopy for each"
MIDDLE = Figure("ranking 2,000 assistants, p50", UNIT, 100, "at_least")
TAIL = Figure("ranking 2,000 assistants, p99", UNIT, 50, "at_least")

ASSISTANTS = 2_000
SHOWN = 20
WARM = 20


@benchmark("ranking", MIDDLE, TAIL)
def ranking(bench: Bench) -> Iterator[Result]:
    """The best 20 of 2,000 assistants around Nottingham, with reasons, beside geopy.distance for each of them."""
    columns = region.people(bench.dice.getrandbits(32), ASSISTANTS, areas=region.MIDLANDS)
    needs = region.needs(bench.dice.getrandbits(32), WARM + (10 if bench.quick else 100), areas=region.MIDLANDS)
    peer, pool = GeopyEach(table_of(columns), Scorer(STARTING)), Ours(columns, STARTING).pool
    rank = partial(Ranker().rank, pool=pool, k=SHOWN, today=TODAY, names=NAMES)
    for need in needs[:WARM]:
        rank(need)  # compiling, and numpy's own beginnings, are nobody's
    ours, theirs, shown = [], [], 0
    with threadpool_limits(1):
        for need in bench.track(needs[WARM:], "Ranking for each need"):
            shortlist, mine = timed(partial(rank, need), thread_time)
            question = Question(need, TODAY)
            found, seconds = timed(partial(peer.best, peer.prepare(question), SHOWN), thread_time)
            ours.append(mine)
            theirs.append(seconds)
            shown += len(shortlist.matches)
            listed = [match.candidate_id for match in shortlist.matches]
            refuse_another(peer.ids(found), listed, on_edge=peer.table.ids(peer.on_edge(question)))
    if not shown:
        raise WrongAnswer("Nobody fits anybody, so there was nothing to rank.")
    note = f"{len(ours)} needs, {shown / len(ours):.1f} shown for each; the peer gives no reasons and no funnel"
    for figure, share in ((MIDDLE, 0.5), (TAIL, 0.99)):
        value, other = quantile(ours, share), quantile(theirs, share)
        yield figure.result(
            other / value, ours=f"{value * 1000:.2f} ms of CPU", peer=f"{other * 1000:.0f} ms of CPU", note=note
        )

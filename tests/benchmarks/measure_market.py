"""Scarce people over a region: how fast they are assigned beside OR-Tools, and what one price each does to lists."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import partial
from statistics import mean
from typing import TypeVar

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from matching.auction import Assignment, auction
from matching.market import Edges, prices
from tests.benchmarks.harness import Bench, Figure, Result, WrongAnswer, benchmark, quantile
from tests.benchmarks.market_world import (
    PART,
    REGION,
    Floats,
    TakeUp,
    World,
    guessed,
    named,
    near_edges,
    take_up,
    world,
)

SPEED = Figure("assigning scarce people", "times as fast as OR-Tools min-cost flow", 50, "at_least")
GAP = Figure("assigning scarce people, certified gap", "% of the bound", 0.2, "at_most")
FILL = Figure("lists with prices, needs filled", "times the plain order's", 1.4, "at_least")
GINI = Figure("lists with prices, Gini of exposure", "0 all alike, 1 all to one", 0.55, "at_most")
NOISY = Figure("lists with prices from noisy chances, needs filled", "times the plain order's", 1.25, "at_least")

NEEDS, SEATS = 200_000, 900_000
SHARE = 0.002
#: The peer counts in whole numbers: a score is so many.
SCALE = 1_000_000
#: Turns of ours for the one of the peer, which takes a hundred times as long.
TURNS = 5
#: How far off both sides' log-odds are guessed; the least favourable counts.
NOISES = (0.5, 0.75, 1.0)
#: A world where the plain order crowds less would be too easy to win in.
CROWDED = 0.83

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Orders:
    """What came of four ways to sort the same lists."""

    plain: TakeUp
    chance: TakeUp
    auctioned: TakeUp
    priced: TakeUp


@benchmark("assignment", SPEED, GAP)
def assignment(bench: Bench) -> Iterator[Result]:
    """200,000 needs with their best 20 of 900,000 seats: our auction, and the exact optimum by OR-Tools."""
    part = 4 if bench.quick else 1
    with bench.doing("Making needs and seats"):
        edges = near_edges(bench.dice.randrange(2**32), needs=NEEDS // part, seats=SEATS // part)
        flow = as_flow(edges)
        auction(near_edges(0, needs=10, seats=100))  # compiling is nobody's
    ours = []
    for _ in bench.track(range(TURNS), "Auction"):
        found, seconds = timed(partial(auction, edges, gap=SHARE))
        ours.append(seconds)
    with bench.doing("Min-cost flow"):
        status, peer = timed(flow.solve)
    if status != flow.OPTIMAL:
        raise WrongAnswer("The peer found no optimum.")
    refuse_wrong(edges, found, -flow.optimal_cost() / SCALE)
    middle = quantile(ours, 0.5)
    note = f"{len(edges):,} needs, {edges.seat_count:,} seats, {len(edges.seats):,} edges"
    yield SPEED.result(peer / middle, ours=f"{middle:.3f} s of CPU", peer=f"{peer:.2f} s of CPU", note=note)
    yield GAP.result(100 * found.gap, note=note)


@benchmark("market", FILL, GINI, NOISY)
def market(bench: Bench) -> Iterator[Result]:
    """Lists of five in a simulated region short of people: sorted by score, and by score at our prices."""
    worlds = 1 if bench.quick else 3
    seeds = [bench.dice.randrange(2**32) for _ in range(worlds)]
    true, noisy = [], []
    for seed in bench.track(seeds, "Simulating regions"):
        region = world(seed, PART if bench.quick else REGION)
        true.append(compare(region, region.chances, seed))
        noisy += [(sigma, compare(region, guessed(region, seed, sigma), seed)) for sigma in NOISES]
    crowded = _middle(true, "plain").gini
    if crowded < CROWDED:
        raise WrongAnswer(f"The world is too easy: the plain order's Gini is {crowded:.2f}.")
    note = f"{worlds} regions; {_told(true)}"
    yield FILL.result(_times(true), note=note)
    yield GINI.result(_middle(true, "priced").gini, note=note)
    worst = min(NOISES, key=lambda sigma: _times(_at(noisy, sigma)))
    yield NOISY.result(_times(_at(noisy, worst)), note=f"noise {worst} in log-odds; {_told(_at(noisy, worst))}")


def compare(region: World, scores: Floats, seed: int) -> Orders:
    """Every order on the same arrivals and answers; prices see the best 50 of each need, lists everybody."""
    edges = named(region, scores)
    run = partial(take_up, region, seed=seed)
    return Orders(
        plain=run(scores),
        chance=run(np.random.default_rng((seed, 3)).random(len(scores))),
        auctioned=run(scores - auction(edges).prices[region.seat]),
        priced=run(scores * prices(edges).discounts[region.seat]),
    )


def as_flow(edges: Edges) -> SimpleMinCostFlow:
    """The same question for the peer: only seats that somebody names, and an arc past all of them for each need."""
    seats, named_seats = np.unique(edges.seats, return_inverse=True)
    needs = np.arange(len(edges))
    sink = len(needs) + len(seats)
    tails = np.concatenate((np.repeat(needs, np.diff(edges.starts)), needs, len(needs) + np.arange(len(seats))))
    heads = np.concatenate((len(needs) + named_seats, np.full(len(needs) + len(seats), sink)))
    costs = np.zeros(len(tails), np.int64)
    costs[: len(edges.seats)] = -np.rint(edges.scores * SCALE)
    flow = SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(tails, heads, np.ones(len(tails), np.int64), costs)
    flow.set_nodes_supplies(needs, np.ones(len(needs), np.int64))
    flow.set_node_supply(sink, -len(needs))
    return flow


def refuse_wrong(edges: Edges, found: Assignment, optimum: float) -> None:
    """Nobody twice, only seats that the need names, a sum that is theirs, near the optimum and under the bound."""
    rounding = len(edges) / SCALE
    needs = np.repeat(np.arange(len(edges)), np.diff(edges.starts))
    used = edges.seats == found.seats[needs]
    given = found.seats[found.seats >= 0]
    if used.sum() != len(given) or len(np.unique(given)) != len(given):
        raise WrongAnswer("A seat was given twice, or to a need that doesn't name it.")
    if abs(edges.scores[used].sum() - found.total) > rounding:
        raise WrongAnswer("The total is not the sum of the scores assigned.")
    if not (1 - SHARE) * optimum - rounding <= found.total <= optimum + rounding <= found.bound + 2 * rounding:
        raise WrongAnswer(f"Worth {found.total:.2f} and bounded by {found.bound:.2f}; the optimum is {optimum:.2f}.")


def _times(runs: list[Orders]) -> float:
    return mean(run.priced.fill / run.plain.fill for run in runs)


def _at(noisy: list[tuple[float, Orders]], sigma: float) -> list[Orders]:
    return [run for noise, run in noisy if noise == sigma]


def _middle(runs: list[Orders], order: str) -> TakeUp:
    rows: list[TakeUp] = [getattr(run, order) for run in runs]
    return TakeUp(*(mean(getattr(row, part.name) for row in rows) for part in fields(TakeUp)))


def _told(runs: list[Orders]) -> str:
    """Fill, Gini, asked in vain for each order."""
    rows = ((part.name, _middle(runs, part.name)) for part in fields(Orders))
    return "fill/Gini/in vain: " + ", ".join(
        f"{name} {row.fill:.0%}/{row.gini:.2f}/{row.in_vain:.0%}" for name, row in rows
    )


def timed(call: Callable[[], T]) -> tuple[T, float]:
    # the processor's time, not the clock's: both compute on one core and wait for nothing
    began = time.thread_time()
    answer = call()
    return answer, time.thread_time() - began

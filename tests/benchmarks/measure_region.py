"""A whole region at once: everybody's best 20, then who goes where, in a process whose memory is watched."""

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from matching.auction import auction
from matching.market import Edges
from tests.benchmarks.harness import Bench, Figure, Result, WrongAnswer, benchmark, quantile
from tests.benchmarks.measure_market import SHARE, TURNS, as_flow, refuse_wrong, timed

MEMORY = Figure(
    "best 20 of 900,000 for each of 200,000 needs, and who goes where", "GB of memory at most", 2, "at_most"
)
SPEED = Figure("assigning that region", "times as fast as OR-Tools min-cost flow", 50, "at_least")
GAP = Figure("assigning that region, certified gap", "% of the bound", 0.2, "at_most")

NEEDS, PEOPLE = 200_000, 900_000


@benchmark("region", MEMORY, SPEED, GAP)
def region(bench: Bench) -> Iterator[Result]:
    """From columns of people to an assignment, with the progress bar a user sees; then OR-Tools on the same edges."""
    part = 20 if bench.quick else 1
    with TemporaryDirectory() as folder, bench.doing("Matching the region in a process of its own"):
        into = Path(folder) / "edges.npz"
        run = [
            sys.executable,
            "-m",
            "tests.benchmarks.match_region",
            str(NEEDS // part),
            str(PEOPLE // part),
            str(into),
        ]
        told = json.loads(subprocess.run(run, check=True, stdout=subprocess.PIPE).stdout)
        with np.load(into) as kept:
            edges = Edges(kept["starts"], kept["seats"], kept["scores"], int(kept["seat_count"]))
    yield MEMORY.result(
        told["peak_bytes"] / 1e9,
        ours=f"{told['best_seconds']:.0f} s for the lists, {told['auction_seconds']:.2f} s for the auction",
        note=f"{NEEDS // part:,} needs, {PEOPLE // part:,} people, {len(edges.seats):,} edges; one core",
    )
    ours = []
    for _ in bench.track(range(TURNS), "Auction"):
        found, seconds = timed(partial(auction, edges, gap=SHARE))
        ours.append(seconds)
    with bench.doing("Min-cost flow"):
        flow = as_flow(edges)
        status, peer = timed(flow.solve)
    if status != flow.OPTIMAL:
        raise WrongAnswer("The peer found no optimum.")
    refuse_wrong(edges, found, -flow.optimal_cost() / 1_000_000)
    middle = quantile(ours, 0.5)
    note = f"{len(edges):,} places asked for, {edges.seat_count:,} people's times named, {len(edges.seats):,} edges"
    yield SPEED.result(peer / middle, ours=f"{middle:.3f} s of CPU", peer=f"{peer:.2f} s of CPU", note=note)
    yield GAP.result(100 * found.gap, note=note)

"""Matches a made-up region and says on standard output how long it took and how much memory; run by measure_region."""

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
from rich.console import Console

from matching.auction import auction
from matching.pool import Pool
from matching.region import best_of_all
from matching.scorecard import STARTING
from matching.warm import warm
from tests.benchmarks import region
from tests.benchmarks.generate import TODAY
from web.progress import counting

_BEST = 20
#: ru_maxrss counts kilobytes on Linux and bytes on macOS.
_UNIT = 1 if sys.platform == "darwin" else 1024


def main(needs: int, people: int, into: Path) -> None:
    """Needs and people, and where the edges go."""
    warm()
    pool, asked = Pool.of_columns(region.people(1, people)), region.needs(2, needs)
    began = time.perf_counter()
    with counting(Console(stderr=True), "Needs") as progress:
        found = best_of_all(asked, pool, STARTING, today=TODAY, k=_BEST, progress=progress)
    listed = time.perf_counter()
    auction(found.edges)
    done = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
    edges = found.edges
    np.savez(into, starts=edges.starts, seats=edges.seats, scores=edges.scores, seat_count=edges.seat_count)
    told = {"best_seconds": listed - began, "auction_seconds": done - listed, "peak_bytes": peak}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))

"""Measures, shows a table, writes build/bench.json: `python -m tests.benchmarks --help`."""

import argparse
import importlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from tests.benchmarks.harness import SUITE, Ground
from tests.benchmarks.machine import describe
from tests.benchmarks.report import listed, notes, status, summary, table, write

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: see `report.status`."""
    load()
    options = parser(list(SUITE.benchmarks)).parse_args(arguments)
    screen = Console(highlight=False)
    if options.list:
        screen.print(listed(SUITE), markup=False)
        return 0
    machine, began = describe(), time.monotonic()
    with _progress() as progress, Ground(ROOT / ".alongside" / "bench-postgres") as ground:
        results = SUITE.run(options.only, ground=ground, progress=progress, quick=options.quick)
    write(options.json, machine, results)
    screen.print(table(results))
    screen.print(*notes(results), summary(machine), sep="\n", style="dim", markup=False)
    screen.print(f"{time.monotonic() - began:.0f} s; written to {options.json}", style="dim", markup=False)
    return status(results)


def load() -> None:
    """Imports every `measure_*.py` beside this file; each registers its benchmarks."""
    for path in sorted(HERE.glob("measure_*.py")):
        importlib.import_module(f"tests.benchmarks.{path.stem}")


def parser(names: Sequence[str]) -> argparse.ArgumentParser:
    """The command line; `names` are the benchmarks there are, and all of them are run by default."""
    told = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description="Measures ourselves beside our peers. Ends with 1 when a limit is missed or can't be measured.",
    )
    told.add_argument("--only", nargs="+", choices=names, default=names, metavar="NAME", help="these alone; see --list")
    told.add_argument("--quick", action="store_true", help="under 40 seconds, and noisier")
    told.add_argument("--json", type=Path, default=Path("build/bench.json"), metavar="PATH", help="where results go")
    told.add_argument("--list", action="store_true", help="say what there is, and measure nothing")
    return told


def _progress() -> Progress:
    # it moves between turns only: a bar that redraws itself ten times a second would be measured, too
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=Console(stderr=True), auto_refresh=False, transient=True)


if __name__ == "__main__":
    sys.exit(main())

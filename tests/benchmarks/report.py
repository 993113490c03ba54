"""What a person reads of a run, and what a program does."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.table import Table
from rich.text import Text

from tests.benchmarks.harness import Figure, Result, Suite
from tests.benchmarks.machine import Machine

_SIGNS = {"at_least": "≥", "at_most": "≤"}


def write(path: Path, machine: Machine, results: Sequence[Result]) -> None:
    """One object: `machine`, and `results` as a list of name, value, unit, limit, direction, met, note."""
    told = {"machine": machine, "results": [result.as_json() for result in results]}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def table(results: Iterable[Result]) -> Table:
    """One row a figure; a ratio stands between the raw figures and its limit."""
    shown = Table("what", "ours", "peer", "ratio", "limit", "met")
    for result in results:
        figure = result.figure
        ratio = "-" if result.value is None else f"{result.value:g}"
        met = Text("yes", style="green") if result.met else Text("no", style="bold red")
        shown.add_row(figure.name, result.ours, result.peer, ratio, limit(figure), met)
    return shown


def status(results: Iterable[Result]) -> int:
    """For the shell: 0 when every limit was met, 1 when not."""
    return 0 if all(result.met for result in results) else 1


def limit(figure: Figure) -> str:
    """As "≥ 0.3"."""
    return f"{_SIGNS[figure.direction]} {figure.limit:g}"


def notes(results: Iterable[Result]) -> list[str]:
    """For each figure what its ratio counts, and how it was come by or why there is none."""
    return [f"{result.figure.name}: {result.figure.unit}; {result.note}" for result in results]


def listed(suite: Suite) -> str:
    """Every benchmark with what it measures and the limits it is held to."""
    lines = []
    for one in suite.benchmarks.values():
        lines.append(f"{one.name}: {(one.measure.__doc__ or '').strip()}")
        lines += [f"    {figure.name}: {limit(figure)} {figure.unit}" for figure in one.figures]
    return "\n".join(lines)


def summary(machine: Machine) -> str:
    """The machine in a line."""
    database = f"PostgreSQL {machine['postgresql']} ({machine['postgresql_origin']})" if machine["postgresql"] else ""
    parts = [
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_gib']} GiB",
        f"{machine['os']}",
        f"Python {machine['python']}",
        database,
        f"load {machine['load']} before the run",
    ]
    return "; ".join(filter(None, parts))

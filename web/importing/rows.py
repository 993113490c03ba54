"""Rows of text as checked values: a `Column` says how each is read, a `Draft` gathers every problem of a row."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from pydantic import BaseModel, ValidationError

from web.importing.cells import BadCell
from web.importing.results import Model, Reading, Row, RowProblem, in_order
from web.importing.table import Record, read_table
from web.words import plain_errors

Checked = TypeVar("Checked", bound=BaseModel)
Thing = TypeVar("Thing")

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Column:
    """What a column is called, which field of the model it fills, how it is read, and a cell that is right.

    `widest` is another one that no other cell of a row can contradict, where the example could be.
    """

    name: str
    field: str
    read: Callable[[str], Any]
    example: str
    needed: bool = True
    widest: str = ""

    @property
    def stand_in(self) -> Any:
        """A value that is right, for where the cell's own can't be had."""
        return self.read(self.widest or self.example)


class Draft:
    """One row while it is read; what it says wrongly is noted, and an example stands in for it."""

    def __init__(self, record: Record, headers: Collection[str]) -> None:
        self.line = record.line
        self._headers = headers
        self.wrong = set(record.unreadable)
        self.problems: list[RowProblem] = []
        self._cells = record.cells

    def value(self, column: Column) -> Any:
        """What the column says; None when it is empty and may be."""
        cell = self._cells.get(column.name, "")
        if not cell and not column.needed and column.name not in self.wrong:
            return None
        if not cell:
            self.refuse(column.name, f"Fill this in, like {column.example}.")
            return column.stand_in
        try:
            return column.read(cell)
        except BadCell as bad:
            self.refuse(column.name, *bad.sentences)
            return column.stand_in

    def filled(self, column: Column) -> bool:
        """Whether the cell holds anything, readable or not."""
        return bool(self._cells.get(column.name)) or column.name in self.wrong

    def either(self, one: Column, other: Column) -> None:
        """Note a problem unless one of the two says it, and not both."""
        if self.filled(one) and self.filled(other):
            self.refuse(one.name, f"Fill in {one.name} or {other.name}, not both. Empty one of the two cells.")
        elif not self.filled(one) and not self.filled(other):
            # a file that has only one of the columns is told in its own words
            asked = one if one.name in self._headers else other
            self.refuse(asked.name, f"Fill this in, like {asked.example}.")

    def model(self, kind: type[Checked], columns: Sequence[Column]) -> Checked:
        """The columns as one checked value; empty cells leave a field as it is by default."""
        said = [(column.field, self.value(column)) for column in columns]
        return self._checked(kind, {field: value for field, value in said if value is not None}, columns)

    def refuse(self, column: str, *messages: str) -> None:
        """Note what is wrong with a column, unless that was done before."""
        if column not in self.wrong:
            self.problems += [RowProblem(self.line, column, message) for message in messages]
            self.wrong.add(column)

    def _checked(self, kind: type[Checked], values: Mapping[str, Any], columns: Sequence[Column]) -> Checked:
        # Rules between two fields are asked only when each is right alone, so wrong ones are replaced and all
        # is asked again.
        try:
            return kind.model_validate(dict(values))
        except ValidationError as error:
            for name, message in problems_of(error, columns):
                self.refuse(name, message)
            replaced = {column.field: column.stand_in for column in columns if column.name in self.wrong}
        return self._checked(kind, {**values, **replaced}, columns)


class Once:
    """Sees to it that nothing stands in a file twice."""

    def __init__(self) -> None:
        self._lines: dict[Hashable, int] = {}

    def check(self, draft: Draft, key: Hashable, *, columns: Sequence[str], said: str) -> None:
        """Note a problem at the first of `columns` when another row has the same key; unreadable keys are no keys."""
        if draft.wrong & set(columns):
            return
        first = self._lines.setdefault(key, draft.line)
        if first != draft.line:
            draft.refuse(columns[0], f"Rows {first} and {draft.line} are both about {said}. Keep one of them.")


def read_rows(
    source: BinaryIO | Path,
    columns: Sequence[Column],
    build: Callable[[Draft], Model],
    *,
    either: Sequence[tuple[Column, Column]] = (),
) -> Reading[Model]:
    """Every row of a file through `build`, the good ones apart from those with a problem.

    Of `either` two columns, the file must have one.
    """
    table = read_table(
        source,
        needed=[column.name for column in columns if column.needed],
        optional=[column.name for column in columns if not column.needed],
        either=[(one.name, other.name) for one, other in either],
    )
    spoilt = {problem.line for problem in table.problems}
    good: list[Row[Model]] = []
    flawed: list[Row[Model]] = []
    found = list(table.problems)
    for record in table.records:
        draft = Draft(record, table.headers)
        model = build(draft)
        row = Row(record.line, model, frozenset(draft.wrong))
        (flawed if row.wrong or record.line in spoilt else good).append(row)
        found += [replace(one, column=table.headers[one.column]) for one in draft.problems]
    return Reading(tuple(good), in_order(found, table.headers), tuple(flawed), table.notes, table.headers)


def problems_of(error: ValidationError, columns: Sequence[Column]) -> list[tuple[str, str]]:
    """Each field's problem, as the name of its column, or of the first of them, and a sentence."""
    names = {column.field: column.name for column in reversed(columns)}
    return [(names[each["field"].split(".")[0]], each["message"]) for each in plain_errors(error.errors())]


def batches(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    """As many at once as one statement looks up or stores."""
    left = iter(things)
    while batch := list(islice(left, _AT_ONCE)):
        yield batch


def kept_fields(columns: Sequence[Column], headers: Mapping[str, str]) -> frozenset[str]:
    """Fields the file has no column for; what was stored of them stays."""
    fields = frozenset(column.field for column in columns)
    return fields - {column.field for column in columns if column.name in headers}


def merged(kind: type[Checked], *, said: Checked, stored: Checked, kept: frozenset[str]) -> Checked:
    """What the file says, with the kept fields as stored.

    Raises:
        ValidationError: the two contradict each other.
    """
    if not kept:
        return said
    return kind.model_validate({**dict(said), **{field: getattr(stored, field) for field in kept}})

"""What comes of a file: rows and their problems, and what was stored."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from sqlmodel import Session

from web.database import OpenSession, transaction

Model = TypeVar("Model")

#: Told how many rows are done, and of how many.
Progress = Callable[[int, int], None]
#: The line of a problem that is about the file and not one of its rows.
WHOLE_FILE = 0


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong in one cell and what to do; `line` is the row's number in a spreadsheet, the header's is 1.

    `column` is named as in the file; it is empty for a problem of the whole row, and `line` is `WHOLE_FILE` for
    one of the whole file.
    """

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        """One line for a person: "Row 7, lowest_rate: ..."."""
        if self.line == WHOLE_FILE:
            return self.message
        return f"Row {self.line}{f', {self.column}' if self.column else ''}: {self.message}"


@dataclass(frozen=True, slots=True)
class Row(Generic[Model]):
    """One row as the rest of the program understands it.

    The columns named in `wrong` could not be read; an example stands in for them, so that what else the row says
    can still be checked. Such a row is never stored.
    """

    line: int
    model: Model
    wrong: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reading(Generic[Model]):
    """A file as read: `rows` are good, `flawed` ones have at least one of the `problems`.

    `notes` are worth showing but stop nothing. `headers` holds the columns that are there, each with its name as
    the file writes it.
    """

    rows: tuple[Row[Model], ...]
    problems: tuple[RowProblem, ...]
    flawed: tuple[Row[Model], ...] = ()
    notes: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def problem(self, line: int, column: str, message: str) -> RowProblem:
        """A problem with the column named as in the file."""
        return RowProblem(line, self.headers.get(column, column), message)

    def refuse(self, found: Iterable[RowProblem]) -> None:
        """Nothing, when neither reading nor what was `found` since has a problem.

        Raises:
            BadFile: with all of them, in the order of the file.
        """
        problems = (*self.problems, *found)
        if problems:
            raise BadFile(in_order(problems, self.headers))


@dataclass(frozen=True, slots=True)
class Summary:
    """How many rows were new, said something else than before, or said nothing new."""

    added: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was stored, or, when `summary` is None, why nothing was; `notes` are worth showing either way."""

    summary: Summary | None
    problems: tuple[RowProblem, ...] = ()
    notes: tuple[str, ...] = ()


class BadFile(Exception):
    """The file has problems, all of them listed; nothing of it was stored."""

    def __init__(self, problems: tuple[RowProblem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def in_silence(_done: int, _of: int) -> None:
    """Progress that nobody watches."""


def in_order(problems: Iterable[RowProblem], headers: Mapping[str, str]) -> tuple[RowProblem, ...]:
    """Row by row, and in a row from left to right."""
    places = {name: at for at, name in enumerate(headers.values())}
    return tuple(sorted(problems, key=lambda one: (one.line, places.get(one.column, -1))))


def settle(open_session: OpenSession, store: Callable[[Session], Summary], *, notes: tuple[str, ...]) -> Outcome:
    """Store in one transaction, or say why not."""
    try:
        with transaction(open_session) as session:
            summary = store(session)
    except BadFile as refused:
        return Outcome(None, refused.problems, notes)
    return Outcome(summary, notes=notes)

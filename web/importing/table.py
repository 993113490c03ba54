"""A table saved as CSV by whatever program: its bytes as rows of text under known columns, every problem noted."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import BinaryIO

from web.importing.results import WHOLE_FILE, RowProblem, in_order

#: A hundred thousand people with long descriptions fit; more is another kind of file.
MOST_BYTES = 50_000_000
#: Twice the longest text stored, and short enough that nothing made of it takes long.
LONGEST_CELL = 4_000

_DELIMITERS = (",", ";", "\t")
_LETTERS_IN_THE_ALPHABET = 26
# Nobody types these, PostgreSQL can't store the first, and they hide in pages and letters.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_SAVE_AGAIN = "Open it in a spreadsheet, save it as “CSV UTF-8” and try again."


@dataclass(frozen=True, slots=True)
class Record:
    """One row: the text of its cells by column, without those of `unreadable` ones."""

    line: int
    cells: Mapping[str, str]
    unreadable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file that hold anything; `headers` are its columns with their names as the file writes them."""

    headers: Mapping[str, str]
    records: tuple[Record, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    notes: tuple[str, ...] = ()


class NotATable(Exception):
    """No rows can be made of it; the sentence says why and what to do."""


def read_table(
    source: BinaryIO | Path,
    *,
    needed: Sequence[str],
    optional: Sequence[str],
    either: Sequence[tuple[str, str]] = (),
) -> Table:
    """The rows of a file, or the problems of its header: all of them, and then no row is read.

    Of `either` two optional columns, one must be there.

    UTF-8, with or without a byte order mark, or Windows-1252 with a note; comma, semicolon or tab between cells.
    Names of columns may differ in case, spaces and hyphens.
    """
    try:
        text, notes = _decoded(_bytes_of(source))
        return _table(text, notes, needed=needed, either=either, known=(*needed, *optional))
    except NotATable as refusal:
        return Table({}, problems=(RowProblem(WHOLE_FILE, "", str(refusal)),))


def bare(name: str) -> str:
    """What is left of a name when case, spaces and signs don't count: "E-mail " is "email"."""
    return re.sub(r"[\W_]+", "", name.casefold())


def nearest(name: str, known: Sequence[str]) -> str:
    """A hint for a name that is none: ' Did you mean “hoist”?', or nothing when none is near."""
    near = get_close_matches(name.casefold()[:60], known, n=1)
    return f" Did you mean “{near[0]}”?" if near else ""


def _bytes_of(source: BinaryIO | Path) -> bytes:
    try:
        if isinstance(source, Path):
            with source.open("rb") as opened:
                data = opened.read(MOST_BYTES + 1)
        else:
            data = source.read(MOST_BYTES + 1)
    except OSError as error:
        raise NotATable(f"The file can't be read: {error.strerror}. Check its name and whether you may open it.") from (
            error
        )
    if len(data) > MOST_BYTES:
        raise NotATable(f"The file is larger than {MOST_BYTES // 1_000_000} MB. Split it, or check that it is the one.")
    return data


def _decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    if not data.strip():
        raise NotATable("The file is empty.")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise NotATable(f"This is a workbook, not a CSV file. {_SAVE_AGAIN}")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotATable(f"The file is in UTF-16. {_SAVE_AGAIN}")
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        return _from_windows(data)


def _from_windows(data: bytes) -> tuple[str, tuple[str, ...]]:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise NotATable(f"The letters in this file can't be read. {_SAVE_AGAIN}") from error
    special = re.search(r"\w*[^\x00-\x7f]\w*", text)
    word = special.group()[:40] if special else ""
    note = (
        "The file is not in UTF-8, so it was read as Windows-1252, which is what older spreadsheets save. "
        f"Its first word with a special letter is “{word}”. If that looks wrong, save it as “CSV UTF-8” and try again."
    )
    return text, (note,)


def _table(
    text: str,
    notes: tuple[str, ...],
    *,
    needed: Sequence[str],
    either: Sequence[tuple[str, str]],
    known: Sequence[str],
) -> Table:
    columns = {bare(name): name for name in known}
    delimiter = max(_DELIMITERS, key=lambda each: len(columns.keys() & set(map(bare, _header(text, each)))))
    rows, broken = _rows(text, delimiter)
    at = next((at for at, row in enumerate(rows) if any(cell.strip() for cell in row)), None)
    if at is None or not columns.keys() & set(map(bare, rows[at])):
        raise NotATable(f"The first row must hold the names of the columns: {', '.join(known)}.")
    problems = _header_problems(rows[at], at + 1, columns, needed, either)
    names = [columns.get(bare(cell), "") for cell in rows[at]]
    headers = {name: cell.strip() for name, cell in zip(names, rows[at], strict=True) if name}
    if problems:
        return Table(headers, problems=problems, notes=notes)
    records, found = [], list(broken)
    for line, row in enumerate(rows[at + 1 :], start=at + 2):
        cells = [cell.replace("\r\n", "\n").replace("\r", "\n").strip() for cell in row]
        if any(cells):
            record, wrong = _record(line, cells, names, headers)
            records.append(record)
            found += wrong
    return Table(headers, tuple(records), in_order(found, headers), notes)


def _header(text: str, delimiter: str) -> list[str]:
    try:
        rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return next((row for row in rows if any(cell.strip() for cell in row)), [])
    except csv.Error:
        return []


def _rows(text: str, delimiter: str) -> tuple[list[list[str]], list[RowProblem]]:
    """Every row, so that a row's place is its number in a spreadsheet, up to the first that can't be told apart."""
    rows: list[list[str]] = []
    try:
        # Strict, as otherwise a quotation mark that is never closed swallows all the rows below it.
        rows.extend(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        message = (
            "The quotation marks from here on don't pair up, so this row and those below it were not read. "
            "Put a cell that holds one in quotation marks, and double those inside it."
        )
        return rows, [RowProblem(len(rows) + 1, "", message)]
    return rows, []


def _header_problems(
    header: Sequence[str],
    line: int,
    columns: Mapping[str, str],
    needed: Sequence[str],
    either: Sequence[tuple[str, str]],
) -> tuple[RowProblem, ...]:
    found: list[RowProblem] = []
    seen: set[str] = set()
    for cell in header:
        key, said = bare(cell), cell.strip()[:60]
        if key in seen:
            found.append(RowProblem(line, said, f"There are two columns “{said}”. Take one of them out."))
        elif key and key not in columns:
            hint = nearest(cell.strip(), list(columns.values())) or " Take it out."
            found.append(RowProblem(line, said, f"There is no column “{said}” in this kind of file.{hint}"))
        seen.update(filter(None, [key]))
    found += [
        RowProblem(line, name, f"The column “{name}” is missing. Add it.") for name in needed if bare(name) not in seen
    ]
    found += [
        RowProblem(line, one, f"“{one}” and “{other}” are both missing. Add one of these columns.")
        for one, other in either
        if not {bare(one), bare(other)} & seen
    ]
    return tuple(found)


def _record(
    line: int, cells: Sequence[str], names: Sequence[str], headers: Mapping[str, str]
) -> tuple[Record, list[RowProblem]]:
    found: list[RowProblem] = []
    unreadable: set[str] = set()
    # A row may end early: spreadsheets leave out empty cells at the end, and may add some.
    padded = [*names, *[""] * (len(cells) - len(names))]
    for at, (name, cell) in enumerate(zip(padded, cells, strict=False)):
        message = _wrong_with(cell) if name else _nameless(cell, at)
        if message:
            found.append(RowProblem(line, headers.get(name, ""), message))
            unreadable.add(name)
    said = {name: cell for name, cell in zip(names, cells, strict=False) if name and name not in unreadable}
    return Record(line, said, frozenset(filter(None, unreadable))), found


def _wrong_with(cell: str) -> str:
    if len(cell) > LONGEST_CELL:
        return f"There are {len(cell):,} characters in this cell. Shorten it."
    control = _CONTROL.search(cell)
    if control:
        return f"A character in this cell can't be shown (U+{ord(control.group()):04X}). Type the cell again."
    return ""


def _nameless(cell: str, at: int) -> str:
    if not cell:
        return ""
    return (
        f"There is something in column {_letters(at)}, which has no name. Take it out, or look for one comma too many."
    )


def _letters(at: int) -> str:
    """A column as spreadsheets call it: 0 is A, 26 is AA."""
    before, last = divmod(at, _LETTERS_IN_THE_ALPHABET)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)

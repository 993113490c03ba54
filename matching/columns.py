"""People as arrays: 56 bytes a person, 48 for the week, five for each thing held, 48 for a booked week."""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple, get_args
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from matching.compiled import compiled, compiled_inner
from matching.errors import BadQuestion
from matching.places import Precision
from matching.profiles import EARLIEST, Candidate, Evidence, Status
from matching.terms import TERMS, bits
from matching.travel import FURTHEST, MODES
from matching.week import half_hours

Words = NDArray[np.uint64]
Rows = NDArray[np.int32]

# 336 half hours need six words of 64 bits; the last 48 bits stay nought
WEEK_WORDS = 6
_WEEK_BYTES = WEEK_WORDS * 8
#: The last day there is: what holds until it is withdrawn holds until then.
FOR_EVER = 65_535
_MOST_CODES = 255

PRECISIONS: tuple[Precision, ...] = get_args(Precision)
STATUSES: tuple[Status, ...] = get_args(Status)
LOOKING, OPEN, NOT_NOW = range(3)

# what is asked of everybody comes first, so that it lies in one line of the processor's cache for most
PERSON = np.dtype(
    [
        ("easting", "<i4"),
        ("northing", "<i4"),
        ("rate", "<u2"),
        ("mode", "u1"),
        ("minutes", "u1"),
        ("booked_row", "<i4"),  # of the booked weeks; -1 is none
        ("least", "<u2"),
        ("most", "<u2"),
        ("booked", "<u2"),
        ("status", "u1"),
        ("held_count", "u1"),
        ("held", "<i4"),  # where what they hold begins
        ("brings", "<u2"),
        ("needs", "<u2"),
        ("refuses", "<u2"),
        ("confirmed", "<u2"),  # days; 0 is never
        ("precision", "u1"),
        ("id_high", "<u8"),
        ("id_low", "<u8"),
    ],
    align=True,
)
assert len(TERMS) <= 8 * PERSON["brings"].itemsize, "a bit for each of the words of `matching.terms`"


def day_number(day: date) -> int:
    """Days since the first there is, within what two bytes hold."""
    return min(max((day - EARLIEST).days, 0), FOR_EVER)


def day_of(number: int) -> date:
    """The day of a number."""
    return EARLIEST + timedelta(days=number)


class People(NamedTuple):
    """The columns as compiled code takes them."""

    people: NDArray[Any]
    weeks: Words
    booked_weeks: Words
    held_code: NDArray[np.uint8]
    held_from: NDArray[np.uint16]
    held_until: NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Columns:
    """People in some order. What one holds stands in `held_*` from `people.held` on, as many as `held_count`.

    `codes` are the names of what is held ("competency:hoist", "check:dbs", "language:pl"); `held_code` counts in it.
    """

    people: NDArray[Any]
    weeks: Words
    booked_weeks: Words
    held_code: NDArray[np.uint8]
    held_from: NDArray[np.uint16]
    held_until: NDArray[np.uint16]
    codes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.people)

    @property
    def nbytes(self) -> int:
        """Memory of all columns."""
        return sum(
            one.nbytes
            for one in (self.people, self.weeks, self.booked_weeks, self.held_code, self.held_from, self.held_until)
        )

    def take(self, rows: NDArray[np.integer[Any]]) -> "Columns":
        """These rows, in this order."""
        return take((self, nobody(self.codes)), rows)

    def compiled(self) -> "People":
        """The columns as compiled code takes them."""
        return People(self.people, self.weeks, self.booked_weeks, self.held_code, self.held_from, self.held_until)

    def with_codes(self, codes: tuple[str, ...], where: NDArray[np.uint8]) -> "Columns":
        """The same people, what they hold counted in other codes; `where` says which each of the old ones is."""
        return replace(self, held_code=where[self.held_code], codes=codes)


def nobody(codes: tuple[str, ...] = ()) -> Columns:
    """No rows."""
    no_words, few = np.empty((0, WEEK_WORDS), dtype=np.uint64), np.empty(0, dtype=np.uint16)
    return Columns(np.empty(0, dtype=PERSON), no_words, no_words, np.empty(0, dtype=np.uint8), few, few, codes)


def alike(first: Columns, second: Columns) -> tuple[Columns, Columns]:
    """Both with the codes of both.

    Raises:
        BadQuestion: together they are more than one byte tells apart.
    """
    codes, where = _merged(first.codes, second.codes)
    return replace(first, codes=codes), second.with_codes(codes, where)


def take(both: tuple[Columns, Columns], rows: NDArray[np.integer[Any]]) -> Columns:
    """These rows, in this order, of two that have the same codes; rows of the second count on from the first's."""
    first, second = both
    counts = np.concatenate([first.people["held_count"], second.people["held_count"]])
    booked = np.concatenate([first.people["booked_row"] >= 0, second.people["booked_row"] >= 0])
    held = int(counts[rows].sum())
    taken = Columns(
        np.empty(len(rows), dtype=PERSON),
        np.empty((len(rows), WEEK_WORDS), dtype=np.uint64),
        np.empty((np.count_nonzero(booked[rows]), WEEK_WORDS), dtype=np.uint64),
        np.empty(held, dtype=np.uint8),
        np.empty(held, dtype=np.uint16),
        np.empty(held, dtype=np.uint16),
        first.codes,
    )
    _take(first.compiled(), second.compiled(), rows, taken.compiled())
    return taken


def _merged(codes: tuple[str, ...], more: tuple[str, ...]) -> tuple[tuple[str, ...], NDArray[np.uint8]]:
    """Both lists as one that begins with the first, and where in it each of the second stands."""
    known = {code: at for at, code in enumerate(codes)}
    where = [known.setdefault(code, len(known)) for code in more]
    _refuse_too_many(len(known))
    return tuple(known), np.array(where, dtype=np.uint8)


def _refuse_too_many(codes: int) -> None:
    if codes > _MOST_CODES:
        raise BadQuestion("candidates", f"There are {codes} kinds of skills, checks and languages; 255 is the most.")


@compiled
def _take(first: People, second: People, rows: NDArray[np.integer[Any]], into: People) -> None:
    held, booked, ours = 0, 0, len(first.people)
    for at in range(len(rows)):
        if rows[at] < ours:
            held, booked = _copy(first, rows[at], into, at, held, booked)
        else:
            held, booked = _copy(second, rows[at] - ours, into, at, held, booked)


@compiled_inner
def _copy(source: People, row: int, into: People, at: int, held: int, booked: int) -> tuple[int, int]:
    """One person, whose things go to `held` and whose booked week goes to `booked`; gives where the next one's go."""
    into.people[at] = source.people[row]
    person = into.people[at]
    for word in range(WEEK_WORDS):
        into.weeks[at, word] = source.weeks[row, word]
    if person.booked_row >= 0:
        for word in range(WEEK_WORDS):
            into.booked_weeks[booked, word] = source.booked_weeks[person.booked_row, word]
        person.booked_row = booked
        booked += 1
    start, person.held = person.held, held
    for thing in range(start, start + person.held_count):
        into.held_code[held] = source.held_code[thing]
        into.held_from[held] = source.held_from[thing]
        into.held_until[held] = source.held_until[thing]
        held += 1
    return held, booked


def columns_of(candidates: Iterable[Candidate]) -> Columns:
    """People as they come; an iterator is read once and not kept.

    Raises:
        BadQuestion: there are more kinds of skills, checks and languages than one byte tells apart.
    """
    gathered = _Gathered()
    for candidate in candidates:
        gathered.add(candidate)
    return gathered.columns()


class _Gathered:
    """Columns while they grow."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}
        self.people: list[tuple[int, ...]] = []
        self.weeks = bytearray()
        self.booked = bytearray()
        self.held_code, self.held_from, self.held_until = array("B"), array("H"), array("H")

    def add(self, one: Candidate) -> None:
        held = len(self.held_code)
        for code, evidence in _held(one):
            self._hold(code, evidence)
        booked_row = -1
        if one.booked:
            booked_row = len(self.booked) // _WEEK_BYTES
            self.booked += half_hours(one.booked).to_bytes(_WEEK_BYTES, "little")
        self.weeks += half_hours(one.windows).to_bytes(_WEEK_BYTES, "little")
        self.people.append(_person(one, booked_row, held, len(self.held_code) - held))

    def _hold(self, code: str, evidence: Evidence | None) -> None:
        at = self.codes.setdefault(code, len(self.codes))
        _refuse_too_many(len(self.codes))
        self.held_code.append(at)
        self.held_from.append(day_number(evidence.checked_on) if evidence else 0)
        until = evidence.valid_until if evidence else None
        self.held_until.append(day_number(until) if until else FOR_EVER)

    def columns(self) -> Columns:
        return Columns(
            np.array(self.people, dtype=PERSON),
            np.frombuffer(bytes(self.weeks), dtype="<u8").reshape(-1, WEEK_WORDS),
            np.frombuffer(bytes(self.booked), dtype="<u8").reshape(-1, WEEK_WORDS),
            np.array(self.held_code, dtype=np.uint8),
            np.array(self.held_from, dtype=np.uint16),
            np.array(self.held_until, dtype=np.uint16),
            tuple(self.codes),
        )


def _held(one: Candidate) -> Iterator[tuple[str, Evidence | None]]:
    for code, evidence in one.competencies.items():
        yield competency(code), evidence
    for code, evidence in one.checks.items():
        yield check(code), evidence
    for code in one.languages:
        yield language(code), None


def competency(code: str) -> str:
    """A competency among what is held."""
    return f"competency:{code}"


def check(code: str) -> str:
    """A check among what is held."""
    return f"check:{code}"


def language(code: str) -> str:
    """A language among what is held."""
    return f"language:{code}"


def _person(one: Candidate, booked_row: int, held: int, held_count: int) -> tuple[int, ...]:
    return (
        one.place.easting,
        one.place.northing,
        one.lowest_rate_pence,
        MODES.index(one.mode),
        one.travel_minutes,
        booked_row,
        one.least_minutes,
        one.most_minutes,
        one.booked_minutes,
        STATUSES.index(one.status),
        held_count,
        held,
        bits(one.terms.brings),
        bits(one.terms.needs),
        bits(one.terms.refuses),
        day_number(one.confirmed_on) if one.confirmed_on else 0,
        PRECISIONS.index(one.place.precision),
        one.id.int >> 64,
        one.id.int & (1 << 64) - 1,
    )


def reach_of(people: NDArray[Any]) -> NDArray[np.int32]:
    """How many metres each travels as the crow flies; -1 is nowhere."""
    reach: NDArray[np.int32] = FURTHEST[people["mode"], people["minutes"]]
    return reach


def id_of(person: Any) -> UUID:
    """The id of one row of `people`."""
    return UUID(int=int(person["id_high"]) << 64 | int(person["id_low"]))


def order_of_ids(people: NDArray[Any]) -> NDArray[np.int64]:
    """Rows in the order of their ids.

    Raises:
        BadQuestion: somebody is there twice.
    """
    order = np.argsort(people["id_high"], kind="stable")
    high = people["id_high"][order]
    if np.any(high[1:] == high[:-1]):
        order = np.lexsort((people["id_low"], people["id_high"]))
        high, low = people["id_high"][order], people["id_low"][order]
        if np.any((high[1:] == high[:-1]) & (low[1:] == low[:-1])):
            raise BadQuestion("candidates", "The same person is in the pool twice.")
    return order

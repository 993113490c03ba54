"""People sorted by where they live, with a bitmap for each thing that a need may ask of them.

A query then looks only at the cells its circle touches, and ANDs the bitmaps 64 people at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.columns import NOT_NOW, WEEK_WORDS, Columns, People, Words, order_of_ids, reach_of, take
from matching.compiled import compiled, compiled_inner
from matching.profiles import MAP_HEIGHT, MAP_WIDTH
from matching.terms import TERMS
from matching.week import HALF_HOURS_IN_A_DAY, HALF_HOURS_IN_A_WEEK

#: Metres a side.
CELL = 2_000
CELLS_WIDE, CELLS_HIGH = MAP_WIDTH // CELL, MAP_HEIGHT // CELL

_REACH_BANDS = 6
_RATE_BANDS = 15
#: The week in parts of so many half hours; a bitmap each says who is free at all in it.
PART = 12
PARTS = HALF_HOURS_IN_A_WEEK // PART

# where each kind of bitmap begins; those of what is held come last, one a code
REACH_AT = 0
RATE_AT = REACH_AT + _REACH_BANDS
LOOKING_AT = RATE_AT + _RATE_BANDS
BRINGS_AT = LOOKING_AT + 1
ACCEPTS_AT = BRINGS_AT + len(TERMS)
PARTS_AT = ACCEPTS_AT + len(TERMS)
HELD_AT = PARTS_AT + PARTS

assert PARTS * PART == HALF_HOURS_IN_A_WEEK
assert HALF_HOURS_IN_A_DAY % PART == 0


@dataclass(frozen=True)
class Index:
    """Columns in the order of cells, row by row from the south-west, and their bitmaps.

    `reaches` are the metres of the reach bands: bitmap `REACH_AT + i` has those who reach that far. `rates` are the
    pence of the rate bands: `RATE_AT + i` has those who ask no more.
    """

    columns: Columns
    cell_starts: NDArray[np.int32]
    bitmaps: Words
    reaches: NDArray[np.int32]
    rates: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.columns)

    @cached_property
    def everybody(self) -> Words:
        """A bitmap of all rows there are."""
        words = np.full(self.bitmaps.shape[1], 2**64 - 1, dtype=np.uint64)
        if len(words) and len(self) % 64:
            words[-1] = np.uint64((1 << len(self) % 64) - 1)
        return words

    @cached_property
    def by_id(self) -> NDArray[np.int64]:
        """Rows in the order of ids."""
        return order_of_ids(self.columns.people)

    def code(self, code: str) -> int:
        """The number of something held; one that nobody has, if it isn't known here."""
        return self._codes.get(code, NOBODYS)

    @cached_property
    def _codes(self) -> dict[str, int]:
        return {code: at for at, code in enumerate(self.columns.codes)}

    def bitmap_of_rate(self, pence: int) -> int | None:
        """A bitmap with everyone who asks no more than this, and perhaps others; None where all may."""
        band = int(np.searchsorted(self.rates, pence))
        return RATE_AT + band if band < _RATE_BANDS else None

    def find(self, high: int, low: int) -> int | None:
        """The row of an id given in two halves."""
        people, order = self.columns.people, self.by_id
        at = int(np.searchsorted(people["id_high"], np.uint64(high), sorter=order))
        while at < len(order) and int(people["id_high"][order[at]]) == high:
            if int(people["id_low"][order[at]]) == low:
                return int(order[at])
            at += 1
        return None


#: The number of a code that nobody holds.
NOBODYS = 255


def index_of(both: tuple[Columns, Columns], rows: NDArray[np.integer[Any]]) -> Index:
    """The index of these rows, in any order, of two columns that have the same codes."""
    cells = np.concatenate([_cells(one.people["easting"], one.people["northing"]) for one in both])[rows]
    starts, order = _sorted_by_cell(cells, CELLS_WIDE * CELLS_HIGH)
    ordered = take(both, rows[order])
    people = ordered.people
    reach = reach_of(people)
    reaches = _bands(reach, _REACH_BANDS, lowest=-1)
    rates = _bands(people["rate"], _RATE_BANDS)
    bitmaps = np.zeros((HELD_AT + len(ordered.codes), (len(people) + 63) // 64), dtype=np.uint64)
    _mark_people(bitmaps, ordered.compiled(), reach, reaches, rates)
    return Index(ordered, starts, bitmaps, reaches, rates)


def _bands(values: NDArray[Any], count: int, *, lowest: int | None = None) -> NDArray[np.int32]:
    """Bounds that part the values into bands of about as many people; the last is the most there is."""
    if not len(values):
        return np.zeros(count, dtype=np.int32)
    sample = values[:: max(len(values) // 10_000, 1)]
    bounds: NDArray[np.int32] = np.quantile(sample, np.linspace(0, 1, count), method="nearest").astype(np.int32)
    bounds[-1] = values.max()
    if lowest is not None:
        bounds[0] = lowest
    return np.maximum.accumulate(bounds)


def _cells(eastings: NDArray[np.int32], northings: NDArray[np.int32]) -> NDArray[np.int32]:
    cells: NDArray[np.int32] = northings // CELL * CELLS_WIDE + eastings // CELL
    return cells


@compiled
def _sorted_by_cell(cells: NDArray[np.int32], count: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Where each cell begins, and the rows in the order of cells: a counting sort, which keeps the order inside."""
    starts = np.zeros(count + 1, dtype=np.int32)
    for cell in cells:
        starts[cell + 1] += 1
    for cell in range(count):
        starts[cell + 1] += starts[cell]
    at = starts[:-1].copy()
    order = np.empty(len(cells), dtype=np.int32)
    for row in range(len(cells)):
        order[at[cells[row]]] = row
        at[cells[row]] += 1
    return starts, order


@compiled
def _mark_people(
    bitmaps: Words, people: People, reach: NDArray[np.int32], reaches: NDArray[np.int32], rates: NDArray[np.int32]
) -> None:
    free = np.empty(WEEK_WORDS, dtype=np.uint64)
    for row in range(len(people.people)):
        person, word, bit = people.people[row], row >> 6, np.uint64(1) << np.uint64(row & 63)
        for band in range(len(reaches)):
            bitmaps[REACH_AT + band, word] |= bit * np.uint64(reach[row] >= reaches[band])
        for band in range(len(rates)):
            bitmaps[RATE_AT + band, word] |= bit * np.uint64(person.rate <= rates[band])
        if person.status != NOT_NOW:
            bitmaps[LOOKING_AT, word] |= bit
        _mark_terms(bitmaps, person, word, bit)
        for at in range(WEEK_WORDS):
            free[at] = people.weeks[row, at]
            if person.booked_row >= 0:
                free[at] &= ~people.booked_weeks[person.booked_row, at]
        _mark_parts(bitmaps, free, word, bit)
        for at in range(person.held, person.held + person.held_count):
            bitmaps[HELD_AT + people.held_code[at], word] |= bit


@compiled_inner
def _mark_terms(bitmaps: Words, person: Any, word: int, bit: np.uint64) -> None:
    for term in range(PARTS_AT - ACCEPTS_AT):
        if person.brings >> term & 1:
            bitmaps[BRINGS_AT + term, word] |= bit
        if not person.refuses >> term & 1:
            bitmaps[ACCEPTS_AT + term, word] |= bit


@compiled_inner
def _mark_parts(bitmaps: Words, free: Words, word: int, bit: np.uint64) -> None:
    for part in range(PARTS):
        if _any_of_part(free, part):
            bitmaps[PARTS_AT + part, word] |= bit


@compiled_inner
def _any_of_part(week: Words, part: int) -> bool:
    first, last = part * PART, part * PART + PART - 1
    low = week[first >> 6] >> np.uint64(first & 63)
    if first >> 6 == last >> 6:
        return bool(low & np.uint64((1 << PART) - 1))
    inside = np.uint64((1 << ((last & 63) + 1)) - 1)
    return bool(low) or bool(week[last >> 6] & inside)


def parts_touched(week: int) -> Sequence[int]:
    """Which parts of the week these half hours fall in."""
    mask = (1 << PART) - 1
    return [part for part in range(PARTS) if week >> part * PART & mask]


def words_of(week: int) -> Words:
    """A week's half hours as six words."""
    return np.frombuffer(week.to_bytes(WEEK_WORDS * 8, "little"), dtype="<u8")

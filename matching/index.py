"""People sorted by how far they travel and where they live, with a bitmap for each thing a need may ask of them.

Those who travel about as far are one band with a grid of its own, so that a query looks only at the cells from which
they reach it, and ANDs the bitmaps 64 people at a time.
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

_REACH_BANDS = 12
#: A cell is this part of how far its band travels, and never smaller than is worth a cell.
_CELLS_TO_A_REACH = 4
_SMALLEST_CELL = 1_500
_FEWEST_CELLS = 1_000

#: A band: metres that nobody in it travels further than, metres a side of its cells, cells to the east and north, and
#: where its cells begin among all.
BAND = np.dtype([("reach", "<i4"), ("cell", "<i4"), ("wide", "<i4"), ("high", "<i4"), ("first", "<i8")], align=True)
_RATE_BANDS = 15
#: The week in parts of so many half hours; a bitmap each says who is free at all in it.
PART = 12
PARTS = HALF_HOURS_IN_A_WEEK // PART

# where each kind of bitmap begins; those of what is held come last, one a code
RATE_AT = 0
LOOKING_AT = RATE_AT + _RATE_BANDS
BRINGS_AT = LOOKING_AT + 1
ACCEPTS_AT = BRINGS_AT + len(TERMS)
PARTS_AT = ACCEPTS_AT + len(TERMS)
HELD_AT = PARTS_AT + PARTS

assert PARTS * PART == HALF_HOURS_IN_A_WEEK
assert HALF_HOURS_IN_A_DAY % PART == 0


@dataclass(frozen=True)
class Index:
    """Columns band after band, each in the order of its cells, row by row from the south-west; and their bitmaps.

    `cell_starts` says where the people of each cell begin, and one more where the last end. `rates` are the pence of
    the rate bands: bitmap `RATE_AT + i` has those who ask no more.
    """

    columns: Columns
    bands: NDArray[Any]
    cell_starts: NDArray[np.int32]
    bitmaps: Words
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
    reach = np.concatenate([reach_of(one.people) for one in both])[rows]
    places = [np.concatenate([one.people[name] for one in both])[rows] for name in ("easting", "northing")]
    bands = _bands_of(reach)
    cells = _cells(bands, reach, *places)
    starts, order = _sorted_by_cell(cells, int(bands[-1]["first"]) + int(bands[-1]["wide"]) * int(bands[-1]["high"]))
    ordered = take(both, rows[order])
    rates = _rate_bands(ordered.people["rate"])
    bitmaps = np.zeros((HELD_AT + len(ordered.codes), (len(rows) + 63) // 64), dtype=np.uint64)
    _mark_people(bitmaps, ordered.compiled(), rates)
    return Index(ordered, bands, starts, bitmaps, rates)


def _bands_of(reach: NDArray[np.int32]) -> NDArray[Any]:
    """Bands that cost the search least: those who travel further are looked at from further away, so weigh more."""
    sample = np.sort(reach[:: max(len(reach) // 10_000, 1)]) if len(reach) else np.zeros(1, dtype=np.int32)
    weight = np.cumsum(np.sqrt(sample + 2.0))
    at = np.searchsorted(weight, np.linspace(0, 1, _REACH_BANDS + 1)[1:] * weight[-1])
    furthest = max(int(reach.max(initial=0)), 0)
    bounds = np.unique(np.append(np.maximum(sample[np.minimum(at, len(sample) - 1)], 0), furthest))
    bands = np.zeros(len(bounds), dtype=BAND)
    # not many more cells than people, or making a small index would take the time of a big one
    fewest = int(np.sqrt(MAP_WIDTH * MAP_HEIGHT / max(len(reach), _FEWEST_CELLS)))
    bands["reach"] = bounds
    bands["cell"] = np.maximum(bounds // _CELLS_TO_A_REACH, max(_SMALLEST_CELL, fewest))
    bands["wide"], bands["high"] = MAP_WIDTH // bands["cell"] + 1, MAP_HEIGHT // bands["cell"] + 1
    cells = bands["wide"].astype(np.int64) * bands["high"]
    bands["first"] = np.cumsum(cells) - cells
    return bands


@compiled
def _cells(
    bands: NDArray[Any], reach: NDArray[np.int32], eastings: NDArray[np.int32], northings: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Everybody's cell among those of all bands; the band is the first that nobody travels less far than they do."""
    cells = np.empty(len(reach), dtype=np.int32)
    for row in range(len(reach)):
        at = 0
        while bands[at].reach < reach[row]:
            at += 1
        band = bands[at]
        cells[row] = band.first + northings[row] // band.cell * band.wide + eastings[row] // band.cell
    return cells


def _rate_bands(rates: NDArray[Any]) -> NDArray[np.int32]:
    """Bounds that part people into bands of about as many; the last is the most there is."""
    if not len(rates):
        return np.zeros(_RATE_BANDS, dtype=np.int32)
    sample = rates[:: max(len(rates) // 10_000, 1)]
    bounds: NDArray[np.int32] = np.quantile(sample, np.linspace(0, 1, _RATE_BANDS), method="nearest").astype(np.int32)
    bounds[-1] = rates.max()
    return bounds


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
def _mark_people(bitmaps: Words, people: People, rates: NDArray[np.int32]) -> None:
    free = np.empty(WEEK_WORDS, dtype=np.uint64)
    for row in range(len(people.people)):
        person, word, bit = people.people[row], row >> 6, np.uint64(1) << np.uint64(row & 63)
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

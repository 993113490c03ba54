"""Compiled search through an index: the best k, how many fit, and where the others fell away."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.columns import People, Words
from matching.compiled import compiled, compiled_inner
from matching.index import CELL, CELLS_HIGH, CELLS_WIDE, LOOKING_AT, REACH_AT
from matching.judging import CODES, KNOWN, NONE, SINGLE, first_failure, in_reach, judge, log_odds, log_score
from matching.question import Asked

RULES = len(CODES)
_TOO_FAR = CODES.index("too_far")
# what the bitmaps of a question see to, so that it needn't be asked again of each
_SEEN_TO = sum(1 << CODES.index(code) for code in ("not_looking", "gender", "car", "employment", "shift_kind"))
_IN_REACH = 1 << CODES.index("not_looking") | 1 << _TOO_FAR
#: Prices are whole 1024ths, scores whole 2^20ths.
_FINER = 1024
#: More than any score or price.
_ABOVE_STRANGERS = 1 << 40
_LEAST_KEY = np.int64(-(2**62))
_ALL = np.uint64(2**64 - 1)


class Map(NamedTuple):
    """Where people are, as compiled code takes it; `alive` are the rows that count."""

    cell_starts: NDArray[np.int32]
    bitmaps: Words
    alive: Words
    reaches: NDArray[np.int32]


class Order(NamedTuple):
    """What orders people: a scorecard's points, and for each row and block a price (or no rows: no prices)."""

    points: NDArray[np.int32]
    prices: NDArray[np.uint16]
    block: int


# --- where to look


@compiled_inner
def _first_cell(metres: float) -> int:
    return int(np.floor(metres / CELL))


@compiled
def _runs(asked: Asked, where: Map) -> NDArray[np.int64]:
    """Stretches of rows that the circle touches: the first, after the last, and the reach band.

    Further out only those who travel far can fit, so each row of cells is parted where the next band begins.
    """
    what, bands = asked.what[0], len(where.reaches) - 1
    north = np.float64(what.northing)
    radius = np.float64(where.reaches[bands] + what.further)
    south, last = max(_first_cell(north - radius), 0), min(_first_cell(north + radius), CELLS_HIGH - 1)
    runs = np.empty((max(last - south + 1, 0) * 2 * bands, 3), dtype=np.int64)
    count = 0
    for row in range(south, last + 1):
        apart = max(row * CELL - north, north - (row + 1) * CELL, 0.0)
        count = _runs_of_row(asked, where, row, apart, runs, count)
    return runs[:count]


@compiled_inner
def _runs_of_row(asked: Asked, where: Map, row: int, apart: float, runs: NDArray[np.int64], count: int) -> int:
    what, east = asked.what[0], np.float64(asked.what[0].easting)
    left, right = -1, -1
    for band in range(len(where.reaches) - 1):
        outer = np.float64(where.reaches[band + 1] + what.further)
        if outer < apart:
            continue
        half = np.sqrt(outer * outer - apart * apart)
        wide_left = max(_first_cell(east - half), 0)
        wide_right = min(_first_cell(east + half) + 1, CELLS_WIDE)
        if left < 0:
            count = _add_run(where, row, wide_left, wide_right, band, runs, count)
        else:
            count = _add_run(where, row, wide_left, left, band, runs, count)
            count = _add_run(where, row, right, wide_right, band, runs, count)
        left, right = wide_left, wide_right
    return count


@compiled_inner
def _add_run(where: Map, row: int, left: int, right: int, band: int, runs: NDArray[np.int64], count: int) -> int:
    if left < right:
        first, after = where.cell_starts[row * CELLS_WIDE + left], where.cell_starts[row * CELLS_WIDE + right]
        if first < after:
            runs[count, 0], runs[count, 1], runs[count, 2] = first, after, REACH_AT + band
            return count + 1
    return count


@compiled_inner
def _word(where: Map, run: NDArray[np.int64], word: int) -> np.uint64:
    """The people of one word of a run who reach as far as its band, as bits."""
    bits: np.uint64 = where.alive[word] & where.bitmaps[run[2], word]
    if word == run[0] >> 6:
        bits &= _ALL << np.uint64(run[0] & 63)
    if word == (run[1] - 1) >> 6:
        bits &= _ALL >> np.uint64(63 - ((run[1] - 1) & 63))
    return bits


@compiled_inner
def _meeting(asked: Asked, where: Map, word: int, bits: np.uint64) -> np.uint64:
    """Those of them who are in every bitmap of the question, and in one of its parts of the week."""
    for at in range(len(asked.bitmaps)):
        bits &= where.bitmaps[asked.bitmaps[at], word]
        if bits == 0:
            return bits
    if len(asked.parts):
        free = np.uint64(0)
        for at in range(len(asked.parts)):
            free |= where.bitmaps[asked.parts[at], word]
        bits &= free
    return bits


@compiled_inner
def _lowest(bits: np.uint64) -> int:
    """Which bit is the lowest that is set."""
    below = (bits & (~bits + np.uint64(1))) - np.uint64(1)
    count = 0
    while below:
        below &= below - np.uint64(1)
        count += 1
    return count


# --- the answers


@compiled
def best(
    asked: Asked, people: People, where: Map, order: Order, k: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Rows and keys of the k best, best first, and how many fit; equal keys stand in the order of ids."""
    rows, keys = np.full(k, -1, dtype=np.int64), np.full(k, _LEAST_KEY, dtype=np.int64)
    values = np.empty(SINGLE + len(asked.codes), dtype=np.int32)
    fitting = 0
    runs = _runs(asked, where)
    for at in range(len(runs)):
        for word in range(runs[at, 0] >> 6, ((runs[at, 1] - 1) >> 6) + 1):
            bits = _word(where, runs[at], word)
            if bits:
                bits = _meeting(asked, where, word, bits)
            while bits:
                row = word * 64 + _lowest(bits)
                bits &= bits - np.uint64(1)
                if first_failure(asked, people, row, _SEEN_TO) == NONE:
                    fitting += 1
                    key = key_of(asked, people, order, row, values)
                    if key >= keys[k - 1]:
                        _insert(people, rows, keys, row, key)
    return rows, keys, fitting


@compiled_inner
def key_of(asked: Asked, people: People, order: Order, row: int, values: NDArray[np.int32]) -> int:
    """The logarithm of the score less the price, in 2^20ths; fills in `values`."""
    judge(asked, people, row, values)
    holder, assistant = log_odds(asked, values, order.points)
    key = log_score(holder, assistant)
    if len(order.prices):
        key -= int(order.prices[row, order.block]) * _FINER
    if asked.what[0].cover and values[KNOWN]:
        key += _ABOVE_STRANGERS
    return key


@compiled_inner
def _insert(people: People, rows: NDArray[np.int64], keys: NDArray[np.int64], row: int, key: int) -> None:
    at = len(rows) - 1
    if not _before(people, row, key, rows[at], keys[at]):
        return
    while at > 0 and _before(people, row, key, rows[at - 1], keys[at - 1]):
        rows[at], keys[at] = rows[at - 1], keys[at - 1]
        at -= 1
    rows[at], keys[at] = row, key


@compiled_inner
def _before(people: People, row: int, key: int, other: int, other_key: int) -> bool:
    if other < 0 or key != other_key:
        return other < 0 or key > other_key
    mine, theirs = people.people[row], people.people[other]
    if mine.id_high != theirs.id_high:
        return bool(mine.id_high < theirs.id_high)
    return bool(mine.id_low < theirs.id_low)


@compiled
def count_fitting(asked: Asked, people: People, where: Map) -> int:
    """How many fit."""
    fitting = 0
    runs = _runs(asked, where)
    for at in range(len(runs)):
        for word in range(runs[at, 0] >> 6, ((runs[at, 1] - 1) >> 6) + 1):
            bits = _word(where, runs[at], word)
            if bits:
                bits = _meeting(asked, where, word, bits)
            while bits:
                row = word * 64 + _lowest(bits)
                bits &= bits - np.uint64(1)
                fitting += first_failure(asked, people, row, _SEEN_TO) == NONE
    return fitting


@compiled
def funnel(asked: Asked, people: People, where: Map) -> NDArray[np.int64]:
    """How many each rule removes, in the order of the rules, and last how many are left."""
    removed = np.zeros(RULES + 1, dtype=np.int64)
    looking = np.int64(0)
    for word in range(len(where.alive)):
        everyone = where.alive[word]
        those = everyone & where.bitmaps[LOOKING_AT, word]
        removed[0] += _bits(everyone) - _bits(those)
        looking += _bits(those)
    runs, reached = _runs(asked, where), 0
    for at in range(len(runs)):
        for word in range(runs[at, 0] >> 6, ((runs[at, 1] - 1) >> 6) + 1):
            bits = _word(where, runs[at], word) & where.bitmaps[LOOKING_AT, word]
            while bits:
                row = word * 64 + _lowest(bits)
                bits &= bits - np.uint64(1)
                person = people.people[row]
                if in_reach(asked.what[0], person):
                    reached += 1
                    failed = first_failure(asked, people, row, _IN_REACH)
                    removed[failed if failed != NONE else RULES] += 1
    removed[_TOO_FAR] = looking - reached
    return removed


@compiled_inner
def _bits(word: np.uint64) -> int:
    count = 0
    while word:
        word &= word - np.uint64(1)
        count += 1
    return count

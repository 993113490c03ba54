"""Compiled search through an index: the best k, how many fit, and where the others fell away."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.columns import People, Words
from matching.compiled import compiled, compiled_inner
from matching.index import LOOKING_AT
from matching.judging import (
    CODES,
    KNOWN,
    NONE,
    SINGLE,
    bits_set,
    first_failure,
    given_minutes,
    in_reach,
    judge,
    log_odds,
    log_score,
    shared_minutes,
)
from matching.question import Asked
from matching.travel import FURTHEST

RULES = len(CODES)
_TOO_FAR = CODES.index("too_far")
_IN_REACH = 1 << CODES.index("not_looking") | 1 << _TOO_FAR
# the few who are left have these behind them
_LEFT = sum(1 << CODES.index(code) for code in ("rate", "not_available", "booked", "too_many_hours", "too_few_hours"))
#: Prices are whole 1024ths, scores whole 2^20ths.
_FINER = 1024
#: More than any score or price.
_ABOVE_STRANGERS = 1 << 40
_LEAST_KEY = np.int64(-(2**62))
_ALL = np.uint64(2**64 - 1)
#: So many people are gathered before they are looked at.
_FEW = 1_024

Rows = NDArray[np.int32]
Longs = NDArray[np.int64]


class Map(NamedTuple):
    """Where people are, as compiled code takes it; `alive` are the rows that count."""

    bands: NDArray[Any]
    cell_starts: NDArray[np.int32]
    bitmaps: Words
    alive: Words


class Order(NamedTuple):
    """What orders people: a scorecard's points, and for each row and block a price (or no rows: no prices)."""

    points: NDArray[np.int32]
    prices: NDArray[np.uint16]
    block: int


# --- where to look


@compiled
def _runs(asked: Asked, where: Map) -> NDArray[np.int64]:
    """Stretches of rows in which everyone lives who travels far enough: the first, and after the last."""
    rows = 0
    for at in range(len(where.bands)):
        rows += 2 * (where.bands[at].reach + asked.what[0].further) // where.bands[at].cell + 2
    runs, count = np.empty((rows, 2), dtype=np.int64), 0
    for at in range(len(where.bands)):
        count = _runs_of_band(asked, where, at, runs, count)
    return runs[:count]


@compiled_inner
def _runs_of_band(asked: Asked, where: Map, at: int, runs: NDArray[np.int64], count: int) -> int:
    what, band = asked.what[0], where.bands[at]
    east, north, side = np.float64(what.easting), np.float64(what.northing), np.float64(band.cell)
    radius = np.float64(band.reach + what.further)
    south = max(int(np.floor((north - radius) / side)), 0)
    for row in range(south, min(int((north + radius) / side), band.high - 1) + 1):
        apart = max(row * side - north, north - (row + 1) * side, 0.0)
        half = np.sqrt(max(radius * radius - apart * apart, 0.0))
        left = max(int(np.floor((east - half) / side)), 0)
        right = min(int((east + half) / side), band.wide - 1)
        first = band.first + row * band.wide
        begin, end = where.cell_starts[first + left], where.cell_starts[first + right + 1]
        if begin < end:
            runs[count, 0], runs[count, 1] = begin, end
            count += 1
    return count


@compiled_inner
def _word(where: Map, run: NDArray[np.int64], word: int) -> np.uint64:
    """The people of one word of a run, as bits."""
    bits: np.uint64 = where.alive[word]
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
    return bits_set((bits & (~bits + np.uint64(1))) - np.uint64(1))


# --- the answers


@compiled
def best(
    asked: Asked, people: People, where: Map, order: Order, k: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Rows and keys of the k best, best first, and how many fit; equal keys stand in the order of ids."""
    rows, keys = np.full(k, -1, dtype=np.int64), np.full(k, _LEAST_KEY, dtype=np.int64)
    values = np.empty(SINGLE + len(asked.codes), dtype=np.int32)
    few = np.empty(_FEW, dtype=np.int32)
    runs = _runs(asked, where)
    fitting, count = 0, 0
    for at in range(len(runs)):
        for word in range(runs[at, 0] >> 6, ((runs[at, 1] - 1) >> 6) + 1):
            bits = _word(where, runs[at], word)
            if bits:
                bits = _meeting(asked, where, word, bits)
            if count > _FEW - 64:
                fitting += _rank(asked, people, order, few, count, rows, keys, values)
                count = 0
            while bits:
                few[count] = word * 64 + _lowest(bits)
                bits &= bits - np.uint64(1)
                count += 1
    fitting += _rank(asked, people, order, few, count, rows, keys, values)
    return rows, keys, fitting


@compiled_inner
def _rank(
    asked: Asked, people: People, order: Order, few: Rows, count: int, rows: Longs, keys: Longs, values: Rows
) -> int:
    """Puts those of the few who fit where they belong among the best; how many they are."""
    fitting, left = 0, _keep_near(asked, people, few, count)
    left = _keep_useful(asked, people, few, _keep_available(asked, people, few, left))
    for at in range(left):
        row = few[at]
        if first_failure(asked, people, row, _LEFT) == NONE:
            fitting += 1
            key = key_of(asked, people, order, row, values)
            if key >= keys[len(keys) - 1]:
                _insert(people, rows, keys, row, key)
    return fitting


# The two rules that remove most come first, each for all of the few and without a branch: the processor then fetches
# many people at once, where it would wait for one after the other. `first_failure` says the same of whoever is left.


@compiled_inner
def _keep_near(asked: Asked, people: People, few: Rows, count: int) -> int:
    what, kept = asked.what[0], 0
    east, north, more = np.int64(what.easting), np.int64(what.northing), np.int64(what.further) + 1
    for at in range(count):
        row = few[at]
        person = people.people[row]
        reach = FURTHEST[person.mode, person.minutes] + more
        across, up = east - person.easting, north - person.northing
        few[kept] = row
        kept += (across * across + up * up < reach * reach) & (person.rate <= what.rate)
    return kept


@compiled_inner
def _keep_available(asked: Asked, people: People, few: Rows, count: int) -> int:
    what, kept = asked.what[0], 0
    times = 1 if what.cover else 2
    for at in range(count):
        row = few[at]
        few[kept] = row
        kept += times * shared_minutes(asked, people, row) >= what.wanted
    return kept


@compiled_inner
def _keep_useful(asked: Asked, people: People, few: Rows, count: int) -> int:
    what, kept = asked.what[0], 0
    times = 1 if what.cover else 2
    for at in range(count):
        row = few[at]
        few[kept] = row
        given = given_minutes(asked, people, row)
        kept += (times * given >= what.wanted) & ((given >= people.people[row].least) | (what.cover != 0))
    return kept


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
                fitting += first_failure(asked, people, row, 0) == NONE
    return fitting


@compiled
def funnel(asked: Asked, people: People, where: Map) -> NDArray[np.int64]:
    """How many each rule removes, in the order of the rules, and last how many are left."""
    removed = np.zeros(RULES + 1, dtype=np.int64)
    looking = np.int64(0)
    for word in range(len(where.alive)):
        everyone = where.alive[word]
        those = everyone & where.bitmaps[LOOKING_AT, word]
        removed[0] += bits_set(everyone) - bits_set(those)
        looking += bits_set(those)
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

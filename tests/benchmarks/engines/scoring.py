"""The rules and the score in numpy, for many people at once; whoever searches differently scores alike.

Written from what the rules say, not from the code that is measured: from there it has what a question is, the
scorecard's tables and the table of journeys.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from matching.columns import Words, check, competency, day_number, language
from matching.index import words_of
from matching.question import Question
from matching.scorecard import FEATURES, GRAIN, HEAVIEST, LOG_YES, Scorecard
from matching.terms import bits
from matching.travel import LONGEST_MINUTES, MINUTES, STRIDE
from tests.benchmarks.engines.table import Bits, Ints, Table, mask_of

Flags = NDArray[np.bool_]

#: Cover puts those who know the holder before everybody else.
_ABOVE_STRANGERS = 1 << 40
_OPEN = 1
_NEVER_CONFIRMED = 53
_HEAVIEST = HEAVIEST * GRAIN


@dataclass(frozen=True)
class Ask:
    """A question as this scorer takes it. Codes are places among the table's, -1 for one that nobody holds."""

    question: Question
    mask: np.uint64
    required: tuple[int, ...]
    other: tuple[int, ...]
    wished: tuple[int, ...]
    spoken: tuple[int, ...]
    brings: int
    needs: int
    refuses: int
    week: Words
    preferred: Words
    first: int
    last: int
    today: int
    blocked: Bits
    known: Bits


def ask_of(question: Question, table: Table) -> Ask:
    """Everything about a question that can be worked out before it is asked."""
    need, where = question.need, {code: at for at, code in enumerate(table.codes)}

    def found(kind: Callable[[str], str], codes: Iterable[str]) -> tuple[int, ...]:
        return tuple(where.get(kind(code), -1) for code in sorted(codes))

    required = found(competency, need.required)
    other = found(check, need.checks) + found(language, need.languages)
    brings, needs = bits(need.terms.brings), bits(need.terms.needs)
    held = [code for code in required + other if code >= 0]
    return Ask(
        question=question,
        mask=np.uint64(mask_of(held, needs, brings, of=len(table.codes))),
        required=required,
        other=other,
        wished=found(competency, question.extra),
        spoken=found(language, question.spoken),
        brings=brings,
        needs=needs,
        refuses=bits(need.terms.refuses),
        week=words_of(question.week),
        preferred=words_of(question.preferred),
        first=day_number(question.first_day),
        last=day_number(question.last_day),
        today=day_number(question.today),
        blocked=_halves(need.blocked),
        known=_halves(need.known),
    )


class Fitting(NamedTuple):
    """Who passes every rule: rows of the table, metres away as the crow flies, minutes they could give."""

    rows: Ints
    metres: Ints
    given: Ints


# --- the rules


def masked(ask: Ask, table: Table, rows: Ints) -> Ints:
    """Those who hold, bring and accept what is asked, whatever the dates."""
    return rows[table.mask[rows] & ask.mask == ask.mask]


def fitting(ask: Ask, table: Table, rows: Ints) -> Fitting:
    """Those of the rows who pass every rule; the rows are `masked` already."""
    rows = rows[_in_words(ask, table, rows)]
    metres = _metres(ask, table, rows)
    near = _in_reach(ask, table, rows, metres)
    rows, metres = rows[near], metres[near]
    for code in ask.required + ask.other:
        valid = _valid(ask, table, rows, code)
        rows, metres = rows[valid], metres[valid]
    given = _given(ask, table, rows)
    useful = _useful(ask, table, rows, given)
    return Fitting(rows[useful], metres[useful], given[useful])


def _in_words(ask: Ask, table: Table, rows: Ints) -> Flags:
    """Rate and terms; the mask has seen to most of the terms, but a word may stand on the other side, too."""
    brings, refuses = table.brings[rows], table.refuses[rows]
    wrong = np.uint16(ask.needs) & ~brings | refuses & np.uint16(ask.brings) | brings & np.uint16(ask.refuses)
    wrong |= table.needs[rows] & np.uint16(~ask.brings & 0xFFFF)
    return (wrong == 0) & (table.rate[rows] <= ask.question.need.rate_pence)


def _metres(ask: Ask, table: Table, rows: Ints) -> Ints:
    place = ask.question.need.place
    east = table.easting[rows].astype(np.int64) - place.easting
    north = table.northing[rows].astype(np.int64) - place.northing
    metres: Ints = np.sqrt((east * east + north * north).astype(np.float64)).astype(np.int64)
    return metres


def _in_reach(ask: Ask, table: Table, rows: Ints, metres: Ints) -> Flags:
    near = metres <= table.reach[rows] + ask.question.further
    if ask.question.within < LONGEST_MINUTES:
        near &= _journeys(table, rows, metres) <= ask.question.within
    return near


def _valid(ask: Ask, table: Table, rows: Ints, code: int) -> Flags:
    if code < 0:
        return np.zeros(len(rows), dtype=np.bool_)
    return (table.since[code][rows] <= ask.first) & (table.until[code][rows] >= ask.last)


def _given(ask: Ask, table: Table, rows: Ints) -> Ints:
    free = _shared(table, rows, ask.week)
    room = table.most[rows].astype(np.int64) - table.booked[rows]
    return np.maximum(np.minimum(np.minimum(free, room), ask.question.wanted_minutes), 0)


def _useful(ask: Ask, table: Table, rows: Ints, given: Ints) -> Flags:
    wanted = ask.question.wanted_minutes
    enough = given >= wanted if ask.question.cover else (2 * given >= wanted) & (given >= table.least[rows])
    return enough & ~_among(table, rows, ask.blocked)


def _shared(table: Table, rows: Ints, week: Words) -> Ints:
    """Minutes of a week for which each is free."""
    return np.bitwise_count(table.free[rows] & week).sum(axis=1, dtype=np.int64) * 30


def _journeys(table: Table, rows: Ints, metres: Ints) -> NDArray[np.int32]:
    found: NDArray[np.int32] = MINUTES[table.mode[rows], np.minimum(metres // STRIDE, MINUTES.shape[1] - 1)]
    return found


def _among(table: Table, rows: Ints, ids: Bits) -> Flags:
    found = np.zeros(len(rows), dtype=np.bool_)
    for high, low in ids:
        found |= (table.high[rows] == high) & (table.low[rows] == low)
    return found


# --- the score


class Scorer:
    """A scorecard, its tables as arrays."""

    def __init__(self, card: Scorecard) -> None:
        self._tables = {feature.code: np.array(card.tables[feature.code], dtype=np.int64) for feature in FEATURES}
        self._bases = card.bases

    def keys(self, ask: Ask, table: Table, found: Fitting) -> Ints:
        """The logarithm of the probability that both say yes, in 2^20ths; more for those who come first anyway."""
        journeys = _journeys(table, found.rows, found.metres)
        known = _among(table, found.rows, ask.known)
        holder = np.clip(self._holder(ask, table, found, journeys, known), -_HEAVIEST, _HEAVIEST)
        assistant = np.clip(self._assistant(ask, table, found, journeys), -_HEAVIEST, _HEAVIEST)
        keys: Ints = LOG_YES[holder + _HEAVIEST].astype(np.int64) + LOG_YES[assistant + _HEAVIEST]
        return keys + known * _ABOVE_STRANGERS if ask.question.cover else keys

    def best(self, ask: Ask, table: Table, rows: Ints, k: int) -> Ints:
        """The k best of those of the rows who fit, best first; the rows are `masked` already."""
        return self.first(ask, table, fitting(ask, table, rows), k)

    def first(self, ask: Ask, table: Table, found: Fitting, k: int) -> Ints:
        """The rows of the k best of those who fit, best first; equals stand in the order of their ids."""
        keys, rows = self.keys(ask, table, found), found.rows
        if len(keys) > k:
            # who is equal to the last on the list is still compared by id
            good = np.flatnonzero(keys >= np.partition(keys, len(keys) - k)[len(keys) - k])
            keys, rows = keys[good], rows[good]
        return rows[np.lexsort((table.low[rows], table.high[rows], -keys))[:k]]

    def _holder(self, ask: Ask, table: Table, found: Fitting, journeys: NDArray[np.int32], known: Flags) -> Ints:
        wanted = ask.question.wanted_minutes
        total = self._bases.holder + self._of("journey", journeys) + self._of("hours", 100 * found.given // wanted)
        total += self._of("known", known.astype(np.int64))
        if ask.question.preferred:
            liked = np.minimum(_shared(table, found.rows, ask.preferred), found.given)
            total += self._of("preferred", 100 * liked // wanted)
        for code in ask.required:
            total += self._of("required", _months(ask, table, found.rows, code)) // len(ask.required)
        for code in ask.wished:
            held = _valid(ask, table, found.rows, code)
            months = np.where(held, _months(ask, table, found.rows, code) + 1, 0)
            total += self._of("wished", months) // len(ask.wished)
        for code in ask.spoken:
            total += self._of("spoken", _valid(ask, table, found.rows, code).astype(np.int64)) // len(ask.spoken)
        return total

    def _assistant(self, ask: Ask, table: Table, found: Fitting, journeys: NDArray[np.int32]) -> Ints:
        rows = found.rows
        room = np.maximum(table.most[rows].astype(np.int64) - table.booked[rows], 1)
        above = ask.question.need.rate_pence - table.rate[rows].astype(np.int64)
        share = 100 * journeys // np.maximum(table.minutes[rows].astype(np.int64), 1)
        weeks = np.clip((ask.today - table.confirmed[rows].astype(np.int64)) // 7, 0, _NEVER_CONFIRMED - 1)
        total = self._bases.assistant + self._of("journey_share", np.minimum(share, 100))
        total += self._of("rate", np.clip(above, 0, 300)) + self._of("fill", np.minimum(100 * found.given // room, 100))
        total += self._of("status", (table.status[rows] == _OPEN).astype(np.int64))
        return total + self._of("confirmed", np.where(table.confirmed[rows] > 0, weeks, _NEVER_CONFIRMED))

    def _of(self, code: str, values: NDArray[np.integer]) -> Ints:
        return self._tables[code][values]


def _months(ask: Ask, table: Table, rows: Ints, code: int) -> Ints:
    if code < 0:
        return np.zeros(len(rows), dtype=np.int64)
    return np.clip((ask.today - table.since[code][rows].astype(np.int64)) // 30, 0, 60)


def _halves(ids: Iterable[UUID]) -> Bits:
    return np.array([(one.int >> 64, one.int & (1 << 64) - 1) for one in ids], dtype=np.uint64).reshape(-1, 2)

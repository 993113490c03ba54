"""Everyone who might help: an index of most, a small one of who changed since, and the questions both answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import repeat
from typing import NamedTuple, Self
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from matching import search
from matching.columns import Columns, Words, alike, columns_of, id_of, nobody, order_of_ids
from matching.index import Index, index_of
from matching.judging import CODES, NONE, SINGLE, first_failure
from matching.listed import Listed, listed
from matching.profiles import Candidate
from matching.question import Asked, Question, asked_of
from matching.scorecard import Scorecard
from matching.sharing import NO_SHARES, Shares
from matching.week import main_block

#: The small index is merged into the big one when it holds this share of it, and never under so many.
_MERGED_AT_SHARE = 20
_MERGED_AT = 2_000
_WORD = 64


class Found(NamedTuple):
    """One person a search found: `key` is the logarithm of their score less their price, in 2^20ths."""

    key: int
    part: int
    row: int


@dataclass(frozen=True)
class Part:
    """An index, which of its rows count, and what it costs to list them."""

    index: Index
    alive: Words
    prices: NDArray[np.uint16]

    @cached_property
    def where(self) -> search.Map:
        """As compiled code takes it."""
        index = self.index
        return search.Map(index.bands, index.cell_starts, index.bitmaps, self.alive)

    @cached_property
    def count(self) -> int:
        """How many rows count."""
        return int(np.bitwise_count(self.alive).sum())

    def without(self, ids: Iterable[UUID]) -> "Part":
        """The same, where these people count no more."""
        rows = [row for one in ids if (row := self.row(one)) is not None]
        if not rows:
            return self
        alive = self.alive.copy()
        for row in rows:
            alive[row // _WORD] &= ~(np.uint64(1) << np.uint64(row % _WORD))
        return replace(self, alive=alive)

    def row(self, one: UUID) -> int | None:
        """Where somebody stands, if they are here and count."""
        row = self.index.find(one.int >> 64, one.int & (1 << 64) - 1)
        if row is None or not self.alive[row // _WORD] >> np.uint64(row % _WORD) & np.uint64(1):
            return None
        return row

    def rows(self) -> NDArray[np.intp]:
        """Those who count."""
        return np.flatnonzero(np.unpackbits(self.alive.view(np.uint8), bitorder="little"))


class Pool:
    """Candidates, however they came in; it never changes, so whoever reads it waits for nobody.

    Raises:
        BadQuestion: two candidates have the same id.
    """

    def __init__(self, candidates: Iterable[Candidate] = (), *, shares: Shares = NO_SHARES) -> None:
        self.shares = shares
        self._parts = self._indexed(columns_of(candidates))

    @classmethod
    def of_columns(cls, columns: Columns, *, shares: Shares = NO_SHARES) -> Self:
        """The same from columns, which a million people fill faster than they become objects."""
        pool = cls(shares=shares)
        pool._parts = pool._indexed(columns)
        return pool

    def __len__(self) -> int:
        return sum(part.count for part in self._parts)

    @property
    def nbytes(self) -> tuple[int, int]:
        """Memory of the people, and of the bitmaps and cells that find them."""
        people = sum(part.index.columns.nbytes for part in self._parts)
        finding = sum(part.index.bitmaps.nbytes + part.index.cell_starts.nbytes for part in self._parts)
        return people, finding

    # --- changing

    def with_changes(self, *, upsert: Iterable[Candidate] = (), remove: Iterable[UUID] = ()) -> "Pool":
        """A pool without those removed, then with those upserted; removing a stranger does nothing."""
        people = {person.id: person for person in upsert}
        gone = {*remove, *people}
        new = columns_of(people.values())
        if not self._parts:
            return self._of(self._indexed(new))
        big, *small = (part.without(gone) for part in self._parts)
        changed = self._together(small[0], new) if small else self._indexed(new)
        many = sum(part.count for part in changed)
        if many > max(_MERGED_AT, big.count // _MERGED_AT_SHARE):
            return self._of(self._together(big, changed[0].index.columns))
        return self._of((big, *changed))

    def rebuilt(self) -> "Pool":
        """The same people in one index."""
        if not self._parts:
            return self
        big, *small = self._parts
        more = small[0].index.columns.take(small[0].rows()) if small else nobody()
        return self._of(self._together(big, more))

    def with_shares(self, shares: Shares) -> "Pool":
        """The same people at other prices."""
        pool = Pool(shares=shares)
        pool._parts = tuple(replace(part, prices=shares.prices_of(part.index.columns.people)) for part in self._parts)
        return pool

    def _of(self, parts: tuple[Part, ...]) -> "Pool":
        pool = Pool(shares=self.shares)
        pool._parts = parts
        return pool

    def _together(self, part: Part, more: Columns) -> tuple[Part, ...]:
        both = alike(part.index.columns, more)
        theirs = np.arange(len(part.index), len(part.index) + len(more))
        return self._part(index_of(both, np.concatenate([part.rows(), theirs])))

    def _indexed(self, columns: Columns) -> tuple[Part, ...]:
        order_of_ids(columns.people)  # refuses whoever is there twice
        return self._part(index_of((columns, nobody(columns.codes)), np.arange(len(columns))))

    def _part(self, index: Index) -> tuple[Part, ...]:
        if not len(index):
            return ()
        return (Part(index, index.everybody, self.shares.prices_of(index.columns.people)),)

    # --- asking

    def ask(self, question: Question) -> tuple[Asked, ...]:
        """The question as each part takes it; worked out once for several answers."""
        return tuple(asked_of(question, part.index) for part in self._parts)

    def best(
        self, question: Question, card: Scorecard, *, k: int, shared: bool = False, asked: Sequence[Asked] = ()
    ) -> list[Found]:
        """The k best of those who fit, best first; equals stand in the order of their ids.

        With `shared`, people whom many others need stand lower, by their price for the question's time of week.
        """
        block = Shares.block(main_block(question.week)) if shared else 0
        found: list[Found] = []
        for at, (part, one) in enumerate(zip(self._parts, asked or self.ask(question), strict=True)):
            order = search.Order(card.points, part.prices if shared else NO_SHARES.prices, block)
            rows, keys, fitting = search.best(one, part.index.columns.compiled(), part.where, order, k)
            most = min(fitting, k)
            found += map(Found, keys[:most].tolist(), repeat(at), rows[:most].tolist())
        if len(self._parts) > 1:
            found.sort(key=lambda one: (-one.key, self.id_of(one)))
        return found[:k]

    def count(self, question: Question) -> int:
        """How many fit."""
        return sum(
            search.count_fitting(asked, part.index.columns.compiled(), part.where)
            for part, asked in zip(self._parts, self.ask(question), strict=True)
        )

    def funnel(self, question: Question, *, asked: Sequence[Asked] = ()) -> list[int]:
        """How many each rule of `judging.CODES` removed, in their order, and last how many fit."""
        removed = np.zeros(len(CODES) + 1, dtype=np.int64)
        for part, one in zip(self._parts, asked or self.ask(question), strict=True):
            removed += search.funnel(one, part.index.columns.compiled(), part.where)
        return list(map(int, removed))

    def find(self, candidate_id: UUID) -> Found | None:
        """Where somebody is, if they are in the pool."""
        for at, part in enumerate(self._parts):
            if (row := part.row(candidate_id)) is not None:
                return Found(0, at, row)
        return None

    def failures(self, question: Question, one: Found) -> list[str]:
        """Every rule that somebody fails, in order."""
        part = self._parts[one.part]
        asked, ignoring, failed = asked_of(question, part.index), 0, []
        while (rule := first_failure(asked, part.index.columns.compiled(), one.row, ignoring)) != NONE:
            failed.append(CODES[rule])
            ignoring |= 1 << rule
        return failed

    def values(self, asked: Sequence[Asked], card: Scorecard, one: Found) -> tuple[int, NDArray[np.int32]]:
        """Somebody's plain key, and the values of all their features in the order `judging.judge` fills them in."""
        part = self._parts[one.part]
        values = np.empty(SINGLE + len(asked[one.part].codes), dtype=np.int32)
        order = search.Order(card.points, NO_SHARES.prices, 0)
        key = search.key_of(asked[one.part], part.index.columns.compiled(), order, one.row, values)
        return key, values

    def id_of(self, one: Found) -> UUID:
        """Who it is."""
        return id_of(self._parts[one.part].index.columns.people[one.row])

    def listed(self, one: Found) -> Listed:
        """What is known of somebody."""
        return listed(self._parts[one.part].index.columns, one.row)

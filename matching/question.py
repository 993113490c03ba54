"""A need, asked on a day, as the arrays that compiled code compares people with."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from matching.columns import Words, check, competency, day_number, language
from matching.index import (
    ACCEPTS_AT,
    BRINGS_AT,
    HELD_AT,
    LOOKING_AT,
    NOBODYS,
    PARTS_AT,
    Index,
    parts_touched,
    words_of,
)
from matching.profiles import Need
from matching.terms import TERMS, bits
from matching.travel import LONGEST_MINUTES
from matching.week import half_hours, minutes_of

#: How far ahead required evidence must hold. Most certificates last a year or less: asking for the
#: whole of a support that has no end would leave nobody. Renewal after that is followed up shift by
#: shift, not here.
EVIDENCE_AHEAD = timedelta(weeks=12)

#: So many of the parts of the week touched at most, before ANDing them costs more than it saves.
_FEW_PARTS = 4

_ASKED = np.dtype(
    [
        ("brings", "<u4"),
        ("needs", "<u4"),
        ("refuses", "<u4"),
        ("easting", "<i4"),
        ("northing", "<i4"),
        ("further", "<i4"),
        ("within", "<i4"),
        ("rate", "<i4"),
        ("wanted", "<i4"),
        ("today", "<i4"),
        ("first", "<i4"),
        ("last", "<i4"),
        # where each kind ends among the codes
        ("competencies", "<i4"),
        ("checks", "<i4"),
        ("languages", "<i4"),
        ("wished", "<i4"),
        ("spoken", "<i4"),
        ("prefers", "u1"),
        ("cover", "u1"),
    ],
    align=True,
)


class Asked(NamedTuple):
    """What compiled code reads of a question, for one index: codes and bitmaps are that index's own.

    `what` has one record; `weeks` the half hours that would do and those preferred; `codes` what is to be held:
    competencies, checks, languages, then the wished. `bitmaps` are all to be met, `parts` at least one of.
    `blocked` and `known` are ids in two halves.
    """

    what: NDArray[Any]
    weeks: Words
    codes: NDArray[np.uint8]
    bitmaps: NDArray[np.int32]
    parts: NDArray[np.int32]
    blocked: Words
    known: Words


@dataclass(frozen=True)
class Question:
    """A need, asked on a day; `further` are metres that everyone would travel more than they say.

    Asked for `cover`, all of the hours must be free, nobody's wish for more hours counts, those who know the holder
    come first, and who needs more than `within` minutes to get there is too far away.

    `week` is the half hours that would do. Required evidence must hold from `first_day`, which is never in the
    past, to `last_day`: the end of the support, or EVIDENCE_AHEAD if that is sooner.
    """

    need: Need
    today: date
    further: int = 0
    cover: bool = False
    within: int = LONGEST_MINUTES

    @cached_property
    def week(self) -> int:
        """The half hours that would do."""
        return half_hours(self.need.windows)

    @cached_property
    def preferred(self) -> int:
        """Those of them liked best."""
        return half_hours(self.need.preferred) & self.week

    @cached_property
    def wanted_minutes(self) -> int:
        """How much is wanted, a week."""
        return self.need.minutes_a_week or minutes_of(self.week)

    @cached_property
    def first_day(self) -> date:
        """The first day on which what is required must hold."""
        return max(self.need.starts_on, self.today)

    @cached_property
    def last_day(self) -> date:
        """The last day on which it must."""
        last = self.first_day + min(EVIDENCE_AHEAD, date.max - self.first_day)
        return last if self.need.ends_on is None else max(self.first_day, min(last, self.need.ends_on))

    @cached_property
    def extra(self) -> tuple[str, ...]:
        """Competencies wished for beyond those required."""
        return tuple(sorted(self.need.wished - self.need.required))

    @cached_property
    def spoken(self) -> tuple[str, ...]:
        """Languages wished for beyond those required."""
        return tuple(sorted(self.need.languages_wished - self.need.languages))


def asked_of(question: Question, index: Index) -> Asked:
    """What compiled code reads of a question, for one index."""
    need = question.need
    groups = (
        sorted(map(competency, need.required)),
        sorted(map(check, need.checks)),
        sorted(map(language, need.languages)),
        [competency(code) for code in question.extra],
        [language(code) for code in question.spoken],
    )
    codes = [index.code(code) for group in groups for code in group]
    ends = np.cumsum([len(group) for group in groups]).tolist()
    must = codes[: ends[2]]
    what = (
        bits(need.terms.brings),
        bits(need.terms.needs),
        bits(need.terms.refuses),
        need.place.easting,
        need.place.northing,
        question.further,
        question.within,
        need.rate_pence,
        question.wanted_minutes,
        day_number(question.today),
        day_number(question.first_day),
        day_number(question.last_day),
        *ends,
        bool(question.preferred),
        question.cover,
    )
    parts = parts_touched(question.week)
    return Asked(
        np.array([what], dtype=_ASKED),
        np.stack([words_of(question.week), words_of(question.preferred)]),
        np.array(codes, dtype=np.uint8),
        np.array(list(_bitmaps(need, must, index)), dtype=np.int32),
        np.array([PARTS_AT + part for part in parts] if len(parts) <= _FEW_PARTS else [], dtype=np.int32),
        _halves(need.blocked),
        _halves(need.known),
    )


def _bitmaps(need: Need, must: Collection[int], index: Index) -> Iterable[int]:
    """Bitmaps that hold everyone who fits, the rarest kind first."""
    # a code that nobody holds has no bitmap, and `judging` refuses everyone for it
    yield from (HELD_AT + code for code in must if code != NOBODYS)
    for at in range(len(TERMS)):
        if bits(need.terms.needs) >> at & 1:
            yield BRINGS_AT + at
        if bits(need.terms.brings) >> at & 1:
            yield ACCEPTS_AT + at
    if (rate := index.bitmap_of_rate(need.rate_pence)) is not None:
        yield rate
    yield LOOKING_AT


def _halves(ids: Iterable[UUID]) -> Words:
    halves = [(one.int >> 64, one.int & (1 << 64) - 1) for one in sorted(ids)]
    return np.array(halves, dtype=np.uint64).reshape(-1, 2)

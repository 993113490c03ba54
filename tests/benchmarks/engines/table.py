"""The people as numpy likes them: a contiguous array a column, and what a search asks first in one word of bits."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, get_args
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from matching.columns import NOT_NOW, Columns
from matching.terms import AssistantBrings, NeedBrings, bits
from matching.travel import FURTHEST

Ints = NDArray[np.int64]
Bits = NDArray[np.uint64]

_BROUGHT, _ACCEPTED = get_args(AssistantBrings), get_args(NeedBrings)
# one less than there are: SQL's are signed
_BITS = 63
_TURNS = 16


@dataclass(frozen=True)
class Table:
    """Sorted, neighbours stand near each other. `since` and `until` have a row for each of `codes`, in days.

    `mask` has a bit for each code held, each thing brought, each thing accepted, and "looks for work". `free` is the
    week without what is booked. `reach` is metres as the crow flies. `minutes` is how long they travel.
    """

    high: Bits
    low: Bits
    easting: NDArray[np.int32]
    northing: NDArray[np.int32]
    reach: NDArray[np.int32]
    mask: Bits
    free: Bits
    since: NDArray[np.uint16]
    until: NDArray[np.uint16]
    brings: NDArray[np.uint16]
    needs: NDArray[np.uint16]
    refuses: NDArray[np.uint16]
    rate: NDArray[np.uint16]
    least: NDArray[np.uint16]
    most: NDArray[np.uint16]
    booked: NDArray[np.uint16]
    confirmed: NDArray[np.uint16]
    mode: NDArray[np.uint8]
    minutes: NDArray[np.uint8]
    status: NDArray[np.uint8]
    codes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.high)

    @property
    def nbytes(self) -> int:
        return sum(getattr(self, one.name).nbytes for one in fields(self) if one.name != "codes")

    @property
    def furthest(self) -> int:
        """Metres that anybody reaches."""
        return int(self.reach.max(initial=-1))

    def ids(self, rows: Iterable[int]) -> list[UUID]:
        return [UUID(int=int(self.high[row]) << 64 | int(self.low[row])) for row in rows]


def table_of(columns: Columns, *, by_place: bool = True) -> Table:
    """Decoded, and sorted by place, or in the order in which people came.

    Raises:
        ValueError: there are more codes than one word of bits can hold.
    """
    order = _by_place(columns.people["easting"], columns.people["northing"]) if by_place else np.arange(len(columns))
    people, weeks = columns.people[order], columns.weeks[order]
    booked = people["booked_row"] >= 0
    weeks[booked] &= ~columns.booked_weeks[people["booked_row"][booked]]
    since, until = _dates(columns, people)
    plain = ("easting", "northing", "brings", "needs", "refuses", "rate", "least", "most")
    return Table(
        high=_column(people, "id_high"),
        low=_column(people, "id_low"),
        reach=FURTHEST[people["mode"], people["minutes"]],
        mask=_mask(people, until, columns.codes),
        free=weeks,
        since=since,
        until=until,
        codes=columns.codes,
        **{name: _column(people, name) for name in (*plain, "booked", "confirmed", "mode", "minutes", "status")},
    )


def mask_of(codes: Iterable[int], needs: int, brings: int, *, of: int) -> int:
    """The bits that somebody needs for these numbers of codes, of so many, and these terms of the other side."""
    held = sum(1 << code for code in set(codes))
    brought = sum(bool(needs & bits([term])) << at for at, term in enumerate(_BROUGHT))
    accepted = sum(bool(brings & bits([term])) << at for at, term in enumerate(_ACCEPTED))
    return held | (brought | accepted << len(_BROUGHT) | 1 << len(_BROUGHT) + len(_ACCEPTED)) << of


def _column(people: NDArray[Any], name: str) -> NDArray[Any]:
    return np.ascontiguousarray(people[name])


def _mask(people: NDArray[Any], until: NDArray[np.uint16], codes: tuple[str, ...]) -> Bits:
    flags = [days > 0 for days in until]
    flags += [people["brings"] & bits([term]) > 0 for term in _BROUGHT]
    flags += [people["refuses"] & bits([term]) == 0 for term in _ACCEPTED]
    flags.append(people["status"] != NOT_NOW)
    if len(flags) > _BITS:
        raise ValueError(f"{len(codes)} codes are more than one word of bits can hold.")
    mask = np.zeros(len(people), dtype=np.uint64)
    for at, flag in enumerate(flags):
        mask |= flag.astype(np.uint64) << np.uint64(at)
    return mask


def _dates(columns: Columns, people: NDArray[Any]) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """From when and until when each code is held; from the last day to the first by those who don't hold it."""
    counts = people["held_count"].astype(np.int64)
    person = np.repeat(np.arange(len(people)), counts)
    at = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts - people["held"], counts)
    since = np.full((len(columns.codes), len(people)), 65_535, dtype=np.uint16)
    until = np.zeros_like(since)
    since[columns.held_code[at], person] = columns.held_from[at]
    until[columns.held_code[at], person] = columns.held_until[at]
    return since, until


def _by_place(easting: NDArray[np.int32], northing: NDArray[np.int32]) -> Ints:
    """An order in which neighbours mostly stay neighbours: by the bits of both, one in turn after the other."""
    turns = np.zeros(len(easting), dtype=np.uint64)
    east, north = (easting >> 5).astype(np.uint64), (northing >> 5).astype(np.uint64)
    for bit in range(_TURNS):
        turns |= (east >> np.uint64(bit) & np.uint64(1)) << np.uint64(2 * bit)
        turns |= (north >> np.uint64(bit) & np.uint64(1)) << np.uint64(2 * bit + 1)
    return np.argsort(turns, kind="stable")

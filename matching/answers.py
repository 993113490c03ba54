"""What people answered to the lists they were shown: checked, put in order, and as columns to learn from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from matching.errors import BadQuestion
from matching.results import Side
from matching.scorecard import BY_CODE, FEATURES, GRAIN, HEAVIEST, Feature, Scorecard

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Truths: TypeAlias = NDArray[np.bool_]

# what a holder didn't ask for has no value
_MAY_BE_LEFT_OUT = frozenset({"preferred", *(feature.code for feature in FEATURES if feature.each)})
_UNKNOWN = -1
_LAST_RANK = 1_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one person on one list.

    `values` are `results.Match.values` as shown, `rank` the place on the list from 1. `holder` is True if they were
    invited, False if others of the list were and they weren't, None while nobody of it was. `assistant` is True if
    they accepted, False if they declined, None if they weren't asked or haven't answered. `lasted` says whether what
    was agreed lasted twelve weeks, None if that isn't known or nothing was agreed.

    Raises:
        BadQuestion: a value is missing, stands for no feature, or is none that its feature can have; a rank is not
            from 1 up; or something lasted that wasn't agreed.
    """

    need_id: UUID
    rank: int
    values: Mapping[str, tuple[int, ...]] = field(hash=False)
    holder: bool | None
    assistant: bool | None = None
    lasted: bool | None = None

    def __post_init__(self) -> None:
        # NaN is not within anything
        if not 1 <= self.rank <= _LAST_RANK or self.rank != int(self.rank):
            raise BadQuestion("rank", "Give the place on the list, a whole number from 1.")
        if self.lasted is not None and not (self.holder and self.assistant):
            raise BadQuestion("lasted", "Only what both agreed to can last.")
        # no protected characteristic can be learnt from: none is a feature, and nothing else gets in
        for code in self.values:
            if code not in BY_CODE:
                raise BadQuestion(code, "There is no such feature to learn from.")
        for feature in FEATURES:
            _check(feature, self.values.get(feature.code, ()))

    def yes(self, side: Side) -> bool | None:
        """What that side said."""
        return self.holder if side == "holder" else self.assistant


def _check(feature: Feature, values: Sequence[int]) -> None:
    if not values and feature.code not in _MAY_BE_LEFT_OUT:
        raise BadQuestion(feature.code, "Give its value as shown.")
    if len(values) > 1 and not feature.each:
        raise BadQuestion(feature.code, "Give one value.")
    if not all(0 <= value < feature.size and value == int(value) for value in values):
        raise BadQuestion(feature.code, f"Give whole values from 0 to {feature.size - 1}.")


@dataclass(frozen=True, slots=True)
class Column:
    """Values of one feature: the row each belongs to, and of how many of that row it is one."""

    rows: Ints
    values: Ints
    shares: Ints

    def summed(self, points: Floats, length: int) -> Floats:
        """For each row the points of its values, averaged over them; nought where there are none."""
        return _by_row(self.rows, points[self.values] / self.shares, length)

    def whole(self, points: Sequence[int], length: int) -> Floats:
        """The same in whole 1024ths, cut off as the ranker does."""
        return _by_row(self.rows, np.array(points)[self.values] // self.shares, length)


def _by_row(rows: Ints, parts: Floats | Ints, length: int) -> Floats:
    # without weights it counts, hence its type; with them it adds up
    return np.bincount(rows, parts, minlength=length).astype(float)


@dataclass(frozen=True)
class Answers:
    """Answers as columns, one row each; `needs` are numbered from nought."""

    answers: tuple[Answer, ...]
    needs: Ints
    ranks: Ints
    columns: Mapping[str, Column]

    def __len__(self) -> int:
        return len(self.answers)

    def looked_at(self, side: Side, attention: float = 1.0) -> Floats:
        """How likely each was looked at by that side; an assistant who is asked reads the one question they get."""
        return looked_at(self.ranks, attention) if side == "holder" else np.ones(len(self))

    def said(self, side: Side) -> tuple[Truths, Truths]:
        """Whose answer of that side is known, and who said yes."""
        said = np.array([_UNKNOWN if one.yes(side) is None else one.yes(side) for one in self.answers], dtype=np.int64)
        return said != _UNKNOWN, said == 1

    def log_odds(self, card: Scorecard, side: Side) -> Floats:
        """Each row's log-odds of that side's yes, as a scorecard has them."""
        total = np.full(len(self), float(card.bases.of(side)))
        for feature in FEATURES:
            if feature.side == side:
                total += self.columns[feature.code].whole(card.tables[feature.code], len(self))
        return total / GRAIN

    def chance(self, card: Scorecard, side: Side, attention: float = 1.0) -> Floats:
        """The probability of what can be seen of a yes: an invitation (a look and a yes), or an acceptance."""
        return self.looked_at(side, attention) * probability(self.log_odds(card, side))


def probability(log_odds: Floats) -> Floats:
    """From log-odds; beyond HEAVIEST it changes no more."""
    chance: Floats = 1 / (1 + np.exp(-np.clip(log_odds, -HEAVIEST, HEAVIEST)))
    return chance


def looked_at(ranks: Ints, attention: float = 1.0) -> Floats:
    """How likely a holder looked at somebody shown at a rank from 1: (1 / log2(1 + rank)) ** attention.

    Whoever wasn't invited may not have been wanted, or not have been seen; counting the second as a no would teach the
    card to repeat the order it had. So an invitation is taken to need both, a look and a yes (the examination
    hypothesis: Craswell and others, WSDM 2008), and a person at rank 15 who wasn't invited says little. At 1 the curve
    is the discount of NDCG (Järvelin and Kekäläinen 2002); at 0 everybody is looked at. Learning finds out how steep
    it is; that it hangs on the rank alone, and that the first is always looked at, is assumed.
    """
    chance: Floats = (1 / np.log2(1 + ranks)) ** attention
    return chance


def tabulate(answers: Iterable[Answer]) -> Answers:
    """Answers in an order of their own, so that the order in which they come changes nothing."""
    ordered = tuple(sorted(answers, key=_order))
    numbers: dict[UUID, int] = {}
    needs = [numbers.setdefault(one.need_id, len(numbers)) for one in ordered]
    return Answers(
        ordered,
        np.array(needs, dtype=np.int64),
        np.array([one.rank for one in ordered], dtype=np.int64),
        {feature.code: _column(feature.code, ordered) for feature in FEATURES},
    )


def _order(one: Answer) -> tuple[int, int, tuple[tuple[str, tuple[int, ...]], ...], tuple[int, ...]]:
    # the average over what was asked is the same in any order, up to the last bit
    values = sorted((code, tuple(sorted(values))) for code, values in one.values.items())
    said = tuple(_UNKNOWN if answer is None else int(answer) for answer in (one.holder, one.assistant, one.lasted))
    return one.need_id.int, one.rank, tuple(values), said


def _column(code: str, answers: Sequence[Answer]) -> Column:
    triples = [
        (row, value, len(values))
        for row, answer in enumerate(answers)
        if (values := answer.values.get(code))
        for value in sorted(values)
    ]
    return Column(*np.array(triples, dtype=np.int64).reshape(-1, 3).T)

"""Chance within what is likely; the same seed gives the same."""

import random
from collections.abc import Iterator, Mapping
from typing import TypeVar
from uuid import UUID

_T = TypeVar("_T")


def number(dice: random.Random) -> UUID:
    """An id that comes out the same for the same seed."""
    return UUID(int=dice.getrandbits(128), version=4)


def likely(dice: random.Random, shares: Mapping[_T, int]) -> _T:
    """One of the keys, as likely as its share."""
    return dice.choices(list(shares), list(shares.values()))[0]


def happens(dice: random.Random, share: float) -> bool:
    """Whether something does that happens so often in a hundred times."""
    return dice.random() * 100 < share


def among(dice: random.Random, shares: Mapping[_T, float]) -> Iterator[_T]:
    """Those of the keys that happen, each by itself, so often in a hundred times."""
    return (key for key, share in shares.items() if happens(dice, share))

"""How long it takes to get there: a documented model on distance, or whatever else answers the same question.

The model is straight-line distance made longer by how roads wind, at a speed that rises with distance, after some
minutes to set off and arrive. Its figures are judgement, near to what the Department for Transport reports for local
roads (about 30 km/h in towns and 55 km/h outside them); it knows no river, no motorway and no timetable.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt
from typing import Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

from matching.places import Place

Mode = Literal["car", "public_transport", "cycle", "foot"]
MODES: tuple[Mode, ...] = get_args(Mode)

#: Journeys are told apart in steps of so many metres.
STRIDE = 100
#: Nobody is asked to travel longer than this, one way.
LONGEST_MINUTES = 240


class TravelTimes(Protocol):
    """Something that knows how long journeys take."""

    def minutes(self, mode: Mode, start: Place, ends: Sequence[Place]) -> list[int | None]:
        """Whole minutes from `start` to each of `ends`, rounded up; None where there is no way."""
        ...


@dataclass(frozen=True, slots=True)
class _Pace:
    """`legs` are kilometres by road and the speed on them in km/h; the last goes on for ever."""

    setting_off: float
    winding: float
    legs: tuple[tuple[float, float], ...]

    def minutes(self, straight_km: float) -> float:
        taken, left = self.setting_off, straight_km * self.winding
        for length, speed in self.legs:
            part = min(left, length)
            taken += part / speed * 60
            left -= part
        return taken


_FOR_EVER = 10_000.0
_PACES: dict[Mode, _Pace] = {
    "car": _Pace(4, 1.35, ((5, 30), (15, 50), (_FOR_EVER, 75))),
    "public_transport": _Pace(12, 1.35, ((10, 18), (_FOR_EVER, 35))),
    "cycle": _Pace(2, 1.25, ((_FOR_EVER, 16),)),
    "foot": _Pace(0, 1.25, ((_FOR_EVER, 4.8),)),
}
_STRIDES = 4_000


def _table(pace: _Pace) -> NDArray[np.int32]:
    """Minutes by strides away, each rounded up from the middle of the stride."""
    minutes = [pace.minutes((stride + 0.5) * STRIDE / 1000) for stride in range(_STRIDES)]
    return np.minimum(np.ceil(minutes), LONGEST_MINUTES + 1).astype(np.int32)


#: One row a mode in the order of MODES, one column a stride; over LONGEST_MINUTES is never reached.
MINUTES: NDArray[np.int32] = np.stack([_table(_PACES[mode]) for mode in MODES])
MINUTES.setflags(write=False)


def metres(one: Place, other: Place) -> int:
    """Whole metres between two places as the crow flies, on the grid: 0.04% off at most."""
    return isqrt((one.easting - other.easting) ** 2 + (one.northing - other.northing) ** 2)


def minutes(mode: Mode, straight_metres: int) -> int:
    """The model's whole minutes for a distance as the crow flies; LONGEST_MINUTES + 1 is "too long"."""
    return int(MINUTES[MODES.index(mode), min(straight_metres // STRIDE, _STRIDES - 1)])


def _furthest() -> NDArray[np.int32]:
    limits = np.arange(LONGEST_MINUTES + 1)
    within = [np.searchsorted(row, limits, side="right") for row in MINUTES]
    return (np.stack(within) * STRIDE - 1).astype(np.int32)


#: Metres as the crow flies that one gets, by mode and whole minutes; -1 when not even next door.
FURTHEST: NDArray[np.int32] = _furthest()
FURTHEST.setflags(write=False)


class ModelTimes:
    """The model as a `TravelTimes`."""

    def minutes(self, mode: Mode, start: Place, ends: Sequence[Place]) -> list[int | None]:
        """By the model; None for more than LONGEST_MINUTES."""
        found = (minutes(mode, metres(start, end)) for end in ends)
        return [taken if taken <= LONGEST_MINUTES else None for taken in found]

"""The points of both sides: one table a feature, whole 1024ths of log-odds by the feature's whole value.

Everything is whole numbers, so that sums are exact, in whatever order and whatever engine adds them up.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matching.errors import BadQuestion
from matching.results import Side
from matching.travel import LONGEST_MINUTES

#: Points are whole 1024ths of log-odds.
GRAIN = 1024
#: Log-probabilities, the sum of which is the order, are whole 2^20ths.
FINE = 1 << 20
#: Beyond so many log-odds a probability changes no more.
HEAVIEST = 20

PERCENT = 101
#: Checks older than this many months are all the same.
OLDEST_MONTHS = 60
#: More pence an hour above the least asked than this make no more difference.
MOST_ABOVE_PENCE = 300
#: Weeks since an assistant last confirmed their profile; one more stands for "never".
MOST_WEEKS = 52
NEVER_CONFIRMED = MOST_WEEKS + 1


@dataclass(frozen=True, slots=True)
class Feature:
    """One table: whose yes it moves, and how many values it has, from nought.

    `each` features have a value for each thing asked, and count as the average of their points.
    """

    code: str
    side: Side
    size: int
    each: bool = False


# The order is that of the values `matching.judging` works out.
FEATURES = (
    Feature("journey", "holder", LONGEST_MINUTES + 2),
    Feature("hours", "holder", PERCENT),
    Feature("preferred", "holder", PERCENT),
    Feature("known", "holder", 2),
    Feature("journey_share", "assistant", PERCENT),
    Feature("rate", "assistant", MOST_ABOVE_PENCE + 1),
    Feature("fill", "assistant", PERCENT),
    Feature("status", "assistant", 2),
    Feature("confirmed", "assistant", NEVER_CONFIRMED + 1),
    Feature("required", "holder", OLDEST_MONTHS + 1, each=True),
    Feature("wished", "holder", OLDEST_MONTHS + 2, each=True),
    Feature("spoken", "holder", 2, each=True),
)
BY_CODE = {feature.code: feature for feature in FEATURES}
_STARTS = np.cumsum([0, *(feature.size for feature in FEATURES)]).tolist()
#: Where each feature's table begins among all points.
START = {feature.code: _STARTS[at] for at, feature in enumerate(FEATURES)}


def _log_yes() -> NDArray[np.int32]:
    log_odds = np.arange(-HEAVIEST * GRAIN, HEAVIEST * GRAIN + 1) / GRAIN
    fine: NDArray[np.int32] = np.rint(-np.log1p(np.exp(-log_odds)) * FINE).astype(np.int32)
    fine.setflags(write=False)
    return fine


#: The logarithm of the probability of a yes, in 2^20ths, by log-odds from -HEAVIEST up in 1024ths.
LOG_YES = _log_yes()


@dataclass(frozen=True, slots=True)
class Bases:
    """Log-odds of a yes before anything is known, in 1024ths."""

    holder: int
    assistant: int

    def of(self, side: Side) -> int:
        """One side's."""
        return self.holder if side == "holder" else self.assistant


@dataclass(frozen=True)
class Scorecard:
    """Both sides' models: `tables` has each feature's points by value, in 1024ths; `version` names it in records.

    Raises:
        BadQuestion: a table is missing, has the wrong length, or holds an absurd figure.
    """

    version: str
    bases: Bases
    tables: Mapping[str, tuple[int, ...]]

    def __post_init__(self) -> None:
        for feature in FEATURES:
            table = self.tables.get(feature.code, ())
            if len(table) != feature.size:
                raise BadQuestion(feature.code, f"Give {feature.size} points, one for each value.")
            # NaN is not within anything
            if not all(abs(points) <= HEAVIEST * GRAIN and points == int(points) for points in table):
                raise BadQuestion(
                    feature.code, f"Points are whole numbers from -{HEAVIEST * GRAIN} to {HEAVIEST * GRAIN}."
                )

    @cached_property
    def points(self) -> NDArray[np.int32]:
        """All tables one after the other, then the two bases: holder's, assistant's."""
        tables = [self.tables[feature.code] for feature in FEATURES]
        return np.concatenate([*tables, (self.bases.holder, self.bases.assistant)]).astype(np.int32)

    def best(self, code: str) -> int:
        """The most points a feature can have."""
        return max(self.tables[code])


BASES_AT = _STARTS[-1]


def _table(code: str, points: Callable[[int], float]) -> tuple[int, ...]:
    return tuple(round(points(value) * GRAIN) for value in range(BY_CODE[code].size))


def _starting() -> Scorecard:
    """Judgement, not measurement: no record of who said yes exists yet.

    A holder minds most who can come and how much of it they cover; an assistant, the journey. They stand until
    answers to real shortlists are there to learn from.
    """
    points: dict[str, Callable[[int], float]] = {
        "journey": lambda minutes: 1.5 * 0.5 ** (minutes / 15),
        "hours": lambda percent: 1.5 * max(percent - 50, 0) / 50,
        "preferred": lambda percent: 0.5 * percent / 100,
        "known": lambda known: 1.0 * known,
        "journey_share": lambda percent: 1.5 * (1 - percent / 100),
        "rate": lambda pence: min(pence / 200, 1.0),
        "fill": lambda percent: percent / 100,
        "status": lambda only_open: -0.5 * only_open,
        "confirmed": lambda weeks: -0.5 if weeks == NEVER_CONFIRMED else -weeks / MOST_WEEKS,
        "required": lambda months: 0.5 * 0.5 ** (months / 12),
        "wished": lambda held: 1.0 + 0.5 * 0.5 ** ((held - 1) / 12) if held else 0.0,
        "spoken": lambda spoken: 1.0 * spoken,
    }
    bases = Bases(round(-2.0 * GRAIN), round(-1.5 * GRAIN))
    return Scorecard("starting-2", bases, {code: _table(code, points[code]) for code in points})


#: What is used until there are answers to learn from.
STARTING = _starting()

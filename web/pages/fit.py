"""How a match is told to a holder: a word for the chance, and reasons for each side, told apart by what they speak for.

The bounds are judgement like the points they judge (`matching.scorecard.STARTING`); a word promises less than a
number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from marketplace.competencies import NAMES
from matching.results import Match, Reason, Side

Chance = Literal["very_good", "good", "fair", "possible"]

#: The least probability that both sides say yes, for each word. From the first on, yes is likelier than no.
_LEAST: tuple[tuple[float, Chance], ...] = ((1 / 2, "very_good"), (1 / 3, "good"), (1 / 6, "fair"))
#: These passed a limit, or they would not be here: at worst they are just what was asked for.
_NEVER_AGAINST = frozenset({"rate", "journey_share", "required", "known"})
_NOUGHT_IS_AGAINST = frozenset({"wished", "spoken"})
_BEST_OR_AGAINST = frozenset({"hours", "status"})
_SILENT_AT_BEST = frozenset({"status", "confirmed"})


@dataclass(frozen=True, slots=True)
class Told:
    """One reason as it is shown."""

    sentence: str
    speaks_for: bool


def chance(score: float) -> Chance:
    """The word for a probability that both sides say yes."""
    return next((word for least, word in _LEAST if score >= least), "possible")


def speaks_for(reason: Reason) -> bool:
    """Whether a reason makes a yes likelier, seen against the best it could be.

    A gap in the hours, a skill that is not there and a long way speak against, as the sentences say.
    """
    code = reason.code.partition(":")[0]
    if code in _NEVER_AGAINST:
        return True
    if code in _NOUGHT_IS_AGAINST:
        return reason.points > 0
    return reason.points >= (reason.best if code in _BEST_OR_AGAINST else reason.best / 2)


def told(match: Match, *, side: Side) -> Sequence[Told]:
    """The reasons of one side, those that speak for a yes first; what has no weight either way is left out."""
    reasons = [Told(one.sentence, speaks_for(one)) for one in match.reasons if one.side == side and _tells(one)]
    return sorted(reasons, key=lambda reason: not reason.speaks_for)


def _tells(reason: Reason) -> bool:
    """A status or a date that costs nothing is as it should be, and goes without saying."""
    return reason.code not in _SILENT_AT_BEST or reason.points < reason.best


def named(code: str) -> str:
    """A skill's name as a line of its own begins; str.capitalize would take the capitals out of PEG."""
    name = NAMES[code]
    return name[0].upper() + name[1:]

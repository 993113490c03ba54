"""How a match is told to a holder: a word for the chance, and reasons for each side, told apart by what they speak for.

The bounds are judgement like the points they judge (`matching.scorecard.STARTING`); a word promises less than a
number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matching.relax import Change
from matching.results import FunnelStep, Match, Reason, Side

Chance = Literal["very_good", "good", "fair", "possible"]

#: The least probability that both sides say yes, for each word. From the first on, yes is likelier than no.
_LEAST: tuple[tuple[float, Chance], ...] = ((1 / 2, "very_good"), (1 / 3, "good"), (1 / 6, "fair"))
#: These passed a limit, or they would not be here: at worst they are just what was asked for.
_NEVER_AGAINST = frozenset({"rate", "journey_share", "required", "known"})
_NOUGHT_IS_AGAINST = frozenset({"wished", "spoken"})
#: Their sentence names what is missing as soon as anything is.
_BEST_OR_AGAINST = frozenset({"hours", "status", "confirmed"})
#: These go without saying while they cost next to nothing: a profile two weeks old is no reason to doubt it.
_SILENT = frozenset({"status", "confirmed"})
_NEXT_TO_NOTHING = 1 / 6
#: Nobody can move, so this change is a hint of how near the next people are and not one to make.
_FURTHER = "further"


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
    return reason.code not in _SILENT or reason.best - reason.points > _NEXT_TO_NOTHING


def about(match: Match, code: str) -> str:
    """The sentence of one reason that everybody has, to be said as a plain fact."""
    return next(one.sentence for one in match.reasons if one.code == code)


def hardest(funnel: Sequence[FunnelStep]) -> FunnelStep | None:
    """The rule that took out the last of those who were left; else the one that removed most, if any did."""
    last = next((one for one in funnel if one.removed and not one.left), None)
    step = last or max(funnel, key=lambda one: one.removed)
    return step if step.removed else None


def can_be_made(change: Change) -> bool:
    """Whether a holder can make this change to their request."""
    return change.code != _FURTHER

"""How a match is told to a holder: a word for the chance, and reasons for each side, told apart by what they speak for.

The bounds are judgement like the weights they judge (`matching.ranker.Weights`); a word promises less than a number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from marketplace.competencies import NAMES
from matching.profiles import Match, Reason, Side
from matching.ranker import Weights

Chance = Literal["very_good", "good", "fair", "possible"]

#: The least probability that both sides say yes, for each word. From the first on, yes is likelier than no.
_LEAST: tuple[tuple[float, Chance], ...] = ((1 / 2, "very_good"), (1 / 3, "good"), (1 / 6, "fair"))
#: These passed the assistant's own limit, or they would not be here: at worst they are just what was asked for.
_NEVER_AGAINST = frozenset({"rate", "journey"})


@dataclass(frozen=True, slots=True)
class Told:
    """One reason as it is shown."""

    sentence: str
    speaks_for: bool


def chance(score: float) -> Chance:
    """The word for a probability that both sides say yes."""
    return next((word for least, word in _LEAST if score >= least), "possible")


def speaks_for(reason: Reason, weights: Weights) -> bool:
    """Whether a reason makes a yes likelier, seen against the best it could be.

    A gap in the hours, a skill that is not there and a long way speak against, as the sentences say.
    """
    code = reason.code.partition(":")[0]
    if code in _NEVER_AGAINST:
        return True
    if code == "competency":
        return reason.points > 0
    best: float = getattr(weights, code)
    return reason.points >= (best if code == "hours_free" else best / 2)


def told(match: Match, weights: Weights, *, side: Side) -> Sequence[Told]:
    """The reasons of one side, those that speak for a yes first."""
    reasons = [Told(one.sentence, speaks_for(one, weights)) for one in match.reasons if one.side == side]
    return sorted(reasons, key=lambda reason: not reason.speaks_for)


def named(code: str) -> str:
    """A skill's name as a line of its own begins; str.capitalize would take the capitals out of PEG."""
    name = NAMES[code]
    return name[0].upper() + name[1:]

"""A simulator of both sides' answers to shortlists, seeded. Nothing in it is measured; it holds what is to be learnt.

Each side's yes hangs on a hidden scorecard, on how choosy this holder is, on something about this assistant that no
feature tells, and on chance. Lists are shown in the order of the card in use; who stands low is often not looked at.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from uuid import UUID

from matching.answers import Answer
from matching.results import Side
from matching.scorecard import BY_CODE, FEATURES, GRAIN, MOST_ABOVE_PENCE, NEVER_CONFIRMED, STARTING, Bases, Scorecard

Values = dict[str, tuple[int, ...]]

SHOWN = 20
_ANSWERING, _LASTING_KNOWN = 0.9, 0.6
_KNOWN, _ONLY_OPEN, _NEVER, _HELD, _SPOKEN = 0.03, 0.25, 0.1, 0.5, 0.3
_TRAVEL = (20, 30, 45, 60, 90)
_MONTHS = 61


def card_of(version: str, bases: tuple[float, float], **points: Callable[[int], float]) -> Scorecard:
    """A scorecard from functions of the value, in log-odds; nought for the features left out."""
    tables = {
        feature.code: tuple(
            round(points[feature.code](value) * GRAIN) if feature.code in points else 0 for value in range(feature.size)
        )
        for feature in FEATURES
    }
    return Scorecard(version, Bases(round(bases[0] * GRAIN), round(bases[1] * GRAIN)), tables)


#: What people of this world want, which is not what `STARTING` supposes.
TRUTH = card_of(
    "hidden truth",
    (-2.2, -0.8),
    journey=lambda minutes: 2.5 * 0.5 ** (minutes / 12),
    hours=lambda percent: 0.6 * percent / 100,
    preferred=lambda percent: 1.2 * percent / 100,
    known=lambda known: 2.0 * known,
    journey_share=lambda percent: 0.5 * (1 - percent / 100),
    rate=lambda pence: 2.0 * min(pence / 150, 1.0),
    fill=lambda percent: 0.3 * percent / 100,
    status=lambda only_open: -1.0 * only_open,
    confirmed=lambda weeks: -1.2 if weeks == NEVER_CONFIRMED else -2.0 * weeks / 52,
    required=lambda months: 0.2 * 0.5 ** (months / 12),
    wished=lambda held: 0.8 if held else 0.0,
    spoken=lambda spoken: 1.5 * spoken,
)


@dataclass(frozen=True)
class Simulator:
    """Both sides, as `truth` has them; `hidden` is how much else decides, as standard deviations in log-odds.

    `attention` is the chance that a rank is looked at. With `everyone`, everybody on a list is looked at and asked, and
    stands at rank 1: what no real record says.
    """

    truth: Scorecard = TRUTH
    shown_by: Scorecard = STARTING
    hidden: float = 0.5
    attention: Callable[[int], float] = lambda rank: 1 / math.log2(1 + rank)
    everyone: bool = False

    def answers(self, *, needs: int, seed: int) -> list[Answer]:
        """All answers to so many lists."""
        dice = Random(f"answers {seed}")
        return [answer for _ in range(needs) for answer in self._list(dice)]

    def _list(self, dice: Random) -> Iterator[Answer]:
        need_id, choosy = UUID(int=dice.getrandbits(128)), dice.gauss(0, self.hidden)
        asked = _asked(dice)
        people = [_values(dice, asked) for _ in range(dice.randint(5, 40))]
        people.sort(key=lambda values: _chance(self.shown_by, values), reverse=True)
        shown = people[:SHOWN]
        wanted = [self._says_yes(dice, "holder", values, choosy) for values in shown]
        looked = [self.everyone or dice.random() < self.attention(rank) for rank in range(1, len(shown) + 1)]
        invited = [want and look for want, look in zip(wanted, looked, strict=True)]
        for rank, (values, yes) in enumerate(zip(shown, invited, strict=True), start=1):
            holder = yes if self.everyone or any(invited) else None
            accepted = self._says_yes(dice, "assistant", values, 0.0)
            assistant = accepted if self.everyone or (yes and dice.random() < _ANSWERING) else None
            lasted = self._lasted(dice, values) if holder and assistant else None
            yield Answer(need_id, 1 if self.everyone else rank, values, holder, assistant, lasted)

    def _says_yes(self, dice: Random, side: Side, values: Mapping[str, tuple[int, ...]], more: float) -> bool:
        return dice.random() < _logistic(log_odds(self.truth, side, values) + more + dice.gauss(0, self.hidden))

    def _lasted(self, dice: Random, values: Values) -> bool | None:
        both = log_odds(self.truth, "holder", values) + log_odds(self.truth, "assistant", values)
        lasted = dice.random() < _logistic(0.5 + both / 2)
        return lasted if dice.random() < _LASTING_KNOWN else None


def log_odds(card: Scorecard, side: Side, values: Mapping[str, tuple[int, ...]]) -> float:
    """One side's, added up the slow way."""
    total = float(card.bases.of(side))
    for code, several in values.items():
        if BY_CODE[code].side == side and several:
            total += sum(card.tables[code][value] for value in several) / len(several)
    return total / GRAIN


def _chance(card: Scorecard, values: Values) -> float:
    return _logistic(log_odds(card, "holder", values)) * _logistic(log_odds(card, "assistant", values))


def _logistic(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def _asked(dice: Random) -> dict[str, int]:
    return {
        "preferred": dice.randint(0, 1),
        "required": dice.randint(0, 2),
        "wished": dice.randint(0, 2),
        "spoken": dice.randint(0, 1),
    }


def _values(dice: Random, asked: Mapping[str, int]) -> Values:
    """One person who fits."""
    travel = dice.choice(_TRAVEL)
    # a circle has more room further out
    journey = round(travel * math.sqrt(dice.random()))
    values = {
        "journey": journey,
        "hours": 100 if dice.random() < 0.5 else dice.randint(50, 99),
        "known": int(dice.random() < _KNOWN),
        "journey_share": 100 * journey // travel,
        "rate": min(int(dice.expovariate(1 / 80)), MOST_ABOVE_PENCE),
        "fill": dice.randint(10, 100),
        "status": int(dice.random() < _ONLY_OPEN),
        "confirmed": NEVER_CONFIRMED if dice.random() < _NEVER else min(int(dice.expovariate(1 / 10)), 52),
    }
    each = {
        "preferred": lambda: dice.randint(0, values["hours"]),
        "required": lambda: dice.randrange(_MONTHS),
        "wished": lambda: 1 + dice.randrange(_MONTHS) if dice.random() < _HELD else 0,
        "spoken": lambda: int(dice.random() < _SPOKEN),
    }
    several = {code: tuple(each[code]() for _ in range(count)) for code, count in asked.items() if count}
    return {code: (value,) for code, value in values.items()} | several

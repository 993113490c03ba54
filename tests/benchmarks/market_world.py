"""A simulator of a region short of people: who could help whom, what each side would say, and who is asked in vain.

Nothing here was chosen by what our prices make of it. Fixed first, on these grounds: homes are real postcode sectors of
one region with cities and open country; a need for every 17 postcodes, two in three of the 130,000 posts of personal
assistants in England (Skills for Care, 2022/23); nine needs for ten seats, a seat being a person in one block of the
week; skills from one that half of all needs ask for to one that 2 people in 100 hold. Then how much people differ was
set so that the plain order, the product of both sides' chances, crowds as much as where the idea was first measured
(a Gini of exposure of .87, and random lists fill more needs than it does).
"""

import csv
import re
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from matching.compiled import compiled
from matching.market import Edges

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

METRES = 1609.344
#: Nottingham, Derby, Leicester, Lincoln, Sheffield and Doncaster: 137,000 postcodes; a smaller part for a quick look.
REGION = frozenset({"NG", "DE", "LE", "LN", "S", "DN"})
PART = frozenset({"NG", "DE"})
POSTCODES_A_NEED = 17
NEEDS_A_SEAT = 0.9

#: Day, evening, night, weekend: what a need is for, and which of them people work.
BLOCKS = 4
_ASKED_BLOCK = (0.45, 0.2, 0.1, 0.25)
_OPEN = (0.8, 0.4, 0.15, 0.35)
#: Moving with a hoist, epilepsy rescue, tube feeding, tracheostomy: who asks; who of the one in five trained holds it,
#: and who of the others.
_ASKED = (0.5, 0.3, 0.15, 0.05)
_HELD_TRAINED = (0.9, 0.6, 0.3, 0.1)
_HELD_OTHERS = (0.3, 0.1, 0.03, 0.0)
_TRAINED = 0.2
_MILES = (3, 5, 8, 10, 15, 20, 25)
#: Log-odds of a yes next door from somebody average, and by how much people, needs and pairs differ.
_HOLDER_BASE, _ASSISTANT_BASE = 1.0, 1.5
_QUALITY, _WILLING, _RATE, _PAIR = 1.2, 0.8, 0.5, 0.5
#: Log-odds lost for every five miles, and at the end of the reach.
_FAR, _EDGE = 0.8, 1.5

LIST = 5
#: How many a need names to the market.
NAMED = 50


@dataclass(frozen=True, slots=True)
class Places:
    """Postcode sectors: the middle in metres, how many postcodes, and how far they spread."""

    middles: Floats
    postcodes: Floats
    spread: Floats

    def homes(self, dice: np.random.Generator, count: int) -> Floats:
        """Eastings and northings, float64[count, 2], neighbours near each other: so an index keeps people."""
        at = np.sort(dice.choice(len(self.postcodes), count, p=self.postcodes / self.postcodes.sum()))
        return self.middles[at] + dice.normal(size=(count, 2)) * self.spread[at][:, None]


@dataclass(frozen=True, slots=True)
class World:
    """All pairs that can be, in the order of needs: who, for which seat, and both sides' true log-odds of a yes."""

    needs: int
    people: int
    need: Ints
    person: Ints
    seat: Ints
    holder: Floats
    assistant: Floats

    @property
    def starts(self) -> Ints:
        return _starts(self.need, self.needs)

    @property
    def seat_count(self) -> int:
        return self.people * BLOCKS

    @property
    def chances(self) -> Floats:
        """That both say yes."""
        return _sigmoid(self.holder) * _sigmoid(self.assistant)


@dataclass(frozen=True, slots=True)
class TakeUp:
    """What came of lists.

    `fill`: of the needs for whom there is anybody, the share that found somebody. `gini`: of how many lists a person
    stands on, whatever the block, over all people who could help at least one need (0 all alike, near 1 all lists
    name one person). `in_vain`: of all questions, the share put to somebody already taken in that block.
    """

    fill: float
    gini: float
    in_vain: float


def places(areas: frozenset[str] | None = None) -> Places:
    """The sectors of these postcode areas, or of all Great Britain."""
    table = resources.files("matching").joinpath("data", "gb_sector_median.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(table.splitlines()) if areas is None or _area(row["code"]) in areas]
    columns = ("easting", "northing", "postcodes", "radius90_m")
    numbers = np.array([[float(row[column]) for column in columns] for row in rows])
    # 90% of a round normal spread lies within 2.15 standard deviations
    return Places(numbers[:, :2], numbers[:, 2], numbers[:, 3] / 2.15)


def world(seed: int, areas: frozenset[str] = REGION) -> World:
    """One drawing of the region: the same for the same seed."""
    dice, where = np.random.default_rng((seed, 0)), places(areas)
    needs = int(where.postcodes.sum()) // POSTCODES_A_NEED
    people = int(needs / NEEDS_A_SEAT / sum(_OPEN))
    block, open_to = dice.choice(BLOCKS, needs, p=_ASKED_BLOCK), dice.random((people, BLOCKS)) < _OPEN
    asked = dice.random((needs, len(_ASKED))) < _ASKED
    trained = dice.random(people) < _TRAINED
    held = dice.random((people, len(_ASKED))) < np.where(trained[:, None], _HELD_TRAINED, _HELD_OTHERS)
    reach = dice.choice(_MILES, people) * METRES
    need, person, away = _within(where.homes(dice, needs), where.homes(dice, people), reach, block, open_to)
    able = ~(asked[need] & ~held[person]).any(axis=1)
    need, person, away = need[able], person[able], away[able]
    quality, willing = dice.normal(0, _QUALITY, people), dice.normal(0, _WILLING, people)
    rate = dice.normal(0, _RATE, needs)
    holder = _HOLDER_BASE + quality[person] - _FAR * away / (5 * METRES)
    assistant = _ASSISTANT_BASE + willing[person] + rate[need] - _EDGE * away / reach[person]
    return World(
        needs,
        people,
        need,
        person,
        person * BLOCKS + block[need],
        holder + dice.normal(0, _PAIR, len(need)),
        assistant + dice.normal(0, _PAIR, len(need)),
    )


def guessed(world: World, seed: int, sigma: float) -> Floats:
    """The chances as a ranker sees them: each side's log-odds off by `sigma`, half of it the same for a person."""
    dice = np.random.default_rng((seed, 1))

    def noise() -> Floats:
        own, shared = dice.normal(size=len(world.need)), dice.normal(size=world.people)
        return sigma * np.sqrt(0.5) * (own + shared[world.person])

    return _sigmoid(world.holder + noise()) * _sigmoid(world.assistant + noise())


def named(world: World, scores: Floats, each: int = NAMED) -> Edges:
    """What a job would hand to the market: the best of each need by these scores."""
    kept = np.sort(_best(world, scores, each))
    return Edges(
        _starts(world.need[kept], world.needs), world.seat[kept].astype(np.int32), scores[kept], world.seat_count
    )


def take_up(world: World, order: Floats, seed: int) -> TakeUp:
    """Each need, whenever it comes, asks the five with the highest `order` one by one until both say yes.

    Who comes when, and what each pair would answer by its true chance, depends on the seed and not on the order.
    """
    dice = np.random.default_rng((seed, 2))
    yes, coming = dice.random(len(world.need)) < world.chances, dice.permutation(world.needs)
    shown = _best(world, order, LIST)
    filled, asks, in_vain = _ask(
        coming, _starts(world.need[shown], world.needs), world.seat[shown], yes[shown], world.seat_count
    )
    listed = np.bincount(world.person[shown], minlength=world.people)[np.unique(world.person)]
    return TakeUp(filled / len(np.unique(world.need)), gini(listed), in_vain / asks)


def gini(values: Ints) -> float:
    """0 when all are alike, near 1 when one has everything."""
    rising = np.sort(values)
    count = len(rising)
    return float(2 * (np.arange(1, count + 1) @ rising) / (count * rising.sum()) - (count + 1) / count)


def near_edges(seed: int, *, needs: int, seats: int, each: int = 20) -> Edges:
    """All over Great Britain: for each need the best `each` of the three times as many seats that are nearest."""
    dice, where = np.random.default_rng(seed), places()
    away, near = cKDTree(where.homes(dice, seats)).query(where.homes(dice, needs), k=3 * each)
    holder = _HOLDER_BASE + dice.normal(0, _QUALITY, seats)[near] - _FAR * away / (5 * METRES)
    assistant = _ASSISTANT_BASE + dice.normal(0, _WILLING, seats)[near] - _FAR * away / (5 * METRES)
    scores = _sigmoid(holder + dice.normal(0, _PAIR, near.shape)) * _sigmoid(assistant)
    best = np.argsort(-scores, axis=1)[:, :each]
    return Edges(
        np.arange(needs + 1) * each,
        np.take_along_axis(near, best, 1).ravel().astype(np.int32),
        np.take_along_axis(scores, best, 1).ravel(),
        seats,
    )


def _within(homes: Floats, people: Floats, reach: Floats, block: Ints, open_to: Flags) -> tuple[Ints, Ints, Floats]:
    """Needs and people open to the need's block who reach it, in the order of needs, and how far in metres."""
    found = []
    for number in range(BLOCKS):
        wanting = np.flatnonzero(block == number)
        tree = cKDTree(homes[wanting])
        for metres in np.unique(reach):
            free = np.flatnonzero(open_to[:, number] & (reach == metres))
            pairs = cKDTree(people[free]).sparse_distance_matrix(tree, metres, output_type="ndarray")
            found.append((wanting[pairs["j"]], free[pairs["i"]], pairs["v"]))
    need, person, away = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((person, need))
    return need[order], person[order], away[order]


def _best(world: World, order: Floats, each: int) -> Ints:
    """The places of each need's highest, needs in their order, highest first."""
    falling = np.lexsort((-order, world.need))
    return falling[np.arange(len(falling)) - world.starts[world.need] < each]


@compiled
def _ask(coming: Ints, starts: Ints, seats: Ints, yes: Flags, seat_count: int) -> tuple[int, int, int]:
    """How many needs were filled, questions put, and questions put to somebody already taken."""
    taken = np.zeros(seat_count, np.bool_)
    filled, asks, in_vain = 0, 0, 0
    for need in coming:
        for place in range(starts[need], starts[need + 1]):
            asks += 1
            if taken[seats[place]]:
                in_vain += 1
            elif yes[place]:
                taken[seats[place]] = True
                filled += 1
                break
    return filled, asks, in_vain


def _starts(rows: Ints, count: int) -> Ints:
    return np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=count)))).astype(np.int64)


def _sigmoid(odds: Floats) -> Floats:
    return 1 / (1 + np.exp(-odds))


def _area(code: str) -> str:
    return re.split(r"[0-9]", code)[0]

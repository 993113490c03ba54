"""A seeded country of assistants and needs, who cluster where postcodes do. Every figure of it is made up.

People are drawn as columns: a million as objects would take longer to make than all the measuring.
"""

import csv
import random
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib import resources
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from marketplace.competencies import DELEGATED, Competency
from matching.columns import (
    FOR_EVER,
    LOOKING,
    NOT_NOW,
    OPEN,
    PERSON,
    PRECISIONS,
    Columns,
    check,
    competency,
    day_number,
    language,
)
from matching.index import words_of
from matching.places import Place
from matching.profiles import MAP_HEIGHT, MAP_WIDTH, Need
from matching.terms import Terms, bits
from matching.travel import MODES
from matching.week import WeeklyWindow, half_hours
from tests.benchmarks.generate import LOWEST_LAWFUL_RATE, TODAY

Ints = NDArray[np.int64]

#: Postcode areas around Nottingham, where some hundreds of people are enough to find some near each other.
MIDLANDS = frozenset({"NG", "DE", "LE"})

_SHARE_OF_TRAINING = 0.35
_SHARE_OF_TASK = 0.05
_CHECKS = {"dbs": 0.85, "right_to_work": 0.95}
_LANGUAGES = ("pl", "ro", "pa", "ur", "pt", "es", "ar", "bn", "gu", "it", "fr", "so")
_BRINGS = {"drives": 0.65, "own_car": 0.55, "smokes": 0.15, "woman": 0.78, "man": 0.18}
_REFUSES = {
    "smoking_home": 0.25,
    "dog": 0.08,
    "cat": 0.05,
    "sleep_in": 0.5,
    "waking_night": 0.55,
    "live_in": 0.85,
    "two_people": 0.05,
    "employment": 0.1,
    "self_employment": 0.3,
}
_NEEDS = {"parking": 0.04}
#: Hour and length in hours of what people are free for, and of what is asked for.
_FREE = ((7, 5), (8, 8), (9, 6), (12, 6), (16, 6), (17, 5), (22, 9), (8, 12))
_CALLS = ((7, 2), (8, 4), (8, 8), (12, 2), (12, 4), (17, 3), (18, 4))
_NIGHT = (22, 9)
_TEMPLATES = 4_000


@dataclass(frozen=True)
class Homes:
    """Postcode sectors of Great Britain, each as likely to be somebody's home as it has postcodes."""

    eastings: Ints
    northings: Ints
    radii: Ints
    shares: NDArray[np.float64]

    def some(self, dice: np.random.Generator, count: int) -> tuple[Ints, Ints]:
        """So many homes: near the middle of their sector, most within its radius."""
        sector = dice.choice(len(self.shares), size=count, p=self.shares)
        spread = self.radii[sector] / 2
        east = self.eastings[sector] + dice.normal(size=count) * spread
        north = self.northings[sector] + dice.normal(size=count) * spread
        return np.clip(east, 0, MAP_WIDTH - 1).astype(np.int64), np.clip(north, 0, MAP_HEIGHT - 1).astype(np.int64)


def homes(areas: Collection[str] = ()) -> Homes:
    """From the table that matching ships; of all areas when none are named."""
    table = resources.files("matching").joinpath("data", "gb_sector_median.csv")
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    if areas:
        rows = [row for row in rows if re.split(r"\d", row["code"])[0] in areas]

    def column(name: str) -> Ints:
        return np.array([int(row[name]) for row in rows])

    postcodes = column("postcodes")
    return Homes(column("easting"), column("northing"), column("radius90_m"), postcodes / postcodes.sum())


def people(seed: int, count: int, *, areas: Collection[str] = ()) -> Columns:
    """So many assistants."""
    dice = np.random.default_rng(seed)
    found = np.zeros(count, dtype=PERSON)
    found["id_high"] = dice.integers(0, 2**63, count, dtype=np.uint64)
    found["id_low"] = dice.integers(0, 2**63, count, dtype=np.uint64)
    found["easting"], found["northing"] = homes(areas).some(dice, count)
    found["mode"] = dice.choice(len(MODES), size=count, p=(0.6, 0.22, 0.05, 0.13))
    found["minutes"] = dice.choice((10, 15, 20, 30, 45, 60), size=count, p=(0.05, 0.15, 0.3, 0.35, 0.1, 0.05))
    found["rate"] = np.clip(np.rint(dice.normal(1380, 110, count) / 10) * 10, LOWEST_LAWFUL_RATE, 2500)
    found["least"] = dice.choice((0, 240, 480, 720), size=count)
    found["most"] = dice.choice((720, 960, 1440, 1800, 2400), size=count)
    found["confirmed"] = day_number(TODAY) - dice.integers(0, 300, count)
    found["status"] = dice.choice((LOOKING, OPEN, NOT_NOW), size=count, p=(0.7, 0.2, 0.1))
    found["precision"] = PRECISIONS.index("sector")
    found["brings"], found["refuses"] = _drawn(dice, _BRINGS, count), _drawn(dice, _REFUSES, count)
    found["needs"] = _drawn(dice, _NEEDS, count)
    weeks, booked_weeks = _weeks(dice, found)
    held = _held(dice, found)
    return Columns(found, weeks, booked_weeks, *held)


def _drawn(dice: np.random.Generator, shares: Mapping[str, float], count: int) -> NDArray[np.uint16]:
    drawn = np.zeros(count, dtype=np.uint16)
    for term, share in shares.items():
        drawn |= np.where(dice.random(count) < share, np.uint16(bits([term])), np.uint16(0))
    return drawn


def _weeks(dice: np.random.Generator, found: NDArray[np.void]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """When each is available, and for three in ten what of it is promised."""
    plain = random.Random(int(dice.integers(2**32)))
    free = np.stack([words_of(_some_week(plain)) for _ in range(_TEMPLATES)])
    weeks = free[dice.integers(0, _TEMPLATES, len(found))]
    has = np.flatnonzero(dice.random(len(found)) < 0.3)
    found["booked_row"] = -1
    found["booked_row"][has] = np.arange(len(has))
    jobs = np.stack(
        [words_of(half_hours(_windows(plain, plain.choice(_CALLS), plain.randint(1, 4)))) for _ in range(500)]
    )
    booked = jobs[dice.integers(0, len(jobs), len(has))] & weeks[has]
    minutes = np.bitwise_count(booked).sum(axis=1) * 30
    found["booked"][has] = np.minimum(minutes, found["most"][has])
    return weeks, booked


def _some_week(dice: random.Random) -> int:
    first, second = dice.choice(_FREE), dice.choice(_FREE)
    return half_hours((*_windows(dice, first, dice.randint(3, 7)), *_windows(dice, second, dice.randint(1, 5))))


def _windows(dice: random.Random, shift: tuple[int, int], days: int) -> tuple[WeeklyWindow, ...]:
    start, hours = shift
    return tuple(WeeklyWindow(day, start * 60, hours * 60) for day in sorted(dice.sample(range(7), days)))


def _held(
    dice: np.random.Generator, found: NDArray[np.void]
) -> tuple[NDArray[np.uint8], NDArray[np.uint16], NDArray[np.uint16], tuple[str, ...]]:
    shares = {competency(code): _SHARE_OF_TASK if code in DELEGATED else _SHARE_OF_TRAINING for code in Competency}
    shares |= {check(code): share for code, share in _CHECKS.items()}
    shares |= {language(code): 0.05 / (rank + 1) for rank, code in enumerate(_LANGUAGES)}
    has = dice.random((len(found), len(shares)), dtype=np.float32) < np.array(list(shares.values()))
    counts = has.sum(axis=1)
    found["held_count"], found["held"] = counts, np.cumsum(counts) - counts
    codes = np.nonzero(has)[1].astype(np.uint8)
    since = (day_number(TODAY) - dice.integers(0, 700, len(codes))).astype(np.uint16)
    ends = since + dice.choice((365, 730, 1095), size=len(codes)).astype(np.uint16)
    until = np.where(dice.random(len(codes)) < 0.5, FOR_EVER, ends).astype(np.uint16)
    spoken = codes >= len(shares) - len(_LANGUAGES)
    since[spoken], until[spoken] = 0, FOR_EVER
    return codes, since, until, tuple(shares)


def needs(seed: int, count: int, *, areas: Collection[str] = ()) -> list[Need]:
    """What so many holders ask for: one to seven calls a week, and at most two skills they can't do without."""
    numbers = np.random.default_rng(seed)
    east, north = homes(areas).some(numbers, count)
    dice = random.Random(seed)
    return [_need(dice, int(x), int(y)) for x, y in zip(east, north, strict=True)]


def _need(dice: random.Random, easting: int, northing: int) -> Need:
    training, tasks = sorted(set(Competency) - DELEGATED), sorted(DELEGATED)
    required = {*dice.sample(training, dice.choice((0, 1, 1, 2))), *dice.sample(tasks, dice.choice((0, 0, 0, 1)))}
    night = dice.random() < 0.12
    shift, days = _NIGHT if night else dice.choice(_CALLS), dice.randint(1, 7)
    windows = _windows(dice, shift, days)
    starts_on = TODAY + timedelta(days=dice.randrange(60))
    return Need(
        id=UUID(int=dice.getrandbits(128)),
        place=Place(easting, northing, "", "postcode", 50),
        windows=windows,
        required=frozenset(code.value for code in required),
        wished=frozenset(code.value for code in dice.sample(training, dice.randint(0, 2))) - required,
        rate_pence=dice.randrange(1300, 1700, 10),
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=dice.randrange(30, 365)) if dice.random() < 0.3 else None,
        minutes_a_week=shift[1] * 60 * dice.randint(1, days) if dice.random() < 0.3 else None,
        preferred=windows[: dice.randint(1, days)] if dice.random() < 0.3 else (),
        checks=frozenset(_CHECKS),
        languages=frozenset(dice.sample(_LANGUAGES, 1)) if dice.random() < 0.02 else frozenset(),
        languages_wished=frozenset(dice.sample(_LANGUAGES, 1)) if dice.random() < 0.05 else frozenset(),
        terms=_terms(dice, _home(dice, night=night)),
        gender_reason="Intimate care",
    )


def _home(dice: random.Random, *, night: bool) -> frozenset[str]:
    shares = {"smoking_home": 0.2, "dog": 0.25, "cat": 0.2, "parking": 0.7}
    brings = {home for home, share in shares.items() if dice.random() < share}
    brings |= {dice.choice(("waking_night", "sleep_in"))} if night else set()
    brings |= {dice.choice(("employment", "self_employment"))} if dice.random() < 0.8 else set()
    return frozenset(brings)


def _terms(dice: random.Random, brings: frozenset[str]) -> Terms:
    needs_of: Sequence[str] = [
        *(["woman"] if dice.random() < 0.1 else []),
        *(["own_car"] if dice.random() < 0.2 else []),
    ]
    refuses = frozenset({"smokes"}) if dice.random() < 0.2 else frozenset()
    return Terms(brings, frozenset(needs_of), refuses)

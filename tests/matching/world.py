"""Needs and people to match in tests: one that fits, and seeded random ones for the oracle and the properties."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from matching.places import Place, Precision
from matching.profiles import Candidate, Evidence, Need, WeeklyWindow

TODAY = date(2026, 9, 7)
CODES = ("epilepsy", "hoist", "peg", "suction")
NAMES = {"epilepsy": "epilepsy rescue medication", "hoist": "moving and handling with a hoist"}


def uuid(number: int) -> UUID:
    return UUID(int=number)


def place(east_miles: float = 0.0, north_miles: float = 0.0, precision: Precision = "sector") -> Place:
    """So many miles east and north of the middle of Nottingham."""
    metres = 1609.344
    return Place(
        easting=457_000 + round(east_miles * metres),
        northing=340_000 + round(north_miles * metres),
        code="NG1 6" if precision == "sector" else "NG1",
        precision=precision,
        radius_m=500,
    )


def hours(weekday: int, start: float, length: float) -> WeeklyWindow:
    return WeeklyWindow(weekday, round(start * 60), round(length * 60))


def every_day(start: float, length: float, days: int = 7) -> tuple[WeeklyWindow, ...]:
    return tuple(hours(day, start, length) for day in range(days))


def checked(days_ago: int = 0, *, valid_days: int | None = None) -> Evidence:
    on = TODAY - timedelta(days=days_ago)
    return Evidence(on, None if valid_days is None else TODAY + timedelta(days=valid_days))


def need(**changes: Any) -> Need:
    """Twenty hours of weekday mornings, from next week, with nothing special asked."""
    parts: dict[str, Any] = {
        "id": uuid(9_999),
        "place": place(),
        "windows": every_day(8, 4, days=5),
        "required": frozenset(),
        "wished": frozenset(),
        "rate_pence": 1350,
        "starts_on": TODAY + timedelta(days=7),
        "ends_on": None,
    }
    return Need(**{**parts, **changes})


def candidate(number: int = 1, **changes: Any) -> Candidate:
    """Someone next door who fits `need()` and is free every day."""
    parts: dict[str, Any] = {
        "id": uuid(number),
        "place": place(),
        "windows": every_day(7, 12),
        "competencies": {},
        "lowest_rate_pence": 1290,
        "travel_miles": 10.0,
        "least_minutes": 4 * 60,
        "most_minutes": 40 * 60,
    }
    return Candidate(**{**parts, **changes})


def random_windows(dice: random.Random, most: int) -> tuple[WeeklyWindow, ...]:
    return tuple(
        WeeklyWindow(dice.randrange(7), dice.randrange(48) * 30, dice.randrange(1, 49) * 30)
        for _ in range(dice.randint(1, most))
    )


def random_place(dice: random.Random) -> Place:
    return place(dice.uniform(-8, 8), dice.uniform(-8, 8), "district" if dice.random() < 0.5 else "sector")


def random_need(dice: random.Random) -> Need:
    codes = dice.sample(CODES, k=dice.randint(0, 3))
    cut = dice.randint(0, 1)
    starts_on = TODAY + timedelta(days=dice.randint(-30, 60))
    return need(
        id=uuid(dice.getrandbits(128)),
        place=random_place(dice),
        windows=random_windows(dice, 4),
        required=frozenset(codes[:cut]),
        wished=frozenset(codes[dice.randint(0, cut) :]),
        rate_pence=dice.randrange(1250, 1700, 10),
        starts_on=starts_on,
        ends_on=dice.choice((None, starts_on + timedelta(days=dice.randint(0, 200)))),
    )


def random_candidate(dice: random.Random) -> Candidate:
    least = dice.randrange(0, 10 * 60, 30)
    return candidate(
        dice.getrandbits(128),
        place=random_place(dice),
        windows=random_windows(dice, 14),
        competencies={code: _random_evidence(dice) for code in dice.sample(CODES, k=dice.randint(1, 4))},
        lowest_rate_pence=dice.randrange(1200, 1500, 10),
        travel_miles=dice.choice((0.0, 3.0, 8.0, 15.0, 40.0)),
        least_minutes=least,
        most_minutes=least + dice.randrange(0, 80 * 60, 30),
        booked=random_windows(dice, 2) if dice.random() < 0.3 else (),
        booked_minutes=dice.choice((0, 0, 300, 900)),
        looking=dice.random() < 0.9,
    )


def _random_evidence(dice: random.Random) -> Evidence:
    on = TODAY - timedelta(days=dice.randint(-5, 700))
    return Evidence(on, dice.choice((None, on + timedelta(days=dice.randint(200, 1100)))))


def random_pool(seed: int, size: int, one: Callable[[random.Random], Candidate] = random_candidate) -> list[Candidate]:
    dice = random.Random(seed)
    return [one(dice) for _ in range(size)]

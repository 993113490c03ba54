"""Needs and people to match in tests: one that fits, and seeded random ones for the oracle and the properties."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, get_args
from uuid import UUID

from matching.places import Place, Precision
from matching.profiles import Candidate, Evidence, Need
from matching.terms import GENDER, NO_TERMS, TERMS, AssistantBrings, NeedBrings, Terms
from matching.travel import MODES
from matching.week import STEP, WeeklyWindow, half_hours, minutes_of

TODAY = date(2026, 9, 7)
CODES = ("epilepsy", "hoist", "peg", "suction")
CHECKS = ("dbs", "right_to_work")
LANGUAGES = ("bn", "pl", "ur")
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
    """Someone next door who fits `need()`, is free every day and travels half an hour by car."""
    parts: dict[str, Any] = {
        "id": uuid(number),
        "place": place(),
        "windows": every_day(7, 12),
        "competencies": {},
        "lowest_rate_pence": 1290,
        "travel_minutes": 30,
        "least_minutes": 4 * 60,
        "most_minutes": 40 * 60,
    }
    return Candidate(**{**parts, **changes})


# --- random ones; most of what they ask and offer is kind enough that every rule removes somebody and somebody fits


def random_windows(dice: random.Random, most: int) -> tuple[WeeklyWindow, ...]:
    """Anywhere in the week, also over midnight and from Sunday into Monday."""
    return tuple(
        WeeklyWindow(dice.randrange(7), dice.randrange(48) * STEP, dice.randrange(1, 49) * STEP)
        for _ in range(dice.randint(1, most))
    )


def random_place(dice: random.Random) -> Place:
    return place(dice.uniform(-6, 6), dice.uniform(-6, 6), "district" if dice.random() < 0.5 else "sector")


def random_need(dice: random.Random, people: Sequence[Candidate] = ()) -> Need:
    """Anything that can be asked; some of the people are blocked, and some known."""
    codes, windows = dice.sample(CODES, k=dice.randint(0, 3)), _asked_windows(dice)
    cut = dice.randint(0, 1)
    languages = dice.sample(LANGUAGES, k=2)
    starts_on = TODAY + timedelta(days=dice.randint(-30, 60))
    most = minutes_of(half_hours(windows))
    return need(
        id=uuid(dice.getrandbits(128)),
        place=random_place(dice),
        windows=windows,
        required=frozenset(codes[:cut]),
        wished=frozenset(codes[dice.randint(0, cut) :]),
        rate_pence=dice.randrange(1250, 1700, 10),
        starts_on=starts_on,
        ends_on=dice.choice((None, starts_on + timedelta(days=dice.randint(0, 200)))),
        minutes_a_week=dice.choice((None, None, dice.randrange(STEP, most + STEP, STEP))),
        preferred=random_windows(dice, 2) if dice.random() < 0.4 else (),
        checks=frozenset(CHECKS[: dice.choice((0, 0, 1, 2))]),
        languages=frozenset(languages[: dice.choice((0, 0, 0, 0, 1))]),
        languages_wished=frozenset(languages[: dice.choice((0, 0, 1, 2))]),
        terms=_need_terms(dice),
        gender_reason="Intimate care",
        blocked=_some_ids(dice, people),
        known=_some_ids(dice, people),
    )


def random_candidate(dice: random.Random) -> Candidate:
    least = dice.choice((0, 0, 120, 240, 600))
    return candidate(
        dice.getrandbits(128),
        place=random_place(dice),
        windows=random_windows(dice, 14) if dice.random() < 0.95 else (),
        competencies={code: _random_evidence(dice) for code in dice.sample(CODES, k=dice.randint(1, 4))},
        checks={code: _random_evidence(dice) for code in CHECKS if dice.random() < 0.85},
        languages=frozenset(code for code in LANGUAGES if dice.random() < 0.3),
        lowest_rate_pence=dice.randrange(1200, 1500, 10),
        travel_minutes=dice.choice((0, 1, 15, 30, 45, 60, 90, 240)),
        mode=dice.choice(("car", "car", *MODES)),
        least_minutes=least,
        most_minutes=least + dice.randrange(0, 80 * 60, STEP),
        terms=_candidate_terms(dice),
        booked=random_windows(dice, 2) if dice.random() < 0.3 else (),
        booked_minutes=dice.choice((0, 0, 0, 0, 300, 900, 4_800)),
        status=dice.choice(("looking",) * 5 + ("open", "open", "not_now")),
        confirmed_on=dice.choice((None, TODAY - timedelta(days=dice.randint(-5, 500)))),
    )


def random_pool(seed: int, size: int, one: Callable[[random.Random], Candidate] = random_candidate) -> list[Candidate]:
    """So many people, one in twenty of whom is the same as another but for the id: only ids order those."""
    dice = random.Random(seed)
    people = [one(dice) for _ in range(size)]
    twins = [replace(dice.choice(people), id=uuid(dice.getrandbits(128))) for _ in range(size // 20)]
    return [*people[: size - len(twins)], *twins]


def _asked_windows(dice: random.Random) -> tuple[WeeklyWindow, ...]:
    night = WeeklyWindow(6, 22 * 60, 9 * 60)
    return (night, *random_windows(dice, 2)) if dice.random() < 0.2 else random_windows(dice, 4)


def _random_evidence(dice: random.Random) -> Evidence:
    on = TODAY - timedelta(days=dice.randint(-5, 2_000))
    return Evidence(on, dice.choice((None, None, on + timedelta(days=dice.randint(200, 3_000)))))


def _some(dice: random.Random, words: Sequence[str], share: float) -> frozenset[str]:
    return frozenset(word for word in words if dice.random() < share)


def _need_terms(dice: random.Random) -> Terms:
    if dice.random() < 0.3:
        return NO_TERMS
    needs = _some(dice, get_args(AssistantBrings), 0.08)
    # seldom used words count like the others: nothing but gender is kept from being refused
    refuses = _some(dice, ("smokes", *TERMS), 0.05) - GENDER - needs
    return Terms(_some(dice, get_args(NeedBrings), 0.2), needs, refuses)


def _candidate_terms(dice: random.Random) -> Terms:
    if dice.random() < 0.3:
        return NO_TERMS
    needs = _some(dice, ("parking", "parking", *TERMS), 0.01)
    return Terms(_some(dice, get_args(AssistantBrings), 0.6), needs, _some(dice, TERMS, 0.1) - needs)


def _some_ids(dice: random.Random, people: Sequence[Candidate]) -> frozenset[UUID]:
    chosen = dice.sample(people, k=min(len(people), dice.choice((0, 10, 40)))) if people else []
    return frozenset({*(one.id for one in chosen), uuid(dice.getrandbits(128))} if dice.random() < 0.5 else ())

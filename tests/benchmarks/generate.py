"""Seeded stand-ins for a county: people who offer, people who ask, and budget lines with money on them.

Nobody is copied from life. Where a figure has a source it is named; the rest is chosen so that every rule of
docs/matching.md removes somebody and most needs are left with a list.
"""

import csv
import hashlib
import random
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from uuid import UUID

import psycopg

from marketplace.competencies import DELEGATED, Competency
from matching.places import Place, locate
from matching.profiles import Candidate, Evidence, Need, WeeklyWindow

TODAY = date(2026, 11, 23)

#: Postcode districts that lie in Nottinghamshire, wholly or mostly.
NOTTINGHAMSHIRE = frozenset(
    {*(f"NG{number}" for number in range(1, 26) if number not in {10, 20}), "S80", "S81", "DN22"}
)

#: The National Living Wage from April 2026, pence an hour.
LOWEST_LAWFUL_RATE = 1271

#: Start and length in minutes: morning, midday, evening, waking night, long day.
_SHIFTS = ((7 * 60, 300), (11 * 60, 360), (16 * 60, 360), (22 * 60, 540), (8 * 60, 720))
_CALLS = ((7 * 60, 120), (8 * 60, 240), (12 * 60, 120), (17 * 60, 180), (22 * 60, 540))
_OPEN_TO_ALL = tuple(sorted(set(Competency) - DELEGATED))
_DELEGATED = tuple(sorted(DELEGATED))


@dataclass(frozen=True, slots=True)
class Map:
    """Postcode sectors, each as likely to be somebody's home as it has postcodes."""

    places: tuple[Place, ...]
    postcodes: tuple[int, ...]

    def home(self, dice: random.Random) -> Place:
        return dice.choices(self.places, self.postcodes)[0]


def map_of(districts: frozenset[str]) -> Map:
    """The sectors of these districts, from the table that matching ships."""
    table = resources.files("matching").joinpath("data", "gb_sector_median.csv")
    rows = [
        (locate(f"{row['code'][:-1]} {row['code'][-1]}"), int(row["postcodes"]))
        for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines())
        if row["code"][:-1] in districts
    ]
    return Map(tuple(place for place, _ in rows), tuple(postcodes for _, postcodes in rows))


def candidate(dice: random.Random, homes: Map) -> Candidate:
    """An assistant with a few training certificates, and perhaps a delegated task or two."""
    booked = _weekly(dice, _SHIFTS, dice.choice((1, 2))) if dice.random() < 0.3 else ()
    held = {*dice.sample(_OPEN_TO_ALL, dice.randint(3, 9)), *dice.sample(_DELEGATED, dice.choice((0, 1, 2, 4)))}
    return Candidate(
        id=UUID(int=dice.getrandbits(128)),
        place=homes.home(dice),
        windows=_weekly(dice, _SHIFTS, dice.randint(3, 7)) + _weekly(dice, _SHIFTS, dice.randint(2, 5)),
        competencies={code.value: _evidence(dice) for code in sorted(held)},
        lowest_rate_pence=dice.randrange(LOWEST_LAWFUL_RATE, 1650, 10),
        travel_miles=dice.choice((3.0, 5.0, 8.0, 10.0, 15.0, 20.0, 25.0)),
        least_minutes=dice.choice((0, 240, 480, 720)),
        most_minutes=dice.choice((720, 960, 1440, 1800, 2400)),
        booked=booked,
        booked_minutes=sum(window.minutes for window in booked),
        looking=dice.random() < 0.9,
    )


def need(dice: random.Random, homes: Map) -> Need:
    """What one holder asks for: two to fourteen calls a week, and at most two skills they can't do without."""
    required = dice.sample(_OPEN_TO_ALL, dice.choice((0, 1, 1)))
    required += dice.sample(_DELEGATED, dice.choice((0, 0, 0, 0, 1)))
    starts_on = TODAY + timedelta(days=dice.randrange(60))
    return Need(
        id=UUID(int=dice.getrandbits(128)),
        place=homes.home(dice),
        windows=_weekly(dice, _CALLS, dice.randint(2, 7)) + _weekly(dice, _CALLS, dice.randint(0, 7)),
        required=frozenset(code.value for code in required),
        wished=frozenset(code.value for code in dice.sample(_OPEN_TO_ALL, dice.randint(0, 3)) if code not in required),
        rate_pence=dice.randrange(1350, 1750, 10),
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=dice.randrange(30, 365)) if dice.random() < 0.3 else None,
    )


def candidates(dice: random.Random, homes: Map, count: int) -> list[Candidate]:
    return [candidate(dice, homes) for _ in range(count)]


def needs(dice: random.Random, homes: Map, count: int) -> list[Need]:
    return [need(dice, homes) for _ in range(count)]


def line_id(number: int) -> UUID:
    """As PostgreSQL's `md5(number::text)::uuid`, so that both sides know it without asking; spread like random ones."""
    return UUID(hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest())


def fund_lines(connection: psycopg.Connection, *, lines: int, pence: int) -> None:
    """A budget with lines 1 to `lines`, each with the same money, brought in by the product's own functions."""
    budget = UUID(int=1)
    connection.execute(
        "INSERT INTO payments_budget (id, name, starts_on, ends_on, opened_at) "
        "VALUES (%s, 'Benchmark', '2026-04-01', '2027-03-31', now())",
        [budget],
    )
    connection.execute(
        "INSERT INTO payments_budget_line (id, budget_id, name, funding_stream, management_type) "
        "SELECT md5(number::text)::uuid, %s, 'Support', 'nhs_chc', 'direct_payment' FROM generate_series(1, %s) number",
        [budget, lines],
    )
    connection.execute(
        "SELECT count(payments_move('fund:' || number, 'fund', md5(number::text)::uuid, %s, NULL, 'Funded', now())) "
        "FROM generate_series(1, %s) number",
        [pence, lines],
    )


def _weekly(dice: random.Random, shifts: tuple[tuple[int, int], ...], days: int) -> tuple[WeeklyWindow, ...]:
    start, minutes = dice.choice(shifts)
    return tuple(WeeklyWindow(day, start, minutes) for day in dice.sample(range(7), days))


def _evidence(dice: random.Random) -> Evidence:
    on = TODAY - timedelta(days=dice.randrange(700))
    return Evidence(on, dice.choice((None, on + timedelta(days=365 * dice.randint(1, 3)))))

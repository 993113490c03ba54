"""Matching once more, by hand: one person at a time, plain Python, sets of half hours, no numpy.

It is written from docs/matching.md and shares no code with the package but the values and the weights.
"""

import math
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from matching.profiles import Candidate, Need, WeeklyWindow
from matching.ranker import Weights


class Placed(NamedTuple):
    """One person on the oracle's list."""

    id: UUID
    score: float
    holder: float
    assistant: float


def week(windows: tuple[WeeklyWindow, ...]) -> set[int]:
    minutes = set()
    for window in windows:
        begin = window.weekday * 1440 + window.start
        minutes |= {minute % 10_080 for minute in range(begin, begin + window.minutes)}
    return {minute // 30 for minute in minutes}


def dates(need: Need, today: date) -> tuple[date, date]:
    first = max(need.starts_on, today)
    last = first + timedelta(days=84)
    if need.ends_on is not None and need.ends_on < last:
        last = need.ends_on
    return first, max(first, last)


def holds(person: Candidate, code: str, first: date, last: date) -> bool:
    if code not in person.competencies:
        return False
    evidence = person.competencies[code]
    return evidence.checked_on <= first and (evidence.valid_until is None or evidence.valid_until >= last)


def distance(need: Need, person: Candidate) -> float:
    east = need.place.easting - person.place.easting
    north = need.place.northing - person.place.northing
    return math.sqrt(east * east + north * north) / 1609.344


def free(need: Need, person: Candidate) -> int:
    """Minutes a week."""
    return 30 * len(week(need.windows) & (week(person.windows) - week(person.booked)))


def fits(need: Need, person: Candidate, today: date) -> bool:
    minutes = free(need, person)
    asked = 30 * len(week(need.windows))
    return (
        person.looking
        and distance(need, person) <= person.travel_miles
        and all(holds(person, code, *dates(need, today)) for code in need.required)
        and need.rate_pence >= person.lowest_rate_pence
        and 2 * minutes >= asked
        and minutes >= person.least_minutes
        and minutes + person.booked_minutes <= person.most_minutes
    )


def points(value: float, weight: float) -> float:
    return round(value * weight * 1024) / 1024


def holder_log_odds(need: Need, person: Candidate, weights: Weights, today: date) -> float:
    asked, extra = need.required | need.wished, need.wished - need.required
    share = free(need, person) / (30 * len(week(need.windows)))
    total = weights.holder_base
    total += points(0.5 ** (distance(need, person) / 5), weights.nearness)
    total += points(2 * share - 1, weights.hours_free)
    for code in asked:
        if holds(person, code, *dates(need, today)):
            age = max((today - person.competencies[code].checked_on).days, 0)
            total += points(0.5 ** (age / 365) / len(asked), weights.fresh_check)
            total += points(1 / len(extra), weights.wished) if code in extra else 0
    return total


def assistant_log_odds(need: Need, person: Candidate, weights: Weights) -> float:
    above = need.rate_pence - person.lowest_rate_pence
    room = person.most_minutes - person.booked_minutes
    return (
        weights.assistant_base
        + points(min(above / 200, 1), weights.rate)
        + points(free(need, person) / room, weights.hours_wanted)
        + points(1 - distance(need, person) / max(person.travel_miles, 1), weights.journey)
    )


def rank(need: Need, people: list[Candidate], weights: Weights, today: date) -> list[Placed]:
    """Everyone who fits, best first."""
    placed = []
    for person in people:
        if fits(need, person, today):
            holder = holder_log_odds(need, person, weights, today)
            assistant = assistant_log_odds(need, person, weights)
            score = 1 / (1 + math.exp(-holder)) / (1 + math.exp(-assistant))
            placed.append(Placed(person.id, score, holder, assistant))
    return sorted(placed, key=lambda one: (-one.score, one.id))

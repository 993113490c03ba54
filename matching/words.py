"""Figures the way a person says them, in British English."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from matching.travel import Mode

#: Names of competencies are the caller's; a code without one is said as it is.
NO_NAMES: Mapping[str, str] = MappingProxyType({})

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# strftime's names follow the machine's locale; these don't.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def pounds(pence: int) -> str:
    """1350 -> £13.50."""
    return f"£{pence // 100:,}.{pence % 100:02d}"


def hours(minutes: int) -> str:
    """1080 -> 18 hours, 60 -> 1 hour, 150 -> 2.5 hours."""
    said = f"{minutes / 60:g}"
    return f"{said} hour" if said == "1" else f"{said} hours"


def month(day: date) -> str:
    """A day in May 2026 -> May 2026."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def day_and_month(day: date) -> str:
    """4 May 2026."""
    return f"{day.day} {month(day)}"


def either(things: Sequence[str]) -> str:
    """[a, b, c] -> a, b or c."""
    *first, last = things
    return f"{', '.join(first)} or {last}" if first else last


#: How somebody travels.
BY: Mapping[Mode, str] = MappingProxyType(
    {"car": "by car", "public_transport": "by public transport", "cycle": "by bike", "foot": "on foot"}
)

#: What somebody won't do or be with, after "They don't work ...".
_WORK: Mapping[str, str] = MappingProxyType(
    {
        "smoking_home": "in homes where people smoke",
        "dog": "in homes with a dog",
        "cat": "in homes with a cat",
        "other_pets": "in homes with pets",
        "sleep_in": "sleep-in shifts",
        "waking_night": "waking nights",
        "live_in": "as live-in support",
        "two_people": "together with a second person",
        "employment": "as an employee",
        "self_employment": "self-employed",
    }
)
#: What somebody brings or lacks, after "They ...".
_BRING: Mapping[str, str] = MappingProxyType(
    {
        "drives": "can't drive",
        "own_car": "have no car for work",
        "woman": "haven't said that they are a woman",
        "man": "haven't said that they are a man",
    }
)


def work(refused: Iterable[str]) -> str:
    """What somebody refuses: [dog, cat] -> in homes with a dog or in homes with a cat."""
    return either([_WORK.get(term, term) for term in sorted(refused)] or [""])


def lack(terms: Iterable[str]) -> str:
    """What somebody doesn't bring: [own_car] -> have no car for work."""
    return either([_BRING.get(term, term) for term in sorted(terms)] or [""])


def minutes_away(minutes: int, *, mode: Mode) -> str:
    """About 11 minutes by car."""
    return f"About {minutes} {'minute' if minutes == 1 else 'minutes'} {BY[mode]}"


def times(number: int, one: str, more: str) -> str:
    """1 person, 2 people."""
    return f"{number:,} {one if number == 1 else more}"

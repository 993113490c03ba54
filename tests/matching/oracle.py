"""Matching once more, by hand: one person at a time, plain Python, sets of minutes, no numpy.

It shares no code with the package: only the value types, the scorecard's tables, and the table of journeys.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from matching.profiles import Candidate, Evidence, Need
from matching.scorecard import LOG_YES, Scorecard
from matching.travel import MINUTES
from matching.week import WeeklyWindow

MODES = ("car", "public_transport", "cycle", "foot")
GENDER, CAR = {"woman", "man"}, {"drives", "own_car"}
CONTRACT, SHIFT = {"employment", "self_employment"}, {"sleep_in", "waking_night", "live_in", "two_people"}


class Placed(NamedTuple):
    """One person on the oracle's list."""

    id: UUID
    key: int
    holder_log_odds: int
    assistant_log_odds: int


@dataclass(frozen=True)
class Pair:
    """One need, one person, on a day; the last three as a `Question` has them."""

    need: Need
    person: Candidate
    today: date
    further: int = 0
    cover: bool = False
    within: int = 240

    @cached_property
    def metres(self) -> int:
        east = self.need.place.easting - self.person.place.easting
        north = self.need.place.northing - self.person.place.northing
        return _root(east * east + north * north)

    @cached_property
    def journey(self) -> int:
        return _minutes_by(self.person.mode, self.metres)

    @cached_property
    def first_day(self) -> date:
        return max(self.need.starts_on, self.today)

    @cached_property
    def last_day(self) -> date:
        last = self.first_day + timedelta(days=84)
        if self.need.ends_on is not None and self.need.ends_on < last:
            last = self.need.ends_on
        return max(self.first_day, last)

    def valid(self, evidence: Evidence | None) -> bool:
        if evidence is None or evidence.checked_on > self.first_day:
            return False
        return evidence.valid_until is None or evidence.valid_until >= self.last_day

    @cached_property
    def asked(self) -> frozenset[int]:
        return week(self.need.windows)

    @cached_property
    def wanted(self) -> int:
        return self.need.minutes_a_week or len(self.asked)

    @cached_property
    def available(self) -> frozenset[int]:
        return self.asked & week(self.person.windows)

    @cached_property
    def free(self) -> frozenset[int]:
        return self.available - week(self.person.booked)

    @property
    def room(self) -> int:
        return self.person.most_minutes - self.person.booked_minutes

    @property
    def given(self) -> int:
        return max(0, min(len(self.free), self.room, self.wanted))

    def enough(self, minutes: int) -> bool:
        return minutes >= self.wanted if self.cover else minutes >= self.wanted / 2

    @property
    def lacking(self) -> frozenset[str]:
        return self.need.terms.needs - self.person.terms.brings

    @property
    def refused(self) -> frozenset[str]:
        return self.person.terms.refuses & self.need.terms.brings


def week(windows: Iterable[WeeklyWindow]) -> frozenset[int]:
    """Minutes of the week."""
    minutes: set[int] = set()
    for window in windows:
        begin = window.weekday * 1440 + window.start
        minutes |= {minute % 10_080 for minute in range(begin, begin + window.minutes)}
    return frozenset(minutes)


def _root(square: int) -> int:
    root = int(square**0.5) + 1
    while root * root > square:
        root -= 1
    return root


def _minutes_by(mode: str, metres: int) -> int:
    row = MINUTES[MODES.index(mode)]
    return int(row[min(metres // 100, len(row) - 1)])


# --- the hard rules


def _too_far(pair: Pair) -> bool:
    strides = sum(1 for minutes in MINUTES[MODES.index(pair.person.mode)] if minutes <= pair.person.travel_minutes)
    return pair.metres > strides * 100 - 1 + pair.further or (pair.within < 240 and pair.journey > pair.within)


def _lacks_a_competency(pair: Pair) -> bool:
    return not all(pair.valid(pair.person.competencies.get(code)) for code in pair.need.required)


def _lacks_a_check(pair: Pair) -> bool:
    return not all(pair.valid(pair.person.checks.get(code)) for code in pair.need.checks)


def _their_dealbreaker(pair: Pair) -> bool:
    refused = pair.refused - CONTRACT - SHIFT
    return bool(refused or pair.person.terms.needs - pair.need.terms.brings)


def _your_dealbreaker(pair: Pair) -> bool:
    refused = pair.need.terms.refuses & pair.person.terms.brings
    return bool(refused or pair.lacking - GENDER - CAR)


def _too_few_hours(pair: Pair) -> bool:
    could = pair.enough(len(pair.free)) and pair.enough(pair.room)
    return could and not pair.cover and pair.given < pair.person.least_minutes


FAILS: dict[str, Callable[[Pair], bool]] = {
    "not_looking": lambda pair: pair.person.status == "not_now",
    "too_far": _too_far,
    "blocked": lambda pair: pair.person.id in pair.need.blocked,
    "competency": _lacks_a_competency,
    "check": _lacks_a_check,
    "language": lambda pair: bool(pair.need.languages - pair.person.languages),
    "gender": lambda pair: bool(pair.lacking & GENDER),
    "car": lambda pair: bool(pair.lacking & CAR),
    "employment": lambda pair: bool(pair.refused & CONTRACT),
    "shift_kind": lambda pair: bool(pair.refused & SHIFT),
    "their_dealbreaker": _their_dealbreaker,
    "your_dealbreaker": _your_dealbreaker,
    "rate": lambda pair: pair.person.lowest_rate_pence > pair.need.rate_pence,
    "not_available": lambda pair: not pair.enough(len(pair.available)),
    # each thing on its own: who isn't available isn't called booked as well
    "booked": lambda pair: pair.enough(len(pair.available)) and not pair.enough(len(pair.free)),
    "too_many_hours": lambda pair: not pair.enough(pair.room),
    "too_few_hours": _too_few_hours,
}


def failures(pair: Pair) -> list[str]:
    """Every rule they fail, in order."""
    return [code for code, fails in FAILS.items() if fails(pair)]


def first_failure(pair: Pair) -> str | None:
    """The first of them, by which the funnel counts them."""
    return next((code for code, fails in FAILS.items() if fails(pair)), None)


# --- what a yes hangs on


def _percent(part: int, whole: int) -> int:
    return 100 * part // whole


def _months(pair: Pair, evidence: Evidence) -> int:
    return min(60, max(0, (pair.today - evidence.checked_on).days) // 30)


def _wish(pair: Pair, code: str) -> int:
    evidence = pair.person.competencies.get(code)
    return 1 + _months(pair, evidence) if evidence is not None and pair.valid(evidence) else 0


def _confirmed(pair: Pair) -> int:
    if pair.person.confirmed_on is None:
        return 53
    return min(52, max(0, (pair.today - pair.person.confirmed_on).days) // 7)


def holder_values(pair: Pair) -> dict[str, list[int]]:
    """The values of each feature of the holder's side that this need asks for."""
    need, person = pair.need, pair.person
    liked = week(need.preferred) & pair.asked
    values = {
        "journey": [pair.journey],
        "hours": [_percent(pair.given, pair.wanted)],
        "known": [int(person.id in need.known)],
        "required": [_months(pair, person.competencies[code]) for code in need.required],
        "wished": [_wish(pair, code) for code in need.wished - need.required],
        "spoken": [int(code in person.languages) for code in need.languages_wished - need.languages],
    }
    if liked:
        values["preferred"] = [_percent(min(len(liked & pair.free), pair.given), pair.wanted)]
    return values


def assistant_values(pair: Pair) -> dict[str, list[int]]:
    """The same for the assistant's."""
    person = pair.person
    return {
        "journey_share": [min(100, _percent(pair.journey, max(1, person.travel_minutes)))],
        "rate": [max(0, min(300, pair.need.rate_pence - person.lowest_rate_pence))],
        "fill": [min(100, _percent(pair.given, max(1, pair.room)))],
        "status": [int(person.status == "open")],
        "confirmed": [_confirmed(pair)],
    }


def _sum(values: dict[str, list[int]], card: Scorecard) -> int:
    return sum(card.tables[code][value] // len(each) for code, each in values.items() for value in each)


def _log_yes(log_odds: int) -> int:
    middle = len(LOG_YES) // 2
    return int(LOG_YES[middle + max(-middle, min(middle, log_odds))])


def place(pair: Pair, card: Scorecard) -> Placed:
    """The score of somebody who fits."""
    holder = card.bases.holder + _sum(holder_values(pair), card)
    assistant = card.bases.assistant + _sum(assistant_values(pair), card)
    return Placed(pair.person.id, _log_yes(holder) + _log_yes(assistant), holder, assistant)


def rank(
    need: Need,
    people: Iterable[Candidate],
    card: Scorecard,
    today: date,
    *,
    further: int = 0,
    cover: bool = False,
    within: int = 240,
) -> list[Placed]:
    """Everyone who fits, best first; equals by id, and for cover those who know the holder before all others."""
    pairs = [Pair(need, person, today, further, cover, within) for person in people]
    placed = [place(pair, card) for pair in pairs if first_failure(pair) is None]
    return sorted(placed, key=lambda one: (cover and one.id not in need.known, -one.key, one.id))

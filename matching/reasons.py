"""Why this person: each figure that moved the score, as the sentence a person would say to the holder.

The points are the ranker's own, so the reasons are the score and not a story about it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from matching.eligibility import Question
from matching.features import Feature
from matching.places import miles
from matching.profiles import STEP, Candidate, Reason, Side, WeeklyWindow, half_hours
from matching.words import DAYS, either, hours, month, pounds

_HALF_A_MILE = 0.5
# the longest list of times a person takes in at once
_TIMES_NAMED = 3

# minutes after midnight at which each begins, and how long it is; a night belongs to the day on which it begins
_TIMES_OF_A_DAY = (
    ("morning", 6 * 60, 6 * 60),
    ("afternoon", 12 * 60, 5 * 60),
    ("evening", 17 * 60, 5 * 60),
    ("night", 22 * 60, 8 * 60),
)
_TIMES_OF_THE_WEEK = tuple(
    (f"{day} {name}", half_hours([WeeklyWindow(weekday, start, minutes)]))
    for weekday, day in enumerate(DAYS)
    for name, start, minutes in _TIMES_OF_A_DAY
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and one person it may be put to, with the half hours asked that the person is free for."""

    question: Question
    candidate: Candidate
    free: int

    @property
    def free_minutes(self) -> int:
        """How much of what is asked, a week."""
        return self.free.bit_count() * STEP


def explain(pair: Pair, points: Iterable[tuple[Feature, float]], names: Mapping[str, str]) -> tuple[Reason, ...]:
    """One reason for each subject, most points first; together they hold every point of both sides.

    A competency's wish and the age of its check are one subject. `names` are names of competencies.
    """
    totals: dict[tuple[str, str, Side], float] = {}
    for feature, worth in points:
        subject = ("competency" if feature.about else feature.code, feature.about, feature.side)
        totals[subject] = totals.get(subject, 0.0) + worth
    reasons = [
        Reason(f"{code}:{about}" if about else code, side, _sentence(code, about, pair, names), worth)
        for (code, about, side), worth in totals.items()
    ]
    return tuple(sorted(reasons, key=lambda reason: (-reason.points, reason.code)))


def _sentence(code: str, about: str, pair: Pair, names: Mapping[str, str]) -> str:
    if about:
        return _competency(about, names.get(about, about), pair)
    return _SENTENCES[code](pair)


def _competency(code: str, name: str, pair: Pair) -> str:
    question, evidence = pair.question, pair.candidate.competencies.get(code)
    if evidence is None:
        return f"Not skilled in {name}, which you wished for"
    if evidence.checked_on > question.first_day or (evidence.valid_until or question.last_day) < question.last_day:
        return f"Says they are skilled in {name}, which you wished for, but the check does not cover your dates"
    return f"Says they are skilled in {name}, checked {month(evidence.checked_on)}"


def _nearness(pair: Pair) -> str:
    here, there = pair.question.need.place, pair.candidate.place
    away = miles(here, there)
    if "district" in (here.precision, there.precision):
        # half a postcode is miles wide: a decimal would be made up
        about = max(round(away), 1)
        return f"About {about} {'mile' if about == 1 else 'miles'} away"
    return "Less than half a mile away" if away < _HALF_A_MILE else f"{away:.1f} miles away"


def _journey(pair: Pair) -> str:
    return f"Within the {pair.candidate.travel_miles:g} miles they travel"


def _rate(pair: Pair) -> str:
    offered, asked = pair.question.need.rate_pence, pair.candidate.lowest_rate_pence
    if offered == asked:
        return f"Your {pounds(offered)} an hour is what they ask"
    return f"Your {pounds(offered)} an hour is above the {pounds(asked)} they ask"


def _hours_wanted(pair: Pair) -> str:
    wanted = pair.candidate.most_minutes - pair.candidate.booked_minutes
    return f"Would fill {pair.free_minutes / 60:g} of the {hours(wanted)} a week they still have to give"


def _hours_free(pair: Pair) -> str:
    week, asked = pair.question.week, hours(pair.question.asked_minutes)
    if pair.free == week:
        return f"Free for all of your {asked}"
    return f"Free for {pair.free_minutes / 60:g} of your {asked}; not {_missing(week, pair.free)}"


_SENTENCES = {
    "nearness": _nearness,
    "hours_free": _hours_free,
    "rate": _rate,
    "hours_wanted": _hours_wanted,
    "journey": _journey,
}


def _missing(asked: int, free: int) -> str:
    """The times of the week that were asked and aren't free, as one would name them."""
    gaps = [
        f"part of {name}" if free & asked & time else name for name, time in _TIMES_OF_THE_WEEK if asked & time & ~free
    ]
    named, more = gaps[:_TIMES_NAMED], len(gaps) - _TIMES_NAMED
    if more > 0:
        named.append("1 other time" if more == 1 else f"{more} other times")
    return either(named)

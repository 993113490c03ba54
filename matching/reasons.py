"""Why this person: each figure that moved the score, as the sentence a person would say to the holder.

The points are the scorecard's own, so the reasons are the score and not a story about it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from matching.columns import competency, language
from matching.eligibility import Pair
from matching.judging import SINGLE
from matching.question import Question
from matching.results import Reason
from matching.scorecard import BY_CODE, FEATURES, GRAIN, Scorecard
from matching.week import HALF_HOURS_IN_A_DAY, STEP, WeeklyWindow, half_hours, minutes_of
from matching.words import BY, DAYS, either, hours, minutes_away, month, pounds

# the longest list of times a person takes in at once
_TIMES_NAMED = 3
_SINGLE = FEATURES[:SINGLE]

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
assert sum(minutes for _, _, minutes in _TIMES_OF_A_DAY) == HALF_HOURS_IN_A_DAY * STEP


@dataclass(frozen=True, slots=True)
class Worth:
    """One value of one feature: what it is about, the points it is worth and the most it could be, in 1024ths."""

    code: str
    about: str
    value: int
    points: int
    best: int


def worths(question: Question, card: Scorecard, values: Sequence[int]) -> Iterator[Worth]:
    """What `judging.judge` filled in, as what each value is worth; a feature that wasn't asked for isn't there."""
    for feature, value in zip(_SINGLE, values, strict=False):
        if value >= 0:
            yield Worth(feature.code, "", value, card.tables[feature.code][value], card.best(feature.code))
    at = SINGLE
    for code, asked in each_asked(question):
        table, best = card.tables[code], card.best(code)
        for about in asked:
            yield Worth(code, about, values[at], table[values[at]] // len(asked), best // len(asked))
            at += 1


def each_asked(question: Question) -> tuple[tuple[str, Sequence[str]], ...]:
    """The features that have a value for each thing asked, and what is asked, in the order of the values."""
    return (
        ("required", sorted(question.need.required, key=competency)),
        ("wished", question.extra),
        ("spoken", question.spoken),
    )


def explain(pair: Pair, found: Sequence[Worth]) -> tuple[Reason, ...]:
    """One reason for each value, most points first; together they hold every point of both sides."""
    reasons = [
        Reason(
            f"{one.code}:{one.about}" if one.about else one.code,
            BY_CODE[one.code].side,
            _EACH[one.code](pair, one.about) if one.about else _ALONE[one.code](pair),
            one.points / GRAIN,
            one.best / GRAIN,
        )
        for one in found
        # a stranger is no reason; that somebody is known is one
        if one.code != "known" or one.value
    ]
    return tuple(sorted(reasons, key=lambda reason: (-reason.points, reason.code)))


# --- the sentences


def _journey(pair: Pair) -> str:
    return minutes_away(pair.travel_minutes, mode=pair.person.mode)


def _journey_share(pair: Pair) -> str:
    return f"Travels up to {pair.person.travel_minutes} minutes {BY[pair.person.mode]}"


def _hours(pair: Pair) -> str:
    question, asked = pair.question, hours(pair.question.wanted_minutes)
    if pair.given_minutes == question.wanted_minutes:
        return f"Free for all of your {asked}"
    if pair.given_minutes < pair.free_minutes:
        return (
            f"Free for {pair.free_minutes / 60:g} of your {asked}; has {hours(pair.given_minutes)} left in their week"
        )
    said = f"Free for {pair.given_minutes / 60:g} of your {asked}"
    # who may choose the times misses none of them
    return said if question.need.minutes_a_week else f"{said}; not {_missing(question.week, pair.person.free)}"


def _preferred(pair: Pair) -> str:
    liked = minutes_of(pair.question.preferred & pair.person.free)
    return f"Free for {hours(min(liked, pair.given_minutes))} at the times you like best"


def _known(_pair: Pair) -> str:
    return "Has worked for you before"


def _rate(pair: Pair) -> str:
    offered, asked = pair.question.need.rate_pence, pair.person.lowest_rate_pence
    if offered == asked:
        return f"Your {pounds(offered)} an hour is what they ask"
    return f"Your {pounds(offered)} an hour is above the {pounds(asked)} they ask"


def _fill(pair: Pair) -> str:
    room = hours(pair.person.room_minutes)
    return f"Would fill {pair.given_minutes / 60:g} of the {room} a week they still have to give"


def _status(pair: Pair) -> str:
    return "Looking for work now" if pair.person.status == "looking" else "Not looking, but open to offers"


def _confirmed(pair: Pair) -> str:
    day = pair.person.confirmed_on
    return f"Last confirmed what they offer in {month(day)}" if day else "Has never confirmed what they offer"


def _required(pair: Pair, code: str) -> str:
    name, evidence = pair.names.get(code, code), pair.person.held[competency(code)]
    return f"Says they are skilled in {name}, checked {month(evidence.checked_on)}"


def _wished(pair: Pair, code: str) -> str:
    name, evidence = pair.names.get(code, code), pair.person.held.get(competency(code))
    if evidence is None:
        return f"Not skilled in {name}, which you wished for"
    if not pair.holds(competency(code)):
        return f"Says they are skilled in {name}, which you wished for, but the check does not cover your dates"
    return f"Says they are skilled in {name}, checked {month(evidence.checked_on)}"


def _spoken(pair: Pair, code: str) -> str:
    name = pair.names.get(code, code)
    return f"Speaks {name}" if pair.holds(language(code)) else f"Doesn't speak {name}, which you wished for"


_ALONE: dict[str, Callable[[Pair], str]] = {
    "journey": _journey,
    "hours": _hours,
    "preferred": _preferred,
    "known": _known,
    "journey_share": _journey_share,
    "rate": _rate,
    "fill": _fill,
    "status": _status,
    "confirmed": _confirmed,
}
_EACH: dict[str, Callable[[Pair, str], str]] = {"required": _required, "wished": _wished, "spoken": _spoken}


def _missing(asked: int, free: int) -> str:
    """The times of the week that were asked and aren't free, as one would name them."""
    gaps = [
        f"part of {name}" if free & asked & time else name for name, time in _TIMES_OF_THE_WEEK if asked & time & ~free
    ]
    named, more = gaps[:_TIMES_NAMED], len(gaps) - _TIMES_NAMED
    if more > 0:
        named.append("1 other time" if more == 1 else f"{more} other times")
    return either(named)

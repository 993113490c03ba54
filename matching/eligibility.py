"""The hard rules, both ways: what neither side's liking can make up for.

Each rule has a code, a sentence about the many (the funnel) and one about one named person, and a
mask over the whole pool. They are applied in the order of `RULES`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from matching.places import miles
from matching.pool import BoolColumn, Pool
from matching.profiles import STEP, Candidate, FunnelStep, Need, half_hours
from matching.words import NO_NAMES, day_and_month, either, hours, pounds

#: The least share of the hours asked for which someone must be free. Under half, a second person
#: would do most of the work, and the list would be long and useless; half leaves room to agree.
LEAST_SHARE_FREE = 0.5

#: How far ahead required evidence must hold. Most certificates last a year or less: asking for the
#: whole of a support that has no end would leave nobody. Renewal after that is followed up shift by
#: shift, not here.
EVIDENCE_AHEAD = timedelta(weeks=12)


@dataclass(frozen=True, slots=True)
class Question:
    """A need, asked on a day.

    `week` is the half hours asked. Required evidence must hold from `first_day`, which is never in
    the past, to `last_day`: the end of the support, or EVIDENCE_AHEAD if that is sooner.
    """

    need: Need
    today: date
    week: int
    first_day: date
    last_day: date

    @property
    def asked_minutes(self) -> int:
        """How much is asked, a week."""
        return self.week.bit_count() * STEP


def ask(need: Need, *, today: date) -> Question:
    """The need with what follows from it and the day."""
    first = max(need.starts_on, today)
    last = first + EVIDENCE_AHEAD
    if need.ends_on is not None:
        last = max(first, min(last, need.ends_on))
    return Question(need, today, half_hours(need.windows), first, last)


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason why two people can't be matched; `one` is filled in with figures of the person."""

    code: str
    many: str
    one: str
    fits: Callable[[Question, Pool], BoolColumn]


def _looking(_question: Question, pool: Pool) -> BoolColumn:
    return pool.looking


def _near_enough(question: Question, pool: Pool) -> BoolColumn:
    return pool.miles_from(question.need.place) <= pool.travel_miles


def _competent(question: Question, pool: Pool) -> BoolColumn:
    held = np.ones(len(pool), dtype=np.bool_)
    for code in question.need.required:
        held &= pool.holds(code, question.first_day, question.last_day)
    return held


def _paid_enough(question: Question, pool: Pool) -> BoolColumn:
    return pool.lowest_rate_pence <= question.need.rate_pence


def _free_enough(question: Question, pool: Pool) -> BoolColumn:
    return pool.free_minutes(question.week) >= LEAST_SHARE_FREE * question.asked_minutes


def _worth_their_while(question: Question, pool: Pool) -> BoolColumn:
    return pool.free_minutes(question.week) >= pool.least_minutes


def _within_their_week(question: Question, pool: Pool) -> BoolColumn:
    return pool.booked_minutes + pool.free_minutes(question.week) <= pool.most_minutes


RULES = (
    Rule(
        "not_looking",
        "Not looking for more work now",
        "They are not looking for more work now.",
        _looking,
    ),
    Rule(
        "too_far",
        "You live further away than they travel",
        "They are {miles} miles away and travel up to {travel} miles.",
        _near_enough,
    ),
    Rule(
        "competency",
        "Without a skill you need, checked and valid on your dates",
        "They have no valid check of {missing} for {first} to {last}.",
        _competent,
    ),
    Rule(
        "rate",
        "Ask for more an hour than you offer",
        "They ask for at least {lowest} an hour; you offer {rate}.",
        _paid_enough,
    ),
    Rule(
        "not_free",
        "Not free for half of your hours",
        "They are free for {free} of your {asked} a week; half is the least.",
        _free_enough,
    ),
    Rule(
        "too_few_hours",
        "Want more hours than these",
        "They want at least {least} a week from one person; these would be {free}.",
        _worth_their_while,
    ),
    Rule(
        "too_many_hours",
        "Would work more hours than they want",
        "They work up to {most} a week; with yours it would be {together}.",
        _within_their_week,
    ),
)


def sift(question: Question, pool: Pool) -> tuple[NDArray[np.intp], tuple[FunnelStep, ...]]:
    """The rows of the pool that pass every rule, and the funnel: one step a rule, in order.

    Someone who fails two rules is counted at the first, so that the removals add up.
    """
    left = np.ones(len(pool), dtype=np.bool_)
    before, steps = len(pool), []
    for rule in RULES:
        left = left & rule.fits(question, pool)
        after = int(np.count_nonzero(left))
        steps.append(FunnelStep(rule.code, rule.many, removed=before - after, left=after))
        before = after
    return np.flatnonzero(left), tuple(steps)


def why_not(need: Need, candidate: Candidate, *, today: date, names: Mapping[str, str] = NO_NAMES) -> tuple[str, ...]:
    """Every hard rule this person fails, as sentences to the holder; empty if they fit."""
    question, alone = ask(need, today=today), Pool([candidate])
    figures = _figures(question, alone, names)
    return tuple(rule.one.format_map(figures) for rule in RULES if not rule.fits(question, alone)[0])


def _figures(question: Question, alone: Pool, names: Mapping[str, str]) -> dict[str, str]:
    need, (candidate,) = question.need, alone.candidates
    free = int(alone.free_minutes(question.week)[0])
    dates = question.first_day, question.last_day
    missing = [names.get(code, code) for code in sorted(need.required) if not alone.holds(code, *dates)[0]]
    return {
        "miles": f"{miles(need.place, candidate.place):.1f}",
        "travel": f"{candidate.travel_miles:g}",
        "missing": either(missing or [""]),
        "first": day_and_month(question.first_day),
        "last": day_and_month(question.last_day),
        "lowest": pounds(candidate.lowest_rate_pence),
        "rate": pounds(need.rate_pence),
        "free": hours(free),
        "asked": hours(question.asked_minutes),
        "least": hours(candidate.least_minutes),
        "most": hours(candidate.most_minutes),
        "together": hours(candidate.booked_minutes + free),
    }

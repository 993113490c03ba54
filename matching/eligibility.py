"""The hard rules, both ways, in words: what neither side's liking can make up for.

`matching.judging` applies them, in this order. Each has a sentence about the many (the funnel) and one about one
named person.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from matching.columns import check, competency, language
from matching.errors import BadQuestion
from matching.judging import CODES
from matching.listed import Listed
from matching.pool import Pool
from matching.question import Question
from matching.results import FunnelStep
from matching.terms import CAR, CONTRACT, GENDER, SHIFT
from matching.travel import metres, minutes
from matching.week import minutes_of
from matching.words import BY, NO_NAMES, day_and_month, either, hours, lack, pounds, work

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason why two people can't be matched."""

    code: str
    many: str
    one: Callable[["Pair"], str]


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and one person it may be put to; `names` are names of competencies, checks and languages."""

    question: Question
    person: Listed
    names: Names

    @property
    def travel_minutes(self) -> int:
        """How long the way takes them."""
        return minutes(self.person.mode, metres(self.question.need.place, self.person.place))

    @property
    def free_minutes(self) -> int:
        """How much of what is wanted they are free for, a week."""
        return min(minutes_of(self.question.week & self.person.free), self.question.wanted_minutes)

    @property
    def given_minutes(self) -> int:
        """The same within the hours they still have to give."""
        return max(min(self.free_minutes, self.person.room_minutes), 0)

    def lacking(self, codes: Iterable[str], kind: Callable[[str], str]) -> str:
        """Those of the codes that aren't held on the dates asked, by name."""
        return either([self.names.get(code, code) for code in sorted(codes) if not self.holds(kind(code))] or [""])

    def holds(self, held: str) -> bool:
        """Whether something is held from the first day to the last."""
        evidence = self.person.held.get(held)
        if evidence is None or evidence.checked_on > self.question.first_day:
            return False
        return evidence.valid_until is None or evidence.valid_until >= self.question.last_day


def _too_far(pair: Pair) -> str:
    there, person = pair.travel_minutes, pair.person
    return f"They travel up to {person.travel_minutes} minutes {BY[person.mode]}; you are about {there} away."


def _dates(pair: Pair) -> str:
    return f"from {day_and_month(pair.question.first_day)} to {day_and_month(pair.question.last_day)}"


def _competency(pair: Pair) -> str:
    missing = pair.lacking(pair.question.need.required, competency)
    return f"They don't have {missing}, valid {_dates(pair)}."


def _check(pair: Pair) -> str:
    return f"We have no {pair.lacking(pair.question.need.checks, check)} of theirs, valid {_dates(pair)}."


def _language(pair: Pair) -> str:
    return f"They don't speak {pair.lacking(pair.question.need.languages, language)}."


def _lacks(kinds: frozenset[str]) -> Callable[[Pair], str]:
    def sentence(pair: Pair) -> str:
        return f"They {lack((pair.question.need.terms.needs & kinds) - pair.person.terms.brings)}."

    return sentence


def _refuses(kinds: frozenset[str]) -> Callable[[Pair], str]:
    def sentence(pair: Pair) -> str:
        return f"They don't work {work(pair.person.terms.refuses & pair.question.need.terms.brings & kinds)}."

    return sentence


def _their_dealbreaker(pair: Pair) -> str:
    ours, theirs = pair.question.need.terms, pair.person.terms
    if refused := (theirs.refuses & ours.brings) - CONTRACT - SHIFT:
        return f"They don't work {work(refused)}."
    return "They need somewhere to park."


def _your_dealbreaker(_pair: Pair) -> str:
    return "They smoke, and you asked for somebody who doesn't."


def _rate(pair: Pair) -> str:
    return (
        f"They ask at least {pounds(pair.person.lowest_rate_pence)} an hour; "
        f"you offer {pounds(pair.question.need.rate_pence)}."
    )


def _not_available(pair: Pair) -> str:
    available = min(minutes_of(pair.question.week & pair.person.available), pair.question.wanted_minutes)
    return (
        f"They are available for {available / 60:g} of your {hours(pair.question.wanted_minutes)}; half is the least."
    )


def _booked(pair: Pair) -> str:
    return (
        f"With what they have promised to others, they are free for {pair.free_minutes / 60:g} "
        f"of your {hours(pair.question.wanted_minutes)}; half is the least."
    )


def _too_many(pair: Pair) -> str:
    room = hours(max(pair.person.room_minutes, 0))
    return (
        f"They work up to {hours(pair.person.most_minutes)} a week, and have {room} left; half of yours is the least."
    )


def _too_few(pair: Pair) -> str:
    return (
        f"They want at least {hours(pair.person.least_minutes)} a week from one person; "
        f"these would be {hours(pair.given_minutes)}."
    )


RULES = (
    Rule(
        "not_looking",
        "Not looking for more work now, or can't be invited",
        lambda _: "They are not looking for more work now.",
    ),
    Rule("too_far", "Live further away than they travel", _too_far),
    Rule("blocked", "Can't be invited", lambda _: "They can't be invited at the moment."),
    Rule("competency", "Don't have a skill that is required, valid on your dates", _competency),
    Rule("check", "Don't have a check that is required, valid on your dates", _check),
    Rule("language", "Don't speak a language that is required", _language),
    Rule("gender", "Haven't said that they are of the gender required", _lacks(GENDER)),
    Rule("car", "Don't drive, or have no car for work", _lacks(CAR)),
    Rule("employment", "Don't work on the contract offered", _refuses(CONTRACT)),
    Rule("shift_kind", "Don't do this kind of shift", _refuses(SHIFT)),
    Rule("their_dealbreaker", "Won't work in a home like this one", _their_dealbreaker),
    Rule("your_dealbreaker", "Have something that you said no to", _your_dealbreaker),
    Rule("rate", "Ask more than the rate offered", _rate),
    Rule("not_available", "Available for less than half of the hours", _not_available),
    Rule("booked", "Have promised too many of the hours to others", _booked),
    Rule("too_many_hours", "Have too few hours left in their week", _too_many),
    Rule("too_few_hours", "Want more hours than these", _too_few),
)
assert tuple(rule.code for rule in RULES) == CODES
_BY_CODE = {rule.code: rule for rule in RULES}


def steps(removed: Sequence[int], considered: int) -> tuple[FunnelStep, ...]:
    """The funnel of `Pool.funnel`: one step a rule, in order.

    Someone who fails two rules is counted at the first, so that the removals add up. Those blocked are counted with
    those who aren't looking: a step of their own would tell one side that the other doesn't want to meet them.
    """
    gone = dict(zip(CODES, removed, strict=False))
    gone["not_looking"] += gone.pop("blocked")
    left, found = considered, []
    for code, number in gone.items():
        left -= number
        found.append(FunnelStep(code, _BY_CODE[code].many, removed=number, left=left))
    return tuple(found)


def why_not(question: Question, pool: Pool, candidate_id: UUID, *, names: Names = NO_NAMES) -> tuple[str, ...]:
    """Every hard rule this person fails, as sentences to the holder; empty if they fit.

    Raises:
        BadQuestion: they are not in the pool.
    """
    found = pool.find(candidate_id)
    if found is None:
        raise BadQuestion("candidate", "This person is not among those who look for work here.")
    pair = Pair(question, pool.listed(found), names)
    return tuple(_BY_CODE[code].one(pair) for code in pool.failures(question, found))

"""What a holder with a short list could change: single changes, and how many more people each would bring, exactly.

Each change is asked of the pool like a need of its own, so its count can't differ from the list that would follow.
Checks, skills that keep somebody safe and a required gender are never among them.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from matching.eligibility import Names
from matching.places import METRES_IN_A_MILE
from matching.pool import Pool
from matching.profiles import Need
from matching.question import Question
from matching.terms import CONTRACT
from matching.week import HALF_HOURS_IN_A_DAY, MINUTES_IN_A_DAY, STEP, WeeklyWindow, half_hours, minutes_of
from matching.words import DAYS, NO_NAMES, pounds

_MILES = (1, 2, 3, 5, 10)
_PENCE = range(10, 210, 10)
#: So many more make a choice.
_A_FEW = 5
_LATER = (-30, 30, -60, 60)


@dataclass(frozen=True, slots=True)
class Change:
    """One change: `more` people would fit than now. `question` is the need as it would be asked."""

    code: str
    sentence: str
    question: Question
    more: int


def relax(
    question: Question, pool: Pool, *, most: int = 5, names: Names = NO_NAMES, optional: Collection[str] = ()
) -> tuple[Change, ...]:
    """The changes that bring most, one of a kind, best first; none that brings nobody.

    `optional` are the competencies that are a wish as well as a requirement: nobody's safety hangs on them.
    """
    now = pool.count(question)
    found = []
    for kind in _kinds(question, names, frozenset(optional)):
        changes = [replace(change, more=pool.count(change.question) - now) for change in kind]
        if (best := _best(changes)) is not None:
            found.append(best)
    return tuple(sorted(found, key=lambda change: -change.more)[:most])


def _best(changes: Sequence[Change]) -> Change | None:
    """Of steps that grow, the first that brings a few people, or half of what the biggest does; else the most."""
    most = max((change.more for change in changes), default=0)
    if most <= 0:
        return None
    enough = min(most / 2, _A_FEW) if changes[0].code in {"further", "rate"} else most
    return next(change for change in changes if change.more >= enough)


def _kinds(question: Question, names: Names, optional: frozenset[str]) -> Iterator[list[Change]]:
    yield list(_further(question))
    yield list(_rates(question))
    yield list(_other_days(question))
    yield list(_fewer_days(question))
    yield list(_other_times(question))
    yield list(_contract(question))
    yield list(_car(question))
    yield list(_languages(question, names))
    yield list(_competencies(question, names, optional))
    yield list(_smokers(question))


def _asking(question: Question, code: str, sentence: str, **changes: object) -> Change:
    return Change(code, sentence, replace(question, need=replace(question.need, **changes)), 0)  # type: ignore[arg-type] # fields of a Need by name


def _further(question: Question) -> Iterator[Change]:
    for miles in _MILES:
        said = f"{miles} {'mile' if miles == 1 else 'miles'} further than people say they travel"
        further = question.further + round(miles * METRES_IN_A_MILE)
        yield Change("further", said, replace(question, further=further), 0)


def _rates(question: Question) -> Iterator[Change]:
    offered = question.need.rate_pence
    for more in _PENCE:
        said = f"{pounds(offered + more)} an hour instead of {pounds(offered)}"
        yield _asking(question, "rate", said, rate_pence=offered + more)


def _other_days(question: Question) -> Iterator[Change]:
    windows = question.need.windows
    asked = sorted({window.weekday for window in windows})
    # a day that a night before runs into isn't free for the taking
    touched = [day for day in range(7) if question.week >> day * HALF_HOURS_IN_A_DAY & (1 << HALF_HOURS_IN_A_DAY) - 1]
    for day in asked:
        for other in sorted(set(range(7)) - set(touched)):
            moved = tuple(replace(one, weekday=other) if one.weekday == day else one for one in windows)
            if _as_long(question.need, moved):
                said = f"{DAYS[other]} instead of {DAYS[day]}"
                yield _asking(question, "other_day", said, windows=moved)


def _fewer_days(question: Question) -> Iterator[Change]:
    windows = question.need.windows
    asked = sorted({window.weekday for window in windows})
    for day in asked if len(asked) > 1 else ():
        kept = tuple(window for window in windows if window.weekday != day)
        wanted = question.need.minutes_a_week
        if wanted is None or wanted <= minutes_of(half_hours(kept)):
            yield _asking(question, "fewer_days", f"Without {DAYS[day]}", windows=kept)


def _other_times(question: Question) -> Iterator[Change]:
    for later in _LATER:
        moved = tuple(_moved(window, later) for window in question.need.windows)
        if _as_long(question.need, moved):
            much = "An hour" if abs(later) == 2 * STEP else "Half an hour"
            yield _asking(
                question, "other_times", f"{much} {'later' if later > 0 else 'earlier'} each day", windows=moved
            )


def _moved(window: WeeklyWindow, later: int) -> WeeklyWindow:
    days, start = divmod(window.start + later, MINUTES_IN_A_DAY)
    return replace(window, weekday=(window.weekday + days) % 7, start=start)


def _as_long(need: Need, windows: tuple[WeeklyWindow, ...]) -> bool:
    return half_hours(windows).bit_count() == half_hours(need.windows).bit_count()


def _without_terms(question: Question, code: str, sentence: str, **terms: frozenset[str]) -> Change:
    return _asking(question, code, sentence, terms=replace(question.need.terms, **terms))


def _contract(question: Question) -> Iterator[Change]:
    terms = question.need.terms
    for offered in sorted(terms.brings & CONTRACT):
        said = "Self-employed people too" if offered == "employment" else "Employing somebody too"
        yield _without_terms(question, "contract", said, brings=terms.brings - {offered})


def _car(question: Question) -> Iterator[Change]:
    terms = question.need.terms
    if "own_car" in terms.needs:
        yield _without_terms(question, "car", "Without a car of their own", needs=terms.needs - {"own_car"})
    if "drives" in terms.needs:
        yield _without_terms(question, "car", "Without driving", needs=terms.needs - {"drives"})


def _languages(question: Question, names: Names) -> Iterator[Change]:
    for code in sorted(question.need.languages):
        kept, wished = question.need.languages - {code}, question.need.languages_wished | {code}
        said = f"{names.get(code, code)} as a wish, not a must"
        yield _asking(question, "language", said, languages=kept, languages_wished=wished)


def _competencies(question: Question, names: Names, optional: frozenset[str]) -> Iterator[Change]:
    for code in sorted(question.need.required & optional):
        name = names.get(code, code)
        said = f"{name[0].upper()}{name[1:]} as a wish, not a must"
        kept, wished = question.need.required - {code}, question.need.wished | {code}
        yield _asking(question, "competency", said, required=kept, wished=wished)


def _smokers(question: Question) -> Iterator[Change]:
    terms = question.need.terms
    if "smokes" in terms.refuses:
        yield _without_terms(question, "smokers", "People who smoke, away from you", refuses=terms.refuses - {"smokes"})

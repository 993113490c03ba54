"""What speaks for a yes, as figures between 0 and 1, one column a feature, one row a fitting person.

No feature is a protected characteristic, and none is popularity: no rating, no count of past work.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.eligibility import LEAST_SHARE_FREE, Question
from matching.pool import FloatColumn, Pool
from matching.profiles import Side

#: Nearness halves with each of these.
HALVING_MILES = 5.0
#: Trust in a check halves with each of these.
HALVING_DAYS = 365.0
#: Pence an hour above the least a person asks; more than this makes no more difference.
GENEROUS_PENCE = 200
# someone who travels under a mile, at the very place, is not divided by nought
_A_MILE = 1.0


@dataclass(frozen=True, slots=True)
class Feature:
    """One column: `code` is the name of its weight, `about` the competency it is about, or empty."""

    code: str
    side: Side
    about: str
    values: FloatColumn


def features_of(question: Question, pool: Pool, rows: NDArray[np.intp]) -> tuple[Feature, ...]:
    """Every feature for the given rows, which are rows that `sift` let through."""
    need = question.need
    far = pool.miles_from(need.place)[rows]
    free = pool.free_minutes(question.week)[rows]
    share = free / question.asked_minutes
    wanted = (pool.most_minutes - pool.booked_minutes)[rows]
    above = need.rate_pence - pool.lowest_rate_pence[rows]
    return (
        Feature("nearness", "holder", "", np.exp2(-far / HALVING_MILES)),
        Feature("hours_free", "holder", "", (share - LEAST_SHARE_FREE) / (1 - LEAST_SHARE_FREE)),
        *_of_competencies(question, pool, rows),
        Feature("rate", "assistant", "", np.minimum(above / GENEROUS_PENCE, 1.0)),
        Feature("hours_wanted", "assistant", "", free / wanted),
        Feature("journey", "assistant", "", 1 - far / np.maximum(pool.travel_miles[rows], _A_MILE)),
    )


def _of_competencies(question: Question, pool: Pool, rows: NDArray[np.intp]) -> Iterator[Feature]:
    """A wish's value is its share of all wishes; a check's, its share of all that was asked."""
    asked = question.need.required | question.need.wished
    extra = question.need.wished - question.need.required
    for code in sorted(asked):
        held = pool.holds(code, question.first_day, question.last_day)[rows].astype(np.float64)
        days = pool.days_since_check(code, question.today)[rows]
        if code in extra:
            yield Feature("wished", "holder", code, held / len(extra))
        yield Feature("fresh_check", "holder", code, held * np.exp2(-days / HALVING_DAYS) / len(asked))

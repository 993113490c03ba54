"""Everyone who might help, as numpy columns, so that one need is compared with all of them at once."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from matching.errors import BadQuestion
from matching.places import METRES_IN_A_MILE, Place
from matching.profiles import STEP, Candidate, half_hours

BoolColumn = NDArray[np.bool_]
IntColumn = NDArray[np.int64]
FloatColumn = NDArray[np.float64]

# 336 half hours need six words of 64 bits; the last 48 bits stay nought
_WORDS = 6
_BYTES = _WORDS * 8
_NEVER = date.max.toordinal()


class Pool:
    """Candidates in the order of their ids, whatever order they came in; it never changes.

    Every column has one row a candidate; `free_weeks` are `half_hours` after what is booked. Evidence is
    read when the pool is made.

    Raises:
        BadQuestion: two candidates have the same id.
    """

    def __init__(self, candidates: Iterable[Candidate] = ()) -> None:
        people = tuple(sorted(candidates, key=lambda person: person.id))
        if any(one.id == other.id for one, other in pairwise(people)):
            raise BadQuestion("candidates", "The same person is in the pool twice.")
        self.candidates = people
        self.looking: BoolColumn = np.array([person.looking for person in people], dtype=np.bool_)
        self.eastings = _floats(person.place.easting for person in people)
        self.northings = _floats(person.place.northing for person in people)
        self.travel_miles = _floats(person.travel_miles for person in people)
        self.lowest_rate_pence = _ints(person.lowest_rate_pence for person in people)
        self.least_minutes = _ints(person.least_minutes for person in people)
        self.most_minutes = _ints(person.most_minutes for person in people)
        self.booked_minutes = _ints(person.booked_minutes for person in people)
        self.free_weeks = tuple(half_hours(person.windows) & ~half_hours(person.booked) for person in people)
        self._free_words = _words(self.free_weeks)
        self._evidence = _evidence(people)
        self._none = (np.full(len(people), _NEVER), np.zeros(len(people), dtype=np.int64))

    def __len__(self) -> int:
        return len(self.candidates)

    def with_changes(self, *, upsert: Iterable[Candidate] = (), remove: Iterable[UUID] = ()) -> "Pool":
        """A pool without those removed, then with those upserted; removing a stranger does nothing."""
        people = {person.id: person for person in self.candidates}
        for gone in remove:
            people.pop(gone, None)
        people.update({person.id: person for person in upsert})
        return Pool(people.values())

    def miles_from(self, place: Place) -> FloatColumn:
        """As the crow flies, like `places.miles`."""
        metres = np.hypot(self.eastings - place.easting, self.northings - place.northing)
        away: FloatColumn = metres / METRES_IN_A_MILE
        return away

    def free_minutes(self, week: int) -> IntColumn:
        """How much of the `half_hours` asked each is free for, after what they have booked."""
        shared = np.bitwise_count(self._free_words & _words([week]))
        minutes: IntColumn = shared.sum(axis=1, dtype=np.int64) * STEP
        return minutes

    def holds(self, competency: str, first: date, last: date) -> BoolColumn:
        """Whether each has it, checked by the first day and valid to the end of the last."""
        checked, until = self._evidence.get(competency, self._none)
        held: BoolColumn = (checked <= first.toordinal()) & (until >= last.toordinal())
        return held

    def days_since_check(self, competency: str, today: date) -> IntColumn:
        """How old each one's evidence is; nought for those who have none."""
        checked, _ = self._evidence.get(competency, self._none)
        days: IntColumn = np.maximum(today.toordinal() - checked, 0)
        return days


def _floats(values: Iterable[float]) -> FloatColumn:
    return np.array(list(values), dtype=np.float64)


def _ints(values: Iterable[int]) -> IntColumn:
    return np.array(list(values), dtype=np.int64)


def _words(weeks: Iterable[int]) -> NDArray[np.uint64]:
    packed = b"".join(week.to_bytes(_BYTES, "little") for week in weeks)
    return np.frombuffer(packed, dtype="<u8").reshape(-1, _WORDS)


def _evidence(people: tuple[Candidate, ...]) -> dict[str, tuple[IntColumn, IntColumn]]:
    """For each competency anyone has, the days (ordinals) it was checked and ends."""
    codes = {code for person in people for code in person.competencies}
    columns = {code: (np.full(len(people), _NEVER), np.zeros(len(people), dtype=np.int64)) for code in codes}
    for row, person in enumerate(people):
        for code, evidence in person.competencies.items():
            checked, until = columns[code]
            checked[row] = evidence.checked_on.toordinal()
            until[row] = (evidence.valid_until or date.max).toordinal()
    return columns

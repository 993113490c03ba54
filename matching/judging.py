"""One question, one person, compiled: which hard rule they fail first, and what their yes and the holder's hang on.

Everything else asks here: the search, the funnel, why someone is not listed, the reasons. So they can't differ.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.columns import NOT_NOW, OPEN, WEEK_WORDS, People, Words
from matching.compiled import compiled_inner
from matching.question import Asked
from matching.scorecard import (
    BASES_AT,
    GRAIN,
    HEAVIEST,
    LOG_YES,
    MOST_ABOVE_PENCE,
    MOST_WEEKS,
    NEVER_CONFIRMED,
    OLDEST_MONTHS,
    START,
)
from matching.terms import CAR, CONTRACT, GENDER, SHIFT, bits
from matching.travel import FURTHEST, LONGEST_MINUTES, MINUTES, STRIDE
from matching.week import STEP

#: The hard rules in the order in which they are asked; `matching.eligibility` has their sentences.
CODES = (
    "not_looking",
    "too_far",
    "blocked",
    "competency",
    "check",
    "language",
    "gender",
    "car",
    "employment",
    "shift_kind",
    "their_dealbreaker",
    "your_dealbreaker",
    "rate",
    "not_available",
    "booked",
    "too_many_hours",
    "too_few_hours",
)
(
    _NOT_LOOKING,
    _TOO_FAR,
    _BLOCKED,
    _COMPETENCY,
    _CHECK,
    _LANGUAGE,
    _GENDER,
    _CAR,
    _EMPLOYMENT,
    _SHIFT_KIND,
    _THEIRS,
    _YOURS,
    _RATE,
    _NOT_AVAILABLE,
    _BOOKED,
    _TOO_MANY,
    _TOO_FEW,
) = range(len(CODES))
#: They fit.
NONE = -1

_GENDER_BITS, _CAR_BITS, _CONTRACT_BITS, _SHIFT_BITS = map(bits, (GENDER, CAR, CONTRACT, SHIFT))
_OTHER_NEEDS = ~(_GENDER_BITS | _CAR_BITS) & 0xFFFFFFFF
_OTHER_REFUSALS = ~(_CONTRACT_BITS | _SHIFT_BITS) & 0xFFFFFFFF

#: Values that one person has of every question; those for each thing asked come after them.
SINGLE = 9
(_JOURNEY, _HOURS, _PREFERRED, KNOWN, _JOURNEY_SHARE, _RATE_ABOVE, _FILL, _STATUS, _CONFIRMED) = range(SINGLE)
_AT_JOURNEY, _AT_HOURS, _AT_PREFERRED, _AT_KNOWN = (START[code] for code in ("journey", "hours", "preferred", "known"))
_AT_SHARE, _AT_RATE, _AT_FILL = (START[code] for code in ("journey_share", "rate", "fill"))
_AT_STATUS, _AT_CONFIRMED = (START[code] for code in ("status", "confirmed"))
_AT_REQUIRED, _AT_WISHED, _AT_SPOKEN = (START[code] for code in ("required", "wished", "spoken"))
_DAYS_IN_A_MONTH = 30
_LIMIT = HEAVIEST * GRAIN
_STRIDES = MINUTES.shape[1]


# --- small things


@compiled_inner
def bits_set(word: np.uint64) -> int:
    """How many bits are set; LLVM makes one instruction of it."""
    count = 0
    while word:
        word &= word - np.uint64(1)
        count += 1
    return count


@compiled_inner
def _is_one_of(person: Any, ids: Words) -> bool:
    found = False
    for at in range(len(ids)):
        found |= ids[at, 0] == person.id_high and ids[at, 1] == person.id_low
    return found


@compiled_inner
def _holds(people: People, row: int, code: int, first: int, last: int) -> int:
    """Where among what is held this code stands, if it holds from the first day to the last; else -1."""
    found = -1
    start = people.people[row].held
    for at in range(start, start + people.people[row].held_count):
        if people.held_code[at] == code and people.held_from[at] <= first and people.held_until[at] >= last:
            found = at
    return found


@compiled_inner
def straight(what: Any, person: Any) -> int:
    """Whole metres as the crow flies."""
    east, north = np.int64(what.easting) - person.easting, np.int64(what.northing) - person.northing
    return int(np.sqrt(np.float64(east * east + north * north)))


@compiled_inner
def journey(what: Any, person: Any) -> int:
    """Minutes one way."""
    return int(MINUTES[person.mode, min(straight(what, person) // STRIDE, _STRIDES - 1)])


@compiled_inner
def in_reach(what: Any, person: Any) -> bool:
    """Whether they travel that far, and arrive within the time that is asked."""
    near = straight(what, person) <= FURTHEST[person.mode, person.minutes] + what.further
    return bool(near and (what.within == LONGEST_MINUTES or journey(what, person) <= what.within))


# --- the hard rules


@compiled_inner
def first_failure(asked: Asked, people: People, row: int, ignoring: int) -> int:
    """The first rule that this person fails, or NONE; rules whose bit is set in `ignoring` aren't asked."""
    what, person = asked.what[0], people.people[row]
    if not ignoring & 1 << _NOT_LOOKING and person.status == NOT_NOW:
        return _NOT_LOOKING
    if not ignoring & 1 << _TOO_FAR and not in_reach(what, person):
        return _TOO_FAR
    if not ignoring & 1 << _BLOCKED and len(asked.blocked) and _is_one_of(person, asked.blocked):
        return _BLOCKED
    failed = _first_missing(asked, people, row, ignoring)
    if failed != NONE:
        return failed
    failed = _first_term(what, person, ignoring)
    if failed != NONE:
        return failed
    if not ignoring & 1 << _RATE and person.rate > what.rate:
        return _RATE
    return _first_of_hours(asked, people, row, ignoring)


@compiled_inner
def _first_missing(asked: Asked, people: People, row: int, ignoring: int) -> int:
    what, failed = asked.what[0], NONE
    for at in range(what.languages):
        rule = _COMPETENCY if at < what.competencies else _CHECK if at < what.checks else _LANGUAGE
        lacking = _holds(people, row, asked.codes[at], what.first, what.last) < 0
        if failed == NONE and lacking and not ignoring & 1 << rule:
            failed = rule
    return failed


@compiled_inner
def _first_term(what: Any, person: Any, ignoring: int) -> int:
    lacking, refused = what.needs & ~person.brings, person.refuses & what.brings
    if not ignoring & 1 << _GENDER and lacking & _GENDER_BITS:
        return _GENDER
    if not ignoring & 1 << _CAR and lacking & _CAR_BITS:
        return _CAR
    if not ignoring & 1 << _EMPLOYMENT and refused & _CONTRACT_BITS:
        return _EMPLOYMENT
    if not ignoring & 1 << _SHIFT_KIND and refused & _SHIFT_BITS:
        return _SHIFT_KIND
    if not ignoring & 1 << _THEIRS and (refused & _OTHER_REFUSALS or person.needs & ~what.brings):
        return _THEIRS
    if not ignoring & 1 << _YOURS and (what.refuses & person.brings or lacking & _OTHER_NEEDS):
        return _YOURS
    return NONE


@compiled_inner
def _first_of_hours(asked: Asked, people: People, row: int, ignoring: int) -> int:
    """What is wrong with the hours, each thing on its own: who isn't available isn't called booked as well."""
    what, person = asked.what[0], people.people[row]
    # half of the hours is the least that helps; cover has to be there for all of them
    times = 1 if what.cover else 2
    available = times * shared_minutes(asked, people, row) >= what.wanted
    if not ignoring & 1 << _NOT_AVAILABLE and not available:
        return _NOT_AVAILABLE
    free = free_minutes(asked, 0, people, row)
    unbooked = times * free >= what.wanted
    if not ignoring & 1 << _BOOKED and available and not unbooked:
        return _BOOKED
    room = min(np.int64(person.most) - person.booked, what.wanted)
    has_room = times * room >= what.wanted
    if not ignoring & 1 << _TOO_MANY and not has_room:
        return _TOO_MANY
    few = min(free, room) < person.least and not what.cover
    if not ignoring & 1 << _TOO_FEW and unbooked and has_room and few:
        return _TOO_FEW
    return NONE


@compiled_inner
def shared_minutes(asked: Asked, people: People, row: int) -> int:
    """Time asked for which this person is available, promised to others or not."""
    count = 0
    for word in range(WEEK_WORDS):
        count += bits_set(asked.weeks[0, word] & people.weeks[row, word])
    return count * STEP


@compiled_inner
def free_minutes(asked: Asked, which: int, people: People, row: int) -> int:
    """Time of a week of the question for which they are available and haven't promised to be elsewhere."""
    booked = people.people[row].booked_row
    count = 0
    for word in range(WEEK_WORDS):
        free = asked.weeks[which, word] & people.weeks[row, word]
        if booked >= 0:
            free &= ~people.booked_weeks[booked, word]
        count += bits_set(free)
    return count * STEP


# --- what a yes hangs on


@compiled_inner
def given_minutes(asked: Asked, people: People, row: int) -> int:
    """How much of what is wanted this person could do: free, wanted, and within their week."""
    what, person = asked.what[0], people.people[row]
    free = free_minutes(asked, 0, people, row)
    return int(max(min(free, np.int64(person.most) - person.booked, what.wanted), 0))


@compiled_inner
def judge(asked: Asked, people: People, row: int, values: NDArray[np.int32]) -> None:
    """Fills in the value of each feature: SINGLE ones, then one for each thing asked beyond languages and checks."""
    what, person = asked.what[0], people.people[row]
    given = given_minutes(asked, people, row)
    minutes = journey(what, person)
    values[_JOURNEY] = minutes
    values[_HOURS] = 100 * given // what.wanted
    values[_PREFERRED] = -1
    if what.prefers:
        liked = min(free_minutes(asked, 1, people, row), given)
        values[_PREFERRED] = 100 * liked // what.wanted
    values[KNOWN] = 1 if len(asked.known) and _is_one_of(person, asked.known) else 0
    values[_JOURNEY_SHARE] = min(100 * minutes // max(person.minutes, 1), 100)
    values[_RATE_ABOVE] = min(max(what.rate - person.rate, 0), MOST_ABOVE_PENCE)
    room = np.int64(person.most) - person.booked
    values[_FILL] = min(100 * given // max(room, 1), 100)
    values[_STATUS] = 1 if person.status == OPEN else 0
    weeks = min(max(what.today - person.confirmed, 0) // 7, MOST_WEEKS)
    values[_CONFIRMED] = weeks if person.confirmed else NEVER_CONFIRMED
    _judge_each(asked, people, row, values)


@compiled_inner
def _judge_each(asked: Asked, people: People, row: int, values: NDArray[np.int32]) -> None:
    what = asked.what[0]
    into = SINGLE
    for at in range(len(asked.codes)):
        if what.competencies <= at < what.languages:
            continue
        held = _holds(people, row, asked.codes[at], what.first, what.last)
        months = 0
        if held >= 0:
            months = min(max(what.today - people.held_from[held], 0) // _DAYS_IN_A_MONTH, OLDEST_MONTHS)
        if at < what.competencies:
            values[into] = months
        elif at < what.wished:
            values[into] = months + 1 if held >= 0 else 0
        else:
            values[into] = 1 if held >= 0 else 0
        into += 1


@compiled_inner
def log_odds(asked: Asked, values: NDArray[np.int32], points: NDArray[np.int32]) -> tuple[int, int]:
    """The points of the holder's side and of the assistant's, with what they start from, in 1024ths."""
    what = asked.what[0]
    holder = points[BASES_AT] + points[_AT_JOURNEY + values[_JOURNEY]] + points[_AT_HOURS + values[_HOURS]]
    holder += points[_AT_KNOWN + values[KNOWN]]
    if values[_PREFERRED] >= 0:
        holder += points[_AT_PREFERRED + values[_PREFERRED]]
    required, wished = what.competencies, what.wished - what.languages
    spoken = what.spoken - what.wished
    for at in range(SINGLE, SINGLE + required):
        holder += points[_AT_REQUIRED + values[at]] // required
    for at in range(SINGLE + required, SINGLE + required + wished):
        holder += points[_AT_WISHED + values[at]] // wished
    for at in range(SINGLE + required + wished, SINGLE + required + wished + spoken):
        holder += points[_AT_SPOKEN + values[at]] // spoken
    assistant = points[BASES_AT + 1] + points[_AT_SHARE + values[_JOURNEY_SHARE]]
    assistant += points[_AT_RATE + values[_RATE_ABOVE]] + points[_AT_FILL + values[_FILL]]
    assistant += points[_AT_STATUS + values[_STATUS]] + points[_AT_CONFIRMED + values[_CONFIRMED]]
    return holder, assistant


@compiled_inner
def log_score(holder: int, assistant: int) -> int:
    """The logarithm of the probability that both say yes, in 2^20ths."""
    holder = min(max(holder, -_LIMIT), _LIMIT)
    assistant = min(max(assistant, -_LIMIT), _LIMIT)
    return int(LOG_YES[holder + _LIMIT]) + int(LOG_YES[assistant + _LIMIT])

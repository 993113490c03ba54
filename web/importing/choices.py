"""The text of one cell as words of ours, by code or as people say them; a word that is none says what to type."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar, get_args

from marketplace import languages as spoken
from marketplace import terms
from marketplace.assistants import Check, Skill, Status, check_checks, check_skills
from marketplace.availability import TimeOfDay
from marketplace.competencies import CHECK_NAMES, NAMES, CheckCode, Competency
from marketplace.errors import Invalid
from marketplace.languages import Language
from matching.travel import MODES
from web.importing.cells import BadCell, day, parts
from web.importing.table import bare, nearest

_Word = TypeVar("_Word", bound=str)

_PROOF = re.compile(r"(?P<name>.*?)\s+(?P<checked>[0-9][0-9/-]*)(?:\s+(?:to|until|-)\s+(?P<until>[0-9][0-9/-]*))?")


def _known(words: Iterable[_Word], names: Mapping[str, str]) -> dict[str, _Word]:
    """Words by what is left of how they are written, as they are stored and as people say them."""
    return {bare(said): word for word in words for said in (word, names.get(word, word))}


_COMPETENCIES = _known(Competency, NAMES)
_CHECKS = _known(CheckCode, CHECK_NAMES)
_LANGUAGES = _known(Language, spoken.NAMES) | {bare(said): language for said, language in spoken.ALSO.items()}


# --- one word


def _one_of(known: Mapping[str, _Word], refusal: Callable[[str], str]) -> Callable[[str], _Word]:
    def read(cell: str) -> _Word:
        found = known.get(bare(cell))
        if found is None:
            raise BadCell(refusal(cell))
        return found

    return read


def _choice(words: Sequence[_Word], names: Mapping[str, str] = terms.NAMES) -> Callable[[str], _Word]:
    return _one_of(_known(words, names), lambda _: _listed(words))


def _unknown(thing: str, words: Sequence[str]) -> Callable[[str], str]:
    return lambda said: f"This is not a {thing} we know.{nearest(said, words)}"


def _listed(words: Sequence[str]) -> str:
    *most, last = words
    return f"Type {', '.join(most)}{' or ' if most else ''}{last}."


status = _choice(tuple(Status), {Status.OPEN: "open to offers"})
travel_by = _choice(MODES)
gender = _choice(get_args(terms.Gender))
kind = _choice(get_args(terms.Kind))
contract = _choice(get_args(terms.Contract))
car = _choice(get_args(terms.Car))
_competency = _one_of(_COMPETENCIES, _unknown("skill", list(Competency)))
_check_code = _one_of(_CHECKS, _unknown("check", list(CheckCode)))


def people(cell: str) -> int:
    """How many are needed at a time."""
    if cell not in {"1", "2"}:
        raise BadCell("Type 1 or 2.")
    return int(cell)


# --- several, with semicolons or commas between them


def _some_of(read: Callable[[str], _Word]) -> Callable[[str], set[_Word]]:
    def read_all(cell: str) -> set[_Word]:
        found: set[_Word] = set()
        wrong: list[str] = []
        for part in parts(cell.replace(",", ";")):
            try:
                found.add(read(part))
            except BadCell as error:
                wrong.append(f"“{part}”: {error}")
        if wrong:
            raise BadCell(*wrong)
        return found

    return read_all


competencies = _some_of(_competency)
check_codes = _some_of(_check_code)
languages = _some_of(_one_of(_LANGUAGES, _unknown("language", list(spoken.NAMES.values()))))
times_of_day = _some_of(_choice(tuple(TimeOfDay)))
brings = _some_of(_choice(get_args(terms.Brings)))
refusals = _some_of(_choice(get_args(terms.Refusal)))
wants = _some_of(_choice(get_args(terms.Wants)))
home = _some_of(_choice(get_args(terms.Home)))
not_here = _some_of(_choice(get_args(terms.NotHere)))


# --- words with dates


_Proof = TypeVar("_Proof", Skill, Check)


def skills(cell: str) -> list[Skill]:
    """What somebody can do, by code: "hoist 2026-05-01; insulin 2026-03-02 to 2027-03-02"."""
    return _proofs(cell, _skill, check_skills)


def checks(cell: str) -> list[Check]:
    """What was checked of somebody, by code: "dbs_enhanced 2026-05-01"."""
    return _proofs(cell, _check, check_checks)


def _skill(part: str) -> Skill:
    return Skill(**_dated(part, _competency, "Type a skill and the day it was checked, like hoist 2026-05-01."))


def _check(part: str) -> Check:
    return Check(**_dated(part, _check_code, "Type a check and the day it was made, like dbs_enhanced 2026-05-01."))


def _dated(part: str, read: Callable[[str], Any], refusal: str) -> dict[str, Any]:
    found = _PROOF.fullmatch(part)
    if found is None:
        raise BadCell(refusal)
    until = found["until"]
    return {"code": read(found["name"]), "checked_on": day(found["checked"]), "valid_until": until and day(until)}


def _proofs(cell: str, read: Callable[[str], _Proof], check: Callable[..., None]) -> list[_Proof]:
    # What today makes of the dates is asked when the day is known.
    found: list[_Proof] = []
    wrong: list[str] = []
    for part in parts(cell):
        try:
            one = read(part)
            check([one], today=date.max)
            found.append(one)
        except (Invalid, BadCell) as error:
            wrong.append(f"“{part}”: {error}")
    try:
        check(found, today=date.max)
    except Invalid as error:
        wrong.append(str(error))
    if wrong:
        raise BadCell(*wrong)
    return sorted(found, key=lambda one: one.code)

"""What an assistant's profile holds in its boxes: what is known of them, what was typed, and what that says."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import TypeVar, get_args

from marketplace import assistants
from marketplace.assistants import Check, Profile, Skill, Status, check_checks, check_skills
from marketplace.competencies import CHECK_NAMES, NAMES, CheckCode, Competency
from marketplace.errors import Invalid
from marketplace.people import Person
from matching.errors import MatchingError, UnknownPostcode
from matching.places import locate, normalise
from matching.profiles import Evidence
from matching.travel import Mode
from payments.money import pounds
from web.dependencies import Ask
from web.pages.reading import Filled, rows_of

#: Boxes with one value, and those of which several may be chosen.
BOXES = (
    *("name", "postcode", "status", "least_hours", "most_hours", "rate"),
    *("travel_by", "travel_minutes", "about", "gender"),
)
LISTS = ("skills", "checks", "languages", "brings", "refuses", "needs")
#: As they come on the page; the error summary lists mistakes in this order.
ORDER = (
    *("name", "postcode", "status", "hours", "least_hours", "most_hours", "rate"),
    *("travel_by", "travel_minutes", "brings", "needs", "about", "skills", "checked", "until", "checks"),
    *("languages", "refuses", "gender"),
)
#: Who doesn't say chooses this; nobody can choose nothing among radio buttons.
NOT_SAID = "not_said"
_NAMES = {**NAMES, **CHECK_NAMES}

Proof = TypeVar("Proof", Skill, Check)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the boxes of the page hold."""

    values: Mapping[str, object]
    chosen: Mapping[str, Sequence[str]]
    times: Sequence[Mapping[str, str]] = ()
    checked: Mapping[str, object] = field(default_factory=dict)
    until: Mapping[str, object] = field(default_factory=dict)


# --- what was typed


def typed(filled: Filled) -> Shown:
    """The same again, as it was typed."""
    return Shown(
        values={name: filled.text(name) for name in BOXES},
        chosen={name: [value for value in filled.ticked(name) if value] for name in LISTS},
        times=filled.times_typed("hours"),
        checked={code: filled.date_typed(f"checked.{code}") for code in _NAMES},
        until={code: filled.date_typed(f"until.{code}") for code in _NAMES},
    )


def read(filled: Filled, *, today: date) -> Profile | None:
    """The profile, or None with everything that is wrong noted."""
    if not filled.times_typed("hours"):
        filled.wrong("hours.0.day", "Say at least one time when you can work.")
    values: dict[str, object] = {
        "name": filled.text("name"),
        "postcode": _postcode(filled),
        "about": filled.text("about"),
        "lowest_rate_pence": filled.pence("rate"),
        "travel_by": _travel_by(filled),
        "travel_minutes": _number(filled, "travel_minutes", "Enter how many minutes you will travel, like 30."),
        "least_hours": _number(filled, "least_hours", "Enter the fewest hours you would take, like 4."),
        "most_hours": _number(filled, "most_hours", "Enter the most hours you want in a week, like 30."),
        "status": filled.text("status"),
        "hours": filled.hours("hours"),
        "skills": _proofs(filled, "skills", Skill, Competency, partial(check_skills, today=today)),
        "checks": _proofs(filled, "checks", Check, CheckCode, partial(check_checks, today=today)),
        "languages": [code for code in filled.ticked("languages") if code],
        "gender": _gender(filled),
        **{name: filled.ticked(name) for name in ("brings", "refuses", "needs")},
    }
    return filled.into(Profile, values, boxes={"lowest_rate_pence": "rate"})


def _number(filled: Filled, box: str, sentence: str) -> int | None:
    """A whole number; the sentence says which one is missing, as a page has several."""
    number = filled.number(box)
    if number is None:
        filled.errors[-1] = {"field": box, "message": sentence}
    return number


def _postcode(filled: Filled) -> str:
    """A postcode as it is printed, looked up here too, so that all that is wrong is said at once."""
    said = filled.text("postcode")
    try:
        locate(said)
    except UnknownPostcode as error:
        filled.wrong("postcode", str(error) if said else "Enter your postcode, like NG1 6DQ.")
        return said
    return normalise(said)


def _travel_by(filled: Filled) -> str:
    said = filled.text("travel_by")
    if said not in get_args(Mode):
        filled.wrong("travel_by", "Choose how you get to work.")
    return said


def _gender(filled: Filled) -> str | None:
    said = filled.text("gender")
    return None if said in {"", NOT_SAID} else said


def _proofs(
    filled: Filled,
    name: str,
    kind: type[Proof],
    codes: Iterable[Competency | CheckCode],
    refuse_impossible: Callable[[Sequence[Proof]], None],
) -> list[Proof]:
    """What was ticked with its dates; what is wrong with them is said of this one, as a page has many dates."""
    ticked, proofs = set(filled.ticked(name)), []
    for code in codes:
        if code in ticked:
            before = len(filled.errors)
            checked, until = filled.date(f"checked.{code}"), filled.date(f"until.{code}", needed=False)
            if checked is not None:
                proof = kind.model_validate({"code": code, "checked_on": checked, "valid_until": until})
                proofs.append(proof)
                try:
                    if until is None or until >= checked:
                        # it knows which of the two dates is beyond all sense
                        Evidence(checked, until)
                    refuse_impossible([proof])
                except (Invalid, MatchingError) as error:
                    box = "until" if error.field == "valid_until" else "checked"
                    filled.wrong(f"{box}.{code}", str(error))
            filled.errors[before:] = [_said_of(code, error) for error in filled.errors[before:]]
    return proofs


def _said_of(code: str, error: Mapping[str, str]) -> Mapping[str, str]:
    name, sentence = _NAMES[code], error["message"]
    return {**error, "message": f"{name[0].upper()}{name[1:]}: {sentence[0].lower()}{sentence[1:]}"}


# --- what is known


def known(asking: Ask) -> Shown:
    """What an assistant said before, or empty boxes for somebody new."""
    if asking.viewer.assistant_id is None:
        return _nothing(asking)
    assistant = assistants.own(asking.session, viewer=asking.viewer)
    skills = assistants.skills(asking.session, assistant_id=assistant.id)
    checks = assistants.checks(asking.session, assistant_id=assistant.id)
    proofs: list[Skill | Check] = [*skills, *checks]
    return Shown(
        values={
            "name": asking.viewer.name,
            "postcode": assistant.postcode,
            "status": assistant.status,
            "least_hours": assistant.least_minutes // 60,
            "most_hours": assistant.most_minutes // 60,
            "rate": pounds(assistant.lowest_rate_pence).removeprefix("£"),
            "travel_by": assistant.travel_by,
            "travel_minutes": assistant.travel_minutes,
            "about": assistant.about,
            "gender": assistant.gender or NOT_SAID,
        },
        chosen={
            "skills": [skill.code for skill in skills],
            "checks": [check.code for check in checks],
            **{name: getattr(assistant, name) for name in ("languages", "brings", "refuses", "needs")},
        },
        times=rows_of(assistants.hours(asking.session, assistant_id=assistant.id)),
        checked={proof.code: proof.checked_on for proof in proofs},
        until={proof.code: proof.valid_until for proof in proofs},
    )


def _nothing(asking: Ask) -> Shown:
    """Empty boxes, but for the name where we have a real one: who is new is called after their address."""
    person = asking.session.get_one(Person, asking.viewer.person_id)
    name = "" if person.name == person.email.partition("@")[0] else person.name
    given = {"name": name, "least_hours": 0, "status": Status.LOOKING.value, "gender": NOT_SAID}
    return Shown(values={**dict.fromkeys(BOXES, ""), **given}, chosen=dict.fromkeys(LISTS, ()))

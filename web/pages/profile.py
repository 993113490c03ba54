"""An assistant's profile; registering and changing it are the same page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from marketplace import assistants
from marketplace.assistants import Profile, Skill, Status, check_skills
from marketplace.availability import LONDON, WEEKDAYS, Hours
from marketplace.competencies import DELEGATED, NAMES, Competency
from marketplace.errors import Invalid
from marketplace.people import Person
from matching.errors import UnknownPostcode
from matching.places import locate, normalise
from payments.money import pounds
from web.dependencies import Ask, Asking
from web.edge import Edge
from web.errors import REFUSALS
from web.pages.frame import onward, page, refused
from web.pages.reading import DAYS, Filled, FromForm, first_problem_first
from web.pages.week import grouped
from web.templating import clock

routes = APIRouter(route_class=Edge, include_in_schema=False)

BOXES = ("name", "postcode", "travel_miles", "least_hours", "most_hours", "rate", "about", "status")
#: As they come on the page; the error summary lists mistakes in this order.
ORDER = (*BOXES[:3], "hours", *BOXES[3:7], "skills", "checked", "until", "status")
_EMPTY_ROW = {"day": "", "start": "", "end": ""}


@dataclass(frozen=True, slots=True)
class Shown:
    """What the boxes of the page hold: what is known, or what was typed."""

    values: Mapping[str, object]
    times: Sequence[Mapping[str, str]] = ()
    checked: Mapping[str, object] = field(default_factory=dict)
    until: Mapping[str, object] = field(default_factory=dict)
    ticked: Sequence[str] = ()


@routes.get("/profile")
def profile(request: Request, asking: Asking) -> Response:
    """What an assistant said, or empty boxes for somebody new."""
    return _page(request, asking, _known(asking))


@routes.post("/profile")
def save(request: Request, asking: Asking, filled: FromForm) -> Response:
    """Register, or replace what was said before."""
    if filled.wants_other_rows:
        # Nothing is done yet, so the form's key must stay good for when it is.
        asking.session.rollback()
        return _page(request, asking, _typed(filled))
    said = _read(filled, today=asking.now.astimezone(LONDON).date())
    if said is not None:
        try:
            assistants.save_profile(asking.session, viewer=asking.viewer, profile=said, now=asking.now)
        except REFUSALS as error:
            filled.errors.extend(refused(request, error))
        else:
            return onward("/work", notice="saved")
    errors = first_problem_first(filled.errors, ORDER)
    return _page(request, asking, _typed(filled), status=HTTPStatus.UNPROCESSABLE_ENTITY, errors=errors)


def _page(
    request: Request,
    asking: Ask,
    shown: Shown,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    errors: Sequence[Mapping[str, str]] = (),
) -> Response:
    filled = request.method == "POST"
    return page(
        request,
        "assistant/profile.html",
        status=status,
        errors=errors,
        shown=shown,
        rows=[*shown.times, _EMPTY_ROW],
        rows_changed=filled and not errors,
        is_new=asking.viewer.assistant_id is None,
        training={code: name for code, name in NAMES.items() if code not in DELEGATED},
        delegated={code: name for code, name in NAMES.items() if code in DELEGATED},
    )


# --- what was typed


def _typed(filled: Filled) -> Shown:
    return Shown(
        values={name: filled.text(name) for name in BOXES},
        times=filled.times_typed("hours"),
        checked={code: filled.date_typed(f"checked.{code}") for code in NAMES},
        until={code: filled.date_typed(f"until.{code}") for code in NAMES},
        ticked=filled.ticked("skills"),
    )


def _read(filled: Filled, *, today: date) -> Profile | None:
    if not filled.times_typed("hours"):
        filled.wrong("hours.0.day", "Say at least one time when you can work.")
    ticked = set(filled.ticked("skills"))
    values: dict[str, object] = {
        "name": filled.text("name"),
        "postcode": _postcode(filled),
        "about": filled.text("about"),
        "lowest_rate_pence": filled.pence("rate"),
        "travel_miles": _number(filled, "travel_miles", "Enter how many miles you will travel, like 10."),
        "least_hours": _number(filled, "least_hours", "Enter the fewest hours you would take, like 4."),
        "most_hours": _number(filled, "most_hours", "Enter the most hours you want in a week, like 30."),
        "status": filled.text("status"),
        "hours": filled.hours("hours"),
        "skills": list(filter(None, (_skill(filled, code, today=today) for code in Competency if code in ticked))),
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
    typed = filled.text("postcode")
    try:
        locate(typed)
    except UnknownPostcode as error:
        filled.wrong("postcode", str(error) if typed else "Enter your postcode, like NG1 6DQ.")
        return typed
    return normalise(typed)


def _skill(filled: Filled, code: Competency, *, today: date) -> Skill | None:
    """A skill with its dates; what is wrong with them is said of this skill, as a page has many dates."""
    before = len(filled.errors)
    checked, until = filled.date(f"checked.{code}"), filled.date(f"until.{code}", needed=False)
    skill = Skill(code=code, checked_on=checked, valid_until=until) if checked is not None else None
    if skill is not None:
        try:
            check_skills([skill], today=today)
        except Invalid as error:
            filled.wrong(f"checked.{code}", str(error))
    name = NAMES[code]
    filled.errors[before:] = [
        {**error, "message": f"{name[0].upper()}{name[1:]}: {error['message'][0].lower()}{error['message'][1:]}"}
        for error in filled.errors[before:]
    ]
    return skill


# --- what is known


def _known(asking: Ask) -> Shown:
    if asking.viewer.assistant_id is None:
        return _nothing(asking)
    assistant = assistants.get(asking.session, assistant_id=asking.viewer.assistant_id)
    held = assistants.skills(asking.session, assistant_id=assistant.id)
    return Shown(
        values={
            "name": asking.viewer.name,
            "postcode": assistant.postcode,
            "travel_miles": assistant.travel_miles,
            "rate": pounds(assistant.lowest_rate_pence).removeprefix("£"),
            "least_hours": assistant.least_minutes // 60,
            "most_hours": assistant.most_minutes // 60,
            "about": assistant.about,
            "status": assistant.status,
        },
        times=_rows(assistants.hours(asking.session, assistant_id=assistant.id)),
        checked={skill.code: skill.checked_on for skill in held},
        until={skill.code: skill.valid_until for skill in held},
        ticked=[skill.code for skill in held],
    )


def _nothing(asking: Ask) -> Shown:
    """Empty boxes, but for the name where we have a real one: who is new is called after their address."""
    person = asking.session.get_one(Person, asking.viewer.person_id)
    name = "" if person.name == person.email.partition("@")[0] else person.name
    return Shown(values={**dict.fromkeys(BOXES, ""), "name": name, "least_hours": 0, "status": Status.LOOKING.value})


def _rows(hours: Sequence[Hours]) -> Sequence[Mapping[str, str]]:
    """Hours as rows of the form, days with the same times together where one choice names them all."""
    together = {tuple(WEEKDAYS.index(day) for day in days): value for value, days in DAYS.items()}
    rows = []
    for times in grouped(hours):
        choices = [together[times.days]] if times.days in together else [WEEKDAYS[day].value[:3] for day in times.days]
        rows += [{"day": choice, "start": clock(times.start), "end": clock(times.end)} for choice in choices]
    return rows

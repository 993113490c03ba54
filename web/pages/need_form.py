"""What the form for a request holds in its boxes: what was asked before, what was typed, and what that says."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from marketplace import languages, needs
from marketplace.availability import LONDON, TimeOfDay, hours_of
from marketplace.competencies import CHECK_NAMES, DELEGATED, NAMES
from marketplace.needs import Asked, NeedState, NewNeed
from matching.profiles import Need as AskedNeed
from matching.terms import CONTRACT
from web.dependencies import Ask
from web.pages.reading import Filled, one_more, rows_of
from web.pages.wanted import capital

#: The error summary lists mistakes in this order.
ORDER = (
    *("title", "about", "hours", "hours_a_week", "mostly", "kind", "people", "starts_on", "ends_on"),
    *("rate", "contract", "required", "checks", "languages", "wished", "languages_wished", "home"),
    *("car", "refuses", "gender", "gender_reason"),
)
#: Where the form shows what is wrong with the hours together: at the first of them.
FIRST_TIME = "hours.0.day"
_NO_TIMES = {"day": "", "start": "", "end": ""}
_TEXTS = ("title", "about", "rate", "hours_a_week", "kind", "contract", "car", "gender", "gender_reason")
_LISTS = ("mostly", "people", "required", "wished", "checks", "home", "refuses")
_SPOKEN = ("languages", "languages_wished")
#: Boxes for languages on the page at first.
_LANGUAGES = 2
#: Nobody can choose nothing among radio buttons.
ANYBODY = "anybody"
#: The box to tick for two people at once; nobody is asked to count to one.
_TWO = "two"
_CONTRACTS = {"employment": "employed", "self_employment": "self_employed"}


def blank() -> dict[str, Any]:
    """Empty boxes, and what most people choose."""
    chosen = {"kind": "visit", "contract": "either", "car": "none", "gender": ANYBODY}
    return {
        **dict.fromkeys(_TEXTS, ""),
        **dict.fromkeys((*_LISTS, *_SPOKEN), ()),
        **chosen,
        "starts_on": None,
        "ends_on": None,
        "rows": [_NO_TIMES],
    }


def typed(filled: Filled) -> dict[str, Any]:
    """The same again, as it was typed."""
    return {
        **{name: filled.text(name) for name in _TEXTS},
        **{name: filled.ticked(name) for name in _LISTS},
        **{name: [code for code in filled.ticked(name) if code] for name in _SPOKEN},
        **{name: filled.date_typed(name) for name in ("starts_on", "ends_on")},
        "rows": [*filled.times_typed("hours"), _NO_TIMES],
    }


def read(filled: Filled) -> NewNeed | None:
    """The request, or None with everything that is wrong noted."""
    if not filled.text("title"):
        filled.wrong("title", "Enter a short title, like “Weekday mornings”.")
    hours = filled.hours("hours")
    if not filled.times_typed("hours"):
        filled.wrong(FIRST_TIME, "Enter at least one day with its times.")
    all_times_read = not any(error["field"].startswith("hours.") for error in filled.errors)
    values = {
        **{name: filled.text(name) for name in ("title", "about", "gender_reason")},
        **{name: filled.text(name) or standard for name, standard in _STANDARD.items()},
        **{name: filled.ticked(name) for name in _LISTS if name != "people"},
        **{name: [code for code in filled.ticked(name) if code] for name in _SPOKEN},
        "people": 2 if _TWO in filled.ticked("people") else 1,
        "rate_pence": filled.pence("rate"),
        "starts_on": filled.date("starts_on"),
        "ends_on": filled.date("ends_on", needed=False),
        "hours": hours,
        # Against half of the times a number of hours would look too large.
        "hours_a_week": (filled.text("hours_a_week") or None) if all_times_read else None,
        "gender": None if filled.text("gender") in {"", ANYBODY} else filled.text("gender"),
    }
    return filled.into(NewNeed, values, boxes={"rate_pence": "rate"})


#: What a form that doesn't say means.
_STANDARD = {"kind": "visit", "contract": "either", "car": "none"}


# --- what was asked before


def as_before(asking: Ask, need_id: UUID) -> dict[str, Any]:
    """An earlier request, to be changed or asked again; a start that is past is left out once it is not open."""
    need = needs.get(asking.session, viewer=asking.viewer, need_id=need_id)
    asked = needs.asked(asking.session, need_ids=[need.id])[need.id]
    past = need.state != NeedState.OPEN.value and need.starts_on < asking.now.astimezone(LONDON).date()
    return {
        **{name: getattr(need, name) for name in ("title", "about", "kind", "contract", "car", "gender_reason")},
        **{name: getattr(need, name) for name in ("mostly", "home", "refuses", "ends_on")},
        **_codes(asked),
        "checks": sorted(asked.checks),
        "people": [_TWO] if need.people > 1 else [],
        "rate": need.rate_pence,
        "starts_on": None if past else need.starts_on,
        "rows": [*rows_of(asked.hours), _NO_TIMES],
        "hours_a_week": "" if asked.minutes_a_week is None else f"{asked.minutes_a_week / 60:g}",
        "gender": need.gender or ANYBODY,
    }


def changed(before: Mapping[str, Any], tried: AskedNeed) -> dict[str, Any]:
    """The form as it was before, with what a change that was suggested would make of it."""
    offered = sorted(tried.terms.brings & CONTRACT)
    return {
        **before,
        **_codes(tried),
        "rate": tried.rate_pence,
        "rows": [*rows_of(hours_of(window) for window in tried.windows), _NO_TIMES],
        "contract": _CONTRACTS[offered[0]] if offered else "either",
        "car": next((word for word in ("own_car", "drives") if word in tried.terms.needs), "none"),
        "refuses": sorted(tried.terms.refuses),
    }


def _codes(asked: Asked | AskedNeed) -> dict[str, Sequence[str]]:
    return {name: sorted(getattr(asked, name)) for name in ("required", "wished", "languages", "languages_wished")}


# --- what can be chosen


def choices(values: Mapping[str, Any]) -> dict[str, Any]:
    """The lists to choose from, and how many boxes there are for languages."""
    return {
        "everyday": [_option(code, name) for code, name in NAMES.items() if code not in DELEGATED],
        "delegated": [_option(code, name) for code, name in NAMES.items() if code in DELEGATED],
        "check_names": [_option(code, name) for code, name in CHECK_NAMES.items()],
        "language_names": [_option(code, name) for code, name in languages.NAMES.items()],
        "times_of_day": [_option(time.value, f"{time.value}s") for time in TimeOfDay],
        "spoken": {name: one_more(values[name], least=_LANGUAGES) for name in _SPOKEN},
    }


def _option(value: str, text: str) -> dict[str, str]:
    return {"value": value, "text": capital(text)}

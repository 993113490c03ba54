"""Shapes what page authors write into what the form macros of GOV.UK Frontend ask for."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

#: One mistake: "field", the control's name, and "message", how to put it right.
FieldError = Mapping[str, str]
#: The first box of a date; in a row of times ("hours.0.day") the day is a control with its own name.
_DATES_DAY = re.compile(r"(?<!\d)\.day$")
#: The field of a mistake that no single control can put right.
WHOLE_PAGE = "problem"


def about(errors: Iterable[FieldError], *fields: str) -> dict[str, str] | None:
    """The first message about one of `fields`, or None."""
    return next(({"text": error["message"]} for error in errors if error["field"] in fields), None)


def error_links(errors: Iterable[FieldError]) -> list[dict[str, str]]:
    """The lines of an error summary, each a link to the control it is about, if it is about one.

    A date's first box carries the id of the whole date, so that an error about either finds it.
    """
    return [{"text": error["message"], "href": _anchor(error["field"])} for error in errors]


def _anchor(field: str) -> str:
    return "" if field == WHOLE_PAGE else f"#{_DATES_DAY.sub('', field)}"


def with_hints(options: Iterable[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Radios or checkboxes whose plain `hint`, where there is one, becomes the macro's own kind."""
    return [{**option, "hint": {"text": option["hint"]} if option.get("hint") else None} for option in options]


def caption(text: str, part: str, *, heading: bool) -> dict[str, Any]:
    """A "label" or "legend" (`part`), as large as the page's h1 when it is the page's h1."""
    base = {"label": "govuk-label", "legend": "govuk-fieldset__legend"}[part]
    return {
        "text": text,
        "classes": f"{base}--{'l' if heading else 's'}",
        "isPageHeading": heading,
    }


FILTERS: dict[str, Callable[..., Any]] = {
    "about": about,
    "caption": caption,
    "error_links": error_links,
    "with_hints": with_hints,
}

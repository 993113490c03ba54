"""Reads what people typed into forms: "9:30am", "£13.50", three boxes of a date; every problem, not only the first.

Nothing is lost by a mistake: the page comes back with what was typed and a sentence at each field to change.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData

from marketplace.availability import WEEKDAYS
from marketplace.errors import Invalid
from payments.errors import BadAmount
from payments.money import parse_pounds
from web.words import plain_errors

Model = TypeVar("Model", bound=BaseModel)

_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>am|pm)?")
_WORDS = {"midnight": time(0), "midday": time(12), "noon": time(12)}


def parse_time(text: str, *, field: str) -> time:
    """A time of the day from "9:30am", "9.30", "14:00", "9pm", "midnight".

    Raises:
        Invalid: not a time.
    """
    typed = text.strip().lower()
    if typed in _WORDS:
        return _WORDS[typed]
    found = _TIME.fullmatch(typed)
    if found is None:
        raise Invalid(field, "Enter a time, like 9:30am or 14:00.")
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"]
    if half is not None:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - the clock's face
            raise Invalid(field, "Enter a time, like 9:30am or 14:00.")
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:  # noqa: PLR2004 - the day's end
        raise Invalid(field, "Enter a time between 00:00 and 23:59.")
    return time(hour, minute)


class Filled:
    """A form as it was sent; problems gather in `errors` while values are read."""

    def __init__(self, form: FormData) -> None:
        self._form = form
        self.errors: list[Mapping[str, str]] = []

    @property
    def typed(self) -> dict[str, str]:
        """Every box as it was typed, to be shown again."""
        return {name: value for name, value in self._form.items() if isinstance(value, str)}

    def text(self, name: str) -> str:
        """What was typed, without space around it; nothing is an empty text."""
        value = self._form.get(name)
        return value.strip() if isinstance(value, str) else ""

    def ticked(self, name: str) -> list[str]:
        """Which boxes of a group were ticked."""
        return [value for value in self._form.getlist(name) if isinstance(value, str)]

    def pence(self, name: str) -> int | None:
        """An amount of money, or None with a problem noted."""
        try:
            return parse_pounds(self.text(name))
        except BadAmount as error:
            self.wrong(name, str(error))
            return None

    def number(self, name: str) -> int | None:
        """A whole number, or None with a problem noted."""
        typed = self.text(name)
        if re.fullmatch(r"\d{1,6}", typed) is None:
            self.wrong(name, "Enter a whole number, like 10.")
            return None
        return int(typed)

    def time(self, name: str) -> time | None:
        """A time of the day, or None with a problem noted."""
        try:
            return parse_time(self.text(name), field=name)
        except Invalid as error:
            self.wrong(name, str(error))
            return None

    def date(self, name: str, *, needed: bool = True) -> date | None:
        """A date from its three boxes, or None; with a problem noted unless all are empty and it isn't `needed`."""
        typed = [self.text(f"{name}.{part}") for part in ("year", "month", "day")]
        if not any(typed) and not needed:
            return None
        try:
            return date(*(int(part) for part in typed))
        except (ValueError, OverflowError):
            self.wrong(name, "Enter a real date, like 23 11 2026.")
            return None

    def date_typed(self, name: str) -> dict[str, str]:
        """The three boxes as typed."""
        return {part: self.text(f"{name}.{part}") for part in ("day", "month", "year")}

    def times_typed(self, name: str) -> list[dict[str, str]]:
        """The rows of a table of times as typed, without the empty ones."""
        rows = []
        for at in range(50):
            row = {part: self.text(f"{name}.{at}.{part}") for part in ("day", "start", "end")}
            if any(row.values()):
                rows.append(row)
        return rows

    def hours(self, name: str) -> list[dict[str, str]]:
        """The rows as `marketplace.availability.Hours` wants them, problems noted at their boxes."""
        read = []
        for at, row in enumerate(self.times_typed(name)):
            line = f"{name}.{at}"
            try:
                start = parse_time(row["start"], field=f"{line}.start")
                end = parse_time(row["end"], field=f"{line}.end")
            except Invalid as error:
                self.wrong(error.field, str(error))
                continue
            weekday = next((day for day in WEEKDAYS if row["day"] and day.startswith(row["day"])), None)
            if weekday is None:
                self.wrong(f"{line}.day", "Choose a day.")
                continue
            read.append({"weekday": weekday.value, "start": start.isoformat(), "end": end.isoformat()})
        return read

    def wrong(self, field: str, message: str) -> None:
        """Note a problem."""
        self.errors.append({"field": field, "message": message})

    def into(
        self, model: type[Model], values: Mapping[str, object], *, boxes: Mapping[str, str] | None = None
    ) -> Model | None:
        """The model, or None with its problems noted; `boxes` maps a model's field to the box that shows it.

        Fields whose box had a problem before are not complained of twice.
        """
        shown = boxes or {}
        before = {error["field"].split(".")[0] for error in self.errors}
        try:
            made = model.model_validate(dict(values))
        except ValidationError as error:
            for problem in plain_errors(error.errors()):
                top = problem["field"].split(".")[0]
                box = shown.get(top, top)
                if box not in before:
                    self.wrong(box, problem["message"])
            return None
        return None if self.errors else made


def first_problem_first(errors: Iterable[Mapping[str, str]], order: Sequence[str]) -> list[Mapping[str, str]]:
    """Problems in the order of the page's fields, as the error summary lists them."""
    places = {name: at for at, name in enumerate(order)}
    return sorted(errors, key=lambda error: places.get(error["field"].split(".")[0], len(order)))

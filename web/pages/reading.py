"""Reads what people typed into forms: "9:30am", "£13.50", three boxes of a date; every problem, not only the first.

Nothing is lost by a mistake: the page comes back with what was typed and a sentence at each field to change.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, QueryParams

from marketplace.availability import WEEKDAYS, Hours, Weekday, windows_of
from marketplace.errors import Invalid
from matching.errors import MatchingError
from payments.errors import BadAmount
from payments.money import parse_pounds
from web.pages.week import grouped
from web.templating import clock
from web.words import plain_errors

Model = TypeVar("Model", bound=BaseModel)

_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>am|pm)?")
#: Which box of a row shows what is wrong with its time; "hours" is said of a row that overlaps one before it.
_BOX_OF = {"start": "start", "minutes": "end", "hours": "day"}
_WORDS = {"midnight": time(0), "midday": time(12), "noon": time(12)}
#: What a row of times may say for its day: one day, or several with the same times, so that they are typed once.
DAYS: Mapping[str, Sequence[Weekday]] = {
    **{day.value[:3]: (day,) for day in WEEKDAYS},
    "weekdays": WEEKDAYS[:5],
    "weekend": WEEKDAYS[5:],
    "every": WEEKDAYS,
}
#: Years outside are a slip of the keyboard, and some of them no calendar can count on from.
FIRST_YEAR, LAST_YEAR = 1900, 2199


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

    def __init__(self, form: FormData | QueryParams) -> None:
        self._form = form
        self.errors: list[Mapping[str, str]] = []

    @property
    def typed(self) -> dict[str, str]:
        """Every box as it was typed, to be shown again."""
        return {name: value for name, value in self._form.items() if isinstance(value, str)}

    def text(self, name: str) -> str:
        """What was typed, without space around it; nothing is an empty text."""
        value = self._form.get(name)
        # No keyboard types a NUL, and PostgreSQL can't store one.
        return value.replace("\x00", "").strip() if isinstance(value, str) else ""

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
            read = date(*(int(part) for part in typed))
        except (ValueError, OverflowError):
            self.wrong(name, "Enter a real date, like 23 11 2026.")
            return None
        if not FIRST_YEAR <= read.year <= LAST_YEAR:
            self.wrong(name, "Enter the year with all 4 numbers, like 2026.")
            return None
        return read

    def date_typed(self, name: str) -> dict[str, str]:
        """The three boxes as typed."""
        return {part: self.text(f"{name}.{part}") for part in ("day", "month", "year")}

    def times_typed(self, name: str) -> list[dict[str, str]]:
        """The rows of a table of times as typed, without the empty ones and the one that is to go."""
        rows = []
        for at in range(50):
            row = {part: self.text(f"{name}.{at}.{part}") for part in ("day", "start", "end")}
            if any(row.values()) and self.text("remove") != f"{name}.{at}":
                rows.append(row)
        return rows

    @property
    def wants_other_rows(self) -> bool:
        """Whether "Add another time" or "Remove" was pressed: show the page again, judge and store nothing."""
        return bool(self.text("add") or self.text("remove"))

    def hours(self, name: str) -> list[dict[str, str]]:
        """The rows as `marketplace.availability.Hours` wants them, problems noted at their boxes."""
        read: list[Hours] = []
        for at, row in enumerate(self.times_typed(name)):
            line = f"{name}.{at}"
            try:
                start = parse_time(row["start"], field=f"{line}.start")
                end = parse_time(row["end"], field=f"{line}.end")
            except Invalid as error:
                self.wrong(error.field, str(error))
                continue
            days = DAYS.get(row["day"])
            if days is None:
                self.wrong(f"{line}.day", "Choose a day.")
                continue
            if start == end != time(0):
                self.wrong(f"{line}.end", "It starts and ends at the same time. A whole day is midnight to midnight.")
                continue
            each = [Hours(weekday=weekday, start=start, end=end) for weekday in days]
            try:
                windows_of([*read, *each])
            except (Invalid, MatchingError) as error:
                self.wrong(f"{line}.{_BOX_OF[error.field]}", str(error))
                continue
            read += each
        return [one.model_dump(mode="json") for one in read]

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


async def filled(request: Request) -> Filled:
    """The form that came with the request; the edge has read it already."""
    return Filled(await request.form())


FromForm = Annotated[Filled, Depends(filled)]


def first_problem_first(errors: Iterable[Mapping[str, str]], order: Sequence[str]) -> list[Mapping[str, str]]:
    """Problems in the order of the page's fields, as the error summary lists them."""
    places = {name: at for at, name in enumerate(order)}
    return sorted(errors, key=lambda error: places.get(error["field"].split(".")[0], len(order)))


def rows_of(hours: Iterable[Hours]) -> list[dict[str, str]]:
    """Hours as rows of a form, days with the same times together where one choice names them all."""
    together = {tuple(WEEKDAYS.index(day) for day in days): value for value, days in DAYS.items()}
    rows = []
    for times in grouped(hours):
        choices = [together[times.days]] if times.days in together else [WEEKDAYS[day].value[:3] for day in times.days]
        rows += [{"day": choice, "start": clock(times.start), "end": clock(times.end)} for choice in choices]
    return rows


def one_more(chosen: Sequence[str], *, least: int) -> Sequence[str]:
    """What is chosen and an empty box, or so many that there are `least`."""
    return [*chosen, *[""] * max(least - len(chosen), 1)]

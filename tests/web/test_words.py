from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import pytest
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    EmailStr,
    Field,
    ValidationError,
    model_validator,
)

from marketplace.errors import Invalid
from marketplace.told import typed
from web.words import plain_errors


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Inner(BaseModel):
    start: time
    rate_pence: int = Field(default=800, ge=800)


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")

    full_name: Annotated[str, Field(min_length=1, max_length=5), AfterValidator(typed)] = "a"
    email: EmailStr = "a@example.org"
    starts_on: date = date(2026, 11, 23)
    at: datetime = datetime(2026, 11, 23)  # noqa: DTZ001 - never looked at
    moment: AwareDatetime | None = None
    rate_pence: int = Field(default=800, ge=800, le=20_000)
    miles: int = Field(default=1, gt=0, lt=100)
    looking: bool = True
    colour: Colour = Colour.RED
    person_id: UUID | None = None
    hours: list[Inner] = Field(default_factory=list, max_length=1)
    some: list[int] = Field(default=[1], min_length=1)
    wished: set[int] = set()
    inner: Inner | None = None

    @model_validator(mode="after")
    def _sense(self) -> "Asked":
        if self.miles == 13:
            raise Invalid("miles", "Thirteen brings bad luck.")
        if self.miles == 14:
            raise ValueError("fourteen is odd.")
        return self


def told(**values: object) -> dict[str, str]:
    with pytest.raises(ValidationError) as refused:
        Asked.model_validate(values)
    return {error["field"]: error["message"] for error in plain_errors(refused.value.errors())}


@pytest.mark.parametrize(
    ("field", "value", "named", "sentence"),
    [
        ("full_name", "", "full_name", "Enter full name."),
        ("full_name", "abcdef", "full_name", "Full name must be 5 characters or fewer."),
        ("full_name", 5, "full_name", "Full name must be text."),
        ("full_name", "a\x00", "full_name", "Full name holds a character that can't be typed. Type it again."),
        ("full_name", "\ud800", "full_name", "Full name holds a character that can't be typed. Type it again."),
        ("email", "nobody", "email", "Email must be an e-mail address, like name@example.org."),
        ("nonsense", 1, "nonsense", "There is no field called “nonsense”. Check its spelling or leave it out."),
        ("starts_on", "soon", "starts_on", "Starts on must be a date, like 2026-11-23."),
        ("starts_on", "2026-02-30", "starts_on", "Starts on must be a date, like 2026-11-23."),
        ("starts_on", "2026-11-23T08:00", "starts_on", "Starts on must be a date, like 2026-11-23."),
        ("starts_on", 5, "starts_on", "Starts on must be a date, like 2026-11-23."),
        ("starts_on", [], "starts_on", "Starts on must be a date, like 2026-11-23."),
        ("at", "x", "at", "At must be a date and time, like 2026-11-23T08:30:00+00:00."),
        ("at", "2026-13-01T00:00", "at", "At must be a date and time, like 2026-11-23T08:30:00+00:00."),
        ("at", {}, "at", "At must be a date and time, like 2026-11-23T08:30:00+00:00."),
        ("moment", "2026-11-23T08:30", "moment", "Moment needs its time zone, like 2026-11-23T08:30:00+00:00."),
        ("rate_pence", 799, "rate_pence", "Rate must be £8.00 or more."),
        ("rate_pence", 20_001, "rate_pence", "Rate must be £200.00 or less."),
        ("rate_pence", "x", "rate_pence", "Rate must be a whole number."),
        ("rate_pence", 8.5, "rate_pence", "Rate must be a whole number."),
        ("rate_pence", float("inf"), "rate_pence", "Rate must be a whole number."),
        ("rate_pence", None, "rate_pence", "Rate must be a whole number."),
        ("rate_pence", "9" * 5_000, "rate_pence", "Rate must be a smaller number."),
        ("miles", 0, "miles", "Miles must be more than 0."),
        ("miles", 100, "miles", "Miles must be less than 100."),
        ("miles", 13, "miles", "Thirteen brings bad luck."),
        ("miles", 14, "body", "Body can't be right: fourteen is odd."),
        ("looking", "perhaps", "looking", "Looking must be true or false."),
        ("colour", "green", "colour", "Colour must be one of 'red' or 'blue'."),
        ("person_id", "1", "person_id", "Person id is not a number of ours. Copy it again."),
        ("person_id", 1, "person_id", "Person id is not a number of ours. Copy it again."),
        ("hours", "x", "hours", "Hours must be a list."),
        ("hours", [[]], "hours.0", "Hours must be a group of fields."),
        ("hours", [{"start": "08:00"}] * 2, "hours", "There can be at most 1 of hours."),
        ("hours", [{}], "hours.0.start", "Enter start."),
        ("hours", [{"start": "25:00"}], "hours.0.start", "Start must be a time between 00:00 and 23:59, like 08:30."),
        ("hours", [{"start": []}], "hours.0.start", "Start must be a time between 00:00 and 23:59, like 08:30."),
        ("hours", [{"start": "08:00", "rate_pence": 1}], "hours.0.rate_pence", "Rate must be £8.00 or more."),
        ("some", [], "some", "Enter at least 1 of some."),
        ("some", [1, "x"], "some.1", "Some must be a whole number."),
        ("wished", 1, "wished", "Wished must be a list."),
        ("inner", 1, "inner", "Inner must be a group of fields."),
    ],
)
def test_each_mistake_has_a_sentence_for_who_made_it(field: str, value: object, named: str, sentence: str) -> None:
    assert told(**{field: value}) == {named: sentence}


def test_every_mistake_is_told_once_and_the_first_of_each_field() -> None:
    assert set(told(full_name="abcdef", miles=0, rate_pence="x")) == {"full_name", "miles", "rate_pence"}
    twice = [{"type": kind, "loc": ("body", "name"), "msg": ""} for kind in ("missing", "string_type")]
    assert plain_errors(twice) == [{"field": "name", "message": "Enter name."}]


@pytest.mark.parametrize(
    ("loc", "field"),
    [
        (("body", "name"), "name"),
        (("query", "most"), "most"),
        (("path", "holder_id"), "holder_id"),
        (("body", "hours", 0, "start"), "hours.0.start"),
        (("body",), "body"),
        ((), "body"),
    ],
)
def test_a_field_is_named_as_who_sent_it_knows_it(loc: tuple[str | int, ...], field: str) -> None:
    assert [error["field"] for error in plain_errors([{"type": "missing", "loc": loc, "msg": ""}])] == [field]


def test_what_is_not_json_is_said_of_the_whole_body() -> None:
    [error] = plain_errors([{"type": "json_invalid", "loc": ("body", 17), "msg": "JSON decode error", "ctx": {}}])
    assert error == {"field": "body", "message": "This is not valid JSON. Check its commas, quotes and brackets."}


def test_a_kind_of_mistake_we_have_no_words_for_is_still_said() -> None:
    [error] = plain_errors([{"type": "new_kind", "loc": ("body", "size"), "msg": "too {big}"}])
    assert error == {"field": "size", "message": "Size can't be right: too big."}

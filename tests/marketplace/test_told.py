import pytest
from pydantic import Field, ValidationError

from marketplace.told import Told


class Note(Told):
    text: str = Field(default="", max_length=10)
    other: str | None = None
    number: int = 0


@pytest.mark.parametrize("text", ["", "ß", "🥣", "two\nlines", "a\ttab", "a\r\n", "0123456789"])
def test_what_can_be_typed_is_taken(text: str) -> None:
    assert Note(text=text).text == text.strip()


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\x1f", "\x07bell", "a\x85b", "\x9f"])
@pytest.mark.parametrize("field", ["text", "other"])
def test_what_nobody_types_is_refused_where_it_stands(field: str, text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Note.model_validate({field: text})
    assert [(error["type"], error["loc"]) for error in refused.value.errors()] == [("control_character", (field,))]


@pytest.mark.parametrize("body", [{"texts": "a"}, {"text": "12345678901"}, {"number": "x"}])
def test_unknown_fields_and_wrong_values_are_refused(body: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Note.model_validate(body)

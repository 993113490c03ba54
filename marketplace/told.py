"""What somebody tells us, as text: only what can be typed, before any rule of ours looks at it."""

import unicodedata
from typing import Any

from pydantic import ConfigDict, field_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Field, SQLModel

_BETWEEN_LINES = frozenset("\n\r\t")


def typed(text: str) -> str:
    """The text unchanged; PostgreSQL can't store the character 0 nor half a character, and nobody types their like.

    Raises:
        PydanticCustomError: it holds a control character; pydantic makes a ValidationError of it.
    """
    if any(unicodedata.category(each) in {"Cc", "Cs"} and each not in _BETWEEN_LINES for each in text):
        raise PydanticCustomError("control_character", "it holds a character that can't be typed")
    return text


class Told(SQLModel):
    """Known fields only; space around a text doesn't count."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)  # type: ignore[assignment]

    @field_validator("*")
    @classmethod
    def _typed(cls, value: Any) -> Any:
        return typed(value) if isinstance(value, str) else value


class Reason(Told):
    """Why, or why not; nobody has to say."""

    reason: str = Field(default="", max_length=500)

"""What the page about our programming interface shows, read from the OpenAPI document.

Our own page, because Swagger UI is 1.7 MB of script whose page fails 13 checks of axe, and this
project's pages have to work for everyone and without script.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]

METHODS = ("get", "post", "put", "patch", "delete")
WORDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "object",
    "null": "nothing",
}
FORMATS = {"date-time": "date and time", "date": "date", "time": "time", "binary": "file"}


@dataclass(frozen=True)
class Part:
    """One value that is sent or answered."""

    name: str
    where: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True)
class Answer:
    """What may come back."""

    status: str
    kind: str
    description: str


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked of one address."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    parts: tuple[Part, ...]
    body: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Shape:
    """A named object, as it is sent or answered."""

    name: str
    description: str
    parts: tuple[Part, ...]


def operations(document: Schema) -> dict[str, list[Operation]]:
    """Everything that can be asked, under its first tag, in the document's order."""
    groups: dict[str, list[Operation]] = {}
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                tag = (item[method].get("tags") or ["other"])[0]
                groups.setdefault(tag, []).append(_operation(method, path, item[method]))
    return groups


def shapes(document: Schema) -> list[Shape]:
    """Every named object, by name."""
    schemas = document.get("components", {}).get("schemas", {})
    return [
        Shape(name, schema.get("description", ""), tuple(_properties(schema)))
        for name, schema in sorted(schemas.items())
    ]


def kind(schema: Schema) -> str:
    """A schema in a few plain words: "list of Shift", "date or nothing"."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(kind(choice) for choice in choices)
    if "enum" in schema:
        return "one of " + ", ".join(str(value) for value in schema["enum"])
    if "const" in schema:
        return f"always {schema['const']}"
    if schema.get("type") == "array":
        return f"list of {kind(schema.get('items', {}))}"
    return FORMATS.get(schema.get("format", "")) or WORDS.get(schema.get("type", ""), "anything")


def _operation(method: str, path: str, item: Schema) -> Operation:
    return Operation(
        id=item.get("operationId", f"{method}{path}"),
        method=method.upper(),
        path=path,
        summary=item.get("summary", ""),
        description=item.get("description", ""),
        parts=tuple(_parameter(part) for part in item.get("parameters", ())),
        body=_content(item.get("requestBody", {})),
        answers=tuple(
            Answer(status, _content(answer), answer.get("description", ""))
            for status, answer in item.get("responses", {}).items()
        ),
    )


def _parameter(part: Schema) -> Part:
    return Part(
        name=part["name"],
        where=part["in"],
        kind=kind(part.get("schema", {})),
        required=part.get("required", False),
        description=part.get("description", ""),
    )


def _properties(schema: Schema) -> Iterable[Part]:
    required = schema.get("required", ())
    for name, value in schema.get("properties", {}).items():
        yield Part(name, "body", kind(value), name in required, value.get("description", ""))


def _content(message: Schema) -> str:
    return " or ".join(dict.fromkeys(kind(media.get("schema", {})) for media in message.get("content", {}).values()))

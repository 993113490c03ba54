from datetime import date
from typing import Annotated, Literal

import pytest
from fastapi import FastAPI, Header
from pydantic import BaseModel, Field

from web import reference, templating


class Need(BaseModel):
    """What a person needs."""

    hours: int = Field(description="In a week.")
    until: date | None = None


api = FastAPI()


@api.post("/needs", tags=["needs"], summary="Post a need")
def post_need(need: Need, idempotency_key: Annotated[str, Header()]) -> list[Need]:
    """Nothing happens twice under one key."""
    return [need] * len(idempotency_key)


@api.get("/health", summary="How it goes")
def health() -> Literal["well"]:
    return "well"


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "format": "date"}, "date"),
        ({"type": "string", "format": "uuid"}, "text"),
        ({"type": "integer"}, "whole number"),
        ({"enum": ["a", "b"]}, "one of a, b"),
        ({"const": 3}, "always 3"),
        ({"$ref": "#/components/schemas/Need"}, "Need"),
        ({"type": "array", "items": {"$ref": "#/c/Need"}}, "list of Need"),
        ({"anyOf": [{"type": "boolean"}, {"type": "null"}]}, "true or false or nothing"),
        ({}, "anything"),
    ],
)
def test_a_schema_is_said_in_words(schema: reference.Schema, words: str) -> None:
    assert reference.kind(schema) == words


def test_an_operation_says_what_is_sent_and_what_comes_back() -> None:
    (post,) = reference.operations(api.openapi())["needs"]
    assert (post.method, post.path, post.summary, post.body) == ("POST", "/needs", "Post a need", "Need")
    assert post.description == "Nothing happens twice under one key."
    assert post.parts == (reference.Part("idempotency-key", "header", "text", True, ""),)
    assert post.answers[0] == reference.Answer("200", "list of Need", "Successful Response")


def test_what_has_no_tag_stands_under_other() -> None:
    assert [operation.path for operation in reference.operations(api.openapi())["other"]] == ["/health"]


def test_a_named_object_lists_its_parts() -> None:
    need = next(shape for shape in reference.shapes(api.openapi()) if shape.name == "Need")
    assert need.description == "What a person needs."
    assert need.parts == (
        reference.Part("hours", "body", "whole number", True, "In a week."),
        reference.Part("until", "body", "date or nothing", False, ""),
    )


def test_the_page_links_every_object_it_names() -> None:
    document = api.openapi()
    html = (
        templating.environment()
        .get_template("reference.html")
        .render(
            operations=reference.operations(document),
            shapes=reference.shapes(document),
            document_url="/openapi.json",
        )
    )
    assert 'list of <a class="govuk-link" href="#shape-Need">Need</a>' in html
    assert 'id="shape-Need"' in html


def test_an_empty_document_is_an_empty_page() -> None:
    assert reference.operations({}) == {}
    assert reference.shapes({}) == []

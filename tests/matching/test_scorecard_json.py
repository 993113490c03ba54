"""A scorecard written as JSON is the same when read, and anything else is refused."""

import json
import math
from collections.abc import Callable
from typing import Any

import pytest

from matching.errors import BadQuestion
from matching.scorecard import STARTING
from matching.scorecard_json import as_json, from_json
from tests.simulator import TRUTH


def written() -> Any:
    return json.loads(json.dumps(as_json(STARTING)))


def test_a_scorecard_written_and_read_is_the_same() -> None:
    assert from_json(written()) == STARTING
    assert from_json(as_json(TRUTH)) == TRUTH


def a_table(code: str, points: Any) -> Callable[[Any], None]:
    return lambda data: data["tables"].update({code: points})


def a_base(side: str, points: Any) -> Callable[[Any], None]:
    return lambda data: data["bases"].update({side: points})


@pytest.mark.parametrize(
    ("field", "spoil"),
    [
        ("scorecard", lambda data: data.pop("version")),
        ("scorecard", lambda data: data.update(version=2)),
        ("scorecard", lambda data: data.pop("bases")),
        ("scorecard", lambda data: data["bases"].pop("holder")),
        ("scorecard", lambda data: data.update(tables=[])),
        ("bases", a_base("holder", 0.5)),
        ("bases", a_base("assistant", None)),
        ("bases", a_base("assistant", 20_481)),
        ("journey", lambda data: data["tables"].pop("journey")),
        ("gender", a_table("gender", [0, 1])),
        ("known", a_table("known", [0])),
        ("known", a_table("known", [0, 1, 2])),
        ("known", a_table("known", [0, math.nan])),
        ("known", a_table("known", [0, "1"])),
        ("known", a_table("known", [False, True])),
        ("known", a_table("known", [0, -20_481])),
        ("known", a_table("known", {"0": 1})),
    ],
)
def test_what_is_no_scorecard_is_refused_by_the_name_of_what_is_wrong(field: str, spoil: Callable[[Any], None]) -> None:
    data = written()
    spoil(data)
    with pytest.raises(BadQuestion) as refusal:
        from_json(data)
    assert refusal.value.field == field


@pytest.mark.parametrize("data", [None, 3, "{}", [], {}])
def test_what_is_no_object_is_refused(data: object) -> None:
    with pytest.raises(BadQuestion):
        from_json(data)

"""What can't be a need, a candidate or a piece of evidence is refused when it is made, by field."""

import math
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest

from matching.errors import BadProfile
from matching.profiles import Candidate, Evidence, Need
from matching.terms import Terms
from tests.matching.world import TODAY, candidate, every_day, hours, need, place

AWAY = replace(place(), easting=-1)
WOMAN = Terms(needs=frozenset({"woman"}))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"windows": ()}, "windows"),
        ({"rate_pence": -1}, "rate_pence"),
        ({"rate_pence": math.nan}, "rate_pence"),
        ({"rate_pence": math.inf}, "rate_pence"),
        ({"rate_pence": 70_000}, "rate_pence"),
        ({"rate_pence": 12.5}, "rate_pence"),
        ({"ends_on": TODAY}, "ends_on"),
        ({"minutes_a_week": 0}, "minutes_a_week"),
        ({"minutes_a_week": 1230}, "minutes_a_week"),
        ({"terms": WOMAN}, "gender_reason"),
        ({"terms": WOMAN, "gender_reason": "  "}, "gender_reason"),
        ({"terms": Terms(refuses=frozenset({"man"}))}, "terms"),
        ({"place": AWAY}, "place"),
    ],
)
def test_a_need_that_cant_be_is_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadProfile) as refused:
        need(**changes)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lowest_rate_pence": -1}, "lowest_rate_pence"),
        ({"lowest_rate_pence": math.nan}, "lowest_rate_pence"),
        ({"travel_minutes": -1}, "travel_minutes"),
        ({"travel_minutes": 241}, "travel_minutes"),
        ({"travel_minutes": math.nan}, "travel_minutes"),
        ({"least_minutes": -1}, "least_minutes"),
        ({"least_minutes": 2401}, "least_minutes"),
        ({"most_minutes": 10_081}, "most_minutes"),
        ({"booked_minutes": -30}, "booked_minutes"),
        ({"booked_minutes": 20_161}, "booked_minutes"),
        ({"place": AWAY}, "place"),
    ],
)
def test_a_candidate_that_cant_be_is_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadProfile) as refused:
        candidate(**changes)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("checked_on", "valid_until", "field"),
    [
        (TODAY, TODAY - timedelta(days=1), "valid_until"),
        (date(1999, 12, 31), None, "checked_on"),
        (TODAY, date(2179, 6, 5), "valid_until"),
        (date.max, None, "checked_on"),
    ],
)
def test_evidence_that_cant_be_is_refused(checked_on: date, valid_until: date | None, field: str) -> None:
    with pytest.raises(BadProfile) as refused:
        Evidence(checked_on, valid_until)
    assert refused.value.field == field


def test_what_is_at_the_edge_is_taken() -> None:
    assert need(windows=every_day(0, 24), minutes_a_week=10_080).minutes_a_week == 168 * 60
    assert need(windows=(hours(0, 8, 1),), terms=WOMAN, gender_reason="Intimate care").gender_reason
    assert candidate(windows=(), least_minutes=0, most_minutes=0, travel_minutes=0).windows == ()
    assert Evidence(TODAY, TODAY).valid_until == TODAY


def test_nothing_of_a_person_that_the_law_protects_has_a_field() -> None:
    said = {field.name for kind in (Need, Candidate) for field in fields(kind)}
    assert not said & {"name", "age", "born", "sex", "gender", "faith", "religion", "ethnicity", "race", "disability"}

"""What a holder with a short list could change, said as a person would, and never what keeps somebody safe."""

from typing import Any

import pytest

from matching.pool import Pool
from matching.profiles import Candidate
from matching.question import Question
from matching.relax import relax
from matching.terms import Terms
from tests.matching.world import NAMES, TODAY, candidate, checked, every_day, hours, need, place


def changes(asks: dict[str, Any], people: list[Candidate], **how: Any) -> list[tuple[str, int]]:
    found = relax(Question(need(**asks), TODAY), Pool(people), names={**NAMES, "pl": "Polish"}, **how)
    return [(change.sentence, change.more) for change in found]


def some(count: int, **offers: Any) -> list[Candidate]:
    return [candidate(number, **{"least_minutes": 0, **offers}) for number in range(1, count + 1)]


MONDAY = {"windows": (hours(0, 8, 4),)}


@pytest.mark.parametrize(
    ("asks", "people", "expected"),
    [
        ({}, some(5, place=place(10, 0)), ("2 miles further than people say they travel", 5)),
        ({"rate_pence": 1290}, some(4, lowest_rate_pence=1360), ("£13.60 an hour instead of £12.90", 4)),
        (MONDAY, some(3, windows=(hours(1, 8, 4),)), ("Tuesday instead of Monday", 3)),
        (
            {"windows": (hours(0, 8, 4), hours(5, 8, 9))},
            some(2, windows=every_day(8, 4, days=1)),
            ("Without Saturday", 2),
        ),
        (MONDAY, some(2, windows=(hours(0, 11, 4),)), ("An hour later each day", 2)),
        (MONDAY, some(2, windows=(hours(0, 6, 3.5),)), ("Half an hour earlier each day", 2)),
        (
            {"terms": Terms(brings=frozenset({"employment"}))},
            some(1, terms=Terms(refuses=frozenset({"employment"}))),
            ("Self-employed people too", 1),
        ),
        ({"terms": Terms(needs=frozenset({"own_car"}))}, some(3), ("Without a car of their own", 3)),
        ({"languages": frozenset({"pl"})}, some(2), ("Polish as a wish, not a must", 2)),
        (
            {"terms": Terms(refuses=frozenset({"smokes"}))},
            some(2, terms=Terms(brings=frozenset({"smokes"}))),
            ("People who smoke, away from you", 2),
        ),
    ],
)
def test_the_change_that_brings_people_is_named_with_how_many(
    asks: dict[str, Any], people: list[Candidate], expected: tuple[str, int]
) -> None:
    assert expected in changes(asks, people)


def test_what_keeps_somebody_safe_is_never_up_for_change() -> None:
    asks = {
        "required": frozenset({"suction"}),
        "checks": frozenset({"dbs"}),
        "terms": Terms(needs=frozenset({"woman"})),
        "gender_reason": "Intimate care",
    }
    whole = {
        "competencies": {"suction": checked()},
        "checks": {"dbs": checked()},
        "terms": Terms(brings=frozenset({"woman"})),
    }
    for missing in ("competencies", "checks"):
        assert changes(asks, some(9, **{**whole, missing: {}})) == []
    assert changes(asks, some(9, **{**whole, "terms": Terms()})) == []


def test_a_skill_that_is_a_wish_as_well_may_be_one() -> None:
    asks = {"required": frozenset({"food"})}
    assert changes(asks, some(2), optional={"food"}) == [("Food as a wish, not a must", 2)]
    assert changes(asks, some(2), optional={"hoist"}) == []


def test_nothing_is_suggested_that_brings_nobody_and_nothing_to_an_empty_region() -> None:
    assert changes({}, []) == []
    assert changes({}, some(3)) == []
    assert changes({}, some(3, status="not_now")) == []


def test_the_smallest_step_that_brings_a_choice_is_named_and_best_come_first() -> None:
    people = [candidate(number, lowest_rate_pence=1350 + 10 * number) for number in range(1, 16)]
    people += [candidate(100, windows=every_day(9, 12), lowest_rate_pence=1300)]
    found = changes({"windows": every_day(5, 3)}, people)
    assert changes({}, people)[0] == ("£14.00 an hour instead of £13.50", 5)
    assert [more for _, more in found] == sorted((more for _, more in found), reverse=True)
    assert len(changes({}, people, most=1)) == 1


def test_a_need_around_the_clock_has_no_other_day_to_go_to() -> None:
    asks = {"windows": every_day(0, 24)}
    people = some(2, windows=every_day(0, 24, days=3), most_minutes=10_080)
    assert not [said for said, _ in changes(asks, people) if "instead of" in said]

"""Each hard rule at its edge, the order they come in, and what is said to one named person."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from matching.eligibility import EVIDENCE_AHEAD, RULES, ask, sift, why_not
from matching.pool import Pool
from matching.profiles import Candidate, Need
from tests.matching.world import (
    NAMES,
    TODAY,
    candidate,
    checked,
    every_day,
    hours,
    need,
    place,
    random_need,
    random_pool,
    uuid,
)

NEEDS_HOIST = {"required": frozenset({"hoist"})}
CODES = [rule.code for rule in RULES]


def failed(a_need: Need, person: Candidate) -> list[str]:
    """The codes of the rules one person fails, each asked on its own."""
    question, alone = ask(a_need, today=TODAY), Pool([person])
    return [rule.code for rule in RULES if not rule.fits(question, alone)[0]]


@pytest.mark.parametrize(
    ("asks", "offers", "rules"),
    [
        ({}, {}, []),
        ({}, {"looking": False}, ["not_looking"]),
        ({}, {"place": place(10, 0)}, []),
        ({}, {"place": place(10.1, 0)}, ["too_far"]),
        ({}, {"place": place(6, 8.1)}, ["too_far"]),
        ({}, {"travel_miles": 0}, []),
        (NEEDS_HOIST, {}, ["competency"]),
        (NEEDS_HOIST, {"competencies": {"hoist": checked(400)}}, []),
        (NEEDS_HOIST, {"competencies": {"peg": checked()}}, ["competency"]),
        (NEEDS_HOIST, {"competencies": {"hoist": checked(30, valid_days=7 + 84)}}, []),
        (NEEDS_HOIST, {"competencies": {"hoist": checked(30, valid_days=7 + 83)}}, ["competency"]),
        (NEEDS_HOIST, {"competencies": {"hoist": checked(-7)}}, []),
        (NEEDS_HOIST, {"competencies": {"hoist": checked(-8)}}, ["competency"]),
        ({"wished": frozenset({"hoist"})}, {}, []),
        ({"rate_pence": 1290}, {}, []),
        ({"rate_pence": 1289}, {}, ["rate"]),
        ({}, {"windows": every_day(8, 2)}, []),
        ({}, {"windows": (*every_day(8, 2, days=4), hours(4, 8, 1.5))}, ["not_free"]),
        ({}, {"booked": every_day(8, 2)}, []),
        ({}, {"booked": every_day(8, 2.5)}, ["not_free"]),
        ({}, {"windows": ()}, ["not_free", "too_few_hours"]),
        ({}, {"least_minutes": 1200}, []),
        ({}, {"least_minutes": 1230}, ["too_few_hours"]),
        ({}, {"most_minutes": 1200}, []),
        ({}, {"most_minutes": 1170}, ["too_many_hours"]),
        ({}, {"booked_minutes": 1200}, []),
        ({}, {"booked_minutes": 1201}, ["too_many_hours"]),
        ({"windows": every_day(0, 24)}, {"windows": every_day(0, 24), "most_minutes": 10_080}, []),
    ],
)
def test_each_rule_holds_to_its_edge_and_not_a_step_further(
    asks: dict[str, Any], offers: dict[str, Any], rules: list[str]
) -> None:
    assert failed(need(**asks), candidate(**offers)) == rules


def test_rules_come_in_a_fixed_order_with_codes_of_their_own() -> None:
    assert CODES == ["not_looking", "too_far", "competency", "rate", "not_free", "too_few_hours", "too_many_hours"]


@pytest.mark.parametrize(
    ("starts", "ends", "first", "last"),
    [
        (TODAY, None, TODAY, TODAY + EVIDENCE_AHEAD),
        (TODAY + timedelta(days=30), None, TODAY + timedelta(days=30), TODAY + timedelta(days=30 + 84)),
        (TODAY, TODAY + timedelta(days=20), TODAY, TODAY + timedelta(days=20)),
        (TODAY, TODAY + timedelta(days=700), TODAY, TODAY + EVIDENCE_AHEAD),
        (date(2025, 1, 1), None, TODAY, TODAY + EVIDENCE_AHEAD),
        (date(2025, 1, 1), date(2025, 6, 1), TODAY, TODAY),
    ],
)
def test_evidence_is_asked_for_from_the_first_day_to_come_and_twelve_weeks_at_most(
    starts: date, ends: date | None, first: date, last: date
) -> None:
    question = ask(need(starts_on=starts, ends_on=ends), today=TODAY)
    assert (question.first_day, question.last_day) == (first, last)


def test_a_certificate_that_has_run_out_never_counts_for_support_that_began_long_ago() -> None:
    old = need(starts_on=TODAY - timedelta(days=300), **NEEDS_HOIST)
    person = candidate(competencies={"hoist": checked(400, valid_days=-1)})
    assert failed(old, person) == ["competency"]


def test_every_required_competency_must_be_held() -> None:
    both = need(required=frozenset({"hoist", "peg"}))
    assert failed(both, candidate(competencies={"hoist": checked(), "peg": checked()})) == []
    assert failed(both, candidate(competencies={"hoist": checked()})) == ["competency"]


def test_hours_over_midnight_and_the_end_of_the_week_meet() -> None:
    sunday_night = need(windows=(hours(6, 22, 9),))
    assert failed(sunday_night, candidate(windows=(hours(6, 22, 2), hours(0, 0, 7)))) == []
    assert failed(sunday_night, candidate(windows=(hours(6, 22, 2),), least_minutes=0)) == ["not_free"]


def test_the_funnel_counts_each_person_at_the_first_rule_they_fail() -> None:
    pool = Pool(
        [
            candidate(1),
            candidate(2, looking=False, place=place(50, 0)),
            candidate(3, place=place(50, 0), lowest_rate_pence=2000),
            candidate(4, lowest_rate_pence=2000),
            candidate(5, windows=()),
            candidate(6, least_minutes=2400),
            candidate(7, most_minutes=600),
            candidate(8, competencies={"hoist": checked()}),
        ]
    )
    rows, funnel = sift(ask(need(), today=TODAY), pool)
    assert [pool.candidates[row].id for row in rows] == [uuid(1), uuid(8)]
    assert [step.code for step in funnel] == CODES
    assert [step.removed for step in funnel] == [1, 1, 0, 1, 1, 1, 1]
    assert [step.left for step in funnel] == [7, 6, 6, 5, 4, 3, 2]


def test_an_empty_pool_has_a_funnel_of_noughts() -> None:
    rows, funnel = sift(ask(need(), today=TODAY), Pool())
    assert len(rows) == 0
    assert {(step.removed, step.left) for step in funnel} == {(0, 0)}


@pytest.mark.parametrize(
    ("asks", "offers", "sentence"),
    [
        ({}, {"looking": False}, "They are not looking for more work now."),
        ({}, {"place": place(12.3, 0)}, "They are 12.3 miles away and travel up to 10 miles."),
        ({}, {"place": place(9, 0), "travel_miles": 7.5}, "They are 9.0 miles away and travel up to 7.5 miles."),
        (
            NEEDS_HOIST,
            {},
            "They have no valid check of moving and handling with a hoist for 14 September 2026 to 7 December 2026.",
        ),
        (
            {"required": frozenset({"hoist", "peg"}), "ends_on": date(2026, 9, 30)},
            {},
            (
                "They have no valid check of moving and handling with a hoist or peg"
                " for 14 September 2026 to 30 September 2026."
            ),
        ),
        ({"rate_pence": 1200}, {}, "They ask for at least £12.90 an hour; you offer £12.00."),
        ({}, {"windows": (hours(0, 8, 4),)}, "They are free for 4 hours of your 20 hours a week; half is the least."),
        (
            {},
            {"least_minutes": 1500},
            "They want at least 25 hours a week from one person; these would be 20 hours.",
        ),
        ({}, {"booked_minutes": 1500}, "They work up to 40 hours a week; with yours it would be 45 hours."),
    ],
)
def test_one_person_is_told_of_in_their_own_figures(
    asks: dict[str, Any], offers: dict[str, Any], sentence: str
) -> None:
    assert why_not(need(**asks), candidate(**offers), today=TODAY, names=NAMES) == (sentence,)


def test_all_that_stands_in_the_way_is_said_in_the_order_of_the_rules() -> None:
    sentences = why_not(need(), candidate(looking=False, place=place(50, 0), lowest_rate_pence=2000), today=TODAY)
    assert [sentence.split()[1] for sentence in sentences] == ["are", "are", "ask"]


def test_why_not_is_empty_for_exactly_those_the_sieve_lets_through() -> None:
    people = random_pool(11, 300)
    pool = Pool(people)
    for seed in range(6):
        a_need = random_need(Random(seed))
        rows, _ = sift(ask(a_need, today=TODAY), pool)
        fitting = {person.id for person in people if not why_not(a_need, person, today=TODAY)}
        assert fitting == {pool.candidates[row].id for row in rows}


def test_the_funnels_sentences_are_plain_and_their_own() -> None:
    assert len({rule.many for rule in RULES}) == len(RULES)
    assert not any("_" in rule.many or rule.many.endswith(".") for rule in RULES)

"""Each hard rule at its edge, in both directions; what is said to one named person; and a funnel that adds up."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from matching.eligibility import RULES, steps, why_not
from matching.errors import BadQuestion
from matching.judging import CODES
from matching.pool import Pool
from matching.profiles import Candidate, Need
from matching.question import Question
from matching.terms import TERMS, Terms
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

HOIST = {"required": frozenset({"hoist"})}
DBS = {"checks": frozenset({"dbs"})}
NIGHTS = {"windows": (hours(6, 22, 9),)}


def brings(*words: str) -> dict[str, Terms]:
    return {"terms": Terms(brings=frozenset(words))}


def needs(*words: str) -> dict[str, Any]:
    return {"terms": Terms(needs=frozenset(words)), "gender_reason": "Intimate care"}


def refuses(*words: str) -> dict[str, Terms]:
    return {"terms": Terms(refuses=frozenset(words))}


def failed(a_need: Need, person: Candidate, **asked: Any) -> list[str]:
    """The codes of every rule one person fails."""
    pool = Pool([person])
    found = pool.find(person.id)
    assert found is not None
    return pool.failures(Question(a_need, TODAY, **asked), found)


@pytest.mark.parametrize(
    ("asks", "offers", "rules"),
    [
        ({}, {}, []),
        ({}, {"status": "not_now"}, ["not_looking"]),
        ({}, {"status": "open"}, []),
        ({}, {"place": place(8.4, 0)}, []),
        ({}, {"place": place(8.5, 0)}, ["too_far"]),
        ({}, {"place": place(2, 0), "mode": "foot"}, ["too_far"]),
        ({}, {"place": place(1, 0), "mode": "foot"}, []),
        ({}, {"travel_minutes": 4}, ["too_far"]),
        ({}, {"travel_minutes": 5}, []),
        ({"blocked": frozenset({uuid(1)})}, {}, ["blocked"]),
        ({"blocked": frozenset({uuid(2), uuid(1 + 2**64)})}, {}, []),
        (HOIST, {}, ["competency"]),
        (HOIST, {"competencies": {"hoist": checked(400)}}, []),
        (HOIST, {"competencies": {"peg": checked()}}, ["competency"]),
        (HOIST, {"checks": {"hoist": checked()}, "languages": frozenset({"hoist"})}, ["competency"]),
        (HOIST, {"competencies": {"hoist": checked(30, valid_days=7 + 84)}}, []),
        (HOIST, {"competencies": {"hoist": checked(30, valid_days=7 + 83)}}, ["competency"]),
        (HOIST, {"competencies": {"hoist": checked(-7)}}, []),
        (HOIST, {"competencies": {"hoist": checked(-8)}}, ["competency"]),
        ({"wished": frozenset({"hoist"})}, {}, []),
        (DBS, {}, ["check"]),
        (DBS, {"checks": {"dbs": checked(30, valid_days=91)}}, []),
        (DBS, {"checks": {"dbs": checked(30, valid_days=90)}}, ["check"]),
        ({"languages": frozenset({"pl"})}, {}, ["language"]),
        ({"languages": frozenset({"pl"})}, {"languages": frozenset({"pl", "ur"})}, []),
        ({"languages_wished": frozenset({"pl"})}, {}, []),
        (needs("woman"), brings("man"), ["gender"]),
        (needs("woman"), {}, ["gender"]),
        (needs("woman"), brings("woman"), []),
        (needs("own_car"), brings("drives"), ["car"]),
        (needs("drives"), brings("drives"), []),
        (brings("employment"), refuses("employment"), ["employment"]),
        (brings("self_employment"), refuses("employment"), []),
        ({}, refuses("employment"), []),
        (brings("waking_night"), refuses("waking_night"), ["shift_kind"]),
        (brings("two_people"), refuses("two_people"), ["shift_kind"]),
        (brings("dog"), refuses("dog"), ["their_dealbreaker"]),
        ({}, needs("parking") | {"gender_reason": ...}, ["their_dealbreaker"]),
        (brings("parking"), needs("parking") | {"gender_reason": ...}, []),
        (refuses("smokes"), brings("smokes"), ["your_dealbreaker"]),
        ({"rate_pence": 1290}, {}, []),
        ({"rate_pence": 1289}, {}, ["rate"]),
        ({}, {"windows": every_day(8, 2)}, []),
        ({}, {"windows": (*every_day(8, 2, days=4), hours(4, 8, 1.5))}, ["not_available"]),
        ({}, {"booked": every_day(8, 2)}, []),
        ({}, {"booked": every_day(8, 2.5)}, ["booked"]),
        ({}, {"windows": ()}, ["not_available"]),
        ({}, {"least_minutes": 1200}, []),
        ({}, {"least_minutes": 1230}, ["too_few_hours"]),
        ({}, {"most_minutes": 600}, []),
        ({}, {"most_minutes": 570}, ["too_many_hours"]),
        ({}, {"booked_minutes": 1800}, []),
        ({}, {"booked_minutes": 1801}, ["too_many_hours"]),
        ({"minutes_a_week": 300}, {"windows": (hours(0, 8, 2.5),), "least_minutes": 0}, []),
        ({"minutes_a_week": 330}, {"windows": (hours(0, 8, 2.5),), "least_minutes": 0}, ["not_available"]),
        ({"windows": every_day(0, 24)}, {"windows": every_day(0, 24), "most_minutes": 5_040}, []),
        (NIGHTS, {"windows": (hours(6, 22, 4.5),)}, []),
        (NIGHTS, {"windows": (hours(0, 0, 4.5),)}, []),
        (NIGHTS, {"windows": (hours(0, 2.5, 4.5),)}, []),
        (NIGHTS, {"windows": (hours(0, 3, 6),)}, ["not_available"]),
        (
            {**HOIST, **DBS, "rate_pence": 1000},
            {"status": "not_now", "place": place(99, 0), "windows": ()},
            ["not_looking", "too_far", "competency", "check", "rate", "not_available"],
        ),
    ],
)
def test_each_rule_holds_to_its_edge_and_not_a_step_further(
    asks: dict[str, Any], offers: dict[str, Any], rules: list[str]
) -> None:
    offers.pop("gender_reason", None)
    assert failed(need(**asks), candidate(**offers)) == rules


@pytest.mark.parametrize("term", TERMS)
def test_what_one_side_refuses_or_needs_counts_the_same_on_the_other(term: str) -> None:
    """Dealbreakers are symmetric: exchange what the two sides say, and they fit, or don't, as before."""
    sides = [
        (Terms(brings=frozenset({term})), Terms(refuses=frozenset({term}))),
        (Terms(), Terms(needs=frozenset({term}))),
        (Terms(brings=frozenset({term})), Terms(needs=frozenset({term}))),
        (Terms(brings=frozenset({term})), Terms(brings=frozenset({term}))),
    ]
    for one, other in sides:
        if term in {"woman", "man"} and "refuses" in repr(other) and other.refuses:
            continue  # nobody may refuse a gender: who needs one says so, with the reason
        ways = [
            failed(need(terms=mine, gender_reason="Intimate care"), candidate(terms=theirs))
            for mine, theirs in ((one, other), (other, one))
        ]
        assert bool(ways[0]) == bool(ways[1])


@pytest.mark.parametrize(
    ("within", "booked", "least", "rules"),
    [
        (240, (), 240, []),
        (240, (), 1200, []),
        (10, (), 240, []),
        (4, (), 240, ["too_far"]),
        (240, (hours(0, 8, 0.5),), 240, ["booked"]),
    ],
)
def test_cover_has_to_be_there_in_time_and_for_all_of_the_hours(
    within: int, booked: tuple[Any, ...], least: int, rules: list[str]
) -> None:
    asked = need(windows=(hours(0, 8, 4),))
    assert failed(asked, candidate(booked=booked, least_minutes=least), cover=True, within=within) == rules


@pytest.mark.parametrize(
    ("starts", "ends", "first", "last"),
    [
        (TODAY + timedelta(days=7), None, TODAY + timedelta(days=7), TODAY + timedelta(days=91)),
        (TODAY - timedelta(days=7), None, TODAY, TODAY + timedelta(days=84)),
        (TODAY, TODAY + timedelta(days=20), TODAY, TODAY + timedelta(days=20)),
        (TODAY - timedelta(days=9), TODAY - timedelta(days=2), TODAY, TODAY),
        (date.max, None, date.max, date.max),
        (date(9999, 12, 1), date.max, date(9999, 12, 1), date.max),
    ],
)
def test_evidence_is_asked_for_the_dates_that_are_still_to_come(
    starts: date, ends: date | None, first: date, last: date
) -> None:
    question = Question(need(starts_on=starts, ends_on=ends), TODAY)
    assert (question.first_day, question.last_day) == (first, last)


def test_the_funnel_adds_up_and_keeps_to_itself_who_blocked_whom() -> None:
    people = random_pool(11, 400)
    pool, dice = Pool(people), Random(11)
    for _ in range(30):
        question = Question(random_need(dice, people), TODAY)
        removed = pool.funnel(question)
        funnel = steps(removed, len(pool))
        assert [step.code for step in funnel] == [code for code in CODES if code != "blocked"]
        assert funnel[0].removed == removed[0] + removed[CODES.index("blocked")]
        left = len(pool)
        for step in funnel:
            left -= step.removed
            assert step.left == left >= 0
        assert left == removed[-1] == pool.count(question)


def test_every_rule_has_a_sentence_about_the_many_and_codes_are_in_the_order_of_judging() -> None:
    assert tuple(rule.code for rule in RULES) == CODES
    assert all(rule.many for rule in RULES)


@pytest.mark.parametrize(
    ("asks", "offers", "sentence"),
    [
        ({}, {"status": "not_now"}, "They are not looking for more work now."),
        (
            {},
            {"place": place(20, 0)},
            "They travel up to 30 minutes by car; you are about 51 away.",
        ),
        ({"blocked": frozenset({uuid(1)})}, {}, "They can't be invited at the moment."),
        (
            HOIST,
            {},
            "They don't have moving and handling with a hoist, valid from 14 September 2026 to 7 December 2026.",
        ),
        (DBS, {}, "We have no DBS check of theirs, valid from 14 September 2026 to 7 December 2026."),
        ({"languages": frozenset({"pl", "ur"})}, {}, "They don't speak Polish or ur."),
        (needs("woman"), {}, "They haven't said that they are a woman."),
        (needs("own_car"), {}, "They have no car for work."),
        (brings("employment"), refuses("employment"), "They don't work as an employee."),
        (brings("sleep_in"), refuses("sleep_in"), "They don't work sleep-in shifts."),
        (
            brings("dog", "smoking_home"),
            refuses("dog", "smoking_home"),
            "They don't work in homes with a dog or in homes where people smoke.",
        ),
        (refuses("smokes"), brings("smokes"), "They smoke, and you asked for somebody who doesn't."),
        ({"rate_pence": 1200}, {}, "They ask at least £12.90 an hour; you offer £12.00."),
        ({}, {"windows": ()}, "They are available for 0 of your 20 hours; half is the least."),
        (
            {},
            {"booked": every_day(8, 3)},
            "With what they have promised to others, they are free for 5 of your 20 hours; half is the least.",
        ),
        (
            {},
            {"booked_minutes": 2100},
            "They work up to 40 hours a week, and have 5 hours left; half of yours is the least.",
        ),
        ({}, {"least_minutes": 1500}, "They want at least 25 hours a week from one person; these would be 20 hours."),
    ],
)
def test_why_somebody_is_not_listed_is_said_in_a_sentence(
    asks: dict[str, Any], offers: dict[str, Any], sentence: str
) -> None:
    names = {**NAMES, "pl": "Polish", "dbs": "DBS check"}
    question = Question(need(**asks), TODAY)
    assert why_not(question, Pool([candidate(**offers)]), uuid(1), names=names) == (sentence,)


def test_there_is_nothing_to_say_of_who_fits_and_a_stranger_is_refused() -> None:
    assert why_not(Question(need(), TODAY), Pool([candidate()]), uuid(1)) == ()
    with pytest.raises(BadQuestion):
        why_not(Question(need(), TODAY), Pool([candidate()]), uuid(2))

"""What is said for each feature, and that the reasons hold every point of the score."""

from datetime import timedelta
from typing import Any

import pytest

from matching.pool import Pool
from matching.ranker import Ranker
from matching.results import Match
from matching.terms import Terms
from tests.matching.world import NAMES, TODAY, candidate, checked, every_day, hours, need, place, uuid

ALL_NAMES = {**NAMES, "pl": "Polish"}


def match(asks: dict[str, Any], offers: dict[str, Any]) -> Match:
    [found] = Ranker().rank(need(**asks), Pool([candidate(**offers)]), k=1, today=TODAY, names=ALL_NAMES).matches
    return found


@pytest.mark.parametrize(
    ("asks", "offers", "code", "sentence"),
    [
        ({}, {}, "journey", "About 5 minutes by car"),
        ({}, {"place": place(1, 0), "mode": "foot"}, "journey", "About 26 minutes on foot"),
        ({}, {"mode": "cycle", "travel_minutes": 20}, "journey", "About 3 minutes by bike"),
        (
            {},
            {"mode": "public_transport", "travel_minutes": 45},
            "journey_share",
            "Travels up to 45 minutes by public transport",
        ),
        ({}, {}, "hours", "Free for all of your 20 hours"),
        ({}, {"windows": every_day(7, 12, days=4)}, "hours", "Free for 16 of your 20 hours; not Friday morning"),
        (
            {},
            {"booked": (hours(4, 9, 1),)},
            "hours",
            "Free for 19 of your 20 hours; not part of Friday morning",
        ),
        (
            {"windows": every_day(8, 4)},
            {"windows": every_day(8, 4, days=4)},
            "hours",
            "Free for 16 of your 28 hours; not Friday morning, Saturday morning or Sunday morning",
        ),
        (
            {"windows": every_day(8, 8), "minutes_a_week": 1800},
            {"windows": every_day(8, 4)},
            "hours",
            "Free for 28 of your 30 hours",
        ),
        ({}, {"most_minutes": 900}, "hours", "Free for 20 of your 20 hours; has 15 hours left in their week"),
        (
            {"preferred": every_day(8, 2)},
            {"windows": every_day(8, 3)},
            "preferred",
            "Free for 10 hours at the times you like best",
        ),
        ({"known": frozenset({uuid(1)})}, {}, "known", "Has worked for you before"),
        ({}, {}, "rate", "Your £13.50 an hour is above the £12.90 they ask"),
        ({"rate_pence": 1290}, {}, "rate", "Your £12.90 an hour is what they ask"),
        ({}, {"booked_minutes": 600}, "fill", "Would fill 20 of the 30 hours a week they still have to give"),
        ({}, {}, "status", "Looking for work now"),
        ({}, {"status": "open"}, "status", "Not looking, but open to offers"),
        ({}, {}, "confirmed", "Has never confirmed what they offer"),
        ({}, {"confirmed_on": TODAY - timedelta(days=40)}, "confirmed", "Last confirmed what they offer in July 2026"),
        (
            {"required": frozenset({"epilepsy"})},
            {"competencies": {"epilepsy": checked(100)}},
            "required:epilepsy",
            "Says they are skilled in epilepsy rescue medication, checked May 2026",
        ),
        (
            {"wished": frozenset({"hoist"})},
            {},
            "wished:hoist",
            "Not skilled in moving and handling with a hoist, which you wished for",
        ),
        (
            {"wished": frozenset({"hoist"})},
            {"competencies": {"hoist": checked(10, valid_days=20)}},
            "wished:hoist",
            (
                "Says they are skilled in moving and handling with a hoist, which you wished for, "
                "but the check does not cover your dates"
            ),
        ),
        (
            {"wished": frozenset({"hoist"})},
            {"competencies": {"hoist": checked(10)}},
            "wished:hoist",
            "Says they are skilled in moving and handling with a hoist, checked August 2026",
        ),
        ({"languages_wished": frozenset({"pl"})}, {"languages": frozenset({"pl"})}, "spoken:pl", "Speaks Polish"),
        ({"languages_wished": frozenset({"pl"})}, {}, "spoken:pl", "Doesn't speak Polish, which you wished for"),
    ],
)
def test_each_feature_is_said_as_a_person_would(
    asks: dict[str, Any], offers: dict[str, Any], code: str, sentence: str
) -> None:
    assert {reason.code: reason.sentence for reason in match(asks, offers).reasons}[code] == sentence


def test_a_stranger_is_no_reason_and_times_never_asked_for_are_none() -> None:
    codes = {reason.code for reason in match({}, {}).reasons}
    assert codes == {"journey", "journey_share", "hours", "rate", "fill", "status", "confirmed"}


def test_reasons_come_with_most_points_first_and_know_the_best_they_could_be() -> None:
    found = match({"wished": frozenset({"hoist", "peg"})}, {"competencies": {"hoist": checked(10)}})
    points = [reason.points for reason in found.reasons]
    assert points == sorted(points, reverse=True)
    assert all(reason.points <= reason.best for reason in found.reasons)
    assert {reason.code: reason.best for reason in found.reasons}["wished:hoist"] == 0.75


def test_swapping_a_protected_characteristic_moves_no_score_and_no_place() -> None:
    def ranked(swap: dict[str, str]) -> list[tuple[Any, float]]:
        people = [
            candidate(number, place=place(number / 2, 0), terms=Terms(brings=frozenset({swap[one]})))
            for number, one in enumerate(("woman", "man", "woman", "man"), start=1)
        ]
        found = Ranker().rank(need(), Pool(people), k=9, today=TODAY).matches
        return [(one.candidate_id, one.score) for one in found]

    assert ranked({"woman": "woman", "man": "man"}) == ranked({"woman": "man", "man": "woman"})

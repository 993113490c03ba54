"""The columns hold what the candidates say, in the order of their ids."""

from datetime import timedelta

import pytest

from matching.errors import BadQuestion
from matching.places import miles
from matching.pool import Pool
from matching.profiles import Evidence, WeeklyWindow, half_hours
from tests.matching.world import TODAY, candidate, checked, every_day, hours, place, random_pool, uuid

LATER = TODAY + timedelta(days=84)


def test_an_empty_pool_has_nobody_and_answers_every_question() -> None:
    pool = Pool()
    assert len(pool) == 0
    assert pool.miles_from(place()).tolist() == []
    assert pool.free_minutes(half_hours(every_day(8, 4))).tolist() == []
    assert pool.holds("peg", TODAY, LATER).tolist() == []
    assert pool.days_since_check("peg", TODAY).tolist() == []


def test_candidates_stand_in_the_order_of_their_ids() -> None:
    pool = Pool([candidate(3), candidate(1), candidate(2)])
    assert [person.id for person in pool.candidates] == [uuid(1), uuid(2), uuid(3)]


def test_the_same_person_twice_is_refused() -> None:
    with pytest.raises(BadQuestion, match="twice"):
        Pool([candidate(1), candidate(2), candidate(1, travel_miles=3)])


def test_columns_hold_each_candidates_own_figures() -> None:
    pool = Pool(random_pool(7, 40))
    for row, person in enumerate(pool.candidates):
        assert (pool.eastings[row], pool.northings[row]) == (person.place.easting, person.place.northing)
        assert pool.looking[row] == person.looking
        assert pool.travel_miles[row] == person.travel_miles
        assert pool.lowest_rate_pence[row] == person.lowest_rate_pence
        assert (pool.least_minutes[row], pool.most_minutes[row]) == (person.least_minutes, person.most_minutes)
        assert pool.booked_minutes[row] == person.booked_minutes


def test_miles_are_those_between_the_places() -> None:
    pool, here = Pool(random_pool(8, 40)), place(2, -3)
    assert pool.miles_from(here).tolist() == pytest.approx([miles(here, person.place) for person in pool.candidates])


@pytest.mark.parametrize(
    ("windows", "booked", "free"),
    [
        ((hours(0, 8, 4),), (), 240),
        ((hours(0, 10, 4),), (), 120),
        ((hours(1, 8, 4),), (), 0),
        ((hours(0, 0, 24),), (hours(0, 9, 1),), 180),
        ((hours(0, 0, 24),), (hours(6, 20, 24),), 0),
        ((), (), 0),
    ],
)
def test_free_minutes_are_the_asked_ones_offered_and_not_booked(
    windows: tuple[WeeklyWindow, ...], booked: tuple[WeeklyWindow, ...], free: int
) -> None:
    asked = half_hours([hours(0, 8, 4)])
    assert Pool([candidate(windows=windows, booked=booked)]).free_minutes(asked).tolist() == [free]


def test_free_weeks_are_half_hours_after_what_is_booked() -> None:
    pool = Pool([candidate(windows=(hours(0, 8, 4),), booked=(hours(0, 9, 1),))])
    assert pool.free_weeks == (half_hours([hours(0, 8, 1), hours(0, 10, 2)]),)


def test_free_minutes_count_over_the_whole_week_to_its_last_half_hour() -> None:
    always = Pool([candidate(windows=every_day(0, 24))])
    assert always.free_minutes(half_hours(every_day(0, 24))).tolist() == [168 * 60]
    assert always.free_minutes(half_hours([hours(6, 23.5, 0.5)])).tolist() == [30]


@pytest.mark.parametrize(
    ("evidence", "held"),
    [
        ({}, False),
        ({"peg": checked(30)}, True),
        ({"peg": checked(0)}, True),
        ({"peg": checked(-1)}, False),
        ({"peg": checked(30, valid_days=84)}, True),
        ({"peg": checked(30, valid_days=83)}, False),
        ({"hoist": checked(30)}, False),
    ],
)
def test_a_competency_is_held_if_checked_by_the_first_day_and_valid_on_the_last(
    evidence: dict[str, Evidence], held: bool
) -> None:
    pool = Pool([candidate(1, competencies=evidence), candidate(2, competencies={"suction": checked()})])
    assert pool.holds("peg", TODAY, LATER).tolist() == [held, False]


def test_the_age_of_a_check_is_in_days_and_never_negative() -> None:
    pool = Pool(
        [
            candidate(1, competencies={"peg": checked(30)}),
            candidate(2, competencies={"peg": checked(-3)}),
            candidate(3),
        ]
    )
    assert pool.days_since_check("peg", TODAY).tolist() == [30, 0, 0]


def test_changes_make_a_new_pool_and_leave_the_old_one_as_it_was() -> None:
    before = Pool([candidate(1), candidate(2)])
    after = before.with_changes(upsert=[candidate(2, travel_miles=3), candidate(3)], remove=[uuid(1), uuid(77)])
    assert [person.id for person in after.candidates] == [uuid(2), uuid(3)]
    assert after.travel_miles.tolist() == [3, 10]
    assert before.travel_miles.tolist() == [10, 10]


def test_someone_both_removed_and_upserted_stays() -> None:
    after = Pool([candidate(1)]).with_changes(upsert=[candidate(1, travel_miles=4)], remove=[uuid(1)])
    assert after.travel_miles.tolist() == [4]

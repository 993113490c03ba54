"""The pool finds what the oracle finds, however it came about, and never changes under who reads it."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.columns import Columns, columns_of
from matching.errors import BadQuestion
from matching.pool import Pool
from matching.profiles import Candidate, Need
from matching.question import Question
from matching.scorecard import STARTING
from tests.matching import oracle
from tests.matching.world import TODAY, candidate, need, place, random_candidate, random_need, random_pool, uuid

unhurried = settings(deadline=None)
seeds = st.integers(0, 2**32)


def listed(pool: Pool, a_need: Need, k: int = 10_000) -> list[tuple[int, int]]:
    """Everyone who fits with their keys, best first."""
    return [(pool.id_of(one).int, one.key) for one in pool.best(Question(a_need, TODAY), STARTING, k=k)]


def by_hand(people: list[Candidate], a_need: Need) -> list[tuple[int, int]]:
    return [(one.id.int, one.key) for one in oracle.rank(a_need, people, STARTING, TODAY)]


@unhurried
@given(seeds, st.integers(0, 80))
def test_it_lists_exactly_whom_the_oracle_lists_in_the_same_order(seed: int, size: int) -> None:
    people = random_pool(seed, size)
    for number in range(5):
        a_need = random_need(Random(seed + number), people)
        assert listed(Pool(people), a_need) == by_hand(people, a_need)


@unhurried
@given(seeds, st.integers(0, 60), st.integers(0, 30), st.integers(0, 30))
def test_changed_bit_by_bit_it_answers_like_one_made_anew(seed: int, size: int, more: int, gone: int) -> None:
    dice = Random(seed)
    people = {one.id: one for one in random_pool(seed, size)}
    pool = Pool(people.values())
    for _ in range(3):
        leaving = dice.sample(sorted(people), k=min(gone, len(people)))
        changing = [replace(random_candidate(dice), id=one) for one in dice.sample(sorted(people), k=len(people) // 3)]
        new = [*changing, *(random_candidate(dice) for _ in range(more))]
        pool = pool.with_changes(upsert=new, remove=leaving)
        for one in leaving:
            people.pop(one, None)
        people |= {one.id: one for one in new}
        a_need = random_need(dice, list(people.values()))
        assert len(pool) == len(people)
        assert listed(pool, a_need) == by_hand(list(people.values()), a_need)
        assert listed(pool.rebuilt(), a_need) == listed(pool, a_need)
        assert pool.funnel(Question(a_need, TODAY)) == Pool(people.values()).funnel(Question(a_need, TODAY))


def test_whoever_reads_a_pool_sees_it_as_it_was_whatever_comes_after() -> None:
    people = random_pool(5, 200)
    pool, a_need = Pool(people), need()
    before = listed(pool, a_need)
    pool.with_changes(upsert=[candidate(7)], remove=[one.id for one in people])
    assert listed(pool, a_need) == before


def test_many_changes_end_in_one_index_and_few_beside_the_big_one() -> None:
    pool = Pool(random_pool(1, 3_000))
    few = pool.with_changes(upsert=[candidate(1)])
    many = pool.with_changes(upsert=random_pool(2, 2_500))
    assert [len(one._parts) for one in (pool, few, many, few.rebuilt())] == [1, 2, 1, 1]
    assert len(many) == 5_500


def test_a_stranger_who_leaves_changes_nothing_and_the_last_word_on_somebody_counts() -> None:
    pool = Pool([candidate(1), candidate(2)])
    assert len(pool.with_changes(remove=[uuid(3)])) == 2
    changed = pool.with_changes(
        upsert=[candidate(1, lowest_rate_pence=1300), candidate(1, lowest_rate_pence=1310)], remove=[uuid(1)]
    )
    found = changed.find(uuid(1))
    assert found is not None
    assert changed.listed(found).lowest_rate_pence == 1310
    assert changed.find(uuid(3)) is None


@pytest.mark.parametrize("numbers", [(1, 1), (1, 2, 1), (2**64, 2**64)])
def test_the_same_person_twice_is_refused(numbers: tuple[int, ...]) -> None:
    with pytest.raises(BadQuestion, match="twice"):
        Pool([candidate(number) for number in numbers])


def test_people_whose_ids_differ_in_one_half_only_are_two() -> None:
    assert len(Pool([candidate(5), candidate(5 + 2**64), candidate(2**64), candidate(6)])) == 4


def test_an_empty_pool_answers_every_question() -> None:
    for pool in (Pool(), Pool([candidate(1)]).with_changes(remove=[uuid(1)]), Pool().with_changes(), Pool().rebuilt()):
        question = Question(need(), TODAY)
        assert len(pool) == 0
        assert pool.best(question, STARTING, k=20) == []
        assert sum(pool.funnel(question)) == pool.count(question) == 0
    assert len(Pool().with_changes(upsert=[candidate(1)])) == 1


@pytest.mark.parametrize("east", [-280, -100, 80, 150])
def test_people_at_the_edges_of_the_map_are_found(east: float) -> None:
    there = place(east, 0)
    pool = Pool([candidate(1, place=there), candidate(2, place=place(0, -200))])
    assert [one for one, _ in listed(pool, need(place=there))] == [1]


def test_more_kinds_of_things_than_a_byte_tells_apart_are_refused() -> None:
    polyglots = [candidate(number, languages=frozenset({f"l{number}"})) for number in range(256)]
    assert len(Pool(polyglots[:255])) == 255
    with pytest.raises(BadQuestion, match="256 kinds"):
        Pool(polyglots)
    with pytest.raises(BadQuestion, match="256 kinds"):
        Pool(polyglots[:255]).with_changes(upsert=polyglots[255:]).rebuilt()


def test_what_is_known_of_somebody_comes_back_from_the_columns() -> None:
    people = random_pool(3, 300)
    pool = Pool(people)
    for one in people:
        found = pool.find(one.id)
        assert found is not None
        back = pool.listed(found)
        assert (back.id, back.mode, back.status) == (one.id, one.mode, one.status)
        assert (back.easting, back.northing, back.precision) == (
            one.place.easting,
            one.place.northing,
            one.place.precision,
        )
        assert (back.travel_minutes, back.lowest_rate_pence) == (one.travel_minutes, one.lowest_rate_pence)
        assert (back.least_minutes, back.most_minutes) == (one.least_minutes, one.most_minutes)
        assert (back.booked_minutes, back.confirmed_on, back.terms) == (one.booked_minutes, one.confirmed_on, one.terms)
        assert {code: back.held[f"competency:{code}"] for code in one.competencies} == one.competencies
        assert {code: back.held[f"check:{code}"] for code in one.checks} == one.checks
        assert {code for code in back.held if code.startswith("language:")} == {
            f"language:{code}" for code in one.languages
        }


def test_a_person_is_at_most_150_bytes_without_the_bitmaps() -> None:
    columns: Columns = columns_of(random_pool(3, 2_000))
    assert columns.nbytes / len(columns) <= 150

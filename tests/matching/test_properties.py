"""What must hold whatever the need and whoever is in the pool."""

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.pool import Pool
from matching.profiles import Candidate, Need, Shortlist
from matching.ranker import Ranker
from tests.matching.world import TODAY, random_candidate, random_need, random_pool, uuid

EVERYONE = 10_000

# a busy machine is no failure
unhurried = settings(deadline=None)

# Drawn by seed: these worlds are wide (times, places, dates, limits), and a failing seed is all one needs to replay it.
seeds = st.integers(0, 2**32)
needs = seeds.map(lambda seed: random_need(Random(seed)))
pools = st.builds(random_pool, seeds, st.integers(0, 60))


def shortlist(need: Need, people: list[Candidate], k: int = EVERYONE) -> Shortlist:
    return Ranker().rank(need, Pool(people), k=k, today=TODAY)


def ids(found: Shortlist) -> list[int]:
    return [match.candidate_id.int for match in found.matches]


@unhurried
@given(needs, pools)
def test_the_funnel_adds_up_to_the_pool_and_ends_with_those_who_fit(need: Need, people: list[Candidate]) -> None:
    found = shortlist(need, people)
    left = len(people)
    for step in found.funnel:
        assert step.removed >= 0
        left -= step.removed
        assert step.left == left
    assert found.considered == len(people)
    assert found.fitting == left == len(found.matches)


@unhurried
@given(needs, pools, seeds)
def test_one_more_person_never_takes_another_off_the_list_nor_moves_them(
    need: Need, people: list[Candidate], seed: int
) -> None:
    newcomer = replace(random_candidate(Random(seed)), id=uuid(7))
    before, after = ids(shortlist(need, people)), ids(shortlist(need, [*people, newcomer]))
    assert [one for one in after if one != 7] == before


@unhurried
@given(needs, pools, st.integers(1, 400))
def test_a_higher_rate_never_shortens_the_list(need: Need, people: list[Candidate], more: int) -> None:
    before = ids(shortlist(need, people))
    after = ids(shortlist(replace(need, rate_pence=need.rate_pence + more), people))
    assert set(before) <= set(after)


@unhurried
@given(needs, pools, st.floats(0, 50))
def test_travelling_further_never_shortens_the_list(need: Need, people: list[Candidate], more: float) -> None:
    before = ids(shortlist(need, people))
    after = ids(shortlist(need, [replace(one, travel_miles=one.travel_miles + more) for one in people]))
    assert set(before) <= set(after)


@unhurried
@given(needs, pools)
def test_asking_for_no_competency_never_shortens_the_list(need: Need, people: list[Candidate]) -> None:
    before = ids(shortlist(need, people))
    assert set(before) <= set(ids(shortlist(replace(need, required=frozenset()), people)))


@unhurried
@given(needs, pools, seeds)
def test_the_order_people_come_in_changes_nothing_at_all(need: Need, people: list[Candidate], seed: int) -> None:
    mixed = Random(seed).sample(people, k=len(people))
    assert shortlist(need, mixed) == shortlist(need, people)


@unhurried
@given(needs, pools, st.integers(1, 20))
def test_a_short_list_is_the_beginning_of_the_long_one(need: Need, people: list[Candidate], k: int) -> None:
    short, long = shortlist(need, people, k), shortlist(need, people)
    assert short.matches == long.matches[:k]
    assert short.funnel == long.funnel


@unhurried
@given(needs, pools)
def test_reasons_and_base_are_the_score(need: Need, people: list[Candidate]) -> None:
    for match in shortlist(need, people).matches:
        said = {"holder": match.holder.base, "assistant": match.assistant.base}
        for reason in match.reasons:
            said[reason.side] += reason.points
        assert said == {"holder": match.holder.log_odds, "assistant": match.assistant.log_odds}
        assert match.score == match.holder.probability * match.assistant.probability


@unhurried
@given(needs, pools)
def test_scores_fall_and_lie_between_nought_and_one(need: Need, people: list[Candidate]) -> None:
    scores = [match.score for match in shortlist(need, people).matches]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score < 1 for score in scores)


@unhurried
@given(needs, pools, pools)
def test_a_changed_pool_ranks_like_one_made_anew(need: Need, people: list[Candidate], others: list[Candidate]) -> None:
    gone = [one.id for one in people[::3]]
    changed = Pool(people).with_changes(upsert=others, remove=gone)
    anew = {one.id: one for one in [*people, *others] if one.id not in gone or one in others}
    ranker = Ranker()
    expected = ranker.rank(need, Pool(anew.values()), k=EVERYONE, today=TODAY)
    assert ranker.rank(need, changed, k=EVERYONE, today=TODAY) == expected

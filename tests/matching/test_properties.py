"""What must hold whatever the need and whoever is in the pool."""

from dataclasses import replace
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.pool import Pool
from matching.profiles import Candidate, Need
from matching.question import Question
from matching.ranker import Ranker
from matching.relax import relax
from matching.results import Shortlist
from matching.terms import Terms
from matching.travel import LONGEST_MINUTES
from matching.week import half_hours, minutes_of
from tests.matching.world import TODAY, random_candidate, random_need, random_pool, random_windows, uuid

EVERYONE = 10_000

# a busy machine is no failure
unhurried = settings(deadline=None)

# Drawn by seed: these worlds are wide (times, places, dates, limits), and a failing seed is all one needs to replay it.
seeds = st.integers(0, 2**32)
pools = st.builds(random_pool, seeds, st.integers(0, 60))
worlds = st.tuples(seeds, pools).map(lambda drawn: (random_need(Random(drawn[0]), drawn[1]), drawn[1]))

World = tuple[Need, list[Candidate]]


def shortlist(need: Need, people: list[Candidate], k: int = EVERYONE) -> Shortlist:
    return Ranker().rank(need, Pool(people), k=k, today=TODAY)


def ids(found: Shortlist) -> list[int]:
    return [match.candidate_id.int for match in found.matches]


@unhurried
@given(worlds)
def test_the_funnel_adds_up_to_the_pool_and_ends_with_those_who_fit(world: World) -> None:
    need, people = world
    found = shortlist(need, people)
    left = len(people)
    for step in found.funnel:
        assert step.removed >= 0
        left -= step.removed
        assert step.left == left
    assert found.considered == len(people)
    assert found.fitting == left == len(found.matches)


@unhurried
@given(worlds, seeds)
def test_one_more_person_never_takes_another_off_the_list_nor_moves_them(world: World, seed: int) -> None:
    need, people = world
    newcomer = replace(random_candidate(Random(seed)), id=uuid(7))
    before, after = ids(shortlist(need, people)), ids(shortlist(need, [*people, newcomer]))
    assert [one for one in after if one != 7] == before


def _looser_needs(need: Need, dice: Random) -> list[Need]:
    """The need with one rule loosened."""
    terms = need.terms
    return [
        replace(need, rate_pence=need.rate_pence + dice.randint(1, 400)),
        replace(need, required=frozenset()),
        replace(need, checks=frozenset()),
        replace(need, languages=frozenset()),
        replace(need, blocked=frozenset()),
        replace(need, terms=Terms(terms.brings, frozenset(), terms.refuses)),
        replace(need, terms=Terms(terms.brings, terms.needs, frozenset())),
        replace(need, starts_on=need.starts_on, ends_on=max(need.starts_on, TODAY)),
    ]


def _looser_people(people: list[Candidate], dice: Random) -> list[list[Candidate]]:
    """Everyone with one limit of theirs loosened."""
    return [
        [replace(one, travel_minutes=min(one.travel_minutes + more, LONGEST_MINUTES)) for one in people]
        for more in (dice.randint(1, 60),)
    ] + [
        [replace(one, lowest_rate_pence=one.lowest_rate_pence - dice.randint(0, 100)) for one in people],
        [replace(one, status="looking") for one in people],
        [replace(one, least_minutes=0) for one in people],
        [replace(one, most_minutes=10_080) for one in people],
        [replace(one, windows=(*one.windows, *random_windows(dice, 3))) for one in people],
        [replace(one, booked=()) for one in people],
        [replace(one, booked_minutes=0) for one in people],
        [replace(one, terms=Terms(one.terms.brings, frozenset(), frozenset())) for one in people],
    ]


@unhurried
@given(worlds, seeds)
def test_loosening_a_rule_on_either_side_never_shortens_the_list(world: World, seed: int) -> None:
    need, people = world
    dice, before = Random(seed), set(ids(shortlist(need, people)))
    for looser in _looser_needs(need, dice):
        assert before <= set(ids(shortlist(looser, people)))
    for others in _looser_people(people, dice):
        assert before <= set(ids(shortlist(need, others)))


@unhurried
@given(worlds, seeds)
def test_the_order_people_come_in_changes_nothing_at_all(world: World, seed: int) -> None:
    need, people = world
    mixed = Random(seed).sample(people, k=len(people))
    assert shortlist(need, mixed) == shortlist(need, people)


@unhurried
@given(worlds, st.integers(1, 20))
def test_a_short_list_is_the_beginning_of_the_long_one(world: World, k: int) -> None:
    need, people = world
    short, long = shortlist(need, people, k), shortlist(need, people)
    assert short.matches == long.matches[:k]
    assert short.funnel == long.funnel


@unhurried
@given(worlds)
def test_reasons_and_base_are_the_score(world: World) -> None:
    need, people = world
    for match in shortlist(need, people).matches:
        said = {"holder": match.holder.base, "assistant": match.assistant.base}
        for reason in match.reasons:
            said[reason.side] += reason.points
        assert said == {"holder": match.holder.log_odds, "assistant": match.assistant.log_odds}
        assert match.score == match.holder.probability * match.assistant.probability


@unhurried
@given(worlds)
def test_scores_fall_and_lie_between_nought_and_one(world: World) -> None:
    need, people = world
    scores = [match.score for match in shortlist(need, people).matches]
    assert all(0 < score < 1 for score in scores)
    # the order is by logarithms in whole 2^20ths: neighbours may differ by less than that
    assert all(better >= worse * (1 - 1e-5) for better, worse in pairwise(scores))


@unhurried
@given(worlds)
def test_what_would_bring_more_people_brings_exactly_so_many(world: World) -> None:
    need, people = world
    question, pool = Question(need, TODAY), Pool(people)
    now = pool.count(question)
    codes = frozenset(need.required)
    for change in relax(question, pool, most=20, optional=codes):
        assert change.more > 0
        assert Ranker().answer(change.question, pool, k=EVERYONE).fitting == now + change.more
        # safety and dignity are never up for change
        assert change.question.need.checks == need.checks
        assert change.question.need.terms.needs & {"woman", "man"} == need.terms.needs & {"woman", "man"}


@unhurried
@given(worlds)
def test_a_change_of_the_need_keeps_its_length_unless_it_says_so(world: World) -> None:
    need, people = world
    for change in relax(Question(need, TODAY), Pool(people), most=20):
        asked = minutes_of(half_hours(change.question.need.windows))
        if change.code == "fewer_days":
            assert asked < minutes_of(half_hours(need.windows))
        else:
            assert asked == minutes_of(half_hours(need.windows))

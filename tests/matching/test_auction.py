"""The auction beside scipy's exact assignment, and markets whose answer is plain."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from matching.auction import Assignment, auction
from matching.errors import BadQuestion
from tests.matching.markets import Need, edges, markets

unhurried = settings(deadline=None)
GAP = 0.002
gaps = st.sampled_from([1e-5, GAP, 0.1, 0.9])


def optimum(needs: list[Need], seat_count: int) -> float:
    """The most that any assignment is worth, by scipy; whoever isn't named is worth as little as nobody."""
    table = np.zeros((len(needs), seat_count))
    for row, need in enumerate(needs):
        for seat, score in need.items():
            table[row, seat] = score
    return float(table[linear_sum_assignment(table, maximize=True)].sum())


def given_seats(found: Assignment) -> list[int]:
    return [int(seat) for seat in found.seats if seat >= 0]


@unhurried
@given(markets(), gaps)
def test_it_is_worth_all_but_the_gap_of_what_the_best_assignment_is(market: tuple[list[Need], int], gap: float) -> None:
    best, found = optimum(*market), auction(edges(*market), gap=gap)
    assert found.total >= (1 - gap) * best - 1e-12
    assert found.total <= best + 1e-12


@unhurried
@given(markets(), gaps)
def test_the_bound_is_over_the_optimum_and_proves_the_gap(market: tuple[list[Need], int], gap: float) -> None:
    found = auction(edges(*market), gap=gap)
    assert found.bound >= optimum(*market) - 1e-12
    assert found.bound <= (1 + gap) * found.total + 1e-12
    assert 0 <= found.gap <= 1


@unhurried
@given(markets(), gaps)
def test_nobody_is_given_twice_and_each_need_only_whom_it_names(market: tuple[list[Need], int], gap: float) -> None:
    needs, seat_count = market
    found = auction(edges(needs, seat_count), gap=gap)
    assert len(found.seats) == len(needs)
    assert len(set(given_seats(found))) == len(given_seats(found))
    pairs = [(need, int(seat)) for need, seat in zip(needs, found.seats, strict=True) if seat >= 0]
    assert all(need.get(seat, 0) > 0 for need, seat in pairs)
    assert found.total == pytest.approx(sum(need[seat] for need, seat in pairs), abs=1e-12)


@unhurried
@given(markets(), gaps)
def test_every_need_has_its_favourite_at_these_prices_and_whoever_stays_alone_is_free(
    market: tuple[list[Need], int], gap: float
) -> None:
    needs, seat_count = market
    found = auction(edges(needs, seat_count), gap=gap)
    assert all(price >= 0 for price in found.prices)
    assert all(found.prices[seat] == 0 for seat in set(range(seat_count)) - set(given_seats(found)))
    for need, seat in zip(needs, found.seats, strict=True):
        has = need[int(seat)] if seat >= 0 else 0.0
        above = has - found.prices[seat] if seat >= 0 else 0.0
        assert (
            above >= max((score - found.prices[other] for other, score in need.items()), default=0) - gap * has - 1e-9
        )


@unhurried
@given(markets())
def test_the_same_market_has_the_same_answer(market: tuple[list[Need], int]) -> None:
    one, other = auction(edges(*market)), auction(edges(*market))
    assert one.seats.tolist() == other.seats.tolist()
    assert one.prices.tolist() == other.prices.tolist()


@pytest.mark.parametrize(
    ("needs", "seat_count", "seats"),
    [
        ([], 0, []),
        ([], 2, []),
        ([{}, {}], 0, [-1, -1]),
        ([{}, {0: 0.5}], 1, [-1, 0]),
        ([{0: 0.0}], 1, [-1]),  # who never says yes is worth as little as nobody
        ([{0: 0.9, 1: 0.8}, {0: 0.7}], 2, [1, 0]),  # together 1.5, by who came first 0.9
        ([{0: 0.7}, {0: 0.9}], 1, [-1, 0]),
        ([{0: 0.9, 1: 0.2}, {0: 0.8, 1: 0.7}], 2, [0, 1]),
        ([{0: 1.0, 1: 0.9}, {0: 0.9, 2: 0.9}, {0: 0.5}], 3, [1, 2, 0]),
    ],
)
def test_markets_whose_answer_is_plain(needs: list[Need], seat_count: int, seats: list[int]) -> None:
    assert auction(edges(needs, seat_count)).seats.tolist() == seats


def test_a_seat_that_one_wants_costs_nothing() -> None:
    assert auction(edges([{0: 0.9, 1: 0.1}, {2: 0.3}], 3)).prices.tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(("needs", "seats"), [(60, 40), (40, 60), (200, 199)])
@pytest.mark.parametrize("score", [1.0, 0.5, 1e-12])
def test_a_war_of_prices_among_equals_ends(needs: int, seats: int, score: float) -> None:
    found = auction(edges([dict.fromkeys(range(seats), score)] * needs, seats))
    assert len(set(given_seats(found))) == min(needs, seats)
    assert found.total == pytest.approx(min(needs, seats) * score)
    assert found.gap <= GAP


def test_a_war_over_chances_too_small_to_divide_ends() -> None:
    found = auction(edges([dict.fromkeys(range(3), 5e-324)] * 5, 3))
    assert sorted(given_seats(found)) == [0, 1, 2]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("seat_count", [120, 300, 900])
def test_a_market_of_hundreds_keeps_its_promise(seat_count: int, dtype: type) -> None:
    dice = np.random.default_rng(seat_count)
    needs = [
        {int(seat): float(dtype(dice.random() ** 2)) for seat in dice.choice(seat_count, 20, replace=False)}
        for _ in range(300)
    ]
    best, found = optimum(needs, seat_count), auction(edges(needs, seat_count, dtype=dtype))
    assert (1 - GAP) * best <= found.total <= best + 1e-9
    assert best - 1e-9 <= found.bound
    assert found.gap < GAP


@pytest.mark.parametrize("gap", [0, -0.1, 1e-7, 1, 2, math.nan, math.inf])
def test_a_gap_that_is_no_share_is_refused(gap: float) -> None:
    with pytest.raises(BadQuestion, match="gap"):
        auction(edges([{0: 0.5}], 1), gap=gap)

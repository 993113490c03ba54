"""What a seat costs, who else wants it, and edges that can't be."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.errors import BadQuestion
from matching.market import DEAREST, Edges, prices, rivals
from tests.matching.markets import Need, edges, markets

unhurried = settings(deadline=None)


def cost(needs: list[Need], seat_count: int, capacity: float = 1.0) -> list[float]:
    return [float(one) for one in prices(edges(needs, seat_count), capacity=capacity).logs]


def first(need: Need, logs: list[float]) -> int:
    """Who heads this need's list."""
    return max(need, key=lambda seat: math.log(need[seat]) - logs[seat])


def parts(**changes: Any) -> dict[str, Any]:
    """Two needs that name two seats each."""
    return {
        "starts": np.array([0, 2, 4]),
        "seats": np.array([0, 1, 1, 2], dtype=np.int32),
        "scores": np.array([0.5, 0.25, 1.0, 0.0]),
        "seat_count": 3,
    } | changes


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"scores": np.array([0.5, math.nan, 1, 0])}, "edges"),
        ({"scores": np.array([0.5, math.inf, 1, 0])}, "edges"),
        ({"scores": np.array([0.5, -0.1, 1, 0])}, "edges"),
        ({"scores": np.array([0.5, 1.1, 1, 0])}, "edges"),
        ({"scores": np.array([0.5, 0.25, 1])}, "edges"),
        ({"scores": np.array([1, 0, 1, 0])}, "scores"),
        ({"scores": [0.5, 0.25, 1, 0]}, "scores"),
        ({"seats": np.array([0, 1, 1, 3], dtype=np.int32)}, "edges"),
        ({"seats": np.array([0, 1, 1, -1], dtype=np.int32)}, "edges"),
        ({"seats": np.array([0, 0, 1, 2], dtype=np.int32)}, "edges"),
        ({"seats": np.array([0, 1, 1, 2])}, "seats"),
        ({"seats": np.array([[0, 1], [1, 2]], dtype=np.int32)}, "seats"),
        ({"starts": np.array([0, 3, 2, 4])}, "starts"),
        ({"starts": np.array([1, 2, 4])}, "starts"),
        ({"starts": np.array([0, 2, 3])}, "starts"),
        ({"starts": np.array([0, 2, 5])}, "starts"),
        ({"starts": np.array([0, 2, 4], dtype=np.int32)}, "starts"),
        ({"starts": np.array([], dtype=np.int64)}, "edges"),
        ({"seat_count": -1}, "seat_count"),
        ({"seat_count": 2**31}, "seat_count"),
    ],
)
def test_edges_that_cannot_be_are_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadQuestion) as refused:
        Edges(**parts(**changes))
    assert refused.value.field == field
    assert str(refused.value).endswith(".")


def test_edges_tell_how_many_needs_there_are_also_those_that_name_nobody() -> None:
    assert len(Edges(**parts())) == 2
    assert len(edges([{}, {0: 0.5}, {}], 1)) == 3


@pytest.mark.parametrize(("needs", "seats"), [(0, 0), (0, 3), (3, 0), (2, 2)])
def test_where_nobody_names_anybody_nothing_costs_anything(needs: int, seats: int) -> None:
    empty = edges([{}] * needs, seats)
    assert prices(empty).logs.tolist() == [0.0] * seats
    assert rivals(empty).tolist() == [0] * seats


@pytest.mark.parametrize(
    ("needs", "costly"),
    [
        ([{0: 0.9}], set()),  # nobody else wants her
        ([{0: 0.9}, {1: 0.9}], set()),
        ([{0: 0.9}, {0: 0.1}], {0}),
        ([{0: 0.9, 1: 0.8}, {0: 0.9}], {0}),
        ([{0: 0.9, 1: 0.9}, {0: 0.9, 1: 0.9}, {0: 0.9, 1: 0.9}], {0, 1}),
        ([{0: 0.0}, {0: 0.0}], set()),  # who never says yes is asked by nobody
    ],
)
def test_a_seat_costs_something_once_more_needs_ask_than_it_has_room_for(needs: list[Need], costly: set[int]) -> None:
    assert {seat for seat, price in enumerate(cost(needs, 3)) if price > 0} == costly


def test_whoever_has_another_choice_is_sent_there() -> None:
    choosy: Need = {0: 0.9, 1: 0.7}
    logs = cost([choosy, {0: 0.9}], 2)
    assert first(choosy, [0.0, 0.0]) == 0
    assert first(choosy, logs) == 1


def test_room_for_all_makes_a_seat_free() -> None:
    assert cost([{0: 0.9}] * 3, 1, capacity=3) == [0.0]
    assert cost([{0: 0.9}] * 3, 1, capacity=2)[0] > 0


def test_a_discount_is_the_price_to_multiply_with() -> None:
    found = prices(edges([{0: 0.9, 1: 0.7}, {0: 0.9}], 2))
    assert found.discounts == pytest.approx(np.exp(-found.logs))
    assert found.discounts[1] == 1.0


def test_nobody_is_marked_down_more_than_twentyfold() -> None:
    assert cost([{0: 0.5}] * 5_000, 1) == pytest.approx([DEAREST])
    assert prices(edges([{0: 0.5}] * 5_000, 1)).discounts[0] == pytest.approx(0.05)


def test_a_need_whose_chances_are_all_small_counts_as_much_as_another() -> None:
    assert cost([{0: 0.8, 1: 0.4}, {0: 0.8, 2: 0.4}], 3) == cost([{0: 0.8, 1: 0.4}, {0: 2e-300, 2: 1e-300}], 3)


@pytest.mark.parametrize("capacity", [0, -1, math.nan, math.inf])
def test_a_capacity_that_is_none_is_refused(capacity: float) -> None:
    with pytest.raises(BadQuestion, match="room"):
        prices(edges([{0: 0.5}], 1), capacity=capacity)


@unhurried
@given(markets(), st.sampled_from([np.float64, np.float32]))
def test_prices_are_never_negative_and_the_same_when_asked_again(market: tuple[list[Need], int], dtype: type) -> None:
    asked = edges(*market, dtype=dtype)
    found = prices(asked).logs
    assert not np.signbit(found).any()
    assert (found <= DEAREST + 1e-12).all()
    assert found.tolist() == prices(asked).logs.tolist()


@unhurried
@given(markets())
def test_the_order_in_which_needs_come_changes_no_price(market: tuple[list[Need], int]) -> None:
    needs, seat_count = market
    backwards = [dict(reversed(need.items())) for need in reversed(needs)]
    assert cost(needs, seat_count) == pytest.approx(cost(backwards, seat_count), abs=1e-6)


@unhurried
@given(markets(), st.floats(1.0, 5.0))
def test_a_seat_named_by_no_more_needs_than_it_has_room_for_is_free(
    market: tuple[list[Need], int], capacity: float
) -> None:
    needs, seat_count = market
    logs = cost(needs, seat_count, capacity)
    for seat in range(seat_count):
        if sum(need.get(seat, 0) > 0 for need in needs) <= capacity:
            assert logs[seat] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("few", "counts"),
    [(1, [1, 2, 0, 0]), (2, [3, 3, 0, 0]), (5, [3, 3, 1, 0])],
)
def test_rivals_are_the_needs_that_have_a_seat_among_their_best(few: int, counts: list[int]) -> None:
    needs: list[Need] = [{2: 0.1, 0: 0.5, 1: 0.6}, {0: 0.3, 1: 0.3, 3: 0.0}, {0: 0.4, 1: 0.9, 3: 0.0}]
    assert rivals(edges(needs, 4), few=few).tolist() == counts


@unhurried
@given(markets(), st.integers(1, 4))
def test_rivals_count_like_by_hand(market: tuple[list[Need], int], few: int) -> None:
    needs, seat_count = market
    by_hand = [0] * seat_count
    for need in needs:
        for seat in sorted(need, key=lambda seat: -need[seat])[:few]:
            by_hand[seat] += need[seat] > 0
    assert rivals(edges(needs, seat_count), few=few).tolist() == by_hand


def test_the_best_none_are_refused() -> None:
    with pytest.raises(BadQuestion, match="rivals"):
        rivals(edges([{0: 0.5}], 1), few=0)

"""The simulator itself: small regions whose outcome is plain, and that a drawing is what it says."""

import numpy as np
import pytest

from matching.market import prices
from tests.benchmarks.market_world import (
    BLOCKS,
    METRES,
    NEEDS_A_SEAT,
    PART,
    World,
    gini,
    guessed,
    named,
    near_edges,
    places,
    take_up,
    world,
)

SURE, NEVER = 50.0, -50.0


def region(pairs: list[tuple[int, int, float]], *, needs: int, people: int) -> World:
    """Pairs of need, person and the log-odds of either side's yes; all needs are for the day."""
    need, person, odds = (np.array(column) for column in zip(*pairs, strict=True))
    return World(needs, people, need, person, person * BLOCKS, odds, odds)


@pytest.fixture(scope="module")
def drawn() -> World:
    return world(7, PART)


@pytest.mark.parametrize(
    ("values", "share"),
    [([1, 1, 1, 1], 0.0), ([0, 0, 0, 4], 0.75), ([4, 0, 0, 0], 0.75), ([0, 1], 0.5), ([1, 2, 3], 2 / 9)],
)
def test_gini_is_nought_when_all_are_alike_and_near_one_when_one_has_all(values: list[int], share: float) -> None:
    assert gini(np.array(values)) == pytest.approx(share)


def test_whoever_was_taken_is_asked_in_vain() -> None:
    both_want_her = region([(0, 0, SURE), (1, 0, SURE)], needs=2, people=1)
    told = take_up(both_want_her, both_want_her.chances, 1)
    assert (told.fill, told.in_vain) == (0.5, 0.5)


def test_a_need_asks_down_its_list_until_both_say_yes() -> None:
    nos_first = region([(0, 0, NEVER), (0, 1, NEVER), (0, 2, SURE), (0, 3, SURE)], needs=1, people=4)
    told = take_up(nos_first, np.array([4.0, 3.0, 2.0, 1.0]), 1)
    assert (told.fill, told.gini, told.in_vain) == (1.0, 0.0, 0.0)


def test_nobody_below_the_fifth_place_is_asked_and_needs_without_anybody_do_not_count() -> None:
    sixth = region([(1, person, SURE if person == 5 else NEVER) for person in range(6)], needs=3, people=7)
    told = take_up(sixth, -np.arange(6.0), 1)
    assert told.fill == 0.0
    assert told.gini == pytest.approx(gini(np.array([1, 1, 1, 1, 1, 0])))


def test_prices_send_one_of_two_to_another() -> None:
    rows = region([(0, 0, 2.0), (0, 1, 1.9), (1, 0, 2.0), (1, 1, -2.0)], needs=2, people=2)
    priced = rows.chances * prices(named(rows, rows.chances)).discounts[rows.seat]
    assert priced[1] > priced[0]
    assert priced[2] > priced[3]


def test_a_region_is_the_same_from_the_same_seed(drawn: World) -> None:
    again = world(7, PART)
    assert (again.seat == drawn.seat).all()
    assert (again.chances == drawn.chances).all()
    assert take_up(again, again.chances, 3) == take_up(drawn, drawn.chances, 3)


def test_a_region_is_as_short_of_people_as_it_says(drawn: World) -> None:
    assert (np.diff(drawn.need) >= 0).all()
    assert drawn.need.max() < drawn.needs
    assert drawn.person.max() < drawn.people
    assert (drawn.seat // BLOCKS == drawn.person).all()
    # 1.7 blocks a person
    assert drawn.needs == pytest.approx(NEEDS_A_SEAT * 1.7 * drawn.people, rel=0.01)


def test_guesses_are_off_by_their_noise_and_no_more(drawn: World) -> None:
    assert guessed(drawn, 1, 0.0) == pytest.approx(drawn.chances)
    assert 0.5 < np.corrcoef(guessed(drawn, 1, 1.0), drawn.chances)[0, 1] < 0.95


def test_a_job_names_the_best_of_each_need(drawn: World) -> None:
    edges = named(drawn, drawn.chances, 3)
    assert len(edges) == drawn.needs
    assert (np.diff(edges.starts) == np.minimum(np.diff(drawn.starts), 3)).all()
    need = int(np.argmax(np.diff(drawn.starts)))
    best = np.sort(drawn.chances[drawn.need == need])[-3:]
    assert np.sort(edges.scores[edges.starts[need] : edges.starts[need + 1]]) == pytest.approx(best)


def test_edges_over_great_britain_name_so_many_each() -> None:
    edges = near_edges(1, needs=50, seats=300, each=4)
    assert (len(edges), edges.seat_count, len(edges.seats)) == (50, 300, 200)


def test_a_region_is_the_sectors_of_its_postcode_areas() -> None:
    assert len(places(PART).postcodes) < len(places().postcodes) / 10
    east = places(PART).middles[:, 0]
    assert np.ptp(east) < 100 * METRES

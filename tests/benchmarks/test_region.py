"""The made-up country that benchmarks search: the same in every run, and wide enough that every rule finds work."""

import numpy as np
import pytest

from matching.judging import CODES
from matching.pool import Pool
from matching.question import Question
from tests.benchmarks import region
from tests.benchmarks.generate import TODAY


def test_people_and_needs_are_the_same_from_the_same_seed() -> None:
    one, other = (region.people(3, 500) for _ in range(2))
    assert one.people.tobytes() == other.people.tobytes()
    assert one.weeks.tobytes() == other.weeks.tobytes()
    assert one.held_until.tobytes() == other.held_until.tobytes()
    assert region.needs(3, 50) == region.needs(3, 50)


def test_another_seed_makes_other_people() -> None:
    assert not np.array_equal(region.people(3, 50).people, region.people(4, 50).people)


@pytest.mark.parametrize(("areas", "sectors"), [((), 9_000), (region.MIDLANDS, 100)])
def test_homes_are_postcode_sectors_of_the_areas_named(areas: tuple[str, ...], sectors: int) -> None:
    homes = region.homes(areas)
    assert sectors < len(homes.shares) < sectors * 5
    assert homes.shares.sum() == pytest.approx(1)


def test_every_rule_but_being_blocked_removes_somebody_and_most_needs_are_left_with_somebody() -> None:
    pool = Pool.of_columns(region.people(3, 5_000, areas=region.MIDLANDS))
    questions = [Question(need, TODAY) for need in region.needs(3, 100, areas=region.MIDLANDS)]
    removed = np.array([pool.funnel(question) for question in questions])
    assert dict(zip(CODES, removed.sum(axis=0), strict=False))["blocked"] == 0
    assert [code for code, gone in zip(CODES, removed.sum(axis=0), strict=False) if not gone] == ["blocked"]
    assert np.count_nonzero(removed[:, -1]) > len(questions) / 2

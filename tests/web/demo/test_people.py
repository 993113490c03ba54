import random
from collections import Counter
from datetime import date

import pytest

from marketplace.competencies import Competency
from web.demo.chance import likely
from web.demo.people import year_around
from web.demo.skills import BACKGROUNDS, HOLDS, checked, held
from web.demo.weeks import SHAPES, drawn

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("today", "starts_on", "ends_on"),
    [
        (date(2026, 11, 23), date(2026, 4, 1), date(2027, 3, 31)),
        (date(2026, 6, 15), date(2026, 4, 1), date(2027, 3, 31)),
        (date(2026, 4, 1), date(2026, 1, 1), date(2027, 3, 31)),
        (date(2026, 5, 20), date(2026, 3, 1), date(2027, 3, 31)),
        (date(2027, 3, 31), date(2026, 4, 1), date(2027, 4, 30)),
        (date(2028, 2, 29), date(2027, 4, 1), date(2028, 3, 31)),
    ],
)
def test_a_budget_covers_the_financial_year_and_leaves_room_around_today(
    today: date, starts_on: date, ends_on: date
) -> None:
    assert year_around(today) == (starts_on, ends_on)


def test_shares_are_kept() -> None:
    dice = random.Random(1)
    counted = Counter(likely(dice, {"often": 3, "seldom": 1}) for _ in range(4000))
    assert counted["often"] == pytest.approx(3000, rel=0.05)


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_who_can_do_suction_can_move_people_and_mostly_knows_ventilators(background: str) -> None:
    dice = random.Random(2)
    people = [set(held(dice, BACKGROUNDS[background])) for _ in range(1500)]
    with_suction = [can for can in people if Competency.TRACHEOSTOMY in can]
    assert all(Competency.MOVING_AND_HANDLING in can for can in with_suction)
    both = sum(Competency.VENTILATION in can for can in with_suction)
    assert both >= 0.75 * len(with_suction)
    assert all(Competency.MOVING_AND_HANDLING in can for can in people if Competency.HOIST in can)


@pytest.mark.parametrize("code", Competency)
def test_checks_are_in_the_past_and_hold_as_long_as_that_kind_does(code: Competency) -> None:
    dice = random.Random(3)
    all_checked = [checked(dice, code, today=TODAY) for _ in range(400)]
    assert all(evidence.checked_on < TODAY for evidence in all_checked)
    if code not in HOLDS:
        assert {evidence.valid_until for evidence in all_checked} == {None}
        return
    until = [evidence.valid_until for evidence in all_checked if evidence.valid_until]
    run_out = sum(day < TODAY for day in until)
    assert len(until) == 400
    assert 0.02 * 400 < run_out < 0.12 * 400


@pytest.mark.parametrize("shape", SHAPES)
def test_the_hours_of_a_week_never_overlap(shape: str) -> None:
    for seed in range(60):
        windows = drawn(random.Random(seed), SHAPES[shape][1])
        first = [window.weekday * 1440 + window.start for window in windows]
        last = [start + window.minutes for start, window in zip(first, windows, strict=True)]
        following = [*first[1:], first[0] + 7 * 1440]
        assert all(end <= start for end, start in zip(last, following, strict=True))

from collections import Counter
from collections.abc import Callable
from statistics import fmean

import pytest

from marketplace.competencies import Competency
from tests.builders import MONDAY
from web.demo.records import Assistant
from web.demo.region import Region, generate


@pytest.fixture(scope="module")
def region() -> Region:
    return generate(today=MONDAY.date())


def share(region: Region, of: Callable[[Assistant], object]) -> float:
    return sum(bool(of(one)) for one in region.assistants) / len(region.assistants)


def test_people_come_by_car_mostly_and_some_by_bus_cycle_or_foot(region: Region) -> None:
    by = Counter(one.offer.travel_by for one in region.assistants)
    assert [mode for mode, _ in by.most_common()] == ["car", "public_transport", "cycle", "foot"]
    assert 0.65 < by["car"] / 2000 < 0.8
    for one in region.assistants:
        drives = {"drives", "own_car"} <= set(one.offer.brings)
        assert drives == (one.offer.travel_by == "car")


def test_people_differ_as_people_do(region: Region) -> None:
    assert 0.80 < share(region, lambda one: one.offer.status == "looking") < 0.88
    assert 0.08 < share(region, lambda one: "smokes" in one.offer.brings) < 0.16
    assert 0.45 < share(region, lambda one: "waking_night" in one.offer.refuses) < 0.6
    assert 0.3 < share(region, lambda one: "smoking_home" in one.offer.refuses) < 0.4
    assert 0.55 < share(region, lambda one: one.offer.gender == "woman") < 0.68
    assert 0.08 < share(region, lambda one: one.offer.gender is None) < 0.16
    assert 0.08 < share(region, lambda one: len(one.offer.languages) > 1) < 0.25
    assert all({"employment", "self_employment"} - set(one.offer.refuses) for one in region.assistants)


def test_who_works_nights_minds_them_less(region: Region) -> None:
    def minding(people: list[Assistant]) -> float:
        return fmean("waking_night" in one.offer.refuses for one in people)

    by_night = [one for one in region.assistants if all(window.start >= 20 * 60 for window in one.windows)]
    assert minding(by_night) < 0.12 < minding(list(region.assistants))


def test_what_people_write_of_themselves_is_so(region: Region) -> None:
    for one in region.assistants:
        said, offer = one.about, one.offer
        assert "my own car" not in said or "own_car" in offer.brings
        assert "by bus" not in said or offer.travel_by == "public_transport"
        assert "allergic to cats" not in said or "cat" in offer.refuses
        assert "fine with cats and dogs" not in said or not {"cat", "dog"} & set(offer.refuses)
        assert "no smoking" not in said or "smoking_home" in offer.refuses


def test_what_holders_write_is_so(region: Region) -> None:
    for need in region.needs:
        said, asked = need.about, need.conditions
        assert "two cats and a lively dog" not in said or {"cat", "dog"} <= set(asked.home)
        assert "parking outside" not in said or "parking" in asked.home
        assert "non-smoker" not in said or asked.refuses == ("smokes",)


def test_a_woman_or_a_man_is_required_for_intimate_care_only_and_with_the_reason(region: Region) -> None:
    intimate = {Competency.PERSONAL_CARE, Competency.BOWEL_CARE, Competency.CATHETER_CARE, Competency.STOMA_CARE}
    required = [need for need in region.needs if need.conditions.gender]
    assert 10 < len(required) < 60
    assert all(intimate & set(need.required) and need.conditions.gender_reason for need in required)
    assert all(not need.conditions.gender_reason for need in region.needs if not need.conditions.gender)


def test_needs_differ_as_needs_do(region: Region) -> None:
    asked = [need.conditions for need in region.needs]
    kinds = Counter(one.kind for one in asked)
    assert kinds["visit"] > 180
    assert kinds["waking_night"] > 10
    assert kinds["sleep_in"] > 2
    assert 5 < sum(one.minutes_a_week is not None for one in asked) < 60
    assert 10 < sum("smoking_home" in one.home for one in asked) < 50
    assert 30 < sum("dog" in one.home for one in asked) < 100
    assert any(one.people == 2 for one in asked)
    assert any(set(one.languages) - {"en"} for one in asked)
    assert any(one.languages_wished for one in asked)

from datetime import time

import pytest

from marketplace.availability import WINDOWS_OF, TimeOfDay
from marketplace.needs import Asked
from matching.terms import Terms
from matching.week import WeeklyWindow
from web.pages.wanted import capital, wanted


def asked(**changes: object) -> Asked:
    """Two mornings of four hours, and nothing special, unless it is said."""
    plain: dict[str, object] = {
        "windows": (WeeklyWindow(0, 480, 240), WeeklyWindow(2, 480, 240)),
        "minutes_a_week": None,
        "preferred": (),
        "terms": Terms(),
        "gender_reason": "",
    }
    codes = dict.fromkeys(("required", "wished", "checks", "languages", "languages_wished"), frozenset[str]())
    return Asked(**{**plain, **codes, **changes})  # type: ignore[arg-type] # fields by name


def test_all_of_the_times_are_wanted_unless_fewer_hours_are() -> None:
    whole, some = wanted(asked()), wanted(asked(minutes_a_week=150))
    assert (whole.minutes, whole.some) == (480, False)
    assert (some.minutes, some.some) == (150, True)
    assert [(times.days, times.start) for times in some.times] == [((0, 2), time(8))]


def test_codes_are_told_by_name_in_the_order_of_the_lists_and_a_must_is_no_wish() -> None:
    told = wanted(
        asked(
            required=frozenset({"peg_feeding", "first_aid"}),
            wished=frozenset({"first_aid", "hoist"}),
            checks=frozenset({"references", "dbs_enhanced"}),
            languages=frozenset({"pl"}),
            languages_wished=frozenset({"pl", "cy", "en"}),
        )
    )
    assert (told.required, told.wished) == (["First aid", "PEG feeding"], ["Using a hoist"])
    assert told.checks == ["Enhanced DBS check", "References"]
    assert (told.languages, told.languages_wished) == (["Polish"], ["English", "Welsh"])


def test_the_times_liked_best_come_in_the_order_of_the_day() -> None:
    told = wanted(asked(preferred=WINDOWS_OF[TimeOfDay.MORNING]), mostly=["weekend", "morning"])
    assert told.mostly == ["morning", "weekend"]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("using a hoist", "Using a hoist"),
        ("PEG feeding", "PEG feeding"),
        ("British Sign Language", "British Sign Language"),
    ],
)
def test_a_name_that_begins_a_line_keeps_its_own_capitals(code: str, name: str) -> None:
    assert capital(code) == name

from datetime import date, time

import pytest
from starlette.datastructures import FormData

from marketplace.assistants import Profile
from marketplace.availability import WEEKDAYS, Hours
from marketplace.errors import Invalid
from web.pages.reading import Filled, first_problem_first, one_more, parse_time, rows_of


def filled(**typed: str) -> Filled:
    """A form with these boxes; two underscores stand for a dot."""
    return Filled(FormData([(name.replace("__", "."), value) for name, value in typed.items()]))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("9", time(9)),
        ("9am", time(9)),
        (" 9:30 AM ", time(9, 30)),
        ("9.30pm", time(21, 30)),
        ("14:00", time(14)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("midnight", time(0)),
        ("Midday", time(12)),
        ("noon", time(12)),
        ("23:59", time(23, 59)),
    ],
)
def test_times_are_read_as_people_type_them(typed: str, read: time) -> None:
    assert parse_time(typed, field="at") == read


@pytest.mark.parametrize("typed", ["", "soon", "24:00", "9:60", "13pm", "0am", "9:3", "-1", "9:30:00", "½"])
def test_what_is_no_time_is_refused_at_its_box(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_time(typed, field="at")
    assert refused.value.field == "at"


@pytest.mark.parametrize(
    ("day", "month", "year", "read", "sentence"),
    [
        ("23", "11", "2026", date(2026, 11, 23), None),
        ("31", "2", "2026", None, "Enter a real date, like 23 11 2026."),
        ("", "11", "2026", None, "Enter a real date, like 23 11 2026."),
        ("", "", "", None, "Enter a real date, like 23 11 2026."),
        ("1", "1", "26", None, "Enter the year with all 4 numbers, like 2026."),
        ("1", "1", "99999999999", None, "Enter a real date, like 23 11 2026."),
    ],
)
def test_a_date_is_read_from_its_three_boxes(
    day: str, month: str, year: str, read: date | None, sentence: str | None
) -> None:
    form = filled(on__day=day, on__month=month, on__year=year)
    assert form.date("on") == read
    assert [error["message"] for error in form.errors] == ([sentence] if sentence else [])


def test_a_date_that_may_be_left_out_is_no_problem_when_empty() -> None:
    form = filled(on__day="")
    assert form.date("on", needed=False) is None
    assert form.errors == []


def rows(*lines: tuple[str, str, str], **more: str) -> Filled:
    typed = {
        f"hours__{at}__{part}": value
        for at, line in enumerate(lines)
        for part, value in zip(("day", "start", "end"), line, strict=True)
    }
    return filled(**typed, **more)


def test_one_row_can_say_several_days() -> None:
    read = rows(("weekdays", "9am", "5pm"), ("weekend", "10pm", "6am")).hours("hours")
    assert [one["weekday"][:3] for one in read] == ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    assert (read[0]["start"], read[-1]["end"]) == ("09:00:00", "06:00:00")


@pytest.mark.parametrize(
    ("lines", "box"),
    [
        ([("", "9", "10")], "hours.0.day"),
        ([("mon", "", "10")], "hours.0.start"),
        ([("mon", "9", "later")], "hours.0.end"),
        ([("mon", "9:15", "10")], "hours.0.start"),
        ([("mon", "9", "9:45")], "hours.0.end"),
        ([("mon", "9", "11"), ("mon", "10", "12")], "hours.1.day"),
        ([("sun", "10pm", "6am"), ("every", "5am", "7am")], "hours.1.day"),
        ([("", "", ""), ("mon", "9", "later")], "hours.0.end"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_at_its_box_as_the_page_shows_it_again(
    lines: list[tuple[str, str, str]], box: str
) -> None:
    form = rows(*lines)
    form.hours("hours")
    assert [error["field"] for error in form.errors] == [box]


def test_an_empty_row_and_one_to_be_removed_are_not_shown_again() -> None:
    form = rows(("mon", "9", "10"), ("", "", ""), ("tue", "9", "10"), remove="hours.0")
    assert [row["day"] for row in form.times_typed("hours")] == ["tue"]


@pytest.mark.parametrize(("more", "wanted"), [({"add": "hours"}, True), ({"remove": "hours.1"}, True), ({}, False)])
def test_the_buttons_of_the_rows_are_told_from_the_forms_own(more: dict[str, str], *, wanted: bool) -> None:
    assert rows(("mon", "9", "10"), **more).wants_other_rows is wanted


@pytest.mark.parametrize(
    ("days", "rows_said"),
    [
        ("01234", ["weekdays"]),
        ("56", ["weekend"]),
        ("0123456", ["every"]),
        ("024", ["mon", "wed", "fri"]),
        ("", []),
    ],
)
def test_hours_become_as_few_rows_as_the_choices_allow(days: str, rows_said: list[str]) -> None:
    hours = [Hours(weekday=WEEKDAYS[int(day)], start=time(22), end=time(6, 30)) for day in days]
    assert rows_of(hours) == [{"day": day, "start": "10pm", "end": "6:30am"} for day in rows_said]


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [([], ["", ""]), (["a"], ["a", ""]), (["a", "b"], ["a", "b", ""]), (["a", "b", "c"], [*"abc", ""])],
)
def test_there_is_always_an_empty_box_more(chosen: list[str], shown: list[str]) -> None:
    assert one_more(chosen, least=2) == shown


def test_a_box_with_a_problem_is_not_complained_of_twice() -> None:
    form = filled(rate="lots")
    values: dict[str, object] = {
        "name": "Asha",
        "postcode": "NG9",
        "lowest_rate_pence": form.pence("rate"),
        "travel_minutes": 5,
        "hours": [],
    }
    assert form.into(Profile, values, boxes={"lowest_rate_pence": "rate"}) is None
    assert [error["field"] for error in form.errors] == ["rate", "hours"]


def test_a_character_no_keyboard_has_is_left_out() -> None:
    assert filled(name=" a\x00b ").text("name") == "ab"


def test_problems_come_in_the_order_of_the_page() -> None:
    errors = [{"field": name, "message": ""} for name in ("other", "hours.1.end", "name")]
    assert [one["field"] for one in first_problem_first(errors, ("name", "hours"))] == ["name", "hours.1.end", "other"]

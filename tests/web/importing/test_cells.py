from collections.abc import Callable
from contextlib import suppress
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.availability import Weekday
from web.importing import cells
from web.importing.cells import BadCell

READERS = [
    cells.one_line,
    cells.lines,
    cells.email,
    cells.postcode,
    cells.pence,
    cells.number,
    cells.half_hours,
    cells.miles_by_car,
    cells.day,
    cells.hours,
]
WORDS = st.sampled_from(
    [
        *("mon", "Tue", "weds", "fri-mon", "08:00", "12:00", "24:00", "noon", "-", "to", ";", ",", "\n", "and"),
        *("hoist", "2026-05-01", "31/02/2026", "until", "£", "13.50", "1e9", "٣", "İ", "ß", "@example.org", "NG9"),
    ]
)


def wrong(read: Callable[[str], object], cell: str) -> tuple[str, ...]:
    with pytest.raises(BadCell) as refusal:
        read(cell)
    return refusal.value.sentences


def week(cell: str) -> list[tuple[str, str, str]]:
    return [(each.weekday.value[:3], f"{each.start:%H:%M}", f"{each.end:%H:%M}") for each in cells.hours(cell)]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("Mon 08:00-12:00", [("mon", "08:00", "12:00")]),
        ("Tue 22:00-06:00; Mon 08:00-12:00;", [("mon", "08:00", "12:00"), ("tue", "22:00", "06:00")]),
        ("monday 8am to 12.30pm\nTuesdays: 9-17", [("mon", "08:00", "12:30"), ("tue", "09:00", "17:00")]),
        ("Mon-Wed 08:00\u201312:00", [(day, "08:00", "12:00") for day in ("mon", "tue", "wed")]),
        ("Sat-Mon 08:00 - 12:00", [(day, "08:00", "12:00") for day in ("mon", "sat", "sun")]),
        ("Weds, Thurs and Fri 18:00-24:00", [(day, "18:00", "00:00") for day in ("wed", "thu", "fri")]),
        ("Mon/Wed noon-midnight", [("mon", "12:00", "00:00"), ("wed", "12:00", "00:00")]),
        ("Sun 00:00-00:00", [("sun", "00:00", "00:00")]),
        ("Mon 08:00-12:00; mon 08:00-12:00", [("mon", "08:00", "12:00")]),
    ],
)
def test_hours_are_read_as_people_write_them_and_put_in_the_order_of_the_week(
    cell: str, read: list[tuple[str, str, str]]
) -> None:
    assert week(cell) == read


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("mornings", "“mornings”: Type a day and two times, like Mon 08:00-12:00."),
        ("08:00-12:00", "“08:00-12:00”: Type a day and two times, like Mon 08:00-12:00."),
        ("Xyz 08:00-12:00", "“Xyz 08:00-12:00”: Start with a day of the week, like Mon."),
        ("T 08:00-12:00", "“T 08:00-12:00”: Start with a day of the week, like Mon."),
        ("Mon 08:00-35:00", "“Mon 08:00-35:00”: Enter a time between 00:00 and 23:59."),
        ("Mon 08:15-12:00", "“Mon 08:15-12:00”: Start on the hour or at half past, between 00:00 and 23:30."),
        ("Mon 00:00-00:00; Mon 12:00-15:00", "Two of the times on Monday overlap. Change or remove one of them."),
        ("Sun 22:00-06:00; Mon 05:00-07:00", "Two of the times on Sunday overlap. Change or remove one of them."),
    ],
)
def test_hours_that_cannot_be_say_which_and_what_to_do(cell: str, said: str) -> None:
    assert wrong(cells.hours, cell) == (said,)


def test_every_wrong_time_of_a_week_is_told_and_not_only_the_first() -> None:
    said = wrong(cells.hours, "Mon 8:10-9:00; Tue 25:00-26:00; Wed 08:00-12:00; Wed 11:00-13:00; whenever")
    assert len(said) == 4


def test_a_cell_without_semicolons_is_told_to_use_them() -> None:
    assert "semicolon" in wrong(cells.hours, "Mon 08:00-12:00 " * 10)[0]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("2026-11-23", date(2026, 11, 23)),
        ("2026-1-3", date(2026, 1, 3)),
        ("23/11/2026", date(2026, 11, 23)),
        ("3/4/2026", date(2026, 4, 3)),
        ("2026-11-23 00:00:00", date(2026, 11, 23)),
        ("2028-02-29", date(2028, 2, 29)),
    ],
)
def test_dates_are_read_with_the_year_or_the_day_first(cell: str, read: date) -> None:
    assert cells.day(cell) == read


@pytest.mark.parametrize(
    "cell", ["soon", "23/11/26", "11/23/2026", "2027-02-29", "0000-01-01", "1026-01-01", "9999-1-1"]
)
def test_what_is_no_date_is_told_how_to_write_one(cell: str) -> None:
    assert wrong(cells.day, cell)[0].endswith("Type a date like 2026-11-23.")


@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [
        (cells.pence, "£1,350.5", 135_050),
        (cells.pence, "13", 1_300),
        (cells.number, "10", 10),
        (cells.number, "10.0", 10),
        (cells.half_hours, "12", 12.0),
        (cells.half_hours, "12.50", 12.5),
        (cells.half_hours, "0.5", 0.5),
        (cells.miles_by_car, "10", 34),
        (cells.email, "Sam.Carter@Example.ORG", "sam.carter@example.org"),
        (cells.email, "Sam Carter <sam@example.org>", "sam@example.org"),
        (cells.postcode, "ng91ee", "NG9 1EE"),
        (cells.postcode, "ng9", "NG9"),
        (cells.one_line, "Sam\u00a0 de\nVries", "Sam de Vries"),
    ],
)
def test_small_differences_in_writing_do_not_matter(read: Callable[[str], object], cell: str, value: object) -> None:
    assert read(cell) == value


@pytest.mark.parametrize(
    ("read", "cell", "said"),
    [
        (cells.pence, "cheap", "Type an amount in pounds, like 13.50."),
        (cells.pence, "-13", "Type an amount in pounds, like 13.50."),
        (cells.number, "ten", "Type a whole number, like 10."),
        (cells.number, "9" * 4_000, "Type a whole number, like 10."),
        (cells.half_hours, "1.25", "Type hours, whole or with a half, like 12 or 12.5."),
        (cells.half_hours, "-1", "Type hours, whole or with a half, like 12 or 12.5."),
        (cells.half_hours, "nan", "Type hours, whole or with a half, like 12 or 12.5."),
        (cells.miles_by_car, "101", "Travel miles must be 100 or less."),
        (cells.miles_by_car, "far", "Type a whole number, like 10."),
        (cells.email, "sam", "This is not an e-mail address. Type one like sam.carter@example.org."),
        (
            cells.postcode,
            "BT1 5GS",
            "BT1 5GS is in Northern Ireland, and our map holds England, Scotland and Wales only.",
        ),
        (cells.postcode, "nowhere", "“nowhere” is not a postcode."),
        (cells.postcode, "12 High Street, Nottingham", "This is not a postcode."),
    ],
)
def test_a_cell_that_cannot_be_read_says_what_to_type(read: Callable[[str], object], cell: str, said: str) -> None:
    assert wrong(read, cell)[0].startswith(said)


@pytest.mark.parametrize("read", READERS)
@given(
    cell=st.one_of(
        st.text(max_size=120), st.lists(WORDS, max_size=12).map(" ".join), st.text("0123456789", max_size=4_000)
    )
)
def test_whatever_stands_in_a_cell_is_read_or_refused(read: Callable[[str], object], cell: str) -> None:
    # Anything else than a BadCell fails the test.
    with suppress(BadCell):
        read(cell)


def test_a_shift_over_midnight_keeps_both_its_times() -> None:
    night = cells.hours("Tue 22:00-06:00")[0]
    assert (night.weekday, night.start, night.end) == (Weekday.TUESDAY, time(22), time(6))

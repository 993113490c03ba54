from datetime import UTC, date, datetime, time

import pytest

from marketplace.availability import (
    WEEKDAYS,
    WINDOWS_OF,
    Hours,
    TimeOfDay,
    Weekday,
    hours_of,
    moment,
    shift,
    weekly_minutes,
    window_of,
    windows_of,
)
from marketplace.errors import Invalid
from matching.errors import BadWindow
from matching.week import HALF_HOURS_IN_A_WEEK, WeeklyWindow, half_hours, minutes_of

FORWARD, BACK, FORWARD_AGAIN = date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28)


def hours(weekday: str, start: str, end: str) -> Hours:
    return Hours.model_validate({"weekday": weekday, "start": start, "end": end})


def utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "start", "end", "starts_at", "ends_at", "minutes"),
    [
        # winter, summer, past midnight, a whole day
        (date(2026, 11, 25), "08:00", "12:00", "2026-11-25 08:00", "2026-11-25 12:00", 240),
        (date(2026, 7, 1), "08:00", "12:00", "2026-07-01 07:00", "2026-07-01 11:00", 240),
        (date(2026, 11, 25), "22:00", "06:00", "2026-11-25 22:00", "2026-11-26 06:00", 480),
        (date(2026, 11, 25), "20:00", "00:00", "2026-11-25 20:00", "2026-11-26 00:00", 240),
        (date(2026, 11, 25), "00:00", "08:00", "2026-11-25 00:00", "2026-11-25 08:00", 480),
        (date(2026, 11, 25), "09:00", "09:00", "2026-11-25 09:00", "2026-11-26 09:00", 1_440),
        (date(2026, 12, 31), "22:00", "06:00", "2026-12-31 22:00", "2027-01-01 06:00", 480),
        (date(2028, 2, 28), "22:00", "06:00", "2028-02-28 22:00", "2028-02-29 06:00", 480),
        # the nights when the clocks change, and the days before and after
        (date(2026, 3, 28), "22:00", "06:00", "2026-03-28 22:00", "2026-03-29 05:00", 420),
        (date(2026, 10, 24), "22:00", "06:00", "2026-10-24 21:00", "2026-10-25 06:00", 540),
        (date(2027, 3, 27), "22:00", "06:00", "2027-03-27 22:00", "2027-03-28 05:00", 420),
        (FORWARD, "00:30", "03:30", "2026-03-29 00:30", "2026-03-29 02:30", 120),
        (BACK, "00:30", "03:30", "2026-10-24 23:30", "2026-10-25 03:30", 240),
        (FORWARD_AGAIN, "00:30", "03:30", "2027-03-28 00:30", "2027-03-28 02:30", 120),
        (FORWARD, "22:00", "06:00", "2026-03-29 21:00", "2026-03-30 05:00", 480),
        (BACK, "22:00", "06:00", "2026-10-25 22:00", "2026-10-26 06:00", 480),
        (FORWARD, "02:00", "10:00", "2026-03-29 01:00", "2026-03-29 09:00", 480),
        (BACK, "02:00", "10:00", "2026-10-25 02:00", "2026-10-25 10:00", 480),
    ],
)
def test_a_shift_is_as_long_as_it_really_is(
    day: date, start: str, end: str, starts_at: str, ends_at: str, minutes: int
) -> None:
    first, last = shift(day, time.fromisoformat(start), time.fromisoformat(end))
    assert (first, last) == (utc(starts_at), utc(ends_at))
    assert (last - first).total_seconds() == minutes * 60


@pytest.mark.parametrize(
    ("day", "at", "said"),
    [
        (FORWARD, "01:00", "01:00 on 29 March 2026 does not happen"),
        (FORWARD, "01:59", "01:59 on 29 March 2026 does not happen"),
        (FORWARD_AGAIN, "01:30", "01:30 on 28 March 2027 does not happen"),
        (BACK, "01:00", "01:00 on 25 October 2026 happens twice"),
        (BACK, "01:30", "01:30 on 25 October 2026 happens twice"),
        (BACK, "01:59", "01:59 on 25 October 2026 happens twice"),
    ],
)
def test_a_time_that_never_comes_or_comes_twice_is_refused(day: date, at: str, said: str) -> None:
    with pytest.raises(Invalid, match=said) as refused:
        moment(day, time.fromisoformat(at), field="start")
    assert refused.value.field == "start"


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        (FORWARD, "00:59", "2026-03-29 00:59"),
        (FORWARD, "02:00", "2026-03-29 01:00"),
        (BACK, "00:59", "2026-10-24 23:59"),
        (BACK, "02:00", "2026-10-25 02:00"),
    ],
)
def test_the_minutes_around_a_clock_change_are_plain(day: date, at: str, expected: str) -> None:
    assert moment(day, time.fromisoformat(at), field="start") == utc(expected)


def test_a_shift_whose_end_never_comes_says_that_the_end_is_wrong() -> None:
    with pytest.raises(Invalid) as refused:
        shift(date(2026, 3, 28), time(22), time(1, 30))
    assert refused.value.field == "end"


@pytest.mark.parametrize(
    ("said", "window"),
    [
        (("monday", "08:00", "12:00"), WeeklyWindow(0, 480, 240)),
        (("friday", "22:00", "06:00"), WeeklyWindow(4, 1_320, 480)),
        (("sunday", "20:00", "00:00"), WeeklyWindow(6, 1_200, 240)),
        (("sunday", "00:00", "00:00"), WeeklyWindow(6, 0, 1_440)),
    ],
)
def test_an_end_at_or_before_the_start_is_on_the_next_day(said: tuple[str, str, str], window: WeeklyWindow) -> None:
    assert window_of(hours(*said)) == window


def test_every_window_of_the_week_is_said_and_read_alike() -> None:
    windows = [
        WeeklyWindow(weekday, start, minutes)
        for weekday in range(7)
        for start in range(0, 1_440, 90)
        for minutes in range(30, 1_441, 90)
    ]
    assert [window_of(hours_of(window)) for window in windows] == windows


@pytest.mark.parametrize(("start", "end"), [("08:15", "12:00"), ("08:00", "12:10")])
def test_hours_start_and_end_on_the_hour_or_half_hour(start: str, end: str) -> None:
    with pytest.raises(BadWindow):
        window_of(hours("monday", start, end))


def test_windows_are_told_in_the_order_of_the_week_and_once_each() -> None:
    said = [hours("friday", "08:00", "12:00"), hours("monday", "14:00", "16:00"), hours("monday", "08:00", "10:00")]
    windows = windows_of(said + said)
    assert [(one.weekday, one.start) for one in windows] == [(0, 480), (0, 840), (4, 480)]
    assert weekly_minutes(windows) == 8 * 60


@pytest.mark.parametrize(
    ("one", "other", "day"),
    [
        (("monday", "08:00", "12:00"), ("monday", "11:30", "13:00"), "Monday"),
        (("monday", "22:00", "06:00"), ("tuesday", "05:30", "09:00"), "Tuesday"),
        (("sunday", "22:00", "06:00"), ("monday", "05:00", "09:00"), "Sunday"),
        (("monday", "00:00", "00:00"), ("monday", "23:00", "23:30"), "Monday"),
    ],
)
def test_hours_that_overlap_are_refused_also_over_midnight_and_the_weeks_end(
    one: tuple[str, str, str], other: tuple[str, str, str], day: str
) -> None:
    with pytest.raises(Invalid, match=f"on {day} overlap"):
        windows_of([hours(*one), hours(*other)])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("monday", "08:00", "12:00"), ("monday", "12:00", "13:00")),
        (("sunday", "22:00", "06:00"), ("monday", "06:00", "09:00")),
        (("monday", "08:00", "12:00"), ("tuesday", "08:00", "12:00")),
    ],
)
def test_hours_may_touch(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    assert len(windows_of([hours(*one), hours(*other)])) == 2


def test_weekdays_count_as_the_calendar_counts_them() -> None:
    assert WEEKDAYS[date(2026, 11, 23).weekday()] is Weekday.MONDAY


@pytest.mark.parametrize(
    ("time", "inside", "outside"),
    [
        ("morning", [("monday", "06:00", "12:00"), ("sunday", "06:00", "12:00")], [("monday", "12:00", "06:00")]),
        ("afternoon", [("friday", "12:00", "17:00")], [("friday", "17:00", "12:00")]),
        ("evening", [("friday", "17:00", "22:00")], [("friday", "22:00", "17:00")]),
        ("night", [("sunday", "22:00", "06:00"), ("monday", "00:00", "06:00")], [("monday", "06:00", "22:00")]),
        ("weekend", [("saturday", "00:00", "00:00"), ("sunday", "00:00", "00:00")], [("friday", "00:00", "00:00")]),
    ],
)
def test_parts_of_the_week_are_when_people_mean_them(
    time: str, inside: list[tuple[str, str, str]], outside: list[tuple[str, str, str]]
) -> None:
    week = half_hours(WINDOWS_OF[TimeOfDay(time)])
    for said in inside:
        assert half_hours([window_of(hours(*said))]) & ~week == 0
    for said in outside:
        assert half_hours([window_of(hours(*said))]) & week == 0


def test_every_hour_of_a_day_is_in_one_part_of_it() -> None:
    weeks = [half_hours(WINDOWS_OF[time]) for time in TimeOfDay if time is not TimeOfDay.WEEKEND]
    assert sum(map(minutes_of, weeks)) == HALF_HOURS_IN_A_WEEK * 30
    assert half_hours(window for windows in WINDOWS_OF.values() for window in windows).bit_count() == 336

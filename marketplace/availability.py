"""Hours of the week as people say them, "Monday 10pm to 6am", and single shifts on the clock of Europe/London."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, field_validator
from pydantic_core import PydanticCustomError

from marketplace.errors import Invalid
from matching.week import MINUTES_IN_A_DAY, WeeklyWindow

LONDON = ZoneInfo("Europe/London")
#: Longer than that is more than one shift; live-in arrangements are agreed by the day.
LONGEST_SHIFT = timedelta(hours=24)


class Weekday(StrEnum):
    """Days as they are written in requests, Monday first as in `date.weekday`."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


WEEKDAYS = tuple(Weekday)


class TimeOfDay(StrEnum):
    """Parts of the week that people like best."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"
    WEEKEND = "weekend"


def _daily(start: int, end: int) -> tuple[WeeklyWindow, ...]:
    return tuple(WeeklyWindow(day, start * 60, (end - start) * 60 % MINUTES_IN_A_DAY) for day in range(len(WEEKDAYS)))


#: When each of them is; a night ends on the next day.
WINDOWS_OF: dict[TimeOfDay, tuple[WeeklyWindow, ...]] = {
    TimeOfDay.MORNING: _daily(6, 12),
    TimeOfDay.AFTERNOON: _daily(12, 17),
    TimeOfDay.EVENING: _daily(17, 22),
    TimeOfDay.NIGHT: _daily(22, 6),
    TimeOfDay.WEEKEND: (WeeklyWindow(5, 0, MINUTES_IN_A_DAY), WeeklyWindow(6, 0, MINUTES_IN_A_DAY)),
}


class Hours(BaseModel):
    """Some hours of every week; an end at or before the start is on the next day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    weekday: Weekday
    start: time
    end: time

    @field_validator("start", "end")
    @classmethod
    def _on_the_clock(cls, at: time) -> time:
        # A weekly time is one of Europe/London's clock, to the minute; anything finer or elsewhere would be lost.
        if at.tzinfo is not None or at.second or at.microsecond:
            raise PydanticCustomError("time_parsing", "it has seconds or a time zone")
        return at


def window_of(hours: Hours) -> WeeklyWindow:
    """The same hours as matching wants them.

    Raises:
        MatchingError: not on the hour or half hour.
    """
    start = _minute(hours.start)
    return WeeklyWindow(weekday=WEEKDAYS.index(hours.weekday), start=start, minutes=length(hours))


def length(hours: Hours) -> int:
    """Minutes from the start to the end."""
    return (_minute(hours.end) - _minute(hours.start)) % MINUTES_IN_A_DAY or MINUTES_IN_A_DAY


def hours_of(window: WeeklyWindow) -> Hours:
    """The same hours as people write them."""
    end = (window.start + window.minutes) % MINUTES_IN_A_DAY
    return Hours(weekday=WEEKDAYS[window.weekday], start=_clock(window.start), end=_clock(end))


def windows_of(hours: Iterable[Hours]) -> tuple[WeeklyWindow, ...]:
    """Windows in the order of the week, without repeats.

    Raises:
        Invalid: two of them overlap, so the same hour would count twice.
    """
    windows = sorted({window_of(each) for each in hours}, key=lambda one: (one.weekday, one.start))
    taken: set[int] = set()
    for window in windows:
        first = window.weekday * MINUTES_IN_A_DAY + window.start
        asked = {(first + step) % (7 * MINUTES_IN_A_DAY) for step in range(0, window.minutes, 30)}
        if taken & asked:
            day = WEEKDAYS[window.weekday].title()
            raise Invalid("hours", f"Two of the times on {day} overlap. Change or remove one of them.")
        taken |= asked
    return tuple(windows)


def weekly_minutes(windows: Sequence[WeeklyWindow]) -> int:
    """Minutes a week, all windows together."""
    return sum(window.minutes for window in windows)


def shift(day: date, start: time, end: time) -> tuple[datetime, datetime]:
    """The two moments (UTC) of a shift that starts on `day`; an end at or before the start is on the next day.

    Over a clock change the shift is an hour longer or shorter than the clock says, as it really is.

    Raises:
        Invalid: one of the times does not happen that night, or happens twice.
    """
    ends_on = day if end > start else day + timedelta(days=1)
    return moment(day, start, field="start"), moment(ends_on, end, field="end")


def moment(day: date, at: time, *, field: str) -> datetime:
    """A time on the clock of Europe/London as a moment in UTC.

    Raises:
        Invalid: the clocks skip that time, or show it twice.
    """
    early = datetime.combine(day, at, tzinfo=LONDON)
    late = early.replace(fold=1)
    if early.utcoffset() == late.utcoffset():
        return early.astimezone(UTC)
    said = f"{at:%H:%M} on {day.day} {day:%B %Y}"
    if early.astimezone(UTC).astimezone(LONDON).time() != at:
        raise Invalid(field, f"The clocks go forward that night, so {said} does not happen. Choose another time.")
    raise Invalid(field, f"The clocks go back that night, so {said} happens twice. Choose a time before or after.")


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)

"""The text of one cell as a value; a cell that can't be read says everything that is wrong with it."""

import re
from collections.abc import Iterator
from datetime import date, time

from pydantic import EmailStr, TypeAdapter, ValidationError

from marketplace.availability import WEEKDAYS, Hours, Weekday, hours_of, window_of, windows_of
from marketplace.errors import Invalid
from matching.errors import MatchingError
from matching.places import METRES_IN_A_MILE, locate, normalise
from matching.travel import minutes
from payments.errors import BadAmount
from payments.money import parse_pounds
from web.pages.reading import FIRST_YEAR, LAST_YEAR, parse_time

#: As the crow flies, one way.
_MOST_MILES = 100
#: Longer than any stretch of hours or any skill with its dates.
_LONGEST_PART = 80
#: With room for spaces too many; what is longer isn't worth saying back.
_LONGEST_POSTCODE = 16

_NUMBER = re.compile(r"(?P<whole>[0-9]{1,6})(?:\.0{1,6})?")
_WITH_HALVES = re.compile(r"[0-9]{1,3}(?:\.[05]0{0,5})?")
# Databases write a midnight behind a date, and that is the same day.
_DATE = re.compile(
    r"(?:(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})(?:[T ]00:00(?::00)?)?"
    r"|(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4}))"
)
_STRETCH = re.compile(
    r"(?P<days>[a-z.]+(?:\s*(?:[-,/&]|\band\b)\s*[a-z.]+)*)\s*:?\s*"
    r"(?P<start>.+?)\s*(?:-|\bto\b|\buntil\b)\s*(?P<end>.+)"
)
# Word processors turn a hyphen between figures into one of these.
_DASHES = str.maketrans("\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}\N{NON-BREAKING HYPHEN}", "----")
_EMAIL: TypeAdapter[str] = TypeAdapter(EmailStr)


class BadCell(ValueError):
    """What is wrong with a cell and what to do, a sentence for each."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


def one_line(cell: str) -> str:
    """Words with one space between them."""
    return " ".join(cell.split())


def lines(cell: str) -> str:
    """Text as it stands."""
    return cell


def email(cell: str) -> str:
    """An e-mail address in lower case, as people are known by it."""
    try:
        return _EMAIL.validate_python(cell).lower()
    except ValidationError as error:
        raise BadCell("This is not an e-mail address. Type one like sam.carter@example.org.") from error


def postcode(cell: str) -> str:
    """A postcode of Great Britain as it is printed."""
    if len(cell) > _LONGEST_POSTCODE:
        raise BadCell("This is not a postcode. Type one like NG1 6DQ, or only its first half, like NG1.")
    try:
        locate(cell)
        return normalise(cell)
    except MatchingError as error:
        raise BadCell(str(error)) from error


def pence(cell: str) -> int:
    """An amount in pounds as pence."""
    try:
        return parse_pounds(cell)
    except BadAmount as error:
        raise BadCell("Type an amount in pounds, like 13.50.") from error


def number(cell: str) -> int:
    """A whole number; spreadsheets may write it as 10.0."""
    found = _NUMBER.fullmatch(cell)
    if found is None:
        raise BadCell("Type a whole number, like 10.")
    return int(found["whole"])


def half_hours(cell: str) -> float:
    """A number of hours, whole or with a half."""
    if _WITH_HALVES.fullmatch(cell) is None:
        raise BadCell("Type hours, whole or with a half, like 12 or 12.5.")
    return float(cell)


def miles_by_car(cell: str) -> int:
    """A distance in miles as the crow flies, as the minutes it takes by car."""
    said = number(cell)
    if said > _MOST_MILES:
        raise BadCell(f"Travel miles must be {_MOST_MILES} or less.")
    return minutes("car", round(said * METRES_IN_A_MILE))


def day(cell: str) -> date:
    """A date, 2026-11-23 or the day first, 23/11/2026."""
    found = _DATE.fullmatch(cell)
    if found is None:
        raise BadCell("Type a date like 2026-11-23.")
    try:
        read = date(*(int(found[iso] or found[said]) for iso, said in (("y", "year"), ("m", "month"), ("d", "day"))))
    except ValueError as error:
        raise BadCell(f"There is no {cell} in the calendar. Type a date like 2026-11-23.") from error
    if not FIRST_YEAR <= read.year <= LAST_YEAR:
        raise BadCell(f"The year {read.year} can't be right. Type a date like 2026-11-23.")
    return read


def hours(cell: str) -> list[Hours]:
    """Hours of the week in its order: "Mon 08:00-12:00; Tue-Thu 22:00-06:00"."""
    read: list[Hours] = []
    wrong: list[str] = []
    for part in parts(cell):
        try:
            read += _stretch(part)
        except (Invalid, MatchingError) as error:
            wrong.append(f"“{part}”: {error}")
    try:
        windows = windows_of(read)
    except Invalid as error:
        wrong.append(str(error))
    if wrong:
        raise BadCell(*wrong)
    return [hours_of(window) for window in windows]


def parts(cell: str) -> Iterator[str]:
    """What stands between semicolons or on lines of its own, with hyphens for dashes."""
    for part in re.split(r"[;\n]", cell.translate(_DASHES)):
        said = one_line(part)
        if len(said) > _LONGEST_PART:
            raise BadCell(f"“{said[:_LONGEST_PART]}...” is too long. Put a semicolon between one and the next.")
        if said:
            yield said


def _stretch(part: str) -> list[Hours]:
    found = _STRETCH.fullmatch(part.lower())
    if found is None:
        raise Invalid("hours", "Type a day and two times, like Mon 08:00-12:00.")
    start = parse_time(found["start"], field="hours")
    # A day's end is midnight, and many write it so.
    end = time(0) if found["end"] == "24:00" else parse_time(found["end"], field="hours")
    read = [Hours(weekday=weekday, start=start, end=end) for weekday in _days(found["days"])]
    window_of(read[0])
    return read


def _days(said: str) -> Iterator[Weekday]:
    """One day, "mon, wed", or "mon-fri", which may run over Sunday."""
    for each in re.split(r"[,/&]|\band\b", said):
        first, _, last = each.partition("-")
        start = _weekday(first)
        end = _weekday(last) if last else start
        for step in range((end - start) % len(WEEKDAYS) + 1):
            yield WEEKDAYS[(start + step) % len(WEEKDAYS)]


def _weekday(word: str) -> int:
    # "Weds" is the one common short form that isn't how the day's name begins.
    typed = word.strip(" .").replace("weds", "wed")
    fitting = [at for at, name in enumerate(WEEKDAYS) if f"{name}s".startswith(typed)]
    if len(fitting) != 1:
        raise Invalid("hours", "Start with a day of the week, like Mon.")
    return fitting[0]

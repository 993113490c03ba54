"""What a request asks for as its pages tell it: how much a week, when, and every code by its name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from marketplace import competencies, languages
from marketplace.availability import TimeOfDay, weekly_minutes
from marketplace.needs import Asked
from web.pages.week import Times, grouped


@dataclass(frozen=True, slots=True)
class Wanted:
    """`minutes` a week are wanted within `times`; all of them, unless `some`. `mostly` are the times liked best."""

    times: Sequence[Times]
    minutes: int
    some: bool
    mostly: Sequence[str]
    required: Sequence[str]
    wished: Sequence[str]
    checks: Sequence[str]
    languages: Sequence[str]
    languages_wished: Sequence[str]


def wanted(asked: Asked, *, mostly: Sequence[str] = ()) -> Wanted:
    """A request as its pages tell it."""
    return Wanted(
        times=grouped(asked.hours),
        minutes=asked.minutes_a_week or weekly_minutes(asked.windows),
        some=asked.minutes_a_week is not None,
        mostly=[time.value for time in TimeOfDay if time in mostly],
        required=_named(asked.required, competencies.NAMES),
        wished=_named(asked.wished - asked.required, competencies.NAMES),
        checks=_named(asked.checks, competencies.CHECK_NAMES),
        languages=_named(asked.languages, languages.NAMES),
        languages_wished=_named(asked.languages_wished - asked.languages, languages.NAMES),
    )


def capital(text: str) -> str:
    """A name as a line of its own begins; str.capitalize would take the capitals out of PEG."""
    return text[0].upper() + text[1:]


def _named(codes: Iterable[str], names: Mapping[str, str]) -> list[str]:
    """Names in the order of the list that everybody chooses from."""
    held = set(codes)
    return [capital(name) for code, name in names.items() if code in held]

"""The Jinja environment every page is made with, and the words for money, time and distance."""

import functools
import hashlib
import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.support import NullTranslations, Translations
from jinja2 import (
    BaseLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
)

from marketplace.availability import LONDON
from payments.money import pounds
from web import fields

HERE = Path(__file__).parent
METRES_IN_A_MILE = Decimal("1609.344")
WHOLE_MILES_FROM = 10
ENGLISH = NullTranslations()
# The code a page carries in its lang attribute, and the territory whose habits it follows.
LOCALES = {"en": "en_GB", "cy": "cy_GB"}
# What the frame of a page shows when nobody says otherwise, as when the database is gone.
NOBODY: dict[str, Any] = {
    "viewer": None,
    "navigation": (),
    "flash": None,
    "demo": False,
    "errors": (),
    "acting_for": None,
}
# They print GOV.UK's crown or crest, which only GOV.UK may use.
BRANDED = {"header", "footer", "generic-header"}


def environment(
    *, locale: str = "en", static: Path = HERE / "static", languages: Mapping[str, str] | None = None
) -> Environment:
    """Pages in one language; every template gets the govuk macros, filters and `static(name)`.

    `languages` are those a person can change to (code to its own name); the footer shows them
    when there are two or more. A name that a page forgot to pass is an error, not an empty space.
    """
    translations = Translations.load(HERE / "locale", [LOCALES[locale], locale])
    pages = _translated(FileSystemLoader(HERE / "templates"), translations)
    pages.undefined = StrictUndefined
    pages.globals.update(_govuk(translations))
    pages.globals.update(
        static=functools.partial(static_url, static),
        new_key=new_key,
        locale=locale,
        direction=Locale.parse(LOCALES[locale]).text_direction,
        languages=languages or {},
        **NOBODY,
    )
    pages.filters.update(fields.FILTERS)
    pages.filters.update(_filters(locale, translations))
    return pages


def new_key() -> str:
    """What names one filling-in of one form, so that sending it twice does it once."""
    return secrets.token_urlsafe(16)


def static_url(folder: Path, name: str) -> str:
    """A file's address, which changes when the file does, so that browsers may keep it for ever.

    A file that set-up hasn't made gets a bare address: the page still works, unstyled.
    """
    path = folder / name
    if not path.is_file():
        return f"/static/{name}"
    return f"/static/{name}?v={_digest(path, path.stat().st_mtime_ns)}"


@functools.lru_cache(maxsize=64)
def _digest(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def _translated(loader: BaseLoader, translations: NullTranslations) -> Environment:
    made = Environment(loader=loader, autoescape=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do"])
    # the extension adds this method while running, which its types can't say
    made.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    return made


def _govuk(translations: NullTranslations) -> dict[str, Any]:
    """The macros by name, from an environment of their own.

    They ask for parts of a dictionary that nobody passed and compare with `undefined`, so under
    StrictUndefined none of them works. A macro keeps the environment it was made in, so ours can
    be strict while theirs is not.
    """
    # the prefix: they import one another by the package's name
    loader = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    library = _translated(loader, translations)
    macros = {}
    for path in library.list_templates(filter_func=_is_unbranded_component):
        component = Path(path).parent.name
        name = "govuk" + component.title().replace("-", "")
        macros[name] = getattr(library.get_template(path).module, name)
    return macros


def _is_unbranded_component(path: str) -> bool:
    return path.endswith("/macro.html") and Path(path).parent.name not in BRANDED


def _filters(locale: str, translations: NullTranslations) -> dict[str, Callable[..., str]]:
    return {
        "pounds": pounds,
        "clock": functools.partial(clock, words=translations),
        "hours": functools.partial(hours, words=translations),
        "day": functools.partial(day, locale=LOCALES[locale]),
        "moment": functools.partial(moment, locale=LOCALES[locale], words=translations),
        "miles": functools.partial(miles, words=translations),
    }


def hours(minutes: int, *, words: NullTranslations = ENGLISH) -> str:
    """`450` as "7 hours 30 minutes"."""
    whole, rest = divmod(abs(minutes), 60)
    parts = []
    if whole or not rest:
        parts.append(words.ngettext("{} hour", "{} hours", whole).format(whole))
    if rest:
        parts.append(words.ngettext("{} minute", "{} minutes", rest).format(rest))
    return ("-" if minutes < 0 else "") + " ".join(parts)


def clock(value: datetime | time, *, words: NullTranslations = ENGLISH) -> str:
    """The time in London as "6:40am", "9am", "midday" or "midnight" (GOV.UK style).

    Raises:
        ValueError: a datetime without a time zone: nobody can say what time that is in London.
    """
    shown = _in_london(value).time() if isinstance(value, datetime) else value
    noon = time(12)
    if (shown.hour, shown.minute) == (0, 0):
        return words.gettext("midnight")
    if (shown.hour, shown.minute) == (noon.hour, 0):
        return words.gettext("midday")
    minutes = f":{shown.minute:02d}" if shown.minute else ""
    return f"{shown.hour % 12 or 12}{minutes}{'am' if shown < noon else 'pm'}"


def day(value: datetime | date, *, locale: str = "en_GB") -> str:
    """The day in London as "Monday 23 November 2026".

    Raises:
        ValueError: a datetime without a time zone.
    """
    shown = _in_london(value).date() if isinstance(value, datetime) else value
    return format_date(shown, "EEEE d MMMM y", locale=locale)


def moment(value: datetime, *, locale: str = "en_GB", words: NullTranslations = ENGLISH) -> str:
    """Day and time in London as "Monday 23 November 2026, 6:40am".

    Raises:
        ValueError: a datetime without a time zone.
    """
    return f"{day(value, locale=locale)}, {clock(value, words=words)}"


def miles(metres: float, *, words: NullTranslations = ENGLISH) -> str:
    """A distance as "2.4 miles"; whole miles from 10 up, where tenths would only look exact."""
    exact = Decimal(metres) / METRES_IN_A_MILE
    near = round(exact, 1)
    shown = f"{near if near < WHOLE_MILES_FROM else round(exact)}".removesuffix(".0")
    return words.ngettext("{} mile", "{} miles", 1 if shown == "1" else 2).format(shown)


def _in_london(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError(f"{value} has no time zone")
    return value.astimezone(LONDON)

"""What the demo's two sides say beyond skills and times, by chance within what is likely; shares are in a hundred."""

import random
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from marketplace.availability import TimeOfDay
from marketplace.competencies import CheckCode, Competency
from marketplace.languages import Language
from marketplace.terms import Brings, Contract, Gender, Home, Refusal
from matching.profiles import Evidence, Status
from matching.travel import Mode
from matching.week import WeeklyWindow, half_hours, minutes_of
from web.demo.asks import Ask, Case, More
from web.demo.chance import among, happens, likely
from web.demo.districts import district_of
from web.demo.records import Conditions, Offer

_TRAVEL: Mapping[Mode, tuple[int, Mapping[int, int]]] = {
    "car": (74, {15: 8, 20: 20, 25: 12, 30: 26, 35: 10, 40: 8, 45: 10, 60: 6}),
    "public_transport": (16, {30: 20, 40: 30, 45: 25, 60: 25}),
    "cycle": (6, {15: 20, 20: 40, 30: 40}),
    "foot": (4, {15: 30, 20: 40, 30: 30}),
}
_STATUSES: Mapping[Status, int] = {"looking": 84, "open": 8, "not_now": 8}
_DRIVES_WITHOUT_A_CAR, _SMOKES, _NEEDS_PARKING, _SAYS_GENDER = 25, 12, 8, 88

_REFUSED: Mapping[Refusal, int] = {
    "smoking_home": 38,
    "dog": 7,
    "cat": 8,
    "other_pets": 5,
    "sleep_in": 30,
    "waking_night": 58,
    "live_in": 80,
    "two_people": 5,
}
#: Who works nights seldom minds them.
_REFUSED_BY_NIGHT: Mapping[Refusal, int] = {**_REFUSED, "sleep_in": 10, "waking_night": 4}
#: Smokers seldom mind other people's smoke.
_SMOKERS_MIND = 4
_CONTRACT_REFUSED: Mapping[Refusal | None, int] = {None: 76, "employment": 8, "self_employment": 16}

_CHECKED = {CheckCode.DBS_ENHANCED: 88, CheckCode.RIGHT_TO_WORK: 92, CheckCode.REFERENCES: 80}
_CHECKED_OF_DRIVERS = {CheckCode.DRIVING_LICENCE: 75}
_CHECKED_OF_CAR_OWNERS = {CheckCode.BUSINESS_CAR_INSURANCE: 50}
#: How long a check holds, in days; holders ask for a new DBS check every three years, and insurance is for one.
_HOLDS = {CheckCode.DBS_ENHANCED: 3 * 365, CheckCode.BUSINESS_CAR_INSURANCE: 365}
_OLDEST = 4 * 365

# Judgement, in the order of what people named in each area at the 2021 census; assistants speak more than most.
_SPOKEN: Mapping[str, Mapping[Language, int]] = {
    "Mansfield and Ashfield": {Language.POLISH: 9, Language.ROMANIAN: 4, Language.LITHUANIAN: 2, Language.RUSSIAN: 2},
    "Newark and Sherwood": {Language.POLISH: 7, Language.ROMANIAN: 3, Language.PORTUGUESE: 1, Language.BULGARIAN: 1},
    "Nottingham North and East": {
        Language.POLISH: 5,
        Language.URDU: 5,
        Language.PUNJABI: 4,
        Language.ROMANIAN: 3,
        Language.ARABIC: 2,
        Language.SHONA: 2,
    },
    "Nottingham West": {
        Language.PUNJABI: 5,
        Language.URDU: 4,
        Language.POLISH: 4,
        Language.MANDARIN: 3,
        Language.CANTONESE: 2,
        Language.YORUBA: 2,
    },
    "Rushcliffe": {
        Language.URDU: 4,
        Language.PUNJABI: 4,
        Language.HINDI: 4,
        Language.POLISH: 3,
        Language.GUJARATI: 2,
        Language.FRENCH: 3,
        Language.GERMAN: 2,
    },
}
_SPEAKS_ENGLISH = 99


# --- assistants


def offer(dice: random.Random, *, sector: str, man: bool, nights: bool, today: date) -> Offer:
    """How somebody travels, what is known of them, and what they bring, need and refuse."""
    travel_by = likely(dice, {mode: share for mode, (share, _) in _TRAVEL.items()})
    brings = _brings(dice, travel_by)
    gender: Gender | None = ("man" if man else "woman") if happens(dice, _SAYS_GENDER) else None
    return Offer(
        travel_by=travel_by,
        travel_minutes=likely(dice, _TRAVEL[travel_by][1]),
        status=likely(dice, _STATUSES),
        confirmed_days_ago=min(dice.randint(0, 59), dice.randint(0, 59)),
        checks=tuple(_checks(dice, brings, today=today)),
        languages=_languages(dice, sector),
        gender=gender,
        brings=brings,
        refuses=tuple(_refuses(dice, _REFUSED_BY_NIGHT if nights else _REFUSED, smoker="smokes" in brings)),
        needs=("parking",) if "own_car" in brings and happens(dice, _NEEDS_PARKING) else (),
    )


def _brings(dice: random.Random, travel_by: Mode) -> tuple[Brings, ...]:
    car: tuple[Brings, ...] = ("drives", "own_car") if travel_by == "car" else ()
    if not car and happens(dice, _DRIVES_WITHOUT_A_CAR):
        car = ("drives",)
    return (*car, "smokes") if happens(dice, _SMOKES) else car


def _refuses(dice: random.Random, shares: Mapping[Refusal, int], *, smoker: bool) -> Iterable[Refusal]:
    yield from among(dice, {**shares, "smoking_home": _SMOKERS_MIND} if smoker else shares)
    contract = likely(dice, _CONTRACT_REFUSED)
    if contract is not None:
        yield contract


def _checks(dice: random.Random, brings: tuple[Brings, ...], *, today: date) -> Iterable[tuple[CheckCode, Evidence]]:
    shares = {
        **_CHECKED,
        **(_CHECKED_OF_DRIVERS if "drives" in brings else {}),
        **(_CHECKED_OF_CAR_OWNERS if "own_car" in brings else {}),
    }
    for code in among(dice, shares):
        holds = _HOLDS.get(code)
        on = today - timedelta(days=dice.randint(14, holds or _OLDEST))
        yield code, Evidence(on, on + timedelta(days=holds) if holds else None)


def _languages(dice: random.Random, sector: str) -> tuple[Language, ...]:
    english = [Language.ENGLISH] if happens(dice, _SPEAKS_ENGLISH) else []
    return tuple(sorted([*english, *among(dice, _SPOKEN[district_of(sector).name])]))


# --- needs

_INTIMATE = frozenset(
    {Competency.PERSONAL_CARE, Competency.BOWEL_CARE, Competency.CATHETER_CARE, Competency.STOMA_CARE}
)
_GENDERS: Mapping[Gender | None, int] = {None: 76, "woman": 19, "man": 5}
_REASONS = {
    "woman": ("Help to wash and dress.", "Help in the shower and on the toilet.", "Intimate care, most days."),
    "man": ("Help to wash and shave.", "Help in the shower and in changing rooms at the pool."),
}
_HOMES: Mapping[Home, int] = {"smoking_home": 10, "dog": 18, "cat": 18, "other_pets": 5, "parking": 70}
_REQUIRED_CHECKS = {CheckCode.DBS_ENHANCED: 45, CheckCode.REFERENCES: 25}
_CONTRACTS: Mapping[Contract, int] = {"either": 72, "employed": 22, "self_employed": 6}
_NON_SMOKER, _ENGLISH_REQUIRED = 18, 15
#: How many of those who speak it near would like somebody who does too, and how many of these need it.
_WISHED_OF_SPOKEN, _REQUIRED_OF_WISHED = 0.6, 20
#: How much of the times given would do, for support whose times are open.
_PARTS = (0.5, 0.6, 0.75)
_FLEXIBLE, _LIKED_BEST = 45, 22


def conditions(
    dice: random.Random, kind: Ask, case: Case, windows: tuple[WeeklyWindow, ...], more: Iterable[More], *, sector: str
) -> Conditions:
    """What else a holder asks; what they wrote of in `more` is so."""
    said = list(more)
    gender = likely(dice, _GENDERS) if _INTIMATE & set(case.required) else None
    required, wished = _spoken_to(dice, sector)
    home = set(among(dice, _HOMES)).union(*(one.home for one in said))
    no_smokers = happens(dice, _NON_SMOKER) or any(one.no_smokers for one in said)
    return Conditions(
        kind=kind.kind,
        people=case.people,
        minutes_a_week=_part_of(dice, windows) if kind.flexible and happens(dice, _FLEXIBLE) else None,
        mostly=_liked_best(dice, windows) if happens(dice, _LIKED_BEST) else (),
        checks=tuple(
            among(dice, {**_REQUIRED_CHECKS, CheckCode.DBS_ENHANCED: 100} if kind.of_children else _REQUIRED_CHECKS)
        ),
        languages=required,
        languages_wished=wished,
        contract=likely(dice, _CONTRACTS),
        home=tuple(sorted(home)),
        car="drives" if happens(dice, kind.driving) else "none",
        gender=gender,
        gender_reason=dice.choice(_REASONS[gender]) if gender else "",
        refuses=("smokes",) if no_smokers else (),
    )


def _spoken_to(dice: random.Random, sector: str) -> tuple[tuple[Language, ...], tuple[Language, ...]]:
    """Languages that are required, and those that are wished."""
    required = [Language.ENGLISH] if happens(dice, _ENGLISH_REQUIRED) else []
    wished: list[Language] = []
    for language, share in _SPOKEN[district_of(sector).name].items():
        if happens(dice, share * _WISHED_OF_SPOKEN):
            (required if happens(dice, _REQUIRED_OF_WISHED) else wished).append(language)
    return tuple(required), tuple(wished)


def _part_of(dice: random.Random, windows: tuple[WeeklyWindow, ...]) -> int:
    hours = minutes_of(half_hours(windows)) / 60
    return max(1, round(hours * dice.choice(_PARTS))) * 60


def _liked_best(dice: random.Random, windows: tuple[WeeklyWindow, ...]) -> tuple[TimeOfDay, ...]:
    """One part of the week that their hours begin in."""
    starts = {_time_of(window) for window in windows}
    return (dice.choice(sorted(starts)),)


def _time_of(window: WeeklyWindow) -> TimeOfDay:
    hour = window.start // 60
    ends = {TimeOfDay.NIGHT: 6, TimeOfDay.MORNING: 12, TimeOfDay.AFTERNOON: 17, TimeOfDay.EVENING: 22}
    return next((time for time, end in ends.items() if hour < end), TimeOfDay.NIGHT)

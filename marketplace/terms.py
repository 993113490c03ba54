"""The words of both sides beyond skills and times: what is brought, needed and refused, and how people say it.

No age, faith or ethnicity, and no gender of a holder: nothing here could be asked without a lawful reason but a
woman or a man for the work itself, and that is kept with its reason (Equality Act 2010, schedule 9, part 1).
"""

from collections.abc import Iterable
from typing import Literal

from sqlalchemy import CheckConstraint

Gender = Literal["woman", "man"]
Contract = Literal["employed", "self_employed", "either"]
#: What kind of shift is asked for; all but a visit are words an assistant may refuse.
Kind = Literal["visit", "sleep_in", "waking_night", "live_in"]
Car = Literal["none", "drives", "own_car"]
Home = Literal["smoking_home", "dog", "cat", "other_pets", "parking"]

#: What an assistant brings, refuses and needs.
Brings = Literal["drives", "own_car", "smokes"]
Refusal = Literal[
    "smoking_home",
    "dog",
    "cat",
    "other_pets",
    "sleep_in",
    "waking_night",
    "live_in",
    "two_people",
    "employment",
    "self_employment",
]
Wants = Literal["parking"]
#: What a holder refuses.
NotHere = Literal["smokes"]

#: What people read, by the word that is stored.
NAMES: dict[str, str] = {
    "woman": "a woman",
    "man": "a man",
    "employed": "employed by the holder",
    "self_employed": "self-employed",
    "either": "employed or self-employed",
    "visit": "visits",
    "sleep_in": "sleep-ins",
    "waking_night": "waking nights",
    "live_in": "living in",
    "two_people": "working in twos",
    "none": "no driving",
    "drives": "drives",
    "own_car": "has a car to use at work",
    "smokes": "smokes",
    "smoking_home": "a home where somebody smokes",
    "dog": "a dog",
    "cat": "a cat",
    "other_pets": "other pets",
    "parking": "parking at the home",
    "employment": "being employed by the holder",
    "self_employment": "being self-employed",
}


def only(column: str, words: Iterable[str], *, name: str) -> CheckConstraint:
    """The rule that a column, which is a list of words, holds these and no other."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} <@ ARRAY[{listed}]::varchar[]", name=name)

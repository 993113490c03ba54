"""What can be wrong with what matching is asked.

MatchingError(ValueError)   which field, and a sentence for the person who filled it in
├── UnknownPostcode         a postcode that has no place on the map of Great Britain
├── BadWindow               a time of the week that can't be
├── BadProfile              a need, a candidate or a piece of evidence that can't be
└── BadQuestion             a pool, weights or a length of list that can't be ranked with
"""

from typing import Literal

Outside = Literal["northern_ireland", "islands", "not_found", "not_a_postcode"]

_ANSWERS: dict[Outside, str] = {
    "northern_ireland": (
        "{postcode} is in Northern Ireland, and our map holds England, Scotland and Wales only. "
        "Your Health and Social Care Trust can tell you about direct payments there."
    ),
    "islands": (
        "{postcode} is in the Channel Islands or the Isle of Man, and our map holds England, "
        "Scotland and Wales only. Your island's government can tell you what support it offers."
    ),
    "not_found": (
        "We can't find {postcode} in England, Scotland or Wales. Check each letter and number, "
        "or give the postcode of somewhere close by."
    ),
    "not_a_postcode": ("“{postcode}” is not a postcode. Type one like NG1 6DQ, or only its first half, like NG1."),
}


class MatchingError(ValueError):
    """What was asked can't be; `field` names the part, `sentence` says what to do about it."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(field, sentence)
        self.field = field
        self.sentence = sentence

    def __str__(self) -> str:
        return self.sentence


class UnknownPostcode(MatchingError):
    """There is no place for this postcode; `reason` says which of four kinds of no it is."""

    def __init__(self, postcode: str, reason: Outside) -> None:
        super().__init__("postcode", _ANSWERS[reason].format(postcode=postcode))
        # what an exception is unpickled from, when it crosses to another process
        self.args = (postcode, reason)
        self.postcode = postcode
        self.reason = reason


class BadWindow(MatchingError):
    """Not a time of the week: half-hour steps, half an hour to a day long."""


class BadProfile(MatchingError):
    """A need, a candidate or a piece of evidence that contradicts itself or isn't a number."""


class BadQuestion(MatchingError):
    """A list of no one, a weight that isn't a number, or a pool with one person in it twice."""

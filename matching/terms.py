"""What each side brings, needs and refuses: the words for it, the same for both sides.

Two people fit when each brings what the other needs and nothing that the other refuses. A word means the same
whoever says it, so a dealbreaker counts alike on either side.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from matching.errors import BadProfile

#: Brought by an assistant. `woman` and `man` are read by a requirement that has a lawful reason, and by nothing else.
AssistantBrings = Literal["drives", "own_car", "smokes", "woman", "man"]
#: Brought by a need: the home, the kind of shift, and the only kind of work contract that is offered.
NeedBrings = Literal[
    "smoking_home",
    "dog",
    "cat",
    "other_pets",
    "parking",
    "sleep_in",
    "waking_night",
    "live_in",
    "two_people",
    "employment",
    "self_employment",
]
Term = Literal[AssistantBrings, NeedBrings]

TERMS: tuple[Term, ...] = (*get_args(AssistantBrings), *get_args(NeedBrings))
_BITS = {term: 1 << at for at, term in enumerate(TERMS)}

CAR = frozenset({"drives", "own_car"})
GENDER = frozenset({"woman", "man"})
CONTRACT = frozenset({"employment", "self_employment"})
SHIFT = frozenset({"sleep_in", "waking_night", "live_in", "two_people"})


@dataclass(frozen=True, slots=True)
class Terms:
    """What one side brings, needs of the other, and refuses.

    Raises:
        BadProfile: a word that isn't one, or a thing both needed and refused.
    """

    brings: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    refuses: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        unknown = (self.brings | self.needs | self.refuses) - _BITS.keys()
        if unknown:
            raise BadProfile("terms", f"“{min(unknown)}” is not a word that both sides know.")
        if self.needs & self.refuses:
            raise BadProfile("terms", "The same thing can't be needed and refused.")


def bits(terms: Iterable[str]) -> int:
    """The words as bits, in the order of TERMS."""
    return sum(_BITS[term] for term in set(terms) if term in _BITS)


def words(mask: int) -> frozenset[str]:
    """The bits as words."""
    return frozenset(term for term, bit in _BITS.items() if mask & bit)


NO_TERMS = Terms()

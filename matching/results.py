"""What comes out of matching."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Side = Literal["holder", "assistant"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for (or not) a yes of one side, and how much: `points` are log-odds.

    `code` is stable and says which kind of reason it is; `sentence` is said to the holder. `best` is the most
    points this reason could have had.
    """

    code: str
    side: Side
    sentence: str
    points: float
    best: float


@dataclass(frozen=True, slots=True)
class SideScore:
    """How likely one side says yes: `base` plus the points of its reasons is `log_odds`, exactly."""

    base: float
    log_odds: float
    probability: float


@dataclass(frozen=True, slots=True)
class Match:
    """One candidate on a shortlist; `score` is the probability that both sides say yes.

    `reasons` of both sides, most points first. `travel_minutes` one way, by the mode they travel; `free_minutes` of
    those asked, a week. `values` are the features' values as shown, by the feature's code, to learn from. `plain_rank`
    is where they would stand, from 1, if scarce people weren't shared; `rivals` how many other needs they are among
    the best for.
    """

    candidate_id: UUID
    score: float
    holder: SideScore
    assistant: SideScore
    miles: float
    travel_minutes: int
    free_minutes: int
    reasons: tuple[Reason, ...]
    values: dict[str, tuple[int, ...]]
    plain_rank: int
    rivals: int = 0


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One hard rule: how many people it removed and how many were left after it."""

    code: str
    sentence: str
    removed: int
    left: int


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The best matches for a need, best first, and what became of everyone else.

    `considered` is the whole pool; the funnel's removals and those left add up to it. `model` is the version of the
    scores; `shared` says that the order shares scarce people.
    """

    need_id: UUID
    considered: int
    matches: tuple[Match, ...]
    funnel: tuple[FunnelStep, ...]
    model: str
    shared: bool = False

    @property
    def fitting(self) -> int:
        """How many people pass every hard rule, shown or not."""
        return self.funnel[-1].left

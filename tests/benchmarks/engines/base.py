"""What every engine answers, and what is asked of it while it is measured."""

from typing import Any, Protocol
from uuid import UUID

from matching.question import Question


class Engine(Protocol):
    """One way to search; made with everything that can be made before the first question.

    `build_seconds` is what that took, from the decoded columns on, and `nbytes` the memory of people and index.
    """

    name: str
    build_seconds: float
    nbytes: int

    def prepare(self, question: Question) -> Any:
        """What can be worked out about a question before it is asked; not timed."""

    def best(self, prepared: Any, k: int) -> Any:
        """The answer, timed: whoever it is, in the engine's own terms."""

    def ids(self, found: Any) -> list[UUID]:
        """The answer as ids, best first; not timed."""

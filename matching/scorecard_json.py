"""A scorecard as JSON, and back: apart from learning, so that who uses one needn't load what it is learnt with."""

from typing import Any

from matching.errors import BadQuestion
from matching.scorecard import BY_CODE, GRAIN, HEAVIEST, Bases, Scorecard


def as_json(card: Scorecard) -> dict[str, Any]:
    """`version`, `bases` by side and `tables` by feature; points are whole 1024ths of log-odds."""
    return {
        "version": card.version,
        "bases": {"holder": card.bases.holder, "assistant": card.bases.assistant},
        "tables": {code: list(card.tables[code]) for code in BY_CODE},
    }


def from_json(data: object) -> Scorecard:
    """The scorecard that `as_json` made.

    Raises:
        BadQuestion: it isn't one.
    """
    match data:
        case {"version": str(version), "bases": {"holder": holder, "assistant": assistant}, "tables": dict(tables)}:
            if unknown := tables.keys() - BY_CODE.keys():
                raise BadQuestion(min(map(str, unknown)), "There is no such feature.")
            bases = Bases(*_points("bases", [holder, assistant]))
            return Scorecard(version, bases, {code: _points(code, tables.get(code)) for code in BY_CODE})
    raise BadQuestion("scorecard", "Give its version, both sides' bases and the tables.")


def _points(name: str, points: object) -> tuple[int, ...]:
    # JSON's true is a whole number to Python
    if isinstance(points, list) and all(type(one) is int and abs(one) <= HEAVIEST * GRAIN for one in points):
        return tuple(points)
    raise BadQuestion(name, f"Points are whole numbers from -{HEAVIEST * GRAIN} to {HEAVIEST * GRAIN}.")

"""Small markets for tests: edges written down need by need, and drawn by hypothesis."""

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from matching.market import Edges

Need = dict[int, float]

chances = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.25, 0.5, 1.0]))


def edges(needs: Sequence[Need], seat_count: int, *, dtype: type = np.float64) -> Edges:
    """Each need as {seat: score}, in the order written."""
    return Edges(
        np.cumsum([0, *map(len, needs)]),
        np.array([seat for need in needs for seat in need], dtype=np.int32),
        np.array([score for need in needs for score in need.values()], dtype=dtype),
        seat_count,
    )


@st.composite
def markets(draw: st.DrawFn) -> tuple[list[Need], int]:
    """Up to eight needs and seats; anybody may name anybody, also nobody."""
    seat_count = draw(st.integers(0, 8))
    one = st.dictionaries(st.integers(0, seat_count - 1), chances) if seat_count else st.just({})
    return draw(st.lists(one, max_size=8)), seat_count

"""Who goes to whom when each can go to one: needs bid for seats until nobody would rather have another's.

Bertsekas's auction, one bidder at a time: a need that is put out bids at once for the seat it likes best, as much as it
would rather have it than its next choice and a little more. That little is a share of the score bid for, so what the
assignment is worth is within that share of the best there is, whatever the scores; and the prices prove it.

D. P. Bertsekas, "The auction algorithm", Annals of Operations Research 14 (1988).
"""

from dataclasses import dataclass

import numpy as np

from matching.compiled import compiled
from matching.errors import BadQuestion
from matching.market import Counts, Edges, Floats, Scores, Seats, Starts

#: A smaller share would be lost in the digits of a price.
LEAST_GAP = 1e-6
#: Even beside scores too small to divide, a bid raises the price, so the bidding ends.
_LEAST_RISE = 1e-300


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """`seats` int32[needs]: each need's seat, or -1; nobody twice. `prices` float64[seats], in units of the scores.

    `total` is the sum of the scores assigned. No assignment is worth more than `bound`: the sum of all prices and of
    what each need's favourite is worth to it above its price (linear programming's duality).
    """

    seats: Counts
    prices: Floats
    total: float
    bound: float

    @property
    def gap(self) -> float:
        """The share of the bound that is missing at most."""
        return max(0.0, 1 - self.total / self.bound) if self.bound > 0 else 0.0


def auction(edges: Edges, *, gap: float = 0.002) -> Assignment:
    """The assignment of needs to seats with the greatest sum of scores, short by the share `gap` at most.

    Needs and seats may stay alone, which is worth nothing; a seat that at most one wants costs nothing. The same edges
    give the same answer. It takes some 0.1 s for 4 million edges where there are seats enough; at worst, equal scores
    and too few seats, each edge is looked at 1 / gap times.

    Raises:
        BadQuestion: a gap below a millionth, or not below 1.
    """
    if not LEAST_GAP <= gap < 1:
        raise BadQuestion("gap", "An auction's gap is a share: a millionth or more, and less than 1.")
    prices = np.zeros(edges.seat_count)
    seats = np.full(len(edges), -1, np.int32)
    _bid(edges.starts, edges.unsigned_seats, edges.scores, gap, prices, seats)
    total, above = _worth(edges.starts, edges.unsigned_seats, edges.scores, prices, seats)
    return Assignment(seats, prices, total, float(prices.sum()) + above)


@compiled
def _bid(starts: Starts, seats: Seats, scores: Scores, gap: float, prices: Floats, given: Counts) -> None:
    """Fills `prices` and, for each need, the seat `given`."""
    holders = np.full(len(prices), -1, np.int32)
    for newcomer in range(len(given)):
        need = newcomer
        while need >= 0:
            edge, ahead = _favourite(starts[need], starts[need + 1], seats, scores, prices)
            if edge < 0:
                break
            seat = seats[edge]
            put_out = holders[seat]
            # nobody has to outbid an empty chair
            if put_out >= 0:
                prices[seat] += ahead + max(gap * scores[edge], _LEAST_RISE)
                given[put_out] = -1
            holders[seat] = need
            given[need] = seat
            need = put_out


@compiled
def _favourite(begin: int, end: int, seats: Seats, scores: Scores, prices: Floats) -> tuple[int, float]:
    """The edge worth most above its price, and how far it is ahead of the next or of none; -1 if none is worth more."""
    best, second, favourite = 0.0, 0.0, -1
    for edge in range(begin, end):
        worth = scores[edge] - prices[seats[edge]]
        if worth > best:
            best, second, favourite = worth, best, edge
        elif worth > second:
            second = worth
    return favourite, best - second


@compiled
def _worth(starts: Starts, seats: Seats, scores: Scores, prices: Floats, given: Counts) -> tuple[float, float]:
    """The sum of the scores assigned, and that of what each need's favourite is worth above its price."""
    total, above = 0.0, 0.0
    for need in range(len(given)):
        best = 0.0
        for edge in range(starts[need], starts[need + 1]):
            best = max(best, scores[edge] - prices[seats[edge]])
            if seats[edge] == given[need]:
                total += scores[edge]
        above += best
    return total, above

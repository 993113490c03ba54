"""The two-sided ranker: P(the holder says yes) times P(the assistant says yes), with its reasons.

Why both: a list of people who then say no wastes everybody's week. Each side is a logistic of added points, so each
reason is worth a fixed number of points and nothing else moves the score.
"""

import math
from collections.abc import Sequence
from datetime import date

from matching.eligibility import Names, Pair, steps
from matching.errors import BadQuestion
from matching.judging import SINGLE
from matching.places import METRES_IN_A_MILE
from matching.pool import Found, Pool
from matching.profiles import Need
from matching.question import Asked, Question
from matching.reasons import Worth, each_asked, explain, worths
from matching.results import Match, Shortlist, Side, SideScore
from matching.scorecard import BY_CODE, FEATURES, GRAIN, STARTING, Scorecard
from matching.travel import LONGEST_MINUTES, metres
from matching.week import main_block
from matching.words import NO_NAMES


class Ranker:
    """Ranks a pool for a need by a scorecard."""

    def __init__(self, card: Scorecard = STARTING) -> None:
        self.card = card

    def rank(
        self, need: Need, pool: Pool, *, k: int, today: date, names: Names = NO_NAMES, shared: bool = False
    ) -> Shortlist:
        """The k best people for the need, exactly; those with the same score stand in the order of their ids.

        `names` gives the names of competencies, checks and languages for the reasons. With `shared`, people whom many
        others need stand lower, so that lists share them; their scores stay what they are.

        Raises:
            BadQuestion: k is not at least 1.
        """
        return self.answer(Question(need, today), pool, k=k, names=names, shared=shared)

    def cover(
        self, need: Need, pool: Pool, *, k: int, today: date, within: int = LONGEST_MINUTES, names: Names = NO_NAMES
    ) -> Shortlist:
        """Who could be there for all of these hours, in `within` minutes: those who know the holder first.

        Raises:
            BadQuestion: k is not at least 1.
        """
        return self.answer(Question(need, today, cover=True, within=within), pool, k=k, names=names)

    def answer(
        self, question: Question, pool: Pool, *, k: int, names: Names = NO_NAMES, shared: bool = False
    ) -> Shortlist:
        """The k best people for a question, with the reasons, and what became of everyone else.

        Raises:
            BadQuestion: k is not at least 1.
        """
        if k < 1:
            raise BadQuestion("k", "Ask for at least one person.")
        asked = pool.ask(question)
        removed = pool.funnel(question, asked=asked)
        plain = pool.best(question, self.card, k=k, asked=asked)
        shown = pool.best(question, self.card, k=k, shared=True, asked=asked) if shared else plain
        ranks = {(one.part, one.row): rank for rank, one in enumerate(plain, start=1)}
        matches = tuple(
            self._match(question, pool, asked, one, plain_rank=ranks.get((one.part, one.row), k + 1), names=names)
            for one in shown
        )
        considered = len(pool)
        return Shortlist(question.need.id, considered, matches, steps(removed, considered), self.card.version, shared)

    def _match(
        self, question: Question, pool: Pool, asked: Sequence[Asked], one: Found, *, plain_rank: int, names: Names
    ) -> Match:
        values = pool.values(asked, self.card, one)[1].tolist()
        found = list(worths(question, self.card, values))
        pair = Pair(question, pool.listed(one), names)
        holder, assistant = self._side("holder", found), self._side("assistant", found)
        return Match(
            candidate_id=pair.person.id,
            score=holder.probability * assistant.probability,
            holder=holder,
            assistant=assistant,
            miles=metres(question.need.place, pair.person.place) / METRES_IN_A_MILE,
            travel_minutes=pair.travel_minutes,
            free_minutes=pair.given_minutes,
            reasons=explain(pair, found),
            values=_named(question, values),
            plain_rank=plain_rank,
            rivals=pool.shares.rivals_of(pair.person.id, main_block(question.week)),
        )

    def _side(self, side: Side, found: Sequence[Worth]) -> SideScore:
        base = self.card.bases.of(side)
        total = base + sum(one.points for one in found if BY_CODE[one.code].side == side)
        return SideScore(base / GRAIN, total / GRAIN, 1 / (1 + math.exp(-total / GRAIN)))


def _named(question: Question, values: Sequence[int]) -> dict[str, tuple[int, ...]]:
    """Values by the code of their feature, to learn from; a feature that wasn't asked for isn't there."""
    named: dict[str, tuple[int, ...]] = {
        feature.code: (value,) for feature, value in zip(FEATURES[:SINGLE], values, strict=False) if value >= 0
    }
    at = SINGLE
    for code, things in each_asked(question):
        if things:
            named[code] = tuple(values[at : at + len(things)])
            at += len(things)
    return named

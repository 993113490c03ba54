"""Getting ready: compiles what the first question would otherwise wait for. `python -m matching.warm` does so once."""

from datetime import date
from uuid import UUID

from matching.places import Place
from matching.pool import Pool
from matching.profiles import Candidate, Need
from matching.question import Question
from matching.ranker import Ranker
from matching.region import best_of_all, shares_of
from matching.week import WeeklyWindow

_DAY = date(2026, 1, 1)
_PLACE = Place(457_000, 340_000, "NG1", "district", 1_000)
_WINDOWS = (WeeklyWindow(0, 8 * 60, 4 * 60),)


def warm() -> None:
    """Asks one question of each kind among two made-up people."""
    people = [
        Candidate(UUID(int=one), _PLACE, _WINDOWS, {}, 1_300, travel_minutes=30, least_minutes=0, most_minutes=2_400)
        for one in (1, 2)
    ]
    need = Need(UUID(int=3), _PLACE, _WINDOWS, frozenset(), frozenset(), rate_pence=1_300, starts_on=_DAY)
    pool = Pool(people[:1]).with_changes(upsert=people[1:]).rebuilt()
    ranker, question = Ranker(), Question(need, _DAY)
    pool = pool.with_shares(shares_of(best_of_all([need], pool, ranker.card, today=_DAY), pool))
    ranker.answer(question, pool, k=1, shared=True)
    pool.count(question)
    pool.failures(question, pool.best(question, ranker.card, k=1)[0])


if __name__ == "__main__":
    warm()

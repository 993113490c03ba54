"""Ranking beside what is usually done: geopy's distance to everybody, filters in plain Python, nearest first."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from geopy.distance import distance
from geopy.point import Point

from marketplace.competencies import NAMES
from matching.eligibility import LEAST_SHARE_FREE, Question, ask
from matching.places import Place, to_wgs84
from matching.pool import Pool
from matching.profiles import STEP, Candidate, Need, Shortlist, half_hours
from matching.ranker import STARTING_WEIGHTS, Ranker
from tests.benchmarks.generate import NOTTINGHAMSHIRE, TODAY, candidates, map_of, needs
from tests.benchmarks.harness import Bench, Figure, Result, WrongAnswer, benchmark, quantile
from tests.matching import oracle

UNIT = "times as fast as geopy for each"
MIDDLE = Figure("ranking 2,000 assistants, p50", UNIT, 100, "at_least")
TAIL = Figure("ranking 2,000 assistants, p99", UNIT, 50, "at_least")

ASSISTANTS = 2_000
SHOWN = 20
#: Turns of ours for one of the peer's, which takes hundreds of times as long.
TURNS = 5
#: The grid is 0.04% off the ellipsoid at most: whoever lives that near to the edge may fall on either side of it.
EDGE = 0.0005

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A candidate as the peer keeps them: what can be worked out beforehand is, as it is for us."""

    candidate: Candidate
    point: Point
    free_week: int


@dataclass(frozen=True, slots=True)
class Nearest:
    """The peer's answer: who is shown, and how many fit; `on_edge` of all live where the two measures may differ."""

    shown: tuple[Candidate, ...]
    fitting: int
    on_edge: int


@benchmark("ranking", MIDDLE, TAIL)
def ranking(bench: Bench) -> Iterator[Result]:
    """The best 20 of 2,000 assistants in Nottinghamshire, with reasons, beside geopy.distance for each of them."""
    homes = map_of(NOTTINGHAMSHIRE)
    people = candidates(bench.dice, homes, ASSISTANTS)
    asked = needs(bench.dice, homes, 10 if bench.quick else 50)
    neighbours = [_neighbour(person) for person in people]
    rank = partial(Ranker().rank, pool=Pool(people), k=SHOWN, today=TODAY, names=NAMES)

    rank(asked[0])  # numpy's own beginnings are nobody's
    ours, peer, answers = [], [], []
    for need in bench.track(asked, "Ranking for each need"):
        for _ in range(TURNS):
            shortlist, seconds = _timed(partial(rank, need))
            ours.append(seconds)
        nearest, seconds = _timed(partial(nearest_who_fit, need, neighbours))
        peer.append(seconds)
        answers.append((need, shortlist))
        _refuse_another_question(shortlist, nearest)
    sample = answers[:: len(answers) // (2 if bench.quick else 10)]
    for need, shortlist in bench.track(sample, "Checking by hand"):
        _refuse_another_list(need, shortlist, people)
    note = f"{len(asked)} needs, {len(sample)} of them checked against the oracle"
    yield _compared(MIDDLE, ours, peer, 0.5, note)
    yield _compared(TAIL, ours, peer, 0.99, note)


def nearest_who_fit(need: Need, neighbours: Sequence[Neighbour]) -> Nearest:
    """The nearest who pass every hard rule; no score and no reasons, so it does less than we do."""
    home, question = _point(need.place), ask(need, today=TODAY)
    fitting, on_edge = [], 0
    for neighbour in neighbours:
        away, travel = distance(home, neighbour.point).miles, neighbour.candidate.travel_miles
        on_edge += abs(away - travel) <= EDGE * travel
        if away <= travel and _fits(question, neighbour):
            fitting.append((away, neighbour.candidate.id, neighbour.candidate))
    fitting.sort()
    return Nearest(tuple(person for _, _, person in fitting[:SHOWN]), len(fitting), on_edge)


def _fits(question: Question, neighbour: Neighbour) -> bool:
    """All hard rules but the distance."""
    need, person = question.need, neighbour.candidate
    free = (question.week & neighbour.free_week).bit_count() * STEP
    return (
        person.looking
        and all(_holds(question, person, code) for code in need.required)
        and person.lowest_rate_pence <= need.rate_pence
        and free >= LEAST_SHARE_FREE * question.asked_minutes
        and free >= person.least_minutes
        and person.booked_minutes + free <= person.most_minutes
    )


def _holds(question: Question, person: Candidate, code: str) -> bool:
    held = person.competencies.get(code)
    if held is None or held.checked_on > question.first_day:
        return False
    return held.valid_until is None or held.valid_until >= question.last_day


def _refuse_another_question(shortlist: Shortlist, nearest: Nearest) -> None:
    """The peer must have found as many as we did, or it was timed at something else."""
    if abs(shortlist.fitting - nearest.fitting) > nearest.on_edge:
        raise WrongAnswer(f"{shortlist.fitting} people fit by our count, {nearest.fitting} by the peer's.")


def _refuse_another_list(need: Need, shortlist: Shortlist, people: list[Candidate]) -> None:
    best = {placed.id for placed in oracle.rank(need, people, STARTING_WEIGHTS, TODAY)[:SHOWN]}
    if {match.candidate_id for match in shortlist.matches} != best:
        raise WrongAnswer("The shortlist is not the one worked out by hand.")


def _compared(figure: Figure, ours: Sequence[float], peer: Sequence[float], share: float, note: str) -> Result:
    mine, theirs = quantile(ours, share), quantile(peer, share)
    return figure.result(
        theirs / mine, ours=f"{mine * 1000:.2f} ms of CPU", peer=f"{theirs * 1000:.0f} ms of CPU", note=note
    )


def _timed(call: Callable[[], T]) -> tuple[T, float]:
    # the processor's time, not the clock's: both compute on one core and wait for nothing, and a turn of a millisecond
    # that another process interrupts would say nothing about either
    began = time.thread_time()
    answer = call()
    return answer, time.thread_time() - began


def _neighbour(person: Candidate) -> Neighbour:
    return Neighbour(person, _point(person.place), half_hours(person.windows) & ~half_hours(person.booked))


def _point(place: Place) -> Point:
    return to_wgs84(place.easting, place.northing)

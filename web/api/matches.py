"""Who fits a need and why, what would bring more people, why somebody isn't listed, and cover for a shift."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict

from marketplace import cover, shortlists
from marketplace.errors import NotFound
from marketplace.shortlists import Suggestion
from matching.travel import LONGEST_MINUTES
from web.dependencies import Asking, FromCandidates, Kept
from web.edge import Edge

routes = APIRouter(tags=["Needs and matching"], route_class=Edge)


class ReasonOut(BaseModel):
    """Why, in words; `points` is how much it makes `side`'s yes likelier (log-odds), `best` the most it could."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    side: str
    sentence: str
    points: float
    best: float


class SuggestionOut(BaseModel):
    """One person who fits.

    `score` is the chance of a yes from both sides. `plain_rank` is where they would stand if scarce people weren't
    shared, and `rivals` how many open needs they are among the best for. Travel is minutes one way.
    """

    assistant_id: UUID
    name: str
    lowest_rate_pence: int
    about: str
    score: float
    miles: float
    travel_minutes: int
    free_minutes: int
    plain_rank: int
    rivals: int
    reasons: list[ReasonOut]


class StepOut(BaseModel):
    """How many a rule removed, and how many were left after it."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    sentence: str
    removed: int
    left: int


class ChangeOut(BaseModel):
    """One change to the need, and how many more people would fit then."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    sentence: str
    more: int


class MatchesOut(BaseModel):
    """The best of those who fit, how the others fell away, and for a short list what would bring more people.

    `model` is the version of the scores; `shared` says that the order shares scarce people between needs.
    """

    considered: int
    fitting: int
    model: str
    shared: bool
    people: list[SuggestionOut]
    funnel: list[StepOut]
    changes: list[ChangeOut]


class CoverOut(BaseModel):
    """Who could come, in the order to ask them in; `booked` would fit but have another shift in these hours."""

    people: list[SuggestionOut]
    booked: int
    funnel: list[StepOut]


class WhyNotOut(BaseModel):
    """Every hard rule somebody fails, as sentences; none if they fit."""

    sentences: list[str]


@routes.get("/needs/{need_id}/matches", dependencies=[Kept])
def matches(
    need_id: UUID,
    asking: Asking,
    candidates: FromCandidates,
    *,
    plain: Annotated[bool, Query(description="The order in which nobody is shared.")] = False,
) -> MatchesOut:
    """Who fits, best first, with the reasons."""
    found = shortlists.for_need(
        asking.session, viewer=asking.viewer, need_id=need_id, candidates=candidates, now=asking.now, plain=plain
    )
    return MatchesOut(
        considered=found.shortlist.considered,
        fitting=found.shortlist.fitting,
        model=found.shortlist.model,
        shared=found.shortlist.shared,
        people=_people(found.people),
        funnel=[StepOut.model_validate(step) for step in found.shortlist.funnel],
        changes=[ChangeOut.model_validate(change) for change in found.changes],
    )


@routes.get("/needs/{need_id}/why-not/{assistant_id}")
def why_not(need_id: UUID, assistant_id: UUID, asking: Asking, candidates: FromCandidates) -> WhyNotOut:
    """Why somebody this holder has invited before doesn't fit."""
    found = shortlists.why_not_listed(
        asking.session,
        viewer=asking.viewer,
        need_id=need_id,
        assistant_ids=[assistant_id],
        candidates=candidates,
        now=asking.now,
    )
    if assistant_id not in found:
        raise NotFound("personal assistant")
    return WhyNotOut(sentences=list(found[assistant_id]))


@routes.get("/needs/{need_id}/cover")
def find_cover(
    need_id: UUID,
    starts_at: AwareDatetime,
    ends_at: AwareDatetime,
    asking: Asking,
    candidates: FromCandidates,
    within: Annotated[int, Query(ge=1, le=LONGEST_MINUTES, description="Minutes they have to get there.")] = 60,
    without: Annotated[UUID | None, Query(description="The assistant who can't come.")] = None,
) -> CoverOut:
    """Who could be there for all of these hours and has no other shift, those who know the holder first."""
    found = cover.for_hours(
        asking.session,
        viewer=asking.viewer,
        need_id=need_id,
        starts_at=starts_at,
        ends_at=ends_at,
        within_minutes=within,
        candidates=candidates,
        now=asking.now,
        without=without,
    )
    return CoverOut(
        people=_people(found.people),
        booked=found.booked,
        funnel=[StepOut.model_validate(step) for step in found.funnel],
    )


def _people(found: Sequence[Suggestion]) -> list[SuggestionOut]:
    return [
        SuggestionOut(
            assistant_id=person.assistant_id,
            name=person.name,
            lowest_rate_pence=person.lowest_rate_pence,
            about=person.about,
            score=person.match.score,
            miles=round(person.match.miles, 1),
            travel_minutes=person.match.travel_minutes,
            free_minutes=person.match.free_minutes,
            plain_rank=person.match.plain_rank,
            rivals=person.match.rivals,
            reasons=[ReasonOut.model_validate(reason) for reason in person.match.reasons],
        )
        for person in found
    ]

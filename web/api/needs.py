"""Needs, profiles of assistants, and who fits."""

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from marketplace import assistants, needs, shortlists
from marketplace.assistants import Assistant, Profile, Skill
from marketplace.availability import Hours
from marketplace.competencies import DELEGATED, NAMES
from marketplace.errors import NotFound
from marketplace.needs import Need, NeedState, NewNeed
from web.dependencies import Asking, FromCandidates, FromRanker
from web.edge import Edge

routes = APIRouter(tags=["Needs and matching"], route_class=Edge)


_SHOWN = {"id", "holder_id", "title", "about", "rate_pence", "starts_on", "ends_on", "state"}


class CompetencyOut(BaseModel):
    """Something an assistant can do; `delegated` needs a registered professional's sign-off."""

    code: str
    name: str
    delegated: bool


class NeedOut(BaseModel):
    """A need; the rate in pence an hour."""

    id: UUID
    holder_id: UUID
    title: str
    about: str
    rate_pence: int
    starts_on: date
    ends_on: date | None
    state: NeedState
    hours: list[Hours]
    required: list[str]
    wished: list[str]


class ProfileOut(BaseModel):
    """An assistant's own profile."""

    id: UUID
    postcode: str
    about: str
    lowest_rate_pence: int
    travel_miles: int
    least_hours: int
    most_hours: int
    status: str
    hours: list[Hours]
    skills: list[Skill]


class ReasonOut(BaseModel):
    """Why, in words, and how much it counts; `side` is whose yes it makes likelier."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    side: str
    sentence: str
    points: float


class SuggestionOut(BaseModel):
    """One person who fits. `score` is the chance of a yes from both sides."""

    assistant_id: UUID
    name: str
    lowest_rate_pence: int
    about: str
    score: float
    miles: float
    free_minutes: int
    reasons: list[ReasonOut]


class StepOut(BaseModel):
    """How many a rule removed, and how many were left after it."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    sentence: str
    removed: int
    left: int


class MatchesOut(BaseModel):
    """The best of those who fit, and how the others fell away."""

    considered: int
    people: list[SuggestionOut]
    funnel: list[StepOut]


@routes.get("/competencies")
def list_competencies() -> list[CompetencyOut]:
    """Every code there is."""
    return [CompetencyOut(code=code, name=name, delegated=code in DELEGATED) for code, name in NAMES.items()]


@routes.put("/assistants/me")
def save_profile(profile: Profile, asking: Asking) -> ProfileOut:
    """Register as an assistant, or replace what you said before."""
    assistant = assistants.save_profile(asking.session, viewer=asking.viewer, profile=profile, now=asking.now)
    return _profile(asking, assistant)


@routes.get("/assistants/me")
def my_profile(asking: Asking) -> ProfileOut:
    """What you said about yourself."""
    if asking.viewer.assistant_id is None:
        raise NotFound("profile")
    return _profile(asking, assistants.get(asking.session, assistant_id=asking.viewer.assistant_id))


@routes.post("/holders/{holder_id}/needs", status_code=HTTPStatus.CREATED)
def post_need(holder_id: UUID, new: NewNeed, asking: Asking) -> NeedOut:
    """Ask for support, for yourself or somebody you act for."""
    need = needs.post(asking.session, viewer=asking.viewer, holder_id=holder_id, new=new, now=asking.now)
    return _needs(asking, [need])[0]


@routes.get("/needs")
def list_needs(asking: Asking, state: NeedState | None = None) -> list[NeedOut]:
    """Needs you may see, newest first, a hundred at most."""
    return _needs(asking, needs.of_viewer(asking.session, viewer=asking.viewer, state=state))


@routes.get("/needs/{need_id}")
def get_need(need_id: UUID, asking: Asking) -> NeedOut:
    """One need."""
    return _needs(asking, [needs.get(asking.session, viewer=asking.viewer, need_id=need_id)])[0]


@routes.post("/needs/{need_id}/close")
def close_need(need_id: UUID, asking: Asking) -> NeedOut:
    """Stop looking."""
    return _needs(asking, [needs.close(asking.session, viewer=asking.viewer, need_id=need_id)])[0]


@routes.get("/needs/{need_id}/matches")
def matches(need_id: UUID, asking: Asking, candidates: FromCandidates, ranker: FromRanker) -> MatchesOut:
    """Who fits, best first, with the reasons."""
    found = shortlists.for_need(
        asking.session,
        viewer=asking.viewer,
        need_id=need_id,
        candidates=candidates,
        ranker=ranker,
        now=asking.now,
    )
    return MatchesOut(
        considered=found.shortlist.considered,
        people=[
            SuggestionOut(
                assistant_id=person.assistant_id,
                name=person.name,
                lowest_rate_pence=person.lowest_rate_pence,
                about=person.about,
                score=person.match.score,
                miles=person.match.miles,
                free_minutes=person.match.free_minutes,
                reasons=[ReasonOut.model_validate(reason) for reason in person.match.reasons],
            )
            for person in found.people
        ],
        funnel=[StepOut.model_validate(step) for step in found.shortlist.funnel],
    )


def _needs(asking: Asking, found: Sequence[Need]) -> list[NeedOut]:
    asked = needs.asked(asking.session, need_ids=[need.id for need in found])
    return [
        NeedOut(
            **need.model_dump(include=_SHOWN),
            hours=asked[need.id].hours,
            required=sorted(asked[need.id].required),
            wished=sorted(asked[need.id].wished),
        )
        for need in found
    ]


def _profile(asking: Asking, assistant: Assistant) -> ProfileOut:
    return ProfileOut(
        **assistant.model_dump(include={"id", "postcode", "about", "lowest_rate_pence", "travel_miles", "status"}),
        least_hours=assistant.least_minutes // 60,
        most_hours=assistant.most_minutes // 60,
        hours=assistants.hours(asking.session, assistant_id=assistant.id),
        skills=assistants.skills(asking.session, assistant_id=assistant.id),
    )

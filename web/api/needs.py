"""Needs, profiles of assistants, and who fits."""

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from marketplace import assistants, needs
from marketplace.assistants import Assistant, Check, Profile, Skill, Status
from marketplace.availability import Hours, TimeOfDay
from marketplace.competencies import DELEGATED, NAMES
from marketplace.languages import Language
from marketplace.needs import Need, NeedState, NewNeed
from marketplace.terms import Brings, Car, Contract, Gender, Home, Kind, NotHere, Refusal, Wants
from matching.travel import Mode
from web.dependencies import Asking
from web.edge import Edge

routes = APIRouter(tags=["Needs and matching"], route_class=Edge)


# what the rows hold as it is shown
_OF_NEED = {
    *("id", "holder_id", "title", "about", "rate_pence", "starts_on", "ends_on", "state", "kind", "people", "mostly"),
    *("checks", "languages", "languages_wished", "contract", "home", "car", "gender", "gender_reason", "refuses"),
}
_OF_ASSISTANT = {
    *("id", "postcode", "about", "lowest_rate_pence", "travel_by", "travel_minutes", "status"),
    *("languages", "gender", "brings", "refuses", "needs", "confirmed_on"),
}


class CompetencyOut(BaseModel):
    """Something an assistant can do; `delegated` needs a registered professional's sign-off."""

    code: str
    name: str
    delegated: bool


class NeedOut(BaseModel):
    """A need; the rate in pence an hour.

    All of the hours are wanted, or `hours_a_week` of them. `home` is what whoever comes finds there.
    """

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
    kind: Kind
    people: int
    hours_a_week: float | None
    mostly: list[TimeOfDay]
    checks: list[str]
    languages: list[Language]
    languages_wished: list[Language]
    contract: Contract
    home: list[Home]
    car: Car
    gender: Gender | None
    gender_reason: str
    refuses: list[NotHere]


class ProfileOut(BaseModel):
    """An assistant's own profile; `confirmed_on` is when they last said that all of it is so."""

    id: UUID
    postcode: str
    about: str
    lowest_rate_pence: int
    travel_by: Mode
    travel_minutes: int
    least_hours: int
    most_hours: int
    status: Status
    hours: list[Hours]
    skills: list[Skill]
    checks: list[Check]
    languages: list[Language]
    gender: Gender | None
    brings: list[Brings]
    refuses: list[Refusal]
    needs: list[Wants]
    confirmed_on: date


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
    return _profile(asking, assistants.own(asking.session, viewer=asking.viewer))


@routes.post("/assistants/me/confirm")
def confirm_profile(asking: Asking) -> ProfileOut:
    """Say that what you said about yourself is still so."""
    return _profile(asking, assistants.confirm(asking.session, viewer=asking.viewer, now=asking.now))


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


def _needs(asking: Asking, found: Sequence[Need]) -> list[NeedOut]:
    asked = needs.asked(asking.session, need_ids=[need.id for need in found])
    return [
        NeedOut(
            **need.model_dump(include=_OF_NEED),
            hours=asked[need.id].hours,
            hours_a_week=needs.hours_a_week(need),
            required=sorted(asked[need.id].required),
            wished=sorted(asked[need.id].wished),
        )
        for need in found
    ]


def _profile(asking: Asking, assistant: Assistant) -> ProfileOut:
    return ProfileOut(
        **assistant.model_dump(include=_OF_ASSISTANT),
        least_hours=assistant.least_minutes // 60,
        most_hours=assistant.most_minutes // 60,
        hours=assistants.hours(asking.session, assistant_id=assistant.id),
        skills=assistants.skills(asking.session, assistant_id=assistant.id),
        checks=assistants.checks(asking.session, assistant_id=assistant.id),
    )

"""Introductions and agreements: who was asked, what they said, what was agreed."""

from datetime import date, datetime
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from marketplace import agreements, introductions
from marketplace.agreements import AgreementState, NewAgreement
from marketplace.introductions import IntroductionState, Invitation
from marketplace.told import Reason
from web.dependencies import Asking
from web.edge import Edge

routes = APIRouter(tags=["Introductions and agreements"], route_class=Edge)


class IntroductionOut(BaseModel):
    """One question to one assistant."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    need_id: UUID
    assistant_id: UUID
    state: IntroductionState
    message: str
    reason: str | None
    invited_at: datetime
    answered_at: datetime | None


class AgreementOut(BaseModel):
    """What was offered or agreed; the rate in pence an hour."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    introduction_id: UUID
    need_id: UUID
    holder_id: UUID
    assistant_id: UUID
    rate_pence: int
    starts_on: date
    ends_on: date | None
    state: AgreementState
    offered_at: datetime
    answered_at: datetime | None


@routes.post("/needs/{need_id}/introductions", status_code=HTTPStatus.CREATED)
def invite(need_id: UUID, invitation: Invitation, asking: Asking) -> IntroductionOut:
    """Ask an assistant about a need."""
    introduction = introductions.invite(
        asking.session, viewer=asking.viewer, need_id=need_id, now=asking.now, **invitation.model_dump()
    )
    return IntroductionOut.model_validate(introduction)


@routes.get("/needs/{need_id}/introductions")
def list_introductions(need_id: UUID, asking: Asking) -> list[IntroductionOut]:
    """Who was asked about a need, newest first."""
    asked = introductions.of_need(asking.session, viewer=asking.viewer, need_id=need_id)
    return [IntroductionOut.model_validate(one) for one in asked]


@routes.get("/introductions")
def my_introductions(asking: Asking) -> list[IntroductionOut]:
    """What you were asked as an assistant, newest first."""
    asked = introductions.of_assistant(asking.session, viewer=asking.viewer)
    return [IntroductionOut.model_validate(one) for one in asked]


@routes.post("/introductions/{introduction_id}/accept")
def accept(introduction_id: UUID, asking: Asking) -> IntroductionOut:
    """Say that you would like to do it."""
    return IntroductionOut.model_validate(
        introductions.accept(asking.session, viewer=asking.viewer, introduction_id=introduction_id, now=asking.now)
    )


@routes.post("/introductions/{introduction_id}/decline")
def decline(introduction_id: UUID, no: Reason, asking: Asking) -> IntroductionOut:
    """Say no, with or without a reason."""
    return IntroductionOut.model_validate(
        introductions.decline(
            asking.session,
            viewer=asking.viewer,
            introduction_id=introduction_id,
            reason=no.reason,
            now=asking.now,
        )
    )


@routes.post("/introductions/{introduction_id}/agreement", status_code=HTTPStatus.CREATED)
def offer(introduction_id: UUID, new: NewAgreement, asking: Asking) -> AgreementOut:
    """Offer an agreement to somebody who said yes."""
    return AgreementOut.model_validate(
        agreements.offer(asking.session, viewer=asking.viewer, introduction_id=introduction_id, new=new, now=asking.now)
    )


@routes.get("/agreements")
def list_agreements(asking: Asking) -> list[AgreementOut]:
    """Agreements on your side or with you, newest first."""
    return [AgreementOut.model_validate(one) for one in agreements.of_viewer(asking.session, viewer=asking.viewer)]


@routes.get("/agreements/{agreement_id}")
def get_agreement(agreement_id: UUID, asking: Asking) -> AgreementOut:
    """One agreement."""
    found = agreements.get(asking.session, viewer=asking.viewer, agreement_id=agreement_id)
    return AgreementOut.model_validate(found)


@routes.post("/agreements/{agreement_id}/accept")
def accept_agreement(agreement_id: UUID, asking: Asking) -> AgreementOut:
    """Agree to what was offered to you."""
    return AgreementOut.model_validate(
        agreements.accept(asking.session, viewer=asking.viewer, agreement_id=agreement_id, now=asking.now)
    )


@routes.post("/agreements/{agreement_id}/decline")
def decline_agreement(agreement_id: UUID, asking: Asking) -> AgreementOut:
    """Do not agree; the need stays open."""
    return AgreementOut.model_validate(
        agreements.decline(asking.session, viewer=asking.viewer, agreement_id=agreement_id, now=asking.now)
    )

"""Holders, for the organisations that support them."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, ConfigDict

from marketplace import caseload, holders
from marketplace.holders import NewHolder
from marketplace.told import typed
from web.dependencies import Asking
from web.edge import Edge

routes = APIRouter(tags=["Holders"], route_class=Edge)


class HolderOut(BaseModel):
    """A budget holder."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    postcode: str


class CaseOut(BaseModel):
    """One holder of a caseload; money in pence over all their budgets."""

    model_config = ConfigDict(from_attributes=True)

    holder_id: UUID
    name: str
    postcode: str
    open_needs: int
    invitations_waiting: int
    shifts_booked: int
    hours_to_approve: int
    free: int
    set_aside: int


class CaseloadOut(BaseModel):
    """One page of a caseload and how many there are."""

    model_config = ConfigDict(from_attributes=True)

    cases: list[CaseOut]
    total: int


@routes.post("/holders", status_code=HTTPStatus.CREATED)
def register(new: NewHolder, asking: Asking) -> HolderOut:
    """Add somebody whom your organisation supports."""
    holder = holders.register(asking.session, viewer=asking.viewer, new=new, now=asking.now)
    return HolderOut.model_validate(holder)


@routes.get("/holders")
def list_holders(
    asking: Asking,
    search: Annotated[str, Query(max_length=120), AfterValidator(typed)] = "",
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    most: Annotated[int, Query(ge=1, le=200)] = 50,
) -> CaseloadOut:
    """Everybody your organisation supports, by name."""
    found = caseload.of_viewer(asking.session, viewer=asking.viewer, search=search, offset=offset, most=most)
    return CaseloadOut.model_validate(found)


@routes.get("/holders/{holder_id}")
def get_holder(holder_id: UUID, asking: Asking) -> HolderOut:
    """One holder: yourself, or somebody you act for."""
    return HolderOut.model_validate(holders.get(asking.session, viewer=asking.viewer, holder_id=holder_id))

"""A holder's home: what waits for them, their requests, the shifts to come and the money left."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from marketplace import overview
from marketplace.errors import NotFound
from web.dependencies import Ask, Asking
from web.edge import Edge
from web.pages import money
from web.pages.frame import page
from web.pages.side import holders_side

routes = APIRouter(route_class=Edge, include_in_schema=False)


@routes.get("/support")
def support(request: Request, asking: Asking) -> Response:
    """The home of a holder who is signed in."""
    if asking.viewer.holder_id is None:
        raise NotFound("page")
    return _home(request, asking, asking.viewer.holder_id)


@routes.get("/holders/{holder_id}")
def holder(holder_id: UUID, request: Request, asking: Asking) -> Response:
    """The same for somebody who acts for the holder."""
    return _home(request, asking, holder_id)


def _home(request: Request, asking: Ask, holder_id: UUID) -> Response:
    side = holders_side(asking, holder_id)
    return page(
        request,
        "holder/home.html",
        side=side,
        acting_for=side.acting_for,
        seen=overview.of_holder(asking.session, viewer=asking.viewer, holder_id=holder_id, now=asking.now),
        budgets=money.running(money.accounts(asking, holder_id), asking),
        may_fund=side.organisation_id in asking.viewer.organisation_ids,
    )

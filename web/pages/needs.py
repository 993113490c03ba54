"""Requests for support: asking for it, changing what was asked, and closing the request."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from marketplace import needs, overview, shortlists
from marketplace.needs import NeedState
from matching.relax import Change
from web.dependencies import Ask, Asking, FromCandidates
from web.edge import Edge
from web.errors import REFUSALS
from web.pages import need_form
from web.pages.fit import can_be_made
from web.pages.frame import onward, page, refused
from web.pages.reading import Filled, FromForm, first_problem_first
from web.pages.side import Side, holders_side

routes = APIRouter(route_class=Edge, include_in_schema=False)

Errors = Sequence[Mapping[str, str]]


# --- asking


@routes.get("/holders/{holder_id}/needs/new")
def new_need(holder_id: UUID, request: Request, asking: Asking, like: UUID | None = None) -> Response:
    """The empty form, or one filled in from an earlier request."""
    side = holders_side(asking, holder_id)
    return _form(request, side, need_form.blank() if like is None else need_form.as_before(asking, like))


@routes.get("/needs/{need_id}/change")
def old_need(need_id: UUID, request: Request, asking: Asking, candidates: FromCandidates, tried: str = "") -> Response:
    """The form with what was asked, to be changed while nobody was found; `tried` fills in a suggested change."""
    need = needs.get(asking.session, viewer=asking.viewer, need_id=need_id)
    side = holders_side(asking, need.holder_id)
    if need.state != NeedState.OPEN.value:
        return onward(f"/needs/{need.id}")
    change = _suggested(asking, need_id, candidates, tried) if tried else None
    values = need_form.as_before(asking, need_id)
    if change is not None:
        values = need_form.changed(values, change.question.need)
    return _form(request, side, values, need_id=need_id, change=change)


def _suggested(asking: Ask, need_id: UUID, candidates: FromCandidates, code: str) -> Change | None:
    """The change with this code, if the list still suggests it."""
    found = shortlists.for_need(
        asking.session, viewer=asking.viewer, need_id=need_id, candidates=candidates, now=asking.now
    )
    # Nobody is shown this list, so it is not kept as one that was.
    asking.session.rollback()
    return next((change for change in found.changes if change.code == code and can_be_made(change)), None)


@routes.post("/holders/{holder_id}/needs/new")
def post_need(holder_id: UUID, request: Request, asking: Asking, filled: FromForm) -> Response:
    """Post the request, or show the form again with what is wrong."""
    side = holders_side(asking, holder_id)
    if filled.wants_other_rows:
        # Nothing was done, so the form's key stays good for whoever goes back in their browser.
        asking.session.rollback()
        return _again(request, side, filled)
    new = need_form.read(filled)
    if new is None:
        return _again(request, side, filled, filled.errors)
    try:
        need = needs.post(asking.session, viewer=asking.viewer, holder_id=holder_id, new=new, now=asking.now)
    except REFUSALS as error:
        return _again(request, side, filled, refused(request, error))
    return onward(f"/needs/{need.id}", notice="posted")


@routes.post("/needs/{need_id}/change")
def change_need(need_id: UUID, request: Request, asking: Asking, filled: FromForm) -> Response:
    """Ask for this instead, or show the form again with what is wrong."""
    need = needs.get(asking.session, viewer=asking.viewer, need_id=need_id)
    side = holders_side(asking, need.holder_id)
    if filled.wants_other_rows:
        asking.session.rollback()
        return _again(request, side, filled, need_id=need_id)
    new = need_form.read(filled)
    if new is None:
        return _again(request, side, filled, filled.errors, need_id=need_id)
    try:
        needs.replace(asking.session, viewer=asking.viewer, need_id=need_id, new=new, now=asking.now)
    except REFUSALS as error:
        return _again(request, side, filled, refused(request, error), need_id=need_id)
    return onward(f"/needs/{need_id}", notice="changed")


def _again(
    request: Request, side: Side, filled: Filled, errors: Errors = (), *, need_id: UUID | None = None
) -> Response:
    return _form(request, side, need_form.typed(filled), errors, need_id=need_id, added=filled.text("add"))


def _form(
    request: Request,
    side: Side,
    values: Mapping[str, Any],
    errors: Errors = (),
    *,
    need_id: UUID | None = None,
    change: Change | None = None,
    added: str = "",
) -> Response:
    shown = [{**error, "field": need_form.FIRST_TIME} if error["field"] == "hours" else error for error in errors]
    return page(
        request,
        "holder/new_need.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK,
        side=side,
        need_id=need_id,
        acting_for=side.acting_for,
        values=values,
        change=change,
        added=added,
        errors=first_problem_first(shown, need_form.ORDER),
        **need_form.choices(values),
    )


# --- closing


@routes.get("/needs/{need_id}/close")
def ask_to_close(need_id: UUID, request: Request, asking: Asking) -> Response:
    """The question before a request is closed: it can't be opened again."""
    need = needs.get(asking.session, viewer=asking.viewer, need_id=need_id)
    side = holders_side(asking, need.holder_id)
    contacts = overview.contacts(asking.session, viewer=asking.viewer, need_id=need.id)
    waiting = [
        contact for contact in contacts if contact.agreement is None and contact.introduction.state != "declined"
    ]
    return page(request, "holder/close.html", side=side, acting_for=side.acting_for, need=need, waiting=waiting)


@routes.post("/needs/{need_id}/close")
def close(need_id: UUID, asking: Asking) -> Response:
    """Stop looking."""
    needs.close(asking.session, viewer=asking.viewer, need_id=need_id)
    return onward(f"/needs/{need_id}", notice="closed")

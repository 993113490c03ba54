"""Requests for support: asking for it, changing what was asked, and closing the request."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from marketplace import needs, overview
from marketplace.availability import LONDON, Hours
from marketplace.competencies import DELEGATED, Competency
from marketplace.needs import NeedState, NewNeed
from web.dependencies import Ask, Asking
from web.edge import Edge
from web.errors import REFUSALS
from web.pages.fit import named
from web.pages.frame import onward, page, refused
from web.pages.reading import Filled, FromForm, first_problem_first
from web.pages.side import Side, holders_side

routes = APIRouter(route_class=Edge, include_in_schema=False)

Errors = Sequence[Mapping[str, str]]

_ORDER = ("title", "about", "hours", "rate", "starts_on", "ends_on", "required", "wished")
#: Where the form shows what is wrong with the hours together: at the first of them.
_FIRST_TIME = "hours.0.day"
_NO_TIMES = {"day": "", "start": "", "end": ""}


# --- asking


@routes.get("/holders/{holder_id}/needs/new")
def new_need(holder_id: UUID, request: Request, asking: Asking, like: UUID | None = None) -> Response:
    """The empty form, or one filled in from an earlier request."""
    side = holders_side(asking, holder_id)
    return _form(request, side, _blank() if like is None else _as_before(asking, like))


@routes.get("/needs/{need_id}/change")
def old_need(need_id: UUID, request: Request, asking: Asking) -> Response:
    """The form with what was asked, to be changed while nobody was found."""
    need = needs.get(asking.session, viewer=asking.viewer, need_id=need_id)
    side = holders_side(asking, need.holder_id)
    if need.state != NeedState.OPEN.value:
        return onward(f"/needs/{need.id}")
    return _form(request, side, _as_before(asking, need_id), need_id=need_id)


@routes.post("/holders/{holder_id}/needs/new")
def post_need(holder_id: UUID, request: Request, asking: Asking, filled: FromForm) -> Response:
    """Post the request, or show the form again with what is wrong."""
    side = holders_side(asking, holder_id)
    if filled.wants_other_rows:
        # Nothing was done, so the form's key stays good for whoever goes back in their browser.
        asking.session.rollback()
        return _form(request, side, _typed(filled))
    new = _read(filled)
    if new is None:
        return _form(request, side, _typed(filled), filled.errors)
    try:
        need = needs.post(asking.session, viewer=asking.viewer, holder_id=holder_id, new=new, now=asking.now)
    except REFUSALS as error:
        return _form(request, side, _typed(filled), refused(request, error))
    return onward(f"/needs/{need.id}", notice="posted")


@routes.post("/needs/{need_id}/change")
def change_need(need_id: UUID, request: Request, asking: Asking, filled: FromForm) -> Response:
    """Ask for this instead, or show the form again with what is wrong."""
    need = needs.get(asking.session, viewer=asking.viewer, need_id=need_id)
    side = holders_side(asking, need.holder_id)
    if filled.wants_other_rows:
        asking.session.rollback()
        return _form(request, side, _typed(filled), need_id=need_id)
    new = _read(filled)
    if new is None:
        return _form(request, side, _typed(filled), filled.errors, need_id=need_id)
    try:
        needs.replace(asking.session, viewer=asking.viewer, need_id=need_id, new=new, now=asking.now)
    except REFUSALS as error:
        return _form(request, side, _typed(filled), refused(request, error), need_id=need_id)
    return onward(f"/needs/{need_id}", notice="changed")


def _read(filled: Filled) -> NewNeed | None:
    if not filled.text("title"):
        filled.wrong("title", "Enter a short title, like “Weekday mornings”.")
    hours = filled.hours("hours")
    if not filled.times_typed("hours"):
        filled.wrong(_FIRST_TIME, "Enter at least one day with its times.")
    values = {
        "title": filled.text("title"),
        "about": filled.text("about"),
        "rate_pence": filled.pence("rate"),
        "starts_on": filled.date("starts_on"),
        "ends_on": filled.date("ends_on", needed=False),
        "hours": hours,
        "required": filled.ticked("required"),
        "wished": filled.ticked("wished"),
    }
    return filled.into(NewNeed, values, boxes={"rate_pence": "rate"})


def _blank() -> dict[str, Any]:
    return {
        "title": "",
        "about": "",
        "rate": "",
        "starts_on": None,
        "ends_on": None,
        "rows": [_NO_TIMES],
        "required": [],
        "wished": [],
    }


def _typed(filled: Filled) -> dict[str, Any]:
    return {
        **{name: filled.text(name) for name in ("title", "about", "rate")},
        **{name: filled.date_typed(name) for name in ("starts_on", "ends_on")},
        **{name: filled.ticked(name) for name in ("required", "wished")},
        "rows": [*filled.times_typed("hours"), _NO_TIMES],
    }


def _as_before(asking: Ask, need_id: UUID) -> dict[str, Any]:
    need = needs.get(asking.session, viewer=asking.viewer, need_id=need_id)
    asked = needs.asked(asking.session, need_ids=[need.id])[need.id]
    past = need.state != NeedState.OPEN.value and need.starts_on < asking.now.astimezone(LONDON).date()
    return {
        "title": need.title,
        "about": need.about,
        "rate": need.rate_pence,
        "starts_on": None if past else need.starts_on,
        "ends_on": need.ends_on,
        "rows": [*map(_row, asked.hours), _NO_TIMES],
        "required": sorted(asked.required),
        "wished": sorted(asked.wished),
    }


def _row(hours: Hours) -> dict[str, str]:
    return {"day": hours.weekday.value[:3], "start": f"{hours.start:%H:%M}", "end": f"{hours.end:%H:%M}"}


def _form(
    request: Request, side: Side, values: Mapping[str, Any], errors: Errors = (), *, need_id: UUID | None = None
) -> Response:
    shown = [{**error, "field": _FIRST_TIME} if error["field"] == "hours" else error for error in errors]
    return page(
        request,
        "holder/new_need.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK,
        side=side,
        need_id=need_id,
        acting_for=side.acting_for,
        values=values,
        errors=first_problem_first(shown, _ORDER),
        everyday=[{"value": code, "text": named(code)} for code in Competency if code not in DELEGATED],
        delegated=[{"value": code, "text": named(code)} for code in Competency if code in DELEGATED],
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

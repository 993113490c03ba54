"""A broker's pages: everybody their organisation supports, adding a holder, opening a budget."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from marketplace import caseload, holders, organisations
from marketplace.errors import NotFound
from marketplace.holders import NewBudget, NewHolder
from payments.budgets import FundingStream, ManagementType
from payments.errors import BadAmount
from payments.money import positive
from web.dependencies import Ask, Asking
from web.edge import Edge
from web.errors import REFUSALS
from web.pages.frame import onward, page, refused
from web.pages.paging import Paging, page_number
from web.pages.reading import Filled, FromForm, first_problem_first
from web.pages.side import Side, holders_side

routes = APIRouter(route_class=Edge, include_in_schema=False)

Errors = Sequence[Mapping[str, str]]

#: People on one page: a screen or three of a phone.
PER_PAGE = 25
_LONGEST_SEARCH = 120
_HOLDER = ("name", "email", "postcode")
_BUDGET = ("name", "pence", "starts_on", "ends_on", "funding_stream", "management_type")


@routes.get("/caseload")
def show_caseload(request: Request, asking: Asking) -> Response:
    """The people of the viewer's organisations by name; search and page stand in the address."""
    _brokers_only(asking)
    asked = Filled(request.query_params)
    search, number = asked.text("search")[:_LONGEST_SEARCH], page_number(asked.text("page"))
    found = _cases(asking, search, (number - 1) * PER_PAGE)
    paging = Paging(number, total=found.total, per_page=PER_PAGE)
    if paging.number != number:
        found = _cases(asking, search, paging.offset)
    return page(
        request,
        "broker/caseload.html",
        found=found,
        search=search,
        paging=paging,
        links=paging.links("/caseload", search=search),
        organisations=organisations.of_person(asking.session, person_id=asking.viewer.person_id),
    )


@routes.post("/organisations/{organisation_id}/sharing")
def share(organisation_id: UUID, asking: Asking, filled: FromForm) -> Response:
    """Whether the lists of an organisation's holders share scarce people."""
    on = filled.text("share") == "yes"
    organisations.share(asking.session, person_id=asking.viewer.person_id, organisation_id=organisation_id, on=on)
    return onward("/caseload", notice="shares" if on else "shares_not")


@routes.get("/acting-for")
def stop_acting() -> Response:
    """Where the banner's link leads: the list of everybody one may act for."""
    return onward("/caseload")


@routes.get("/caseload/new")
def new_holder(request: Request, asking: Asking) -> Response:
    """The form for somebody new."""
    _brokers_only(asking)
    return _holder_form(request, dict.fromkeys(_HOLDER, ""))


@routes.post("/caseload/new")
def add_holder(request: Request, asking: Asking, filled: FromForm) -> Response:
    """Add somebody whom the viewer's organisation supports."""
    _brokers_only(asking)
    values = {name: filled.text(name) for name in _HOLDER}
    for name, sentence in (
        ("name", "Enter their full name."),
        ("email", "Enter their e-mail address, like name@example.org."),
        ("postcode", "Enter their postcode, like NG9 2AB."),
    ):
        if not values[name]:
            filled.wrong(name, sentence)
    new = filled.into(NewHolder, values)
    errors: Errors = filled.errors
    if new is not None:
        try:
            holder = holders.register(asking.session, viewer=asking.viewer, new=new, now=asking.now)
        except REFUSALS as error:
            errors = refused(request, error)
        else:
            return onward(f"/holders/{holder.id}", notice="holder_added")
    return _holder_form(request, values, errors)


@routes.get("/holders/{holder_id}/budgets/new")
def new_budget(holder_id: UUID, request: Request, asking: Asking) -> Response:
    """The form for a budget."""
    blank = dict.fromkeys(_BUDGET, "") | {"starts_on": None, "ends_on": None}
    return _budget_form(request, _supported(asking, holder_id), blank)


@routes.post("/holders/{holder_id}/budgets/new")
def give_budget(holder_id: UUID, request: Request, asking: Asking, filled: FromForm) -> Response:
    """Open the budget and pay in its money."""
    side = _supported(asking, holder_id)
    new = _read_budget(filled)
    errors: Errors = filled.errors
    if new is not None:
        try:
            budget = holders.give_budget(
                asking.session, viewer=asking.viewer, holder_id=holder_id, new=new, now=asking.now
            )
        except REFUSALS as error:
            errors = refused(request, error)
        else:
            return onward(f"/budgets/{budget.id}", notice="budget_added")
    typed = {name: filled.text(name) for name in _BUDGET}
    dates = {name: filled.date_typed(name) for name in ("starts_on", "ends_on")}
    return _budget_form(request, side, {**typed, **dates}, errors)


def _brokers_only(asking: Ask) -> None:
    if not asking.viewer.organisation_ids:
        raise NotFound("page")


def _supported(asking: Ask, holder_id: UUID) -> Side:
    """The side of a holder whom the viewer's organisation supports; holders don't fund themselves."""
    side = holders_side(asking, holder_id)
    if side.organisation_id not in asking.viewer.organisation_ids:
        raise NotFound("budget holder")
    return side


def _cases(asking: Ask, search: str, offset: int) -> caseload.Caseload:
    return caseload.of_viewer(asking.session, viewer=asking.viewer, search=search, offset=offset, most=PER_PAGE)


def _holder_form(request: Request, values: Mapping[str, str], errors: Errors = ()) -> Response:
    return page(
        request,
        "broker/new_holder.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK,
        values=values,
        errors=first_problem_first(errors, _HOLDER),
    )


def _read_budget(filled: Filled) -> NewBudget | None:
    if not filled.text("name"):
        filled.wrong("name", "Enter a name for the budget, like “Personal health budget 2026 to 2027”.")
    values = {
        "name": filled.text("name"),
        "pence": _amount(filled),
        "starts_on": filled.date("starts_on"),
        "ends_on": filled.date("ends_on"),
        "funding_stream": _choice(filled, "funding_stream", FundingStream, "Choose where the money comes from."),
        "management_type": _choice(filled, "management_type", ManagementType, "Choose how the money is held."),
    }
    return filled.into(NewBudget, values)


def _amount(filled: Filled) -> int | None:
    pence = filled.pence("pence")
    if pence is not None:
        try:
            return positive(pence)
        except BadAmount as error:
            filled.wrong("pence", str(error))
    return None


def _choice(filled: Filled, name: str, known: type[FundingStream | ManagementType], sentence: str) -> str:
    chosen = filled.text(name)
    if chosen not in set(known):
        filled.wrong(name, sentence)
    return chosen


def _budget_form(request: Request, side: Side, values: Mapping[str, Any], errors: Errors = ()) -> Response:
    return page(
        request,
        "broker/new_budget.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK,
        side=side,
        acting_for=side.acting_for,
        values=values,
        errors=first_problem_first(errors, _BUDGET),
    )

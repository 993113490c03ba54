"""A holder's money: each budget with what is free, set aside, owed and paid, and its statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request, Response

from marketplace import holders, overview
from marketplace.availability import LONDON
from marketplace.errors import NotFound
from payments import budgets
from payments.budgets import Budget, BudgetLine, Position, Statement, StatementRow
from web.dependencies import Ask, Asking
from web.edge import Edge
from web.pages.frame import page
from web.pages.paging import Paging, page_number
from web.pages.reading import Filled
from web.pages.side import holders_side

routes = APIRouter(route_class=Edge, include_in_schema=False)

#: Movements on one page of a statement: about a month of a busy budget.
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Account:
    """A line of a budget and where its money is."""

    budget: Budget
    line: BudgetLine
    position: Position


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a line's statement, newest movement first; `agrees` with the account, which is kept apart."""

    account: Account
    rows: Sequence[StatementRow]
    paging: Paging
    agrees: bool


@routes.get("/money")
def own_money(request: Request, asking: Asking) -> Response:
    """The budgets of a holder who is signed in."""
    if asking.viewer.holder_id is None:
        raise NotFound("page")
    return _money(request, asking, asking.viewer.holder_id)


@routes.get("/holders/{holder_id}/money")
def holders_money(holder_id: UUID, request: Request, asking: Asking) -> Response:
    """The same for somebody who acts for the holder."""
    return _money(request, asking, holder_id)


@routes.get("/budgets/{budget_id}")
def statement(budget_id: UUID, request: Request, asking: Asking) -> Response:
    """Every movement of a budget's money, a page at a time."""
    budget = holders.get_budget(asking.session, viewer=asking.viewer, budget_id=budget_id)
    holder_id = overview.holder_of_budget(asking.session, viewer=asking.viewer, budget_id=budget.id)
    side = holders_side(asking, holder_id)
    asked = page_number(Filled(request.query_params).text("page"))
    return page(
        request,
        "money/statement.html",
        side=side,
        acting_for=side.acting_for,
        budget=budget,
        parts=[_page(asking, account, asked) for account in _accounts(asking, [budget])],
        path=f"/budgets/{budget.id}",
    )


def accounts(asking: Ask, holder_id: UUID) -> list[Account]:
    """Every line of a holder's budgets, newest budget first."""
    return _accounts(asking, holders.budgets(asking.session, viewer=asking.viewer, holder_id=holder_id))


def running(found: Sequence[Account], asking: Ask) -> list[Account]:
    """Those whose budget is not over."""
    today = asking.now.astimezone(LONDON).date()
    return [account for account in found if account.budget.ends_on >= today]


def _money(request: Request, asking: Ask, holder_id: UUID) -> Response:
    side = holders_side(asking, holder_id)
    found = accounts(asking, holder_id)
    current = running(found, asking)
    return page(
        request,
        "money/money.html",
        side=side,
        acting_for=side.acting_for,
        current=current,
        over=[account for account in found if account not in current],
        may_fund=side.organisation_id in asking.viewer.organisation_ids,
    )


def _accounts(asking: Ask, found: Sequence[Budget]) -> list[Account]:
    lines = budgets.lines(asking.session, budget_ids=[budget.id for budget in found])
    positions = budgets.positions(asking.session, line_ids=[line.id for line in lines])
    return [
        Account(budget, line, positions[line.id]) for budget in found for line in lines if line.budget_id == budget.id
    ]


def _page(asking: Ask, account: Account, asked: int) -> Page:
    whole: Statement = budgets.statement(asking.session, line_id=account.line.id)
    paging = Paging(asked=asked, total=len(whole.rows), per_page=PER_PAGE)
    newest_first = whole.rows[::-1]
    return Page(
        account=account,
        rows=newest_first[paging.offset : paging.offset + PER_PAGE],
        paging=paging,
        agrees=whole.closing == account.position and all(row.after.sums for row in whole.rows),
    )

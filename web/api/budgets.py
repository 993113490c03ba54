"""Budgets: opened by an organisation, read by everybody on the holder's side, the same numbers for all."""

from collections.abc import Sequence
from datetime import date, datetime
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from marketplace import holders
from marketplace.holders import NewBudget
from payments import budgets
from payments.budgets import Budget
from payments.ledger import Kind
from web.dependencies import Asking
from web.edge import Edge

routes = APIRouter(tags=["Budgets"], route_class=Edge)


class PositionOut(BaseModel):
    """Where a line's money is, in pence; `funded` is the sum of the other four."""

    model_config = ConfigDict(from_attributes=True)

    funded: int
    free: int
    set_aside: int
    owed: int
    paid: int


class LineOut(BaseModel):
    """One funder's part of a budget."""

    id: UUID
    name: str
    funding_stream: str
    management_type: str
    position: PositionOut


class BudgetOut(BaseModel):
    """A budget with its lines."""

    id: UUID
    name: str
    starts_on: date
    ends_on: date
    lines: list[LineOut]


class StatementRowOut(BaseModel):
    """One movement and the position after it."""

    model_config = ConfigDict(from_attributes=True)

    effective_at: datetime
    kind: Kind
    memo: str
    pence: int
    after: PositionOut


class StatementOut(BaseModel):
    """Every movement of one line, oldest first."""

    model_config = ConfigDict(from_attributes=True)

    rows: list[StatementRowOut]
    closing: PositionOut


@routes.post("/holders/{holder_id}/budgets", status_code=HTTPStatus.CREATED)
def give_budget(holder_id: UUID, new: NewBudget, asking: Asking) -> BudgetOut:
    """Open a budget for a holder your organisation supports, with its money."""
    budget = holders.give_budget(asking.session, viewer=asking.viewer, holder_id=holder_id, new=new, now=asking.now)
    return _shaped(asking, [budget])[0]


@routes.get("/holders/{holder_id}/budgets")
def list_budgets(holder_id: UUID, asking: Asking) -> list[BudgetOut]:
    """A holder's budgets, newest first."""
    owned = holders.budgets(asking.session, viewer=asking.viewer, holder_id=holder_id)
    return _shaped(asking, owned)


@routes.get("/budgets/{budget_id}")
def get_budget(budget_id: UUID, asking: Asking) -> BudgetOut:
    """One budget and where its money is."""
    return _shaped(asking, [holders.get_budget(asking.session, viewer=asking.viewer, budget_id=budget_id)])[0]


@routes.get("/budgets/{budget_id}/statements")
def get_statements(budget_id: UUID, asking: Asking) -> dict[UUID, StatementOut]:
    """What happened on each line of a budget, by the line's id."""
    budget = holders.get_budget(asking.session, viewer=asking.viewer, budget_id=budget_id)
    return {
        line.id: StatementOut.model_validate(budgets.statement(asking.session, line_id=line.id))
        for line in budgets.lines(asking.session, budget_ids=[budget.id])
    }


def _shaped(asking: Asking, found: Sequence[Budget]) -> list[BudgetOut]:
    lines = budgets.lines(asking.session, budget_ids=[budget.id for budget in found])
    positions = budgets.positions(asking.session, line_ids=[line.id for line in lines])
    return [
        BudgetOut(
            **budget.model_dump(include={"id", "name", "starts_on", "ends_on"}),
            lines=[
                LineOut(
                    **line.model_dump(include={"id", "name", "funding_stream", "management_type"}),
                    position=PositionOut.model_validate(positions[line.id]),
                )
                for line in lines
                if line.budget_id == budget.id
            ],
        )
        for budget in found
    ]

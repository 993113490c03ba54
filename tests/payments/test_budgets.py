from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from payments import budgets
from payments.budgets import ROUTES, Budget, BudgetLine, FundingStream, ManagementType, Position, position_of
from payments.errors import AlreadyResolved, BadAmount, NotEnoughMoney, UnknownAccount
from payments.ledger import Kind, Purpose
from tests.counting import counted

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def a_budget(session: Session, name: str = "Budget") -> Budget:
    return budgets.open_budget(session, name=name, starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31), now=NOW)


def a_line(session: Session, *, budget: Budget | None = None, name: str = "Line", pence: int = 10_000) -> BudgetLine:
    line = budgets.open_line(
        session,
        budget_id=(budget or a_budget(session)).id,
        name=name,
        funding_stream=FundingStream.NHS_CHC,
        management_type=ManagementType.NOTIONAL,
    )
    if pence:
        budgets.fund(session, line_id=line.id, pence=pence, key=f"fund:{line.id}", memo="In", now=NOW)
    return line


def kept(session: Session, line: BudgetLine, pence: int, key: str) -> UUID:
    return budgets.set_aside(session, line_id=line.id, pence=pence, key=key, memo="", now=NOW)


def drawn(session: Session, set_aside_id: UUID, pence: int, key: str) -> UUID:
    return budgets.draw(session, set_aside_id=set_aside_id, pence=pence, key=key, memo="", now=NOW)


def released(session: Session, set_aside_id: UUID, key: str) -> int:
    return budgets.release(session, set_aside_id=set_aside_id, key=key, memo="", now=NOW)


def test_a_budget_that_ends_before_it_starts_is_refused(session: Session) -> None:
    with pytest.raises(BadAmount):
        budgets.open_budget(session, name="B", starts_on=NOW.date(), ends_on=date(2026, 11, 22), now=NOW)


def test_a_budget_may_last_one_day(session: Session) -> None:
    opened = budgets.open_budget(session, name="B", starts_on=NOW.date(), ends_on=NOW.date(), now=NOW)
    assert opened.starts_on == opened.ends_on == NOW.date()


def test_the_lines_of_budgets_come_in_one_order(session: Session) -> None:
    one, other = a_budget(session), a_budget(session)
    for name in ("b", "c", "a"):
        a_line(session, budget=one, name=name)
    a_line(session, budget=other, name="d")
    assert [line.name for line in budgets.lines(session, budget_ids=[one.id])] == ["a", "b", "c"]
    assert [line.name for line in budgets.lines(session, budget_ids=[other.id, one.id])] == ["a", "b", "c", "d"]
    assert budgets.lines(session, budget_ids=[]) == []


def test_what_was_paid_in_is_read_as_more_than_nothing() -> None:
    found = {**dict.fromkeys(Purpose, 0), Purpose.FUNDED: -500, Purpose.FREE: 300, Purpose.OWED: 200}
    assert position_of(found) == Position(funded=500, free=300, set_aside=0, owed=200, paid=0)
    assert position_of(found).sums
    assert not Position(funded=500, free=300, set_aside=0, owed=0, paid=0).sums


def test_the_ways_money_goes_begin_with_the_funder_and_end_paid() -> None:
    assert set(ROUTES) == set(Kind)
    assert ROUTES[Kind.FUND][0] is Purpose.FUNDED
    assert [kind for kind, (_, target) in ROUTES.items() if target is Purpose.PAID] == [Kind.PAY]
    assert all(source is not target for source, target in ROUTES.values())


def test_positions_of_many_lines_take_one_query(session: Session) -> None:
    budget = a_budget(session)
    lines = [a_line(session, budget=budget, pence=pence).id for pence in (100, 200, 300)]
    with counted(session.connection()) as queries:
        found = budgets.positions(session, line_ids=lines)
    assert [found[line].free for line in lines] == [100, 200, 300]
    assert len(queries) == 1


def test_a_line_that_is_not_there_is_refused(session: Session) -> None:
    with pytest.raises(UnknownAccount):
        budgets.position(session, line_id=uuid4())


def test_what_was_never_set_aside_is_neither_drawn_nor_released(session: Session) -> None:
    with pytest.raises(UnknownAccount):
        drawn(session, uuid4(), 1, "a")
    with pytest.raises(UnknownAccount):
        released(session, uuid4(), "a")


def test_money_that_was_paid_in_or_drawn_is_not_set_aside_and_cant_be_drawn(session: Session) -> None:
    line = a_line(session, pence=0)
    paid_in = budgets.fund(session, line_id=line.id, pence=100, key="in", memo="", now=NOW)
    with pytest.raises(UnknownAccount), session.begin_nested():
        drawn(session, paid_in, 100, "a")


def test_what_is_not_drawn_is_given_back_whole(session: Session) -> None:
    line = a_line(session)
    one = kept(session, line, 6_000, "one")
    assert released(session, one, "release") == 6_000
    assert budgets.position(session, line_id=line.id).free == 10_000
    assert released(session, one, "release") == released(session, one, "another key") == 0
    with pytest.raises(AlreadyResolved), session.begin_nested():
        drawn(session, one, 6_000, "draw")


def test_one_shifts_money_is_not_anothers(session: Session) -> None:
    line = a_line(session)
    one, other = kept(session, line, 6_000, "one"), kept(session, line, 4_000, "other")
    with pytest.raises(NotEnoughMoney), session.begin_nested():
        kept(session, line, 1, "third")
    drawn(session, one, 5_000, "draw")
    assert (released(session, one, "back"), released(session, other, "back too")) == (1_000, 4_000)
    assert budgets.position(session, line_id=line.id) == Position(10_000, 5_000, 0, 5_000, 0)


def test_no_more_is_paid_than_is_owed(session: Session) -> None:
    line = a_line(session)
    drawn(session, kept(session, line, 6_000, "one"), 5_000, "draw")
    with pytest.raises(NotEnoughMoney), session.begin_nested():
        budgets.pay(session, line_id=line.id, pence=5_001, key="pay", memo="", now=NOW)
    budgets.pay(session, line_id=line.id, pence=5_000, key="pay", memo="", now=NOW)
    assert budgets.position(session, line_id=line.id) == Position(10_000, 4_000, 1_000, 0, 5_000)


def test_a_statement_is_of_one_line_and_tells_the_position_after_each_movement(session: Session) -> None:
    budget = a_budget(session)
    line, other = a_line(session, budget=budget), a_line(session, budget=budget)
    one = kept(session, line, 6_000, "one")
    kept(session, other, 1, "other")
    drawn(session, one, 5_000, "draw")
    told = budgets.statement(session, line_id=line.id)
    assert [(row.kind, row.pence, row.after) for row in told.rows] == [
        (Kind.FUND, 10_000, Position(10_000, 10_000, 0, 0, 0)),
        (Kind.SET_ASIDE, 6_000, Position(10_000, 4_000, 6_000, 0, 0)),
        (Kind.DRAW, 5_000, Position(10_000, 4_000, 1_000, 5_000, 0)),
    ]
    assert told.closing == budgets.position(session, line_id=line.id)
    assert [row.memo for row in told.rows] == ["In", "", ""]


def test_a_line_without_movements_has_an_empty_statement(session: Session) -> None:
    told = budgets.statement(session, line_id=a_line(session, pence=0).id)
    assert (told.rows, told.closing) == ((), Position(0, 0, 0, 0, 0))


def test_a_statement_takes_one_query_however_long_it_is(session: Session) -> None:
    line = a_line(session)
    for at in range(10):
        kept(session, line, 1, str(at))
    with counted(session.connection()) as queries:
        assert len(budgets.statement(session, line_id=line.id).rows) == 11
    assert len(queries) == 1

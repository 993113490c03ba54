from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from payments import budgets, ledger
from payments.budgets import Position
from payments.errors import AlreadyResolved, BadAmount, KeyReused, NotEnoughMoney, PaymentsError, UnknownAccount
from payments.ledger import Kind
from tests.conftest import Database
from web.database import engine_for

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def a_line(session: Session, *, pence: int = 10_000) -> UUID:
    budget = budgets.open_budget(
        session, name="Budget", starts_on=NOW.date(), ends_on=NOW.date().replace(year=2027), now=NOW
    )
    line = budgets.open_line(
        session,
        budget_id=budget.id,
        name="Line",
        funding_stream=budgets.FundingStream.NHS_CHC,
        management_type=budgets.ManagementType.DIRECT_PAYMENT,
    )
    if pence:
        budgets.fund(session, line_id=line.id, pence=pence, key=f"fund:{line.id}", memo="In", now=NOW)
    return line.id


def moved(session: Session, line_id: UUID, kind: Kind, pence: int, **more: object) -> UUID:
    said: dict[str, object] = {"key": str(uuid4()), "memo": "", "now": NOW, **more}
    return ledger.move(session, kind=kind, line_id=line_id, pence=pence, **said)


def test_a_new_line_has_every_state_of_its_money_at_zero(session: Session) -> None:
    line = a_line(session, pence=0)
    assert budgets.position(session, line_id=line) == Position(0, 0, 0, 0, 0)


def test_money_goes_from_free_through_set_aside_and_owed_to_paid_and_never_changes_its_sum(session: Session) -> None:
    line = a_line(session)
    kept = budgets.set_aside(session, line_id=line, pence=6_000, key="a", memo="", now=NOW)
    assert budgets.position(session, line_id=line) == Position(10_000, 4_000, 6_000, 0, 0)
    budgets.draw(session, set_aside_id=kept, pence=4_500, key="b", memo="", now=NOW)
    assert budgets.position(session, line_id=line) == Position(10_000, 4_000, 1_500, 4_500, 0)
    assert budgets.release(session, set_aside_id=kept, key="c", memo="", now=NOW) == 1_500
    assert budgets.position(session, line_id=line) == Position(10_000, 5_500, 0, 4_500, 0)
    budgets.pay(session, line_id=line, pence=4_500, key="d", memo="", now=NOW)
    assert budgets.position(session, line_id=line) == Position(10_000, 5_500, 0, 0, 4_500)
    assert ledger.check(session).found == 0


@pytest.mark.parametrize("pence", [2**31, 2**53 // 1_000_000_000 * 10])
def test_amounts_above_what_a_small_integer_holds_are_kept_exactly(session: Session, pence: int) -> None:
    line = a_line(session, pence=0)
    whole, rest = divmod(pence, 100_000_000)
    parts = [100_000_000] * whole + ([rest] if rest else [])
    for part in parts:
        moved(session, line, Kind.FUND, part)
    assert budgets.position(session, line_id=line).free == pence


def test_the_same_key_moves_once_and_answers_the_same(session: Session) -> None:
    line = a_line(session)
    first = budgets.set_aside(session, line_id=line, pence=100, key="once", memo="", now=NOW)
    assert budgets.set_aside(session, line_id=line, pence=100, key="once", memo="", now=NOW) == first
    assert budgets.position(session, line_id=line).set_aside == 100


def test_the_same_key_for_another_amount_is_refused(session: Session) -> None:
    line = a_line(session)
    budgets.set_aside(session, line_id=line, pence=100, key="once", memo="", now=NOW)
    with pytest.raises(KeyReused):
        budgets.set_aside(session, line_id=line, pence=101, key="once", memo="", now=NOW)


def test_the_same_key_on_another_line_is_refused(session: Session) -> None:
    one, other = a_line(session), a_line(session)
    budgets.set_aside(session, line_id=one, pence=100, key="once", memo="", now=NOW)
    with pytest.raises(KeyReused):
        budgets.set_aside(session, line_id=other, pence=100, key="once", memo="", now=NOW)


def test_more_than_is_free_is_refused_and_says_what_is_left(session: Session) -> None:
    line = a_line(session, pence=5_000)
    with pytest.raises(NotEnoughMoney, match=r"£50\.00 is left and this needs £50\.01") as refused:
        budgets.set_aside(session, line_id=line, pence=5_001, key="a", memo="", now=NOW)
    assert (refused.value.available, refused.value.needed) == (5_000, 5_001)


@pytest.mark.parametrize(
    ("kind", "pence", "error"),
    [
        (Kind.FUND, 0, BadAmount),
        (Kind.FUND, -1, BadAmount),
        (Kind.FUND, 100_000_001, BadAmount),
        (Kind.PAY, 1, NotEnoughMoney),
    ],
)
def test_an_amount_that_cant_move_is_refused(
    session: Session, kind: Kind, pence: int, error: type[PaymentsError]
) -> None:
    with pytest.raises(error):
        moved(session, a_line(session), kind, pence)


def test_a_line_that_is_not_there_is_refused(session: Session) -> None:
    with pytest.raises(UnknownAccount):
        moved(session, uuid4(), Kind.FUND, 1)


def test_money_set_aside_is_drawn_at_most_once(session: Session) -> None:
    line = a_line(session)
    kept = budgets.set_aside(session, line_id=line, pence=1_000, key="a", memo="", now=NOW)
    budgets.draw(session, set_aside_id=kept, pence=300, key="b", memo="", now=NOW)
    with pytest.raises(AlreadyResolved):
        budgets.draw(session, set_aside_id=kept, pence=300, key="c", memo="", now=NOW)


def test_more_than_was_set_aside_is_never_drawn_from_it(session: Session) -> None:
    line = a_line(session)
    kept = budgets.set_aside(session, line_id=line, pence=1_000, key="a", memo="", now=NOW)
    budgets.set_aside(session, line_id=line, pence=1_000, key="other", memo="", now=NOW)
    with pytest.raises(AlreadyResolved):
        budgets.draw(session, set_aside_id=kept, pence=1_001, key="b", memo="", now=NOW)


def test_what_one_line_set_aside_is_not_drawn_by_another(session: Session) -> None:
    one, other = a_line(session), a_line(session)
    kept = budgets.set_aside(session, line_id=one, pence=1_000, key="a", memo="", now=NOW)
    budgets.set_aside(session, line_id=other, pence=1_000, key="b", memo="", now=NOW)
    with pytest.raises(UnknownAccount):
        moved(session, other, Kind.DRAW, 500, resolves=kept)


def test_what_was_drawn_in_full_leaves_nothing_to_release(session: Session) -> None:
    line = a_line(session)
    kept = budgets.set_aside(session, line_id=line, pence=1_000, key="a", memo="", now=NOW)
    budgets.draw(session, set_aside_id=kept, pence=1_000, key="b", memo="", now=NOW)
    assert budgets.release(session, set_aside_id=kept, key="c", memo="", now=NOW) == 0


def test_a_statement_closes_where_the_accounts_are(session: Session) -> None:
    line = a_line(session)
    kept = budgets.set_aside(session, line_id=line, pence=6_000, key="a", memo="Shift", now=NOW)
    budgets.draw(session, set_aside_id=kept, pence=5_000, key="b", memo="Shift", now=NOW)
    budgets.release(session, set_aside_id=kept, key="c", memo="Shift", now=NOW)
    told = budgets.statement(session, line_id=line)
    assert [row.kind for row in told.rows] == [Kind.FUND, Kind.SET_ASIDE, Kind.DRAW, Kind.RELEASE]
    assert all(row.after.sums for row in told.rows)
    assert told.closing == told.rows[-1].after == budgets.position(session, line_id=line)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payments_account SET balance_pence = balance_pence + 1",
        "INSERT INTO payments_entry VALUES (gen_random_uuid(), 1, gen_random_uuid(), 1, 1)",
        "INSERT INTO payments_account VALUES (gen_random_uuid(), gen_random_uuid(), 'free', 'GBP', 100, 0)",
        "DELETE FROM payments_transfer",
        "UPDATE payments_transfer SET pence = 1",
        "TRUNCATE payments_entry",
    ],
)
def test_the_application_cant_touch_the_ledger_but_through_its_function(session: Session, statement: str) -> None:
    a_line(session)
    with pytest.raises(DBAPIError) as refused:
        session.connection().execute(text(statement))
    assert refused.value.orig.sqlstate == "42501"  # insufficient_privilege


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE payments_transfer SET pence = pence + 1", "AL005"),
        ("DELETE FROM payments_entry", "AL005"),
        ("TRUNCATE payments_entry", "AL005"),
        ("DELETE FROM payments_account", "AL005"),
        ("UPDATE payments_account SET balance_pence = -1 WHERE purpose = 'free'", "23514"),
        (
            (
                "INSERT INTO payments_entry SELECT id, 99, (SELECT id FROM payments_transfer LIMIT 1), 5, 5"
                " FROM payments_account WHERE purpose = 'free'"
            ),
            "AL006",
        ),
        (
            (
                "INSERT INTO payments_entry SELECT account.id, 99, moved.id, side, side"
                " FROM payments_account account, payments_transfer moved, unnest(ARRAY[-5, 5]) side"
                " WHERE (account.purpose, side) IN (('owed', -5), ('paid', 5))"
            ),
            "AL006",
        ),
    ],
)
def test_even_the_owner_of_the_tables_cant_rewrite_history(database: Database, statement: str, code: str) -> None:
    with database.session() as session, session.begin():
        a_line(session)
    owner = engine_for(database.owner_url)
    with owner.connect() as connection, pytest.raises(DBAPIError) as refused:
        connection.execute(text(statement))
    owner.dispose()
    assert refused.value.orig.sqlstate == code

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from threading import Barrier, Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from payments import budgets, ledger, payouts
from payments.budgets import FundingStream, ManagementType, Position
from payments.errors import BadAmount, UnknownAccount
from payments.gateway import GatewayUnavailable, Instruction, Outcome
from payments.payouts import Payout, PayoutState, finish, send_due
from payments.simulated import SimulatedGateway
from tests.conftest import Database
from web.database import sessions_on, transaction

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PAYEE = UUID(int=7)


class Bank:
    """A gateway by the rules of the Protocol: pays once per key and remembers; it answers as it is told to.

    `says` are what becomes of the calls in turn: an answer, an answer that gets lost on the way, or none at all.
    """

    name = "bank"

    def __init__(self, says: Sequence[str] = (), meanwhile: Callable[[], object] = lambda: None) -> None:
        self.says = list(says)
        self.meanwhile = meanwhile
        self.calls: list[Instruction] = []
        self.paid: dict[str, Instruction] = {}

    def pay(self, instruction: Instruction) -> Outcome:
        self.calls.append(instruction)
        self.meanwhile()
        said = self.says.pop(0) if self.says else "settled"
        if said == "unreachable":
            raise GatewayUnavailable
        if said == "failed":
            return Outcome(state="failed", detail="account closed")
        assert self.paid.setdefault(instruction.key, instruction) == instruction
        if said == "answer lost":
            raise GatewayUnavailable
        return Outcome(state="settled", detail=f"bank {len(self.paid)}")


class Desk:
    """One line with money owed, and payments that wait."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.transaction: Callable[[], AbstractContextManager[Session]] = partial(
            transaction, sessions_on(database.engine)
        )
        with self.transaction() as session:
            budget = budgets.open_budget(
                session, name="B", starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31), now=NOW
            )
            self.line_id = budgets.open_line(
                session,
                budget_id=budget.id,
                name="L",
                funding_stream=FundingStream.NHS_CHC,
                management_type=ManagementType.NOTIONAL,
            ).id
            budgets.fund(session, line_id=self.line_id, pence=100_000, key="in", memo="", now=NOW)

    def owe(self, pence: int, *, at: int = 0) -> UUID:
        """Draw money and intend its payment, in one transaction as an approval does."""
        key = uuid4().hex
        with self.transaction() as session:
            kept = budgets.set_aside(session, line_id=self.line_id, pence=pence, key=f"keep:{key}", memo="", now=NOW)
            budgets.draw(session, set_aside_id=kept, pence=pence, key=f"draw:{key}", memo="", now=NOW)
            return payouts.intend(
                session,
                line_id=self.line_id,
                payee_id=PAYEE,
                pence=pence,
                key=key,
                reference="Shift",
                now=NOW + timedelta(minutes=at),
            ).id

    def send(self, gateway: Bank | SimulatedGateway, *, most: int = 100) -> int:
        return send_due(self.transaction, gateway=gateway, now=NOW, most=most)

    def payout(self, payout_id: UUID) -> Payout:
        with self.database.session() as session:
            return session.get_one(Payout, payout_id)

    def position(self) -> Position:
        with self.database.session() as session:
            assert ledger.check(session).found == 0
            return budgets.position(session, line_id=self.line_id)


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


def test_a_payment_is_sent_with_its_id_as_key_and_its_outcome_is_stored(desk: Desk) -> None:
    payout_id, bank = desk.owe(5_600), Bank()
    assert desk.send(bank) == 1
    assert bank.calls == [Instruction(key=str(payout_id), payee_id=PAYEE, pence=5_600, reference="Shift")]
    payout = desk.payout(payout_id)
    assert (payout.state, payout.gateway, payout.detail, payout.finished_at) == ("settled", "bank", "bank 1", NOW)
    assert desk.position() == Position(100_000, 94_400, 0, 0, 5_600)
    assert desk.send(bank) == 0
    assert len(bank.calls) == 1


def test_payments_go_oldest_first_and_as_many_at_once_as_asked(desk: Desk) -> None:
    for pence, at in ((1, 5), (2, 1), (3, 3)):
        desk.owe(pence, at=at)
    bank = Bank()
    assert [desk.send(bank, most=2), desk.send(bank, most=2), desk.send(bank)] == [2, 1, 0]
    assert [call.pence for call in bank.calls] == [2, 3, 1]


@pytest.mark.parametrize("first", ["unreachable", "answer lost"])
def test_without_an_answer_a_payment_waits_and_goes_again_under_the_same_key(desk: Desk, first: str) -> None:
    payout_id, bank = desk.owe(5_600), Bank([first])
    assert desk.send(bank) == 0
    assert desk.payout(payout_id).state == "intended"
    assert desk.position().owed == 5_600
    assert desk.send(bank) == 1
    assert [call.key for call in bank.calls] == [str(payout_id)] * 2
    assert list(bank.paid) == [str(payout_id)]
    assert desk.position() == Position(100_000, 94_400, 0, 0, 5_600)


def test_one_payment_without_an_answer_holds_up_no_other(desk: Desk) -> None:
    ids = [desk.owe(pence, at=pence) for pence in (1, 2, 3)]
    assert desk.send(Bank(["settled", "unreachable", "settled"])) == 2
    assert [desk.payout(one).state for one in ids] == ["settled", "intended", "settled"]


def test_a_payment_that_failed_stays_owed_and_is_not_sent_again(desk: Desk) -> None:
    payout_id, bank = desk.owe(5_600), Bank(["failed"])
    assert desk.send(bank) == 1
    payout = desk.payout(payout_id)
    assert (payout.state, payout.detail, payout.finished_at) == ("failed", "account closed", NOW)
    assert desk.position() == Position(100_000, 94_400, 0, 5_600, 0)
    assert desk.send(bank) == 0


def test_a_crash_between_sending_and_storing_pays_once(desk: Desk) -> None:
    payout_id, bank = desk.owe(5_600), Bank()

    class PowerCut(BaseException):
        pass

    def cut_after_sending() -> AbstractContextManager[Session]:
        if bank.calls:
            raise PowerCut
        return desk.transaction()

    with pytest.raises(PowerCut):
        send_due(cut_after_sending, gateway=bank, now=NOW)
    assert (list(bank.paid), desk.payout(payout_id).state) == ([str(payout_id)], "intended")
    assert desk.send(bank) == 1
    assert (len(bank.calls), len(bank.paid)) == (2, 1)
    assert desk.position() == Position(100_000, 94_400, 0, 0, 5_600)


def test_a_crash_while_storing_leaves_neither_outcome_nor_movement(desk: Desk) -> None:
    payout_id = desk.owe(5_600)
    told: dict[str, Any] = {"payout_id": payout_id, "gateway": "bank", "detail": "1", "now": NOW}
    with desk.database.session() as session:
        finish(session, state=PayoutState.SETTLED, **told)  # and no commit
    assert desk.payout(payout_id).state == "intended"
    assert desk.position().owed == 5_600


@pytest.mark.parametrize("second", list(PayoutState)[1:])
def test_an_outcome_that_comes_twice_counts_once(desk: Desk, second: PayoutState) -> None:
    payout_id = desk.owe(5_600)
    for at, state in enumerate((PayoutState.SETTLED, second)):
        with desk.transaction() as session:
            finish(session, payout_id=payout_id, state=state, gateway="bank", detail=str(at), now=NOW)
    payout = desk.payout(payout_id)
    assert (payout.state, payout.detail) == ("settled", "0")
    assert desk.position() == Position(100_000, 94_400, 0, 0, 5_600)


def test_an_outcome_that_came_while_one_was_looking_counts(desk: Desk) -> None:
    payout_id = desk.owe(5_600)
    told: dict[str, Any] = {"payout_id": payout_id, "gateway": "bank", "now": NOW}
    with desk.transaction() as slow:
        looked_at = slow.get_one(Payout, payout_id)
        with desk.transaction() as quick:
            finish(quick, state=PayoutState.SETTLED, detail="first", **told)
        finish(slow, state=PayoutState.FAILED, detail="second", **told)
        assert (looked_at.state, looked_at.detail) == ("settled", "first")
    assert desk.payout(payout_id).state == "settled"


def test_two_workers_at_once_pay_once_and_neither_is_disturbed(desk: Desk) -> None:
    ids = [desk.owe(pence) for pence in (1_000, 2_000)]
    ready, answered = Barrier(2), []
    bank = Bank(meanwhile=lambda: ready.wait(timeout=20))  # each call waits until the other worker calls, too
    workers = [Thread(target=lambda: answered.append(desk.send(bank))) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert answered == [2, 2]
    assert (len(bank.calls), len(bank.paid)) == (4, 2)
    assert {desk.payout(one).state for one in ids} == {"settled"}
    assert desk.position() == Position(100_000, 97_000, 0, 0, 3_000)


def test_nothing_is_sent_inside_a_transaction(desk: Desk) -> None:
    desk.owe(5_600)
    open_now: list[Session] = []

    class Watching:
        """Opens the desk's transactions and knows which of them are open."""

        def __enter__(self) -> Session:
            self.inner = desk.transaction()
            session = self.inner.__enter__()
            open_now.append(session)
            return session

        def __exit__(self, *error: object) -> bool | None:
            open_now.pop()
            return self.inner.__exit__(*error)  # type: ignore[arg-type]

    seen: list[int] = []
    bank = Bank(meanwhile=lambda: seen.append(len(open_now)))
    assert send_due(Watching, gateway=bank, now=NOW) == 1
    assert seen == [0]


def test_a_payment_is_intended_with_the_money_or_not_at_all(desk: Desk) -> None:
    told: dict[str, Any] = {"line_id": desk.line_id, "payee_id": PAYEE, "key": "k", "reference": "", "now": NOW}
    for pence in (0, -1, 100_000_001):
        with pytest.raises(BadAmount), desk.transaction() as session:
            payouts.intend(session, pence=pence, **told)
    with desk.database.session() as session:
        assert session.exec(select(col(Payout.id))).all() == []


def test_the_outcome_of_a_payment_that_is_not_there_is_refused(session: Session) -> None:
    with pytest.raises(UnknownAccount):
        finish(session, payout_id=uuid4(), state=PayoutState.SETTLED, gateway="bank", detail="", now=NOW)


def test_the_simulated_gateway_settles_and_answers_the_same_to_the_same_key(desk: Desk) -> None:
    gateway = SimulatedGateway()
    one, other = (Instruction(key=key, payee_id=PAYEE, pence=1, reference="") for key in ("a", "b"))
    assert gateway.pay(one) == SimulatedGateway().pay(one)
    assert gateway.pay(one).detail != gateway.pay(other).detail
    payout_id = desk.owe(5_600)
    assert desk.send(gateway) == 1
    assert (desk.payout(payout_id).gateway, desk.position().paid) == ("simulated", 5_600)

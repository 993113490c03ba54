from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.builders import Clock, Deal
from tests.web.clients import Clients, Maker, asked

POSITIONS = ("free", "set_aside", "owed", "paid")
SHIFT = {"starts_at": "2026-11-25T08:00:00+00:00", "ends_at": "2026-11-25T12:00:00+00:00"}


@dataclass
class Work:
    """A holder and an assistant with an agreement at £14 an hour and £1,000, and what they do about shifts."""

    deal: Deal
    holder: TestClient
    assistant: TestClient

    def book(self, **changes: str) -> dict[str, Any]:
        path = f"/api/v1/agreements/{self.deal.agreement.id}/bookings"
        return self._done(self.holder, "POST", path, {**SHIFT, **changes})

    def do(self, who: TestClient, method: str, booking: dict[str, Any], what: str, **body: str) -> dict[str, Any]:
        return self._done(who, method, f"/api/v1/bookings/{booking['id']}/{what}", body)

    def confirm(self, booking: dict[str, Any], ended_at: str) -> dict[str, Any]:
        return self.do(self.assistant, "PUT", booking, "hours", started_at=booking["starts_at"], ended_at=ended_at)

    def money(self) -> tuple[int, ...]:
        [line] = self.holder.get(f"/api/v1/budgets/{self.deal.line.budget_id}").json()["lines"]
        return tuple(line["position"][name] for name in POSITIONS)

    @staticmethod
    def _done(who: TestClient, method: str, path: str, body: dict[str, str]) -> dict[str, Any]:
        told: dict[str, Any] = asked(who, method, path, body).json()
        return told


@pytest.fixture
def work(make: Maker, client_of: Clients) -> Work:
    deal = make(lambda world: world.deal())
    return Work(deal, client_of(deal.holder), client_of(deal.assistant))


def test_a_shift_is_told_alike_to_both_sides(work: Work) -> None:
    booked = work.book()
    assert booked == {
        "id": booked["id"],
        "agreement_id": str(work.deal.agreement.id),
        "holder_id": str(work.deal.holder.holder_id),
        "assistant_id": str(work.deal.assistant.assistant_id),
        "starts_at": "2026-11-25T08:00:00Z",
        "ends_at": "2026-11-25T12:00:00Z",
        "minutes": 240,
        "rate_pence": 1400,
        "pence": 5_600,
        "state": "booked",
        "reason": None,
        "hours": None,
    }
    for client in (work.holder, work.assistant):
        assert client.get(f"/api/v1/bookings/{booked['id']}").json() == booked
        assert client.get("/api/v1/bookings").json() == [booked]
    assert work.money() == (94_400, 5_600, 0, 0)


@pytest.mark.parametrize(
    ("shift", "minutes", "pence"),
    [
        ({"starts_at": "2026-11-25T22:00:00Z", "ends_at": "2026-11-26T06:00:00Z"}, 480, 11_200),
        # British summer time begins that night: eleven in the evening to seven is seven hours
        ({"starts_at": "2027-03-27T23:00:00Z", "ends_at": "2027-03-28T07:00:00+01:00"}, 420, 9_800),
        # any time zone will do
        ({"starts_at": "2026-11-25T18:00:00+09:00", "ends_at": "2026-11-25T05:00:00-05:00"}, 60, 1_400),
    ],
)
def test_a_shift_has_its_true_length(work: Work, shift: dict[str, str], minutes: int, pence: int) -> None:
    booked = work.book(**shift)
    assert (booked["minutes"], booked["pence"]) == (minutes, pence)


def test_a_cancelled_shift_gives_its_money_back_at_once(work: Work) -> None:
    booked = work.book()
    cancelled = work.do(work.assistant, "POST", booked, "cancel", reason="Ill")
    assert cancelled == {**booked, "state": "cancelled", "reason": "Ill"}
    assert work.money() == (100_000, 0, 0, 0)
    assert work.book()["state"] == "booked"


@pytest.mark.parametrize(
    ("ended_at", "minutes", "money"),
    [
        ("2026-11-25T12:00:00Z", 240, (94_400, 0, 5_600, 0)),
        ("2026-11-25T11:30:00Z", 210, (95_100, 0, 4_900, 0)),
        ("2026-11-25T13:00:00Z", 300, (93_000, 0, 7_000, 0)),
    ],
)
def test_hours_are_paid_as_they_were_worked(
    work: Work, clock: Clock, ended_at: str, minutes: int, money: tuple[int, ...]
) -> None:
    booked = work.book()
    clock.forward(days=3)
    confirmed = work.confirm(booked, ended_at)
    assert (confirmed["hours"]["minutes"], confirmed["hours"]["state"]) == (minutes, "confirmed")
    assert work.money() == (94_400, 5_600, 0, 0)
    approved = work.do(work.holder, "POST", booked, "hours/approve")
    assert (approved["state"], approved["hours"]["state"]) == ("approved", "approved")
    assert approved["hours"]["approved_at"] == "2026-11-26T09:00:00Z"
    assert work.money() == money


def test_hours_that_are_asked_about_wait_for_an_answer(work: Work, clock: Clock) -> None:
    booked = work.book()
    clock.forward(days=3)
    work.confirm(booked, "2026-11-25T13:00:00Z")
    queried = work.do(work.holder, "POST", booked, "hours/query", question=" Until one? ")
    assert (queried["hours"]["state"], queried["hours"]["query"]) == ("queried", "Until one?")
    assert work.do(work.holder, "POST", booked, "hours/approve")["status"] == 409
    assert work.confirm(booked, "2026-11-25T12:00:00Z")["hours"]["query"] is None
    assert work.do(work.holder, "POST", booked, "hours/approve")["state"] == "approved"


def taken(work: Work) -> dict[str, Any]:
    return work.book(starts_at="2026-11-25T11:59:00Z", ends_at="2026-11-25T14:00:00Z")


def unknown_hours(work: Work) -> dict[str, Any]:
    [booked] = work.holder.get("/api/v1/bookings").json()
    return work.do(work.holder, "POST", booked, "hours/approve")


@pytest.mark.parametrize(
    ("act", "status", "words"),
    [
        (taken, 409, "They are already booked in some of these hours. Choose other times."),
        (unknown_hours, 404, "We can't find that timesheet."),
    ],
)
def test_what_is_refused_says_why_and_costs_nothing(
    work: Work, act: Callable[[Work], dict[str, Any]], status: int, words: str
) -> None:
    work.book()
    told = act(work)
    assert (told["status"], told["detail"]) == (status, words)
    assert work.money() == (94_400, 5_600, 0, 0)


def test_what_the_budget_does_not_cover_is_refused_with_what_is_left(make: Maker, client_of: Clients) -> None:
    deal = make(lambda world: world.deal(pence=5_599))
    told = Work(deal, client_of(deal.holder), client_of(deal.assistant)).book()
    assert (told["status"], told["detail"]) == (
        409,
        "There is not enough money: £55.99 is left and this needs £56.00.",
    )

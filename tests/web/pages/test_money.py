import re
from datetime import date, timedelta
from uuid import uuid4

import psycopg
import pytest
from httpx2 import Response
from sqlmodel import col, update

from marketplace import bookings, timesheets
from marketplace.holders import Holder
from payments.budgets import Position
from payments.payouts import send_due
from payments.simulated import SimulatedGateway
from tests.builders import MONDAY, Deal, World
from tests.conftest import Database
from tests.counting import counted
from tests.web.clients import Clients, Maker
from tests.web.pages.markup import words
from tests.web.town import Place
from web.database import transaction


def busy(world: World) -> Deal:
    """£1,000: one shift to come, one cancelled, one shorter than booked that was approved."""
    deal = world.deal()
    world.booking(deal)
    off = world.booking(deal, starts_at=world.now.replace(day=27))
    bookings.cancel(world.session, viewer=deal.holder, booking_id=off.id, reason="", now=world.now)
    done = world.booking(deal, starts_at=world.now.replace(day=28))
    late = done.ends_at
    timesheets.confirm(
        world.session,
        viewer=deal.assistant,
        booking_id=done.id,
        started_at=done.starts_at,
        ended_at=done.starts_at.replace(hour=12),
        now=late,
    )
    timesheets.approve(world.session, viewer=deal.holder, booking_id=done.id, now=late)
    return deal


def rows(response: Response) -> list[tuple[str, list[str]]]:
    """The statement's rows: what happened, and the amounts after it."""
    table = response.text.rpartition("<tbody")[2].partition("</tbody>")[0]
    found = re.findall(r"(?s)<th scope=\"row\"[^>]*>(.*?)</th>(.*?)</tr>", table)
    return [
        (" ".join(re.sub(r"<[^>]+>", " ", what).split()), re.findall(r"£[\d,.]+", amounts)) for what, amounts in found
    ]


def pence(amount: str) -> int:
    return int(amount.replace("£", "").replace(",", "").replace(".", ""))


def test_each_state_of_the_money_is_shown_with_their_sum(client_of: Clients, make: Maker) -> None:
    deal = make(busy)
    said = words(client_of(deal.holder).get("/money"))
    for part in (
        "NHS Continuing Healthcare. Direct payment.",
        "Free: you can book with it £902.00",
        "Set aside: kept for booked shifts £56.00",
        "Owed: approved, being paid £42.00",
        "Paid £0.00",
        "All together, what was paid in £1,000.00",
    ):
        assert part in said


def test_the_statement_tells_each_movement_in_plain_words_newest_first(
    client_of: Clients, make: Maker, database: Database
) -> None:
    deal = make(busy)
    send_due(lambda: transaction(database.session), gateway=SimulatedGateway(), now=MONDAY)
    found = rows(client_of(deal.holder).get(f"/budgets/{deal.line.budget_id}"))
    assert [re.sub(r" \w+day .*", "", what) for what, _ in found] == [
        "Paid Shift 28 November 2026, 09:00 to 13:00",
        "Free again Not used: Shift 28 November 2026, 09:00 to 13:00",
        "Approved, to be paid Shift 28 November 2026, 09:00 to 13:00",
        "Set aside Shift 28 November 2026, 09:00 to 13:00",
        "Free again Cancelled: Shift 27 November 2026, 09:00 to 13:00",
        "Set aside Shift 27 November 2026, 09:00 to 13:00",
        "Set aside Shift 25 November 2026, 09:00 to 13:00",
        "Money paid in",
    ]


def test_every_row_sums_to_what_was_paid_in_and_the_first_is_where_the_money_is_now(
    client_of: Clients, make: Maker
) -> None:
    deal = make(busy)
    response = client_of(deal.holder).get(f"/budgets/{deal.line.budget_id}")
    for _, amounts in rows(response):
        _amount, free, kept, owed, paid, together = map(pence, amounts)
        assert Position(together, free, kept, owed, paid).sums
    assert rows(response)[0][1] == ["£14.00", "£902.00", "£56.00", "£42.00", "£0.00", "£1,000.00"]
    assert "Checked: in every row below" in words(response)


def test_rows_that_do_not_add_up_to_the_account_are_not_passed_over(
    client_of: Clients, make: Maker, database: Database
) -> None:
    deal = make(busy)
    # Only the owner of the tables could, and the application never is.
    with psycopg.connect(database.owner_url.replace("+psycopg", "")) as owner:
        owner.execute(
            "UPDATE payments_account SET balance_pence = balance_pence + 1 WHERE line_id = %s AND purpose = 'paid'",
            [deal.line.id],
        )
    said = words(client_of(deal.holder).get(f"/budgets/{deal.line.budget_id}"))
    assert "The rows below don’t add up to the amounts above." in said
    assert "Checked:" not in said


def test_a_long_statement_comes_in_pages_that_miss_no_row(client_of: Clients, make: Maker) -> None:
    deal = make(lambda world: world.deal(pence=1_000_000))

    def months(world: World) -> None:
        for day in range(60):
            world.booking(deal, starts_at=world.now + timedelta(days=day + 1))

    make(months)
    client, path = client_of(deal.holder), f"/budgets/{deal.line.budget_id}"
    first, second, beyond = (client.get(f"{path}?page={page}") for page in ("1", "2", "99"))
    assert [len(rows(response)) for response in (first, second, beyond)] == [50, 11, 11]
    assert len({what for response in (first, second) for what, _ in rows(response)}) == 61
    assert rows(second)[-1][0].startswith("Money paid in")
    assert "Rows 1 to 50 of 61" in words(first)
    assert (f'href="{path}?page=2"' in first.text, f'href="{path}?page=1"' in second.text) == (True, True)


def test_more_budgets_and_movements_take_no_more_queries(client_of: Clients, make: Maker, database: Database) -> None:
    deal = make(lambda world: world.deal())
    client = client_of(deal.holder)

    def queries(path: str) -> int:
        with counted(database.engine) as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    paths = ("/money", f"/budgets/{deal.line.budget_id}")
    before = [queries(path) for path in paths]

    def more(world: World) -> None:
        broker = world.broker()
        world.session.exec(  # the same organisation for both, so that the broker may fund the holder
            update(Holder)
            .where(col(Holder.id) == deal.holder.holder_id)
            .values(organisation_id=broker.organisation_ids[0])
        )
        for day in range(1, 5):
            world.budget(broker=broker, holder=deal.holder)
            world.booking(deal, starts_at=world.now + timedelta(days=day))

    make(more)
    assert [queries(path) for path in paths] == before


def test_a_budget_that_is_over_is_set_apart(client_of: Clients, make: Maker) -> None:
    broker = make(lambda world: world.broker())
    holder = make(lambda world: world.holder(broker=broker))
    make(
        lambda world: world.budget(
            broker=broker, holder=holder, name="Last year", starts_on=date(2025, 4, 1), ends_on=date(2026, 3, 31)
        )
    )
    said = words(client_of(holder).get("/money"))
    assert "No budget yet" in said
    assert "Budgets that are over Last year until Tuesday 31 March 2026, £1,000.00 left" in said


def test_without_a_budget_one_is_told_who_opens_it(client_of: Clients, make: Maker) -> None:
    broker = make(lambda world: world.broker())
    holder = make(lambda world: world.holder(broker=broker))
    assert "the council or the NHS opens it" in words(client_of(holder).get("/money"))
    acting = client_of(broker).get(f"/holders/{holder.holder_id}/money")
    assert f'href="/holders/{holder.holder_id}/budgets/new"' in acting.text


PAGES = ("/holders/{holder_id}/money", "/budgets/{budget_id}")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["other_holder", "other_broker", "assistant", "newcomer"])
def test_a_stranger_finds_no_page(place: Place, path: str, who: str) -> None:
    assert place.client(who).get(place.town.path(path)).status_code == 404


@pytest.mark.parametrize("who", ["broker", "assistant", "newcomer"])
def test_who_is_no_holder_has_no_money_of_a_holder(place: Place, who: str) -> None:
    assert place.client(who).get("/money").status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_a_broker_sees_the_same_money_and_is_told_for_whom(place: Place, path: str) -> None:
    acting, own = (place.client(who).get(place.town.path(path)) for who in ("broker", "holder"))
    assert "You are acting for Harriet Webb." in acting.text
    assert re.findall(r"£[\d,.]+", words(acting)) == re.findall(r"£[\d,.]+", words(own))


@pytest.mark.parametrize("path", ["/money", *PAGES])
def test_nobody_signed_in_is_sent_to_sign_in(place: Place, path: str) -> None:
    answer = place.client("nobody").get(place.town.path(path))
    assert (answer.status_code, answer.headers["location"][:14]) == (303, "/sign-in?next=")


def test_what_is_not_there_is_not_found(place: Place) -> None:
    assert place.client("holder").get(f"/budgets/{uuid4()}").status_code == 404

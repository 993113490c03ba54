"""However much there is, a list costs the same number of queries; else it slows down with use."""

from datetime import date, timedelta

from marketplace import blocks
from marketplace.competencies import CheckCode, Competency
from marketplace.people import Viewer
from payments import budgets
from tests.builders import MONDAY, MORNINGS, Deal, World
from tests.conftest import Database
from tests.counting import counted
from tests.web.clients import Clients, Maker
from tests.web.town import Town, built

CODES = list(Competency)[:4]
LISTS = {
    "broker": ["/holders", "/holders/{holder_id}/budgets", "/budgets/{budget_id}/statements", "/needs", "/agreements"],
    "holder": [
        *("/needs", "/needs/{need_id}/introductions", "/needs/{need_id}/matches", "/agreements", "/bookings"),
        "/blocks",
    ],
    "assistant": ["/introductions", "/agreements", "/bookings", "/assistants/me"],
}


def test_no_list_asks_the_database_more_often_when_there_is_more_to_list(
    client_of: Clients, make: Maker, database: Database
) -> None:
    town = make(built)
    clients = {who: client_of(town.people[who]) for who in LISTS}

    def costs() -> dict[str, int]:
        found = {}
        for who, paths in LISTS.items():
            for path in paths:
                clients[who].get(f"/api/v1{town.path(path)}")  # the first look fills the pool
                with counted(database.engine) as queries:
                    answer = clients[who].get(f"/api/v1{town.path(path)}")
                assert answer.status_code == 200
                found[f"{who} {path}"] = len(queries)
        return found

    def sizes() -> list[int]:
        return [
            len(clients[who].get(f"/api/v1{town.path(path)}").content) for who, paths in LISTS.items() for path in paths
        ]

    before, little = costs(), sizes()
    make(lambda world: more(world, town))
    assert all(few < many for few, many in zip(little, sizes(), strict=True))
    assert costs() == before
    # a list of matches looks for news of assistants, of the market and of the model, and keeps what it shows
    assert max(cost for path, cost in before.items() if "matches" not in path) <= 6
    assert max(before.values()) <= 15


def more(world: World, town: Town) -> None:
    """Four more of everything that the lists hold."""
    broker, holder, assistant = (town.people[who] for who in ("broker", "holder", "assistant"))
    line = budgets.lines(world.session, budget_ids=[town.ids["budget_id"]])[0]
    world.profile(
        assistant,
        hours=MORNINGS[:1],
        skills=[{"code": code, "checked_on": "2026-05-01"} for code in CODES],
        checks=[{"code": code, "checked_on": "2026-05-01"} for code in CheckCode],
    )
    for at in range(4):
        world.holder(broker=broker)
        block(world, holder, world.assistant())
        first_day = date(2027 + at, 4, 1)
        world.budget(broker=broker, holder=holder, starts_on=first_day, ends_on=date(2028 + at, 3, 31))
        world.invitation(holder, world.assistant(), need_id=town.ids["need_id"])
        deal = Deal(holder, assistant, world.agreement(holder, assistant), line)
        world.booking(deal, starts_at=MONDAY + timedelta(days=10 + at))


def block(world: World, holder: Viewer, assistant: Viewer) -> None:
    assert holder.holder_id is not None
    assert assistant.assistant_id is not None
    blocks.block(
        world.session,
        viewer=holder,
        by="holder",
        holder_id=holder.holder_id,
        assistant_id=assistant.assistant_id,
        now=world.now,
    )

from tests.web.clients import Clients, Maker, asked
from tests.web.town import BUDGET, Place

POSITION = {"funded": 50_000, "free": 50_000, "set_aside": 0, "owed": 0, "paid": 0}


def test_a_budget_is_given_and_read_alike_by_both_sides(client_of: Clients, make: Maker) -> None:
    broker = make(lambda world: world.broker())
    holder = make(lambda world: world.holder(broker=broker))
    path = f"/api/v1/holders/{holder.holder_id}/budgets"
    made = asked(client_of(broker), "POST", path, BUDGET)
    assert made.status_code == 201
    told = made.json()
    assert {name: told[name] for name in ("name", "starts_on", "ends_on")} == {
        name: BUDGET[name] for name in ("name", "starts_on", "ends_on")
    }
    [line] = told["lines"]
    assert (line["funding_stream"], line["management_type"], line["position"]) == (
        "nhs_chc",
        "direct_payment",
        POSITION,
    )
    for viewer in (broker, holder):
        assert client_of(viewer).get(f"/api/v1/budgets/{told['id']}").json() == told
        assert client_of(viewer).get(path).json() == [told]


def test_statements_tell_every_movement_and_close_at_the_position(place: Place) -> None:
    client, path = place.client("holder"), place.town.path("/api/v1/budgets/{budget_id}")
    [line] = client.get(path).json()["lines"]
    statement = client.get(f"{path}/statements").json()[line["id"]]
    assert [(row["kind"], row["pence"]) for row in statement["rows"]] == [("fund", 100_000), ("set_aside", 5_600)]
    assert statement["rows"][1]["memo"] == "Shift 25 November 2026, 09:00 to 13:00"
    assert statement["closing"] == statement["rows"][-1]["after"] == line["position"]

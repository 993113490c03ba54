from tests.web.clients import Clients, Maker, asked
from tests.web.town import HOLDER, Place


def test_a_broker_registers_somebody_and_finds_them_in_the_caseload(client_of: Clients, make: Maker) -> None:
    broker = make(lambda world: world.broker())
    client = client_of(broker)
    made = asked(client, "POST", "/api/v1/holders", {**HOLDER, "postcode": "ng92ab"})
    assert made.status_code == 201
    assert made.json() == {
        "id": made.json()["id"],
        "organisation_id": str(broker.organisation_ids[0]),
        "postcode": "NG9 2AB",
    }
    assert client.get(f"/api/v1/holders/{made.json()['id']}").json() == made.json()
    assert client.get("/api/v1/holders").json() == {
        "cases": [
            {
                "holder_id": made.json()["id"],
                "name": "Hal Dean",
                "postcode": "NG9 2AB",
                "open_needs": 0,
                "invitations_waiting": 0,
                "shifts_booked": 0,
                "hours_to_approve": 0,
                "free": 0,
                "set_aside": 0,
            }
        ],
        "total": 1,
    }


def test_somebody_who_is_a_holder_already_is_refused_by_their_address(client_of: Clients, make: Maker) -> None:
    client = client_of(make(lambda world: world.broker()))
    asked(client, "POST", "/api/v1/holders", HOLDER)
    again = asked(client, "POST", "/api/v1/holders", HOLDER)
    assert (again.status_code, [error["field"] for error in again.json()["errors"]]) == (422, ["email"])


def test_a_caseload_is_searched_and_paged(place: Place) -> None:
    client = place.client("broker")
    assert client.get("/api/v1/holders?search=webb").json()["total"] == 1
    assert client.get("/api/v1/holders?search=nobody").json() == {"cases": [], "total": 0}
    assert client.get("/api/v1/holders?offset=1&most=1").json() == {"cases": [], "total": 1}

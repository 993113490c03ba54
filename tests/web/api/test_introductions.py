from tests.web.clients import Clients, Maker, asked
from tests.web.town import AGREEMENT


def test_an_invitation_is_answered_offered_on_and_agreed(client_of: Clients, make: Maker) -> None:
    holder, assistant = make(lambda world: (world.holder(), world.assistant()))
    need = make(lambda world: world.need(holder))
    asking, answering = client_of(holder), client_of(assistant)
    body = {"assistant_id": str(assistant.assistant_id), "message": " Hello "}
    invited = asked(asking, "POST", f"/api/v1/needs/{need.id}/introductions", body)
    assert invited.status_code == 201
    told = invited.json()
    assert told == {
        "id": told["id"],
        "need_id": str(need.id),
        "assistant_id": str(assistant.assistant_id),
        "state": "invited",
        "message": "Hello",
        "reason": None,
        "invited_at": "2026-11-23T09:00:00Z",
        "answered_at": None,
    }
    assert answering.get("/api/v1/introductions").json() == [told]
    yes = asked(answering, "POST", f"/api/v1/introductions/{told['id']}/accept").json()
    assert yes == {**told, "state": "accepted", "answered_at": "2026-11-23T09:00:00Z"}
    assert asking.get(f"/api/v1/needs/{need.id}/introductions").json() == [yes]
    offered = asked(asking, "POST", f"/api/v1/introductions/{told['id']}/agreement", AGREEMENT)
    assert offered.status_code == 201
    offer = offered.json()
    assert (offer["state"], offer["rate_pence"], offer["starts_on"], offer["ends_on"]) == (
        "offered",
        1400,
        "2026-12-07",
        None,
    )
    agreed = asked(answering, "POST", f"/api/v1/agreements/{offer['id']}/accept").json()
    assert agreed == {**offer, "state": "agreed", "answered_at": "2026-11-23T09:00:00Z"}
    for client in (asking, answering):
        assert client.get(f"/api/v1/agreements/{offer['id']}").json() == agreed
        assert client.get("/api/v1/agreements").json() == [agreed]
    assert asking.get(f"/api/v1/needs/{need.id}").json()["state"] == "filled"


def test_a_no_may_have_a_reason_and_either_no_stands(client_of: Clients, make: Maker) -> None:
    holder, assistant = make(lambda world: (world.holder(), world.assistant()))
    asking, answering = client_of(holder), client_of(assistant)
    for body, reason in (({"reason": " Too far "}, "Too far"), ({}, None)):
        need = make(lambda world: world.need(holder))
        invitation = {"assistant_id": str(assistant.assistant_id)}
        told = asked(asking, "POST", f"/api/v1/needs/{need.id}/introductions", invitation).json()
        no = asked(answering, "POST", f"/api/v1/introductions/{told['id']}/decline", body).json()
        assert (no["state"], no["reason"]) == ("declined", reason)
        assert asked(answering, "POST", f"/api/v1/introductions/{told['id']}/accept").status_code == 409


def test_a_declined_offer_leaves_the_need_open(client_of: Clients, make: Maker) -> None:
    holder, assistant = make(lambda world: (world.holder(), world.assistant()))
    need = make(lambda world: world.need(holder))
    asking, answering = client_of(holder), client_of(assistant)
    body = {"assistant_id": str(assistant.assistant_id)}
    told = asked(asking, "POST", f"/api/v1/needs/{need.id}/introductions", body).json()
    asked(answering, "POST", f"/api/v1/introductions/{told['id']}/accept")
    offer = asked(asking, "POST", f"/api/v1/introductions/{told['id']}/agreement", AGREEMENT).json()
    assert asked(answering, "POST", f"/api/v1/agreements/{offer['id']}/decline").json()["state"] == "declined"
    assert asking.get(f"/api/v1/needs/{need.id}").json()["state"] == "open"

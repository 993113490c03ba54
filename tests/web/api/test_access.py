from tests.web.clients import Clients, Maker


def test_me(client_of: Clients, make: Maker) -> None:
    deal = make(lambda world: world.deal())
    client = client_of(deal.holder)
    assert client.get("/api/v1/me").json()["holder_id"] == str(deal.holder.holder_id)
    assert client_of().get("/api/v1/me").status_code == 401
    for _ in range(20):
        client.get("/api/v1/me")

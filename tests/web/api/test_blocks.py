from typing import Any

import pytest
from starlette.testclient import TestClient

from marketplace.people import Viewer
from tests.builders import World
from tests.web.clients import Clients, Maker, asked


class Two:
    """A holder and an assistant whom they have invited, each in a browser, and where they block each other."""

    def __init__(self, make: Maker, client_of: Clients) -> None:
        self.holder, self.assistant = make(self._invited)
        self.client = {"holder": client_of(self.holder), "assistant": client_of(self.assistant)}
        self.path = {
            "holder": f"/api/v1/holders/{self.holder.holder_id}/blocks/{self.assistant.assistant_id}",
            "assistant": f"/api/v1/assistants/me/blocks/{self.holder.holder_id}",
        }

    @staticmethod
    def _invited(world: World) -> tuple[Viewer, Viewer]:
        holder, assistant = world.holder(name="Harriet Webb"), world.assistant(name="Asha Okoro")
        world.invitation(holder, assistant)
        return holder, assistant

    def do(self, who: str, method: str) -> int:
        answer = asked(self.client[who], method, self.path[who])
        assert answer.content == b""
        return answer.status_code

    def seen(self, who: str) -> Any:
        return self.client[who].get("/api/v1/blocks").json()


@pytest.fixture
def two(make: Maker, client_of: Clients) -> Two:
    return Two(make, client_of)


@pytest.mark.parametrize(
    ("who", "holder", "assistant"), [("holder", "Harriet Webb", "Asha O."), ("assistant", "Harriet W.", "Asha Okoro")]
)
def test_each_side_blocks_sees_it_and_undoes_it_and_the_other_sees_nothing(
    two: Two, who: str, holder: str, assistant: str
) -> None:
    assert [two.do(who, "PUT"), two.do(who, "PUT")] == [204, 204]
    assert two.seen(who) == [
        {
            "holder_id": str(two.holder.holder_id),
            "assistant_id": str(two.assistant.assistant_id),
            "by": who,
            "holder": holder,
            "assistant": assistant,
            "blocked_at": "2026-11-23T09:00:00Z",
        }
    ]
    other = "assistant" if who == "holder" else "holder"
    assert two.seen(other) == []
    assert two.do(other, "DELETE") == 204
    assert len(two.seen(who)) == 1
    assert [two.do(who, "DELETE"), two.do(who, "DELETE")] == [204, 204]
    assert two.seen(who) == []


def test_an_assistant_cant_block_who_never_invited_them(two: Two, make: Maker) -> None:
    never = make(lambda world: world.holder())
    path = f"/api/v1/assistants/me/blocks/{never.holder_id}"
    for method in ("PUT", "DELETE"):
        refused = asked(two.client["assistant"], method, path)
        assert (refused.status_code, refused.json()["detail"]) == (404, "We can't find that budget holder.")


def test_nobody_blocks_in_anothers_name(two: Two, make: Maker, client_of: Clients) -> None:
    def tries(client: TestClient, path: str) -> list[int]:
        return [asked(client, method, path).status_code for method in ("PUT", "DELETE")]

    two.do("holder", "PUT")
    strangers = make(lambda world: [world.holder(), world.broker(), world.assistant(), world.person()])
    for stranger in strangers:
        assert tries(client_of(stranger), two.path["holder"]) == [404, 404]
        assert tries(client_of(stranger), two.path["assistant"]) == [404, 404]
        assert client_of(stranger).get("/api/v1/blocks").json() == []
    assert tries(two.client["assistant"], two.path["holder"]) == [404, 404]
    assert tries(two.client["holder"], two.path["assistant"]) == [404, 404]
    assert len(two.seen("holder")) == 1

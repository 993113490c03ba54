from uuid import UUID, uuid4

import pytest

from marketplace import blocks
from marketplace.people import Viewer
from tests.builders import World
from tests.conftest import Database
from tests.web.clients import Clients, Maker, form
from tests.web.pages.markup import boxes, words
from tests.web.town import Place, contents

BLOCK_AS_HOLDER = "/needs/{need_id}/block/{assistant_id}"
BLOCK_AS_ASSISTANT = "/introductions/{introduction_id}/block"


def pair(world: World) -> tuple[Viewer, Viewer, UUID, UUID]:
    """A holder, an assistant who fits, the need, and the invitation to it."""
    holder, assistant = world.holder(), world.assistant()
    need = world.need(holder)
    return holder, assistant, need.id, world.invitation(holder, assistant, need_id=need.id).id


def blocked(database: Database, viewer: Viewer) -> list[tuple[str, str, str]]:
    with database.session() as session:
        return [(one.by, one.holder, one.assistant) for one in blocks.of_viewer(session, viewer=viewer)]


def test_a_holder_leads_from_a_card_to_not_being_shown_somebody_again_and_can_undo_it(
    client_of: Clients, make: Maker, database: Database
) -> None:
    holder = make(lambda world: world.holder())
    need_id = make(lambda world: world.need(holder).id)
    assistant = make(lambda world: world.assistant())
    client, path = client_of(holder), f"/needs/{need_id}/block/{assistant.assistant_id}"
    assert f'href="{path}"' in client.get(f"/needs/{need_id}").text
    question = client.get(path)
    assert "Don’t show me Asha O. again?" in words(question)
    assert "Okoro" not in question.text
    answer = client.post(path, data=boxes(question, path))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/needs/{need_id}?done=blocked")
    after = client.get(answer.headers["location"])
    assert "We won't bring you together again." in words(after)
    assert "Nobody fits all of this right now" in words(after)
    assert blocked(database, holder) == [("holder", "Harriet Webb", "Asha O.")]

    listed = client.get("/blocks")
    assert "Asha O. since Monday 23 November 2026" in words(listed)
    undo = f"/blocks/holder/{holder.holder_id}/{assistant.assistant_id}/undo"
    undone = client.post(undo, data=boxes(listed, undo))
    assert (undone.status_code, undone.headers["location"]) == (303, "/blocks?done=unblocked")
    assert "There is nobody here" in words(client.get("/blocks"))
    assert "Invite Asha O." in words(client.get(f"/needs/{need_id}"))


def test_an_assistant_leads_from_an_invitation_to_not_being_shown_to_somebody_again(
    client_of: Clients, make: Maker, database: Database
) -> None:
    holder, assistant, _, introduction_id = make(pair)
    client, path = client_of(assistant), f"/introductions/{introduction_id}/block"
    assert f'href="{path}"' in client.get(f"/introductions/{introduction_id}").text
    question = client.get(path)
    assert "Don’t show me to Harriet W. again?" in words(question)
    assert "It does not answer an invitation." in words(question)
    answer = client.post(path, data=boxes(question, path))
    assert (answer.status_code, answer.headers["location"]) == (303, "/work?done=blocked")
    assert blocked(database, assistant) == [("assistant", "Harriet W.", "Asha Okoro")]
    assert "Harriet W. since" in words(client.get("/blocks"))
    # the other side learns nothing of it
    assert "There is nobody here" in words(client_of(holder).get("/blocks"))
    undo = f"/blocks/assistant/{holder.holder_id}/{assistant.assistant_id}/undo"
    assert client.post(undo, data=form(client)).headers["location"] == "/blocks?done=unblocked"
    assert blocked(database, assistant) == []


def test_undoing_what_was_never_done_changes_nothing(client_of: Clients, make: Maker, database: Database) -> None:
    holder, assistant, *_ = make(pair)
    client = client_of(holder)
    answer = client.post(f"/blocks/holder/{holder.holder_id}/{assistant.assistant_id}/undo", data=form(client))
    assert (answer.status_code, blocked(database, holder)) == (303, [])


def test_a_press_of_the_button_twice_blocks_once(client_of: Clients, make: Maker, database: Database) -> None:
    holder, assistant, need_id, _ = make(pair)
    client, path = client_of(holder), f"/needs/{need_id}/block/{assistant.assistant_id}"
    assert [client.post(path, data=form(client)).status_code for _ in range(2)] == [303, 303]
    assert len(blocked(database, holder)) == 1


def test_both_agreed_pages_lead_to_it(place: Place) -> None:
    page = place.town.path("/agreements/{agreement_id}")
    assert place.town.path("/block/{assistant_id}") in place.client("holder").get(page).text
    assert place.town.path("/introductions/{accepted_id}/block") in place.client("assistant").get(page).text


def test_the_account_leads_to_the_list(place: Place) -> None:
    for who, leads in (("holder", True), ("assistant", True), ("broker", True), ("newcomer", False)):
        assert ('href="/blocks"' in place.client(who).get("/account").text) is leads


def test_a_broker_blocks_and_undoes_for_the_holder_and_is_told_so(place: Place) -> None:
    answer = place.client("broker").get(place.town.path(BLOCK_AS_HOLDER))
    assert (answer.status_code, "You are acting for Harriet Webb." in answer.text) == (200, True)


def test_a_broker_sees_for_whom_somebody_is_blocked(client_of: Clients, make: Maker) -> None:
    broker = make(lambda world: world.broker())
    holder = make(lambda world: world.holder(broker=broker))
    need_id = make(lambda world: world.need(holder).id)
    assistant = make(lambda world: world.assistant())
    client = client_of(broker)
    client.post(f"/needs/{need_id}/block/{assistant.assistant_id}", data=form(client))
    assert "Asha O. for Harriet Webb, since" in words(client.get("/blocks"))


# --- who may come


@pytest.mark.parametrize(
    ("path", "who"),
    [
        *((BLOCK_AS_HOLDER, who) for who in ("other_holder", "other_broker", "assistant", "newcomer")),
        *((BLOCK_AS_ASSISTANT, who) for who in ("holder", "broker", "other_assistant", "newcomer")),
    ],
)
def test_a_stranger_finds_no_page_and_changes_nothing(place: Place, path: str, who: str) -> None:
    client, address = place.client(who), place.town.path(path)
    before = contents(place.database)
    assert client.get(address).status_code == 404
    assert client.post(address, data=form(client)).status_code == 404
    assert contents(place.database) == before


@pytest.mark.parametrize(
    ("by", "who"),
    [
        *(("holder", who) for who in ("other_holder", "other_broker", "assistant", "newcomer")),
        *(("assistant", who) for who in ("holder", "broker", "other_assistant", "newcomer")),
        ("nobody", "holder"),
    ],
)
def test_a_stranger_undoes_nothing(place: Place, by: str, who: str) -> None:
    client = place.client(who)
    path = place.town.path(f"/blocks/{by}/{{holder_id}}/{{assistant_id}}/undo")
    before = contents(place.database)
    assert client.post(path, data=form(client)).status_code == 404
    assert contents(place.database) == before


@pytest.mark.parametrize("path", ["/blocks", BLOCK_AS_HOLDER, BLOCK_AS_ASSISTANT])
def test_nobody_signed_in_is_sent_to_sign_in(place: Place, path: str) -> None:
    answer = place.client("nobody").get(place.town.path(path))
    assert (answer.status_code, answer.headers["location"][:14]) == (303, "/sign-in?next=")


@pytest.mark.parametrize(
    "path", ["/needs/{need_id}/block/{new}", "/needs/{new}/block/{assistant_id}", "/introductions/{new}/block"]
)
def test_what_is_not_there_is_not_found(place: Place, path: str) -> None:
    client, address = place.client("holder"), path.format(new=uuid4(), **place.town.ids)
    assert client.get(address).status_code == 404
    assert client.post(address, data=form(client)).status_code == 404

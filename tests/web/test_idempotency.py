from datetime import timedelta
from threading import Barrier, Thread

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlmodel import Session, select
from starlette.responses import Response as Answer

from marketplace.needs import Need
from payments import budgets
from tests.builders import MONDAY, World
from tests.conftest import Database
from tests.serving import Api, serving
from tests.web.clients import Clients, Maker, asked, form
from tests.web.probes import Probes, is_stored
from tests.web.town import NEED, SHIFT
from web import sessions
from web.idempotency import KEPT, BadKey, KeyMismatch, StoredAnswer, checked, claim, fingerprint, forget_old, store

REPLAYED = "idempotent-replayed"


@pytest.mark.parametrize("key", ["k", "k" * 255, "6f0b1a523a3e4c1c9d5a0f5c2d6a7b11", "a b/c;d~", "0"])
def test_any_plain_text_of_ones_own_is_a_key(key: str) -> None:
    assert checked(key) == key


@pytest.mark.parametrize("key", [None, "", "k" * 256, "ä", "🔑", "a\nb", "a\tb", "\x00", "\x7f"])
def test_what_is_no_key_is_refused_in_words(key: str | None) -> None:
    with pytest.raises(BadKey, match="Idempotency-Key"):
        checked(key)


def test_requests_that_differ_in_anything_differ_in_their_fingerprint() -> None:
    asked_for = [
        ("POST", "/a", b""),
        ("PUT", "/a", b""),
        ("POST", "/b", b""),
        ("POST", "/a", b"{}"),
        ("POST", "/a", b"{ }"),
        ("POST", "/a\n", b""),
    ]
    assert len({fingerprint(*one) for one in asked_for}) == len(asked_for)
    assert fingerprint("POST", "/a", b"{}") == fingerprint("POST", "/a", b"{}")


def test_a_key_is_claimed_once_and_then_has_its_answer(world: World, session: Session) -> None:
    one, other = world.person().person_id, world.person().person_id
    assert claim(session, person_id=one, key="k", request="r", now=MONDAY) is None
    answer = Answer(b"made", 201, {"location": "/x", "set-cookie": "a=b", "x-other": "1"}, "text/plain")
    store(session, person_id=one, key="k", answer=answer)
    again = claim(session, person_id=one, key="k", request="r", now=MONDAY)
    assert again is not None
    assert (again.status_code, again.body, again.headers["location"]) == (201, b"made", "/x")
    assert again.headers["content-type"] == answer.headers["content-type"]
    assert again.headers[REPLAYED] == "true"
    assert {"set-cookie", "x-other"}.isdisjoint(again.headers)
    # somebody else's key is another key, before and after it has an answer
    assert claim(session, person_id=other, key="k", request="another", now=MONDAY) is None
    store(session, person_id=other, key="k", answer=Answer(b"theirs"))
    mine = claim(session, person_id=one, key="k", request="r", now=MONDAY)
    theirs = claim(session, person_id=other, key="k", request="another", now=MONDAY)
    assert (mine and mine.body, theirs and theirs.body) == (b"made", b"theirs")


def test_a_key_with_another_request_is_refused(world: World, session: Session) -> None:
    person_id = world.person().person_id
    claim(session, person_id=person_id, key="k", request="r", now=MONDAY)
    store(session, person_id=person_id, key="k", answer=Answer())
    with pytest.raises(KeyMismatch):
        claim(session, person_id=person_id, key="k", request="another", now=MONDAY)


def test_answers_are_forgotten_when_nobody_asks_any_more(world: World, session: Session) -> None:
    person_id = world.person().person_id
    for key, age in (("old", KEPT + timedelta(seconds=1)), ("young", KEPT)):
        claim(session, person_id=person_id, key=key, request="r", now=MONDAY - age)
    forget_old(session, now=MONDAY)
    assert [kept.key for kept in session.exec(select(StoredAnswer))] == ["young"]


def told(answer: Response) -> tuple[int, str, bool]:
    return answer.status_code, answer.text, REPLAYED in answer.headers


def test_a_write_sent_again_is_done_once_and_answered_the_same(
    client_of: Clients, make: Maker, database: Database
) -> None:
    holder = make(lambda world: world.holder())
    client, path = client_of(holder), f"/api/v1/holders/{holder.holder_id}/needs"
    first = asked(client, "POST", path, NEED, key="k")
    again = [asked(client, "POST", path, NEED, key="k") for _ in range(2)]
    assert told(first) == (201, first.text, False)
    assert [told(answer) for answer in again] == [(201, first.text, True)] * 2
    assert again[0].headers["content-type"] == first.headers["content-type"] == "application/json"
    # also from another browser in which the same person is signed in
    assert told(asked(client_of(holder), "POST", path, NEED, key="k")) == (201, first.text, True)
    with database.session() as session:
        assert len(session.exec(select(Need)).all()) == 1


@pytest.mark.parametrize(
    ("path", "changes"),
    [("/needs", {"title": "Evenings"}), ("/needs", {"rate_pence": 1401}), ("/budgets", {})],
)
def test_a_key_that_comes_with_another_write_is_refused_and_nothing_is_done(
    client_of: Clients, make: Maker, database: Database, path: str, changes: dict[str, object]
) -> None:
    holder = make(lambda world: world.holder())
    client, base = client_of(holder), f"/api/v1/holders/{holder.holder_id}"
    asked(client, "POST", f"{base}/needs", NEED, key="k")
    refused = asked(client, "POST", f"{base}{path}", {**NEED, **changes}, key="k")
    assert refused.status_code == 422
    assert "sent before with other details" in refused.json()["detail"]
    with database.session() as session:
        assert [need.title for need in session.exec(select(Need))] == ["Mornings"]


def test_two_people_may_choose_the_same_key(client_of: Clients, make: Maker) -> None:
    for _ in range(2):
        holder = make(lambda world: world.holder())
        answer = asked(client_of(holder), "POST", f"/api/v1/holders/{holder.holder_id}/needs", NEED, key="k")
        assert told(answer)[::2] == (201, False)


def test_a_write_that_failed_may_be_sent_again_with_its_key(
    client_of: Clients, make: Maker, database: Database
) -> None:
    deal = make(lambda world: world.deal(pence=5_599))
    client, path = client_of(deal.holder), f"/api/v1/agreements/{deal.agreement.id}/bookings"
    assert asked(client, "POST", path, {**SHIFT, "ends_at": "soon"}, key="k").status_code == 422
    for _ in range(2):
        assert told(asked(client, "POST", path, SHIFT, key="k"))[::2] == (409, False)
    with database.session() as session, session.begin():
        budgets.fund(session, line_id=deal.line.id, pence=1, key="more", memo="", now=MONDAY)
    assert told(asked(client, "POST", path, SHIFT, key="k"))[::2] == (201, False)
    assert told(asked(client, "POST", path, SHIFT, key="k"))[::2] == (201, True)


def test_after_a_fault_of_ours_the_same_write_may_be_sent_again(
    app: FastAPI, client_of: Clients, make: Maker, database: Database
) -> None:
    Probes(app)
    client = client_of(make(lambda world: world.person()), faults_answered=True)
    for path, status in (("breaks", 500), ("loses-its-connection", 503), ("stores", 200)):
        assert told(asked(client, "POST", f"/api/v1/probe/{path}", {}, key="k"))[::2] == (status, False)
    assert is_stored(database)


@pytest.mark.parametrize(("path", "status"), [("moves-on", 303), ("answers/204", 204), ("answers/202", 202)])
def test_answers_without_json_are_kept_as_well(
    app: FastAPI, client_of: Clients, make: Maker, path: str, status: int
) -> None:
    Probes(app)
    client = client_of(make(lambda world: world.person()))
    first, again = (asked(client, "POST", f"/api/v1/probe/{path}", {}, key="k") for _ in range(2))
    assert [first.status_code, again.status_code] == [status, status]
    assert (first.headers.get("location"), first.content) == (again.headers.get("location"), again.content)
    assert (REPLAYED in first.headers, REPLAYED in again.headers) == (False, True)


def test_a_form_carries_its_key_in_a_field(app: FastAPI, client_of: Clients, make: Maker, database: Database) -> None:
    Probes(app)
    client = client_of(make(lambda world: world.person()))
    sent = form(client, {"a": "b"}, key="k")
    first, again = (client.post("/probe/moves-on", data=sent) for _ in range(2))
    assert (first.status_code, again.status_code, again.headers[REPLAYED]) == (303, 303, "true")
    assert first.headers["location"] == again.headers["location"] == "/next"
    assert client.post("/probe/moves-on", data={**sent, "a": "c"}).status_code == 422
    assert client.post("/probe/moves-on", data={**sent, "idempotency_key": ""}).status_code == 400
    assert is_stored(database)


def test_who_is_not_signed_in_needs_no_key(client_of: Clients, database: Database) -> None:
    nobody = client_of()
    for _ in range(2):
        assert nobody.post("/api/v1/sign-in-links", json={"email": "a@example.org"}).status_code == 202
    with database.session() as session:
        assert session.exec(select(StoredAnswer)).all() == []


def test_a_write_that_comes_many_times_at_once_is_done_once(database: Database) -> None:
    """Over real sockets: in each of five threads the same program sends the same request."""
    with database.session() as session, session.begin():
        deal = World(session).deal()
        token = sessions.sign_in(session, person_id=deal.holder.person_id, now=MONDAY)
    with serving(database) as at:
        ready, answers = Barrier(5), []

        def book() -> None:
            ready.wait(timeout=20)
            answers.append(Api(at.url, token).post(f"/agreements/{deal.agreement.id}/bookings", key="k", **SHIFT))

        threads = [Thread(target=book) for _ in range(ready.parties)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert {(answer.status_code, answer.text) for answer in answers} == {(201, answers[0].text)}
    assert sorted(REPLAYED in answer.headers for answer in answers) == [False, True, True, True, True]
    with database.session() as session:
        assert budgets.position(session, line_id=deal.line.id).set_aside == 5_600

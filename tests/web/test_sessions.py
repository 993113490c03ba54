from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlmodel import Session, select

from marketplace import people
from marketplace.people import Person
from tests.builders import MONDAY, Clock, World
from tests.conftest import Database
from tests.serving import Postbox
from tests.web.clients import Clients, Maker, asked
from web import sessions
from web.sessions import LINK_LASTS, LINKS_AN_HOUR, SESSION_LASTS, SignedIn, SignInLink

EMAIL = "sam@example.org"
A_SECOND = timedelta(seconds=1)


def link(session: Session, *, email: str = EMAIL) -> str:
    token = sessions.make_link(session, email=email, now=MONDAY)
    assert token is not None
    return token


def test_a_link_signs_its_owner_in_who_joins_by_it_when_new(session: Session) -> None:
    token = sessions.redeem(session, token=link(session), now=MONDAY)
    assert token is not None
    person = people.with_email(session, email=EMAIL)
    assert person is not None
    assert (person.name, person.joined_at) == ("sam", MONDAY)
    assert sessions.person_of(session, token=token, now=MONDAY) == person.id


def test_a_link_finds_who_is_here_already(world: World, session: Session) -> None:
    viewer = world.assistant(name="Asha Okoro")
    token = sessions.redeem(session, token=link(session, email=" Person1@EXAMPLE.org"), now=MONDAY)
    assert token is not None
    assert sessions.person_of(session, token=token, now=MONDAY) == viewer.person_id
    assert session.get_one(Person, viewer.person_id).name == "Asha Okoro"


def test_a_link_is_good_once(session: Session) -> None:
    token = link(session)
    assert sessions.redeem(session, token=token, now=MONDAY) is not None
    assert sessions.redeem(session, token=token, now=MONDAY) is None


@pytest.mark.parametrize(("age", "good"), [(LINK_LASTS - A_SECOND, True), (LINK_LASTS, False), (timedelta(9), False)])
def test_a_link_is_good_for_a_quarter_of_an_hour(session: Session, age: timedelta, good: bool) -> None:
    assert (sessions.redeem(session, token=link(session), now=MONDAY + age) is not None) is good


@pytest.mark.parametrize("spoil", [str.upper, lambda token: token[:-1], lambda token: token + " ", lambda _: ""])
def test_a_link_that_was_never_mailed_is_no_good(session: Session, spoil: Callable[[str], str]) -> None:
    assert sessions.redeem(session, token=spoil(link(session)), now=MONDAY) is None
    assert people.with_email(session, email=EMAIL) is None


def test_older_links_stay_good_when_a_newer_one_is_mailed(session: Session) -> None:
    first, second = link(session), link(session)
    assert sessions.redeem(session, token=first, now=MONDAY) is not None
    assert sessions.redeem(session, token=second, now=MONDAY) is not None


def test_an_address_gets_five_links_an_hour_however_it_is_written(session: Session) -> None:
    written = (EMAIL, EMAIL.upper(), f" {EMAIL} ")
    for at in range(LINKS_AN_HOUR):
        link(session, email=written[at % 3])
    assert all(sessions.make_link(session, email=each, now=MONDAY) is None for each in written)
    assert sessions.make_link(session, email="other@example.org", now=MONDAY) is not None
    almost, over = MONDAY + timedelta(hours=1) - A_SECOND, MONDAY + timedelta(hours=1)
    assert sessions.make_link(session, email=EMAIL, now=almost) is None
    assert sessions.make_link(session, email=EMAIL, now=over) is not None


def test_no_token_is_stored(session: Session) -> None:
    given = link(session)
    token = sessions.redeem(session, token=given, now=MONDAY)
    assert token is not None
    stored = {one.token_hash for one in session.exec(select(SignInLink))} | {
        one.token_hash for one in session.exec(select(SignedIn))
    }
    assert stored == {sessions.hashed(given), sessions.hashed(token)}
    assert min(len(given), len(token)) >= 43  # 256 bits


def test_what_is_stored_signs_nobody_in(session: Session) -> None:
    given = link(session)
    assert sessions.redeem(session, token=sessions.hashed(given), now=MONDAY) is None
    token = sessions.redeem(session, token=given, now=MONDAY)
    assert token is not None
    assert sessions.person_of(session, token=sessions.hashed(token), now=MONDAY) is None


@pytest.mark.parametrize(
    ("age", "signed_in"), [(timedelta(0), True), (SESSION_LASTS - A_SECOND, True), (SESSION_LASTS, False)]
)
def test_a_session_lasts_a_fortnight(world: World, session: Session, age: timedelta, signed_in: bool) -> None:
    viewer = world.person()
    token = sessions.sign_in(session, person_id=viewer.person_id, now=MONDAY)
    found = sessions.person_of(session, token=token, now=MONDAY + age)
    assert found == (viewer.person_id if signed_in else None)


def test_signing_out_ends_one_session_and_no_other(world: World, session: Session) -> None:
    person_id = world.person().person_id
    here, there = (sessions.sign_in(session, person_id=person_id, now=MONDAY) for _ in range(2))
    sessions.sign_out(session, token=here)
    sessions.sign_out(session, token=here)
    assert sessions.person_of(session, token=here, now=MONDAY) is None
    assert sessions.person_of(session, token=there, now=MONDAY) == person_id


def test_what_can_no_longer_be_used_is_forgotten_and_nothing_else(world: World, session: Session) -> None:
    person_id = world.person().person_id
    for age in (SESSION_LASTS, SESSION_LASTS - A_SECOND):
        sessions.sign_in(session, person_id=person_id, now=MONDAY - age)
    for age in (timedelta(days=1, seconds=1), timedelta(hours=1)):
        sessions.make_link(session, email=EMAIL, now=MONDAY - age)
    sessions.forget_old(session, now=MONDAY)
    assert [one.expires_at for one in session.exec(select(SignedIn))] == [MONDAY + A_SECOND]
    assert [one.made_at for one in session.exec(select(SignInLink))] == [MONDAY - timedelta(hours=1)]


def test_of_two_who_spend_a_link_at_the_same_moment_one_is_signed_in(database: Database) -> None:
    with database.session() as session, session.begin():
        given = link(session)
    ready, tokens = Barrier(2), []

    def spend() -> None:
        with database.session() as session, session.begin():
            ready.wait(timeout=20)
            tokens.append(sessions.redeem(session, token=given, now=MONDAY))

    threads = [Thread(target=spend) for _ in range(ready.parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(token is None for token in tokens) == 1


# --- over HTTP


def test_a_program_signs_in_by_a_mailed_link_once_and_in_time(client_of: Clients, post: Postbox, clock: Clock) -> None:
    nobody = client_of()
    assert asked(nobody, "POST", "/api/v1/sign-in-links", {"email": EMAIL}).status_code == 202
    first = post.token(EMAIL)
    made = asked(nobody, "POST", "/api/v1/sessions", {"token": first})
    assert made.status_code == 201
    bearer = {"Authorization": f"Bearer {made.json()['session']}"}
    assert nobody.get("/api/v1/me", headers=bearer).json()["name"] == "sam"
    spent = asked(nobody, "POST", "/api/v1/sessions", {"token": first})
    asked(nobody, "POST", "/api/v1/sign-in-links", {"email": EMAIL})
    clock.forward(minutes=15)
    late = asked(nobody, "POST", "/api/v1/sessions", {"token": post.token(EMAIL)})
    unknown = asked(nobody, "POST", "/api/v1/sessions", {"token": "t" * 43})
    assert [answer.status_code for answer in (spent, late, unknown)] == [404] * 3
    assert spent.json() == late.json() == unknown.json()


def test_the_sixth_link_is_not_mailed_and_nobody_can_tell(client_of: Clients, post: Postbox, make: Maker) -> None:
    make(lambda world: world.person())
    known = [asked(client_of(), "POST", "/api/v1/sign-in-links", {"email": "person1@example.org"}) for _ in range(6)]
    unknown = asked(client_of(), "POST", "/api/v1/sign-in-links", {"email": "nobody@example.org"})
    assert {(answer.status_code, answer.text) for answer in (*known, unknown)} == {(202, "")}
    assert [mail.to for mail in post.mails] == ["person1@example.org"] * 5 + ["nobody@example.org"]


def test_a_session_ends_by_itself_and_by_signing_out(client_of: Clients, make: Maker, clock: Clock) -> None:
    viewer = make(lambda world: world.person())
    leaving, staying = client_of(viewer), client_of(viewer)
    clock.forward(days=14, seconds=-1)
    assert asked(leaving, "DELETE", "/api/v1/sessions/current").status_code == 204
    assert [one.get("/api/v1/me").status_code for one in (leaving, staying)] == [401, 200]
    clock.forward(seconds=1)
    assert staying.get("/api/v1/me").status_code == 401


def test_who_is_gone_is_not_signed_in_by_a_session_of_somebody_else(client_of: Clients, make: Maker) -> None:
    one, other = make(lambda world: (world.person("Ada Byron"), world.person("Bob Hale")))
    assert [client_of(who).get("/api/v1/me").json()["name"] for who in (one, other)] == ["Ada Byron", "Bob Hale"]

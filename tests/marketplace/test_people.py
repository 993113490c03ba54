from threading import Barrier, Thread

import pytest
from sqlmodel import Session, select

from marketplace import people
from marketplace.people import Person, Viewer, public_name
from tests.builders import MONDAY, World
from tests.conftest import Database


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Grace Okoro", "Grace O."),
        ("Grace Anne Okoro", "Grace O."),
        ("Grace", "Grace"),
        ("  Grace   Okoro ", "Grace O."),
        ("Łukasz Żak", "Łukasz Ż."),
    ],
)
def test_before_both_agree_a_name_is_the_first_one_and_an_initial(name: str, shown: str) -> None:
    assert public_name(name) == shown


@pytest.mark.parametrize("again", ["sam@example.org", "SAM@Example.ORG", "  sam@example.org "])
def test_an_address_is_one_person_however_it_is_written(session: Session, again: str) -> None:
    first = people.join(session, email="Sam@example.org", name=" Sam Carter ", now=MONDAY)
    assert people.join(session, email=again, name="Somebody Else", now=MONDAY).id == first.id
    assert people.with_email(session, email=again) == first
    assert (first.email, first.name) == ("sam@example.org", "Sam Carter")


def test_an_address_nobody_has_is_nobody(session: Session) -> None:
    assert people.with_email(session, email="nobody@example.org") is None


def test_two_who_join_with_one_address_at_the_same_moment_are_one_person(database: Database) -> None:
    ready, ids = Barrier(4), []

    def join() -> None:
        with database.session() as session, session.begin():
            ready.wait(timeout=20)
            ids.append(people.join(session, email="sam@example.org", name="Sam", now=MONDAY).id)

    threads = [Thread(target=join) for _ in range(ready.parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.session() as session:
        assert [person.id for person in session.exec(select(Person))] * ready.parties == ids


def test_names_are_told_by_id(world: World, session: Session) -> None:
    one, other = world.person("Ada Byron"), world.person("Bob Hale")
    found = people.names(session, person_ids=[one.person_id, other.person_id])
    assert found == {one.person_id: "Ada Byron", other.person_id: "Bob Hale"}
    assert people.names(session, person_ids=[]) == {}


def test_a_person_has_the_homes_of_their_roles_in_one_order(world: World) -> None:
    broker = world.broker()
    assert broker.roles == ["broker"]
    assert world.holder(broker=broker).roles == ["holder"]
    assert world.assistant().roles == ["assistant"]
    one = world.person()
    every = Viewer(one.person_id, "A", one.person_id, one.person_id, (one.person_id,))
    assert (one.roles, every.roles) == ([], ["holder", "assistant", "broker"])

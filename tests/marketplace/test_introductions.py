from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from marketplace import introductions, needs
from marketplace.errors import Conflict, MarketplaceError, NotFound
from marketplace.introductions import Introduction
from marketplace.needs import Need
from marketplace.people import Viewer
from tests.builders import MONDAY, World
from tests.conftest import Database

LATER = MONDAY + timedelta(hours=1)


def invited(session: Session, holder: Viewer, need: Need, assistant: Viewer) -> Introduction:
    assert assistant.assistant_id is not None
    return introductions.invite(
        session, viewer=holder, need_id=need.id, assistant_id=assistant.assistant_id, message="Hello", now=MONDAY
    )


def accepted(session: Session, viewer: Viewer, introduction_id: UUID) -> Introduction:
    return introductions.accept(session, viewer=viewer, introduction_id=introduction_id, now=LATER)


def declined(session: Session, viewer: Viewer, introduction_id: UUID) -> Introduction:
    return introductions.decline(session, viewer=viewer, introduction_id=introduction_id, reason="Too far", now=LATER)


ANSWERS = [accepted, declined]


def test_who_is_asked_sees_it_and_nobody_else_of_that_side(world: World, session: Session) -> None:
    holder, assistant, other = world.holder(), world.assistant(), world.assistant()
    asked = invited(session, holder, world.need(holder), assistant)
    assert (asked.state, asked.message, asked.invited_by, asked.answered_at) == (
        "invited",
        "Hello",
        holder.person_id,
        None,
    )
    assert introductions.of_assistant(session, viewer=assistant) == [asked]
    assert introductions.of_assistant(session, viewer=other) == []
    assert introductions.of_need(session, viewer=holder, need_id=asked.need_id) == [asked]
    for stranger in (other, world.holder(), world.broker()):
        with pytest.raises(NotFound):
            introductions.get(session, viewer=stranger, introduction_id=asked.id)


def test_who_was_asked_does_not_learn_who_else_was(world: World, session: Session) -> None:
    holder, assistant = world.holder(), world.assistant()
    asked = invited(session, holder, world.need(holder), assistant)
    with pytest.raises(NotFound):
        introductions.of_need(session, viewer=assistant, need_id=asked.need_id)


@pytest.mark.parametrize(
    ("answer", "state", "reason"), [(accepted, "accepted", None), (declined, "declined", "Too far")]
)
def test_an_answer_stands(
    world: World,
    session: Session,
    answer: Callable[[Session, Viewer, UUID], Introduction],
    state: str,
    reason: str | None,
) -> None:
    holder, assistant = world.holder(), world.assistant()
    asked = invited(session, holder, world.need(holder), assistant)
    answered = answer(session, assistant, asked.id)
    assert (answered.state, answered.reason, answered.answered_at) == (state, reason, LATER)
    for again in ANSWERS:
        with pytest.raises(Conflict):
            again(session, assistant, asked.id)
    assert introductions.get(session, viewer=holder, introduction_id=asked.id).state == state


def test_a_no_needs_no_reason(world: World, session: Session) -> None:
    holder, assistant = world.holder(), world.assistant()
    asked = invited(session, holder, world.need(holder), assistant)
    no = introductions.decline(session, viewer=assistant, introduction_id=asked.id, reason="", now=LATER)
    assert no.reason is None


@pytest.mark.parametrize("answer", ANSWERS)
def test_nobody_answers_for_the_assistant(
    world: World, session: Session, answer: Callable[[Session, Viewer, UUID], Introduction]
) -> None:
    broker = world.broker()
    holder = world.holder(broker=broker)
    asked = invited(session, holder, world.need(holder), world.assistant())
    for other in (holder, broker, world.assistant(), world.person()):
        with pytest.raises(NotFound):
            answer(session, other, asked.id)
    assert asked.state == "invited"


def test_nobody_is_asked_twice_about_one_need(world: World, session: Session) -> None:
    holder, assistant = world.holder(), world.assistant()
    need = world.need(holder)
    invited(session, holder, need, assistant)
    with pytest.raises(Conflict, match="invited this person already"), session.begin_nested():
        invited(session, holder, need, assistant)
    invited(session, holder, world.need(holder), assistant)


def test_who_does_not_look_for_work_is_not_asked(world: World, session: Session) -> None:
    holder, assistant = world.holder(), world.assistant(status="not_now")
    with pytest.raises(Conflict, match="can't be invited"):
        invited(session, holder, world.need(holder), assistant)


def test_nobody_is_asked_about_a_need_that_is_closed(world: World, session: Session) -> None:
    holder = world.holder()
    need = world.need(holder)
    needs.close(session, viewer=holder, need_id=need.id)
    with pytest.raises(Conflict, match="no longer open"):
        invited(session, holder, need, world.assistant())


def test_nobody_asks_about_somebody_elses_need_or_asks_nobody(world: World, session: Session) -> None:
    holder, assistant = world.holder(), world.assistant()
    need = world.need(holder)
    for stranger in (world.holder(), world.broker(), assistant):
        with pytest.raises(NotFound):
            invited(session, stranger, need, assistant)
    with pytest.raises(NotFound):
        introductions.invite(session, viewer=holder, need_id=need.id, assistant_id=uuid4(), message="", now=MONDAY)


def test_invitations_are_listed_newest_first(world: World, session: Session) -> None:
    holder, assistant = world.holder(), world.assistant()
    assert assistant.assistant_id is not None
    for at in range(3):
        introductions.invite(
            session,
            viewer=holder,
            need_id=world.need(holder).id,
            assistant_id=assistant.assistant_id,
            message=str(at),
            now=MONDAY + timedelta(minutes=at),
        )
    listed = introductions.of_assistant(session, viewer=assistant)
    assert [one.message for one in listed] == ["2", "1", "0"]
    assert introductions.of_assistant(session, viewer=assistant, most=1) == listed[:1]


def test_a_yes_and_a_no_at_the_same_moment_are_one_answer(database: Database) -> None:
    with database.session() as session, session.begin():
        world = World(session)
        holder, assistant = world.holder(), world.assistant()
        asked = invited(session, holder, world.need(holder), assistant)
    ready, answers = Barrier(len(ANSWERS)), []

    def say(answer: Callable[[Session, Viewer, UUID], Introduction]) -> None:
        with database.session() as session, session.begin():
            read = introductions.get(session, viewer=assistant, introduction_id=asked.id)  # as a page reads it first
            ready.wait(timeout=20)
            try:
                answers.append(answer(session, assistant, read.id).state)
            except MarketplaceError as refused:
                answers.append(type(refused).__name__)

    threads = [Thread(target=say, args=[answer]) for answer in ANSWERS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) in (["Conflict", "accepted"], ["Conflict", "declined"])

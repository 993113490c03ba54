from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from sqlmodel import Session

from marketplace import agreements, introductions, needs
from marketplace.agreements import Agreement, NewAgreement
from marketplace.errors import Conflict, Invalid, MarketplaceError, NotFound
from marketplace.people import Viewer
from tests.builders import MONDAY, World
from tests.conftest import Database

NEW = NewAgreement(rate_pence=1450, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 31))
LATER = MONDAY + timedelta(hours=1)


def introduced(world: World, holder: Viewer, assistant: Viewer, *, said_yes: bool = True) -> UUID:
    assert assistant.assistant_id is not None
    asked = introductions.invite(
        world.session,
        viewer=holder,
        need_id=world.need(holder).id,
        assistant_id=assistant.assistant_id,
        message="",
        now=MONDAY,
    )
    if said_yes:
        introductions.accept(world.session, viewer=assistant, introduction_id=asked.id, now=MONDAY)
    return asked.id


def offered(session: Session, viewer: Viewer, introduction_id: UUID, new: NewAgreement = NEW) -> Agreement:
    return agreements.offer(session, viewer=viewer, introduction_id=introduction_id, new=new, now=MONDAY)


def test_an_offer_waits_for_the_assistants_yes_and_then_fills_the_need(world: World, session: Session) -> None:
    holder, assistant = world.holder(), world.assistant()
    offer = offered(session, holder, introduced(world, holder, assistant))
    assert (offer.state, offer.rate_pence, offer.starts_on, offer.ends_on) == (
        "offered",
        1450,
        NEW.starts_on,
        NEW.ends_on,
    )
    assert needs.get(session, viewer=holder, need_id=offer.need_id).state == "open"
    agreed = agreements.accept(session, viewer=assistant, agreement_id=offer.id, now=LATER)
    assert (agreed.state, agreed.answered_at) == ("agreed", LATER)
    assert needs.get(session, viewer=holder, need_id=offer.need_id).state == "filled"


def test_a_no_leaves_the_need_open(world: World, session: Session) -> None:
    holder, assistant = world.holder(), world.assistant()
    offer = offered(session, holder, introduced(world, holder, assistant))
    assert agreements.decline(session, viewer=assistant, agreement_id=offer.id, now=LATER).state == "declined"
    assert needs.get(session, viewer=holder, need_id=offer.need_id).state == "open"


def test_nothing_is_offered_before_a_yes_to_the_invitation(world: World, session: Session) -> None:
    holder, assistant = world.holder(), world.assistant()
    unanswered = introduced(world, holder, assistant, said_yes=False)
    with pytest.raises(Conflict, match="has not said yes"):
        offered(session, holder, unanswered)
    introductions.decline(session, viewer=assistant, introduction_id=unanswered, reason="", now=MONDAY)
    with pytest.raises(Conflict, match="has not said yes"):
        offered(session, holder, unanswered)


def test_an_offer_that_waits_is_not_made_again(world: World, session: Session) -> None:
    holder, assistant = world.holder(), world.assistant()
    introduction_id = introduced(world, holder, assistant)
    offered(session, holder, introduction_id)
    with pytest.raises(Conflict, match="offered this person an agreement already"), session.begin_nested():
        offered(session, holder, introduction_id)


def test_an_end_before_the_start_is_refused(world: World, session: Session) -> None:
    holder, assistant = world.holder(), world.assistant()
    backwards = NEW.model_copy(update={"ends_on": date(2026, 11, 30)})
    with pytest.raises(Invalid) as refused:
        offered(session, holder, introduced(world, holder, assistant), backwards)
    assert refused.value.field == "ends_on"


def test_only_the_holders_side_offers_and_only_the_assistant_answers(world: World, session: Session) -> None:
    broker = world.broker()
    holder, assistant = world.holder(broker=broker), world.assistant()
    strangers = (world.holder(), world.broker(), world.assistant(), world.person())
    introduction_id = introduced(world, holder, assistant)
    for other in (*strangers, assistant):
        with pytest.raises(NotFound):
            offered(session, other, introduction_id)
    offer = offered(session, broker, introduction_id)
    for other in (*strangers, holder, broker):
        for answer in (agreements.accept, agreements.decline):
            with pytest.raises(NotFound):
                answer(session, viewer=other, agreement_id=offer.id, now=LATER)
    for other in strangers:
        with pytest.raises(NotFound):
            agreements.get(session, viewer=other, agreement_id=offer.id)
        assert agreements.of_viewer(session, viewer=other) == []
    for one in (holder, broker, assistant):
        assert agreements.of_viewer(session, viewer=one) == [agreements.get(session, viewer=one, agreement_id=offer.id)]


@pytest.mark.parametrize("first", [agreements.accept, agreements.decline])
def test_an_answer_stands(world: World, session: Session, first: Callable[..., Agreement]) -> None:
    holder, assistant = world.holder(), world.assistant()
    offer = offered(session, holder, introduced(world, holder, assistant))
    state = first(session, viewer=assistant, agreement_id=offer.id, now=LATER).state
    for again in (agreements.accept, agreements.decline):
        with pytest.raises(Conflict, match="answered this offer already"):
            again(session, viewer=assistant, agreement_id=offer.id, now=LATER)
    assert agreements.get(session, viewer=holder, agreement_id=offer.id).state == state


def test_a_yes_and_a_no_at_the_same_moment_are_one_answer(database: Database) -> None:
    with database.session() as session, session.begin():
        world = World(session)
        holder, assistant = world.holder(), world.assistant()
        offer = offered(session, holder, introduced(world, holder, assistant))
    ready, answers = Barrier(2), []

    def say(answer: Callable[..., Agreement]) -> None:
        with database.session() as session, session.begin():
            read = agreements.get(session, viewer=assistant, agreement_id=offer.id)  # as a page reads it first
            ready.wait(timeout=20)
            try:
                answers.append(answer(session, viewer=assistant, agreement_id=read.id, now=LATER).state)
            except MarketplaceError as refused:
                answers.append(type(refused).__name__)

    threads = [Thread(target=say, args=[answer]) for answer in (agreements.accept, agreements.decline)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) in (["Conflict", "agreed"], ["Conflict", "declined"])


def test_after_a_no_something_else_can_be_offered_and_agreed(world: World, session: Session) -> None:
    holder, assistant = world.holder(), world.assistant()
    introduction_id = introduced(world, holder, assistant)
    first = offered(session, holder, introduction_id)
    agreements.decline(session, viewer=assistant, agreement_id=first.id, now=LATER)
    better = NewAgreement(rate_pence=1550, starts_on=date(2026, 12, 1))
    again = offered(session, holder, introduction_id, better)
    assert (again.state, again.rate_pence, again.ends_on, again.answered_at) == ("offered", 1550, None, None)
    assert agreements.accept(session, viewer=assistant, agreement_id=again.id, now=LATER).state == "agreed"


def test_nothing_more_is_agreed_about_a_closed_request(world: World, session: Session) -> None:
    holder, assistant, other = world.holder(), world.assistant(), world.assistant()
    introduction_id = introduced(world, holder, assistant)
    offer = offered(session, holder, introduction_id)
    waiting = introductions.invite(
        session, viewer=holder, need_id=offer.need_id, assistant_id=other.assistant_id, message="", now=MONDAY
    )
    introductions.accept(session, viewer=other, introduction_id=waiting.id, now=MONDAY)
    needs.close(session, viewer=holder, need_id=offer.need_id)
    with pytest.raises(Conflict, match="closed"), session.begin_nested():
        agreements.accept(session, viewer=assistant, agreement_id=offer.id, now=LATER)
    with pytest.raises(Conflict, match="closed"):
        offered(session, holder, waiting.id)


def test_nobody_is_offered_less_than_they_ask(world: World, session: Session) -> None:
    holder, assistant = world.holder(), world.assistant(lowest_rate_pence=1390)
    less = NewAgreement(rate_pence=1389, starts_on=date(2026, 12, 1))
    with pytest.raises(Invalid, match=r"at least £13\.90") as refused:
        offered(session, holder, introduced(world, holder, assistant), less)
    assert refused.value.field == "rate_pence"

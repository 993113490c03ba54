from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from marketplace import agreements, bookings, introductions, overview, timesheets
from marketplace.agreements import NewAgreement
from marketplace.errors import NotFound
from marketplace.overview import Overview
from marketplace.people import Viewer
from tests.builders import Deal, World

LATER = timedelta(days=10)


def seen_by(world: World, viewer: Viewer, holder: Viewer) -> Overview:
    assert holder.holder_id is not None
    return overview.of_holder(world.session, viewer=viewer, holder_id=holder.holder_id, now=world.now + LATER)


def asked(world: World, holder: Viewer, name: str, *, need_id: UUID, state: str) -> None:
    assistant = world.assistant(name=name)
    assert assistant.assistant_id is not None
    one = introductions.invite(
        world.session,
        viewer=holder,
        need_id=need_id,
        assistant_id=assistant.assistant_id,
        message="",
        now=world.now,
    )
    if state == "invited":
        return
    if state == "declined":
        introductions.decline(world.session, viewer=assistant, introduction_id=one.id, reason="", now=world.now)
        return
    introductions.accept(world.session, viewer=assistant, introduction_id=one.id, now=world.now)
    if state in {"offered", "agreed"}:
        new = NewAgreement(rate_pence=1400, starts_on=world.now.date())
        made = agreements.offer(world.session, viewer=holder, introduction_id=one.id, new=new, now=world.now)
        if state == "agreed":
            agreements.accept(world.session, viewer=assistant, agreement_id=made.id, now=world.now)


def test_everybody_who_was_asked_stands_where_they_are_known_by_as_much_of_their_name_as_they_gave(
    world: World, session: Session
) -> None:
    holder = world.holder()
    need_id = world.need(holder).id
    for state in ("invited", "declined", "accepted", "offered", "agreed"):
        asked(world, holder, f"{state.title()} Person", need_id=need_id, state=state)
    found = seen_by(world, holder, holder)
    assert {contact.name for contact in found.contacts} == {
        *("Invited P.", "Declined P.", "Accepted Person", "Offered Person", "Agreed Person")
    }
    assert [contact.name for contact in found.said_yes] == ["Accepted Person"]
    assert [contact.name for contact in found.offered] == ["Offered Person"]
    assert [contact.name for contact in found.agreed] == ["Agreed Person"]
    counts = {state: found.asked(need_id, state) for state in ("invited", "accepted", "declined")}
    assert counts == {"invited": 1, "accepted": 3, "declined": 1}
    of_need = overview.contacts(session, viewer=holder, need_id=need_id)
    assert {one.introduction.id for one in of_need} == {one.introduction.id for one in found.contacts}


def told(world: World, deal: Deal, *, day: int) -> UUID:
    booking = world.booking(deal, starts_at=world.now + timedelta(days=day))
    timesheets.confirm(
        world.session,
        viewer=deal.assistant,
        booking_id=booking.id,
        started_at=booking.starts_at,
        ended_at=booking.ends_at,
        now=booking.ends_at,
    )
    return booking.id


def test_every_shift_that_is_not_closed_waits_for_somebody_or_is_to_come(world: World) -> None:
    deal = world.deal()
    over = world.booking(deal, starts_at=world.now + timedelta(days=1)).id
    to_approve, queried, approved = (told(world, deal, day=day) for day in (2, 3, 4))
    timesheets.query(world.session, viewer=deal.holder, booking_id=queried, question="Why?")
    timesheets.approve(world.session, viewer=deal.holder, booking_id=approved, now=world.now)
    cancelled = world.booking(deal, starts_at=world.now + timedelta(days=11)).id
    bookings.cancel(world.session, viewer=deal.holder, booking_id=cancelled, reason="", now=world.now)
    to_come = world.booking(deal, starts_at=world.now + timedelta(days=12)).id
    found = seen_by(world, deal.holder, deal.holder)
    assert [one.booking.id for one in found.to_approve] == [to_approve]
    assert [one.booking.id for one in found.with_assistant] == [over, queried]
    assert [one.booking.id for one in found.to_come] == [to_come]
    assert {one.assistant for one in found.shifts} == {"Asha Okoro"}
    every = overview.shifts(world.session, viewer=deal.holder, agreement_id=deal.agreement.id)
    assert [one.booking.id for one in every] == [to_come, cancelled, approved, queried, to_approve, over]


@pytest.mark.parametrize("who", ["another holder", "the assistant"])
def test_a_stranger_sees_nothing_of_a_holder(world: World, who: str) -> None:
    deal = world.deal()
    world.booking(deal)
    strangers = {"another holder": world.holder(), "the assistant": deal.assistant}
    found = seen_by(world, strangers[who], deal.holder)
    assert (found.requests, found.contacts) == ((), ())
    assert bool(found.shifts) is (who == "the assistant")  # their own shifts are theirs to see


def test_whose_budget_it_is_is_told_to_the_holders_side_only(world: World) -> None:
    broker = world.broker()
    deal = world.deal(broker=broker)
    for viewer in (deal.holder, broker):
        found = overview.holder_of_budget(world.session, viewer=viewer, budget_id=deal.line.budget_id)
        assert found == deal.holder.holder_id
    for viewer, budget_id in ((deal.assistant, deal.line.budget_id), (deal.holder, uuid4())):
        with pytest.raises(NotFound):
            overview.holder_of_budget(world.session, viewer=viewer, budget_id=budget_id)

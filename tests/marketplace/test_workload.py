from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import Session

from marketplace import agreements, bookings, introductions, needs, timesheets, workload
from marketplace.agreements import Agreement, NewAgreement
from marketplace.errors import NotFound
from marketplace.introductions import Introduction
from marketplace.people import Viewer
from tests.builders import MONDAY, World
from tests.counting import counted


@pytest.fixture
def asha(world: World) -> Viewer:
    return world.assistant()


@pytest.fixture
def holder(world: World) -> Viewer:
    return world.holder(postcode="NG10 1AA")


def invite(world: World, holder: Viewer, assistant: Viewer, **need: object) -> Introduction:
    assert assistant.assistant_id is not None
    return introductions.invite(
        world.session,
        viewer=holder,
        need_id=world.need(holder, **need).id,
        assistant_id=assistant.assistant_id,
        message="",
        now=world.now,
    )


def say_yes(world: World, assistant: Viewer, introduction_id: UUID) -> None:
    introductions.accept(world.session, viewer=assistant, introduction_id=introduction_id, now=world.now)


def offer(world: World, holder: Viewer, introduction_id: UUID) -> Agreement:
    new = NewAgreement(rate_pence=1450, starts_on=world.now.date())
    return agreements.offer(world.session, viewer=holder, introduction_id=introduction_id, new=new, now=world.now)


def titles(found: tuple[workload.Invitation, ...]) -> list[str]:
    return [one.need.title for one in found]


def test_a_holder_is_a_first_name_an_initial_and_a_district_until_the_assistant_says_yes(
    world: World, holder: Viewer, asha: Viewer
) -> None:
    asked = invite(world, holder, asha)
    before = workload.invitation(world.session, viewer=asha, introduction_id=asked.id)
    assert (before.name, before.district) == ("Harriet W.", "NG10")
    say_yes(world, asha, asked.id)
    after = workload.invitation(world.session, viewer=asha, introduction_id=asked.id)
    assert (after.name, after.district) == ("Harriet Webb", "NG10")


def test_the_way_is_measured_from_the_assistants_home_to_the_holders(world: World, asha: Viewer) -> None:
    near = invite(world, world.holder(postcode="NG9 1EE"), asha)
    far = invite(world, world.holder(postcode="NG10 1AA"), asha)
    ways = [workload.invitation(world.session, viewer=asha, introduction_id=one.id).metres for one in (near, far)]
    assert ways[0] == 0
    assert 4_000 < ways[1] < 10_000


def test_each_invitation_is_in_the_list_that_says_what_it_waits_for(world: World, holder: Viewer, asha: Viewer) -> None:
    invite(world, holder, asha, title="Asked")
    declined = invite(world, holder, asha, title="Declined")
    introductions.decline(world.session, viewer=asha, introduction_id=declined.id, reason="", now=world.now)
    gone = invite(world, holder, asha, title="Closed before an answer")
    needs.close(world.session, viewer=holder, need_id=gone.need_id)
    say_yes(world, asha, invite(world, holder, asha, title="Hoping").id)
    missed = invite(world, holder, asha, title="Missed")
    say_yes(world, asha, missed.id)
    needs.close(world.session, viewer=holder, need_id=missed.need_id)
    for title in ("Offered", "Agreed", "Not agreed"):
        asked = invite(world, holder, asha, title=title)
        say_yes(world, asha, asked.id)
        offered = offer(world, holder, asked.id)
        if title != "Offered":
            answer = agreements.accept if title == "Agreed" else agreements.decline
            answer(world.session, viewer=asha, agreement_id=offered.id, now=world.now)
    found = workload.of_viewer(world.session, viewer=asha, now=world.now)
    assert titles(found.invited) == ["Asked"]
    assert titles(found.hoping) == ["Hoping"]
    assert sorted(titles(found.missed)) == ["Closed before an answer", "Missed"]
    assert titles(found.offered) == ["Offered"]
    assert titles(found.agreed) == ["Agreed"]
    assert not found.is_empty


def test_somebody_who_was_not_chosen_is_told_so_for_a_month(world: World, holder: Viewer, asha: Viewer) -> None:
    asked = invite(world, holder, asha)
    say_yes(world, asha, asked.id)
    needs.close(world.session, viewer=holder, need_id=asked.need_id)
    soon, late = world.now + timedelta(days=29), world.now + timedelta(days=31)
    assert len(workload.of_viewer(world.session, viewer=asha, now=soon).missed) == 1
    assert workload.of_viewer(world.session, viewer=asha, now=late).is_empty


def test_shifts_go_from_coming_to_unsaid_to_sent_to_paid(world: World) -> None:
    deal = world.deal()
    booking = world.booking(deal)

    def lists(days: int) -> list[str]:
        found = workload.of_viewer(world.session, viewer=deal.assistant, now=MONDAY + timedelta(days=days))
        return [name for name in ("coming", "to_confirm", "to_approve", "paid") if getattr(found, name)]

    def confirm() -> None:
        timesheets.confirm(
            world.session,
            viewer=deal.assistant,
            booking_id=booking.id,
            started_at=booking.starts_at,
            ended_at=booking.ends_at,
            now=MONDAY + timedelta(days=7),
        )

    assert lists(0) == ["coming"]
    assert lists(7) == ["to_confirm"]
    confirm()
    assert lists(7) == ["to_approve"]
    timesheets.query(world.session, viewer=deal.holder, booking_id=booking.id, question="Until when?")
    assert lists(7) == ["to_confirm"]
    confirm()
    timesheets.approve(world.session, viewer=deal.holder, booking_id=booking.id, now=MONDAY + timedelta(days=7))
    assert lists(7) == ["paid"]


def test_a_shift_under_way_is_still_to_come(world: World) -> None:
    deal = world.deal()
    booking = world.booking(deal)
    during = booking.starts_at + timedelta(minutes=10)
    assert len(workload.of_viewer(world.session, viewer=deal.assistant, now=during).coming) == 1


def test_somebody_elses_invitation_is_not_found(world: World, holder: Viewer, asha: Viewer) -> None:
    asked = invite(world, holder, asha)
    for viewer in (world.assistant(name="Ola Price"), holder, world.person()):
        with pytest.raises(NotFound):
            workload.invitation(world.session, viewer=viewer, introduction_id=asked.id)


def test_only_an_assistant_has_work(world: World, holder: Viewer) -> None:
    with pytest.raises(NotFound):
        workload.of_viewer(world.session, viewer=holder, now=world.now)


def test_a_longer_list_takes_no_more_queries(session: Session, world: World, holder: Viewer, asha: Viewer) -> None:
    def queries() -> int:
        session.expire_all()
        with counted(session.connection()) as seen:
            workload.of_viewer(session, viewer=asha, now=world.now)
        return len(seen)

    invite(world, holder, asha)
    one = queries()
    for _ in range(5):
        invite(world, holder, asha)
    assert queries() == one


def test_a_cancelled_shift_is_shown_until_it_would_have_been_over(world: World) -> None:
    deal = world.deal()
    booking = world.booking(deal)
    bookings.cancel(world.session, viewer=deal.holder, booking_id=booking.id, reason="", now=world.now)
    before = workload.of_viewer(world.session, viewer=deal.assistant, now=world.now)
    assert [one.booking.id for one in before.called_off] == [booking.id]
    assert workload.of_viewer(world.session, viewer=deal.assistant, now=booking.ends_at).called_off == ()

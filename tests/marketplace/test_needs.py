from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from marketplace import needs
from marketplace.errors import Invalid, NotFound
from marketplace.needs import NeedState, NewNeed
from marketplace.people import Viewer
from tests.builders import MONDAY, MORNINGS, World
from tests.counting import counted


def new(**changes: object) -> NewNeed:
    asked = {"title": "Mornings", "rate_pence": 1400, "starts_on": MONDAY.date(), "hours": MORNINGS}
    return NewNeed.model_validate({**asked, **changes})


def own(viewer: Viewer) -> UUID:
    assert viewer.holder_id is not None
    return viewer.holder_id


def test_a_need_is_kept_as_it_was_asked(world: World, session: Session) -> None:
    holder = world.holder()
    told = new(
        about="Two people",
        ends_on=MONDAY.date(),
        required={"hoist"},
        wished={"hoist", "dementia"},
        hours=MORNINGS[::-1],
        reference="A1",
    )
    need = needs.post(session, viewer=holder, holder_id=own(holder), new=told, now=MONDAY)
    assert (need.state, need.posted_by, need.reference, need.about) == ("open", holder.person_id, "A1", "Two people")
    asked = needs.asked(session, need_ids=[need.id])[need.id]
    assert (asked.hours, asked.required, asked.wished) == (MORNINGS, frozenset({"hoist"}), frozenset({"dementia"}))


def test_a_broker_asks_for_those_they_support(world: World, session: Session) -> None:
    broker = world.broker()
    holder = world.holder(broker=broker)
    need = needs.post(session, viewer=broker, holder_id=own(holder), new=new(), now=MONDAY)
    assert needs.get(session, viewer=holder, need_id=need.id).posted_by == broker.person_id


def test_what_is_not_yours_is_not_there(world: World, session: Session) -> None:
    holder = world.holder()
    need = world.need(holder)
    for stranger in (world.holder(), world.broker(), world.assistant(), world.person()):
        with pytest.raises(NotFound):
            needs.post(session, viewer=stranger, holder_id=own(holder), new=new(), now=MONDAY)
        with pytest.raises(NotFound):
            needs.get(session, viewer=stranger, need_id=need.id)
        with pytest.raises(NotFound):
            needs.close(session, viewer=stranger, need_id=need.id)
        assert needs.of_viewer(session, viewer=stranger) == []
    with pytest.raises(NotFound):
        needs.get(session, viewer=holder, need_id=uuid4())
    assert need.state == "open"


@pytest.mark.parametrize(
    ("now", "starts_on", "fits"),
    [
        (datetime(2026, 11, 23, 23, 59, tzinfo=UTC), date(2026, 11, 23), True),
        (datetime(2026, 11, 24, 0, 0, tzinfo=UTC), date(2026, 11, 23), False),
        # ten to and ten past midnight of a summer's night in London
        (datetime(2026, 6, 30, 22, 50, tzinfo=UTC), date(2026, 6, 30), True),
        (datetime(2026, 6, 30, 23, 10, tzinfo=UTC), date(2026, 6, 30), False),
    ],
)
def test_today_is_todays_date_in_london(
    world: World, session: Session, now: datetime, starts_on: date, fits: bool
) -> None:
    holder = world.holder()
    if fits:
        needs.post(session, viewer=holder, holder_id=own(holder), new=new(starts_on=starts_on), now=now)
    else:
        with pytest.raises(Invalid) as refused:
            needs.post(session, viewer=holder, holder_id=own(holder), new=new(starts_on=starts_on), now=now)
        assert refused.value.field == "starts_on"


def test_an_end_before_the_start_is_refused(world: World, session: Session) -> None:
    holder = world.holder()
    backwards = new(ends_on=MONDAY.date() - timedelta(days=1))
    with pytest.raises(Invalid) as refused:
        needs.post(session, viewer=holder, holder_id=own(holder), new=backwards, now=MONDAY)
    assert refused.value.field == "ends_on"


def test_a_reference_names_one_request_of_a_holder(world: World, session: Session) -> None:
    holder, other = world.holder(), world.holder()
    for viewer in (holder, other):
        needs.post(session, viewer=viewer, holder_id=own(viewer), new=new(reference="A1"), now=MONDAY)
    with pytest.raises(Invalid) as refused, session.begin_nested():
        needs.post(session, viewer=holder, holder_id=own(holder), new=new(reference="A1"), now=MONDAY)
    assert refused.value.field == "reference"
    assert len(needs.of_viewer(session, viewer=holder)) == 1
    for _ in range(2):  # without one there is nothing to be the same
        needs.post(session, viewer=holder, holder_id=own(holder), new=new(), now=MONDAY)


def test_needs_are_listed_newest_first_by_state_and_not_without_end(world: World, session: Session) -> None:
    holder = world.holder()
    posted = []
    for at in range(4):
        world.now = MONDAY + timedelta(minutes=at)
        posted.append(world.need(holder).id)
    needs.close(session, viewer=holder, need_id=posted[1])

    def listed(state: NeedState | None = None, most: int = 100) -> list[UUID]:
        return [need.id for need in needs.of_viewer(session, viewer=holder, state=state, most=most)]

    assert listed() == posted[::-1]
    assert listed(most=2) == posted[:1:-1]
    assert listed(NeedState.CLOSED) == [posted[1]]
    assert listed(NeedState.OPEN) == [posted[3], posted[2], posted[0]]
    assert listed(NeedState.FILLED) == []


def test_what_needs_ask_takes_two_queries_however_many_there_are(world: World, session: Session) -> None:
    holder = world.holder()
    ids = [world.need(holder, required={"hoist"}).id for _ in range(5)]
    with counted(session.connection()) as queries:
        asked = needs.asked(session, need_ids=ids)
    assert (len(queries), set(asked)) == (2, set(ids))
    assert needs.asked(session, need_ids=[]) == {}

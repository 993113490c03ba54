from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from marketplace import needs
from marketplace.availability import WINDOWS_OF, TimeOfDay
from marketplace.errors import Invalid, NotFound
from marketplace.needs import NeedState, NewNeed
from marketplace.people import Viewer
from matching.terms import Terms
from matching.week import half_hours
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


def test_what_needs_ask_takes_three_queries_however_many_there_are(world: World, session: Session) -> None:
    holder = world.holder()
    ids = [world.need(holder, required={"hoist"}).id for _ in range(5)]
    with counted(session.connection()) as queries:
        asked = needs.asked(session, need_ids=ids)
    assert (len(queries), set(asked)) == (3, set(ids))
    assert needs.asked(session, need_ids=[]) == {}


# --- what matching reads


def test_what_is_not_asked_is_asked_of_nobody(world: World, session: Session) -> None:
    need = world.need(world.holder())
    asked = needs.asked(session, need_ids=[need.id])[need.id]
    assert (need.kind, need.people, need.contract, need.car, need.gender) == ("visit", 1, "either", "none", None)
    assert (asked.minutes_a_week, asked.preferred, asked.terms, asked.gender_reason) == (None, (), Terms(), "")
    assert not asked.checks | asked.languages | asked.languages_wished


def test_all_that_is_asked_reaches_matching(world: World, session: Session) -> None:
    need = world.need(
        world.holder(),
        hours_a_week=6.5,
        mostly={"weekend", "morning"},
        checks={"references", "dbs_enhanced"},
        languages={"pl"},
        languages_wished={"pl", "en"},
        gender="woman",
        gender_reason=" Help to wash and dress. ",
        ends_on=MONDAY.date(),
    )
    asked = needs.asked(session, need_ids=[need.id])[need.id]
    assert (asked.minutes_a_week, asked.checks) == (390, {"references", "dbs_enhanced"})
    assert (asked.languages, asked.languages_wished) == ({"pl"}, {"en"})
    both = (*WINDOWS_OF[TimeOfDay.MORNING], *WINDOWS_OF[TimeOfDay.WEEKEND])
    assert half_hours(asked.preferred) == half_hours(both)
    assert (asked.terms, asked.gender_reason) == (Terms(needs=frozenset({"woman"})), "Help to wash and dress.")


@pytest.mark.parametrize(
    ("said", "terms"),
    [
        ({"kind": "visit", "people": 1}, Terms()),
        ({"kind": "sleep_in"}, Terms(frozenset({"sleep_in"}))),
        ({"kind": "waking_night", "people": 2}, Terms(frozenset({"waking_night", "two_people"}))),
        ({"kind": "live_in"}, Terms(frozenset({"live_in"}))),
        ({"contract": "employed"}, Terms(frozenset({"employment"}))),
        ({"contract": "self_employed"}, Terms(frozenset({"self_employment"}))),
        ({"contract": "either"}, Terms()),
        ({"home": {"smoking_home", "cat", "parking"}}, Terms(frozenset({"smoking_home", "cat", "parking"}))),
        ({"car": "drives"}, Terms(needs=frozenset({"drives"}))),
        ({"car": "own_car"}, Terms(needs=frozenset({"own_car"}))),
        ({"gender": "man", "gender_reason": "Changing rooms."}, Terms(needs=frozenset({"man"}))),
        ({"refuses": {"smokes"}}, Terms(refuses=frozenset({"smokes"}))),
    ],
)
def test_each_word_stands_on_the_side_that_says_it(
    world: World, session: Session, said: dict[str, object], terms: Terms
) -> None:
    need = world.need(world.holder(), **said)
    assert needs.asked(session, need_ids=[need.id])[need.id].terms == terms


def test_a_need_that_is_replaced_keeps_nothing_of_what_it_asked_before(world: World, session: Session) -> None:
    holder = world.holder()
    need = world.need(holder, hours_a_week=2, gender="man", gender_reason="Changing rooms.", home={"dog"}, car="drives")
    needs.replace(session, viewer=holder, need_id=need.id, new=new(mostly={"evening"}), now=MONDAY)
    asked = needs.asked(session, need_ids=[need.id])[need.id]
    assert (asked.terms, asked.gender_reason, asked.minutes_a_week) == (Terms(), "", None)
    assert asked.preferred == WINDOWS_OF[TimeOfDay.EVENING]


# --- what can't be asked


HALVES = "Give the hours a week in whole or half hours, like 12.5."


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"hours_a_week": 12.5}, "hours_a_week", "The times given are only 12 hours a week together."),
        ({"hours_a_week": 0}, "hours_a_week", HALVES),
        ({"hours_a_week": -1}, "hours_a_week", HALVES),
        ({"hours_a_week": 1.25}, "hours_a_week", HALVES),
        ({"hours_a_week": float("nan")}, "hours_a_week", HALVES),
        ({"hours_a_week": float("inf")}, "hours_a_week", HALVES),
        ({"hours_a_week": "some"}, "hours_a_week", HALVES),
        ({"hours_a_week": [1]}, "hours_a_week", HALVES),
        ({"gender": "woman"}, "gender_reason", "Say why it has to be a woman."),
        ({"gender": "man", "gender_reason": "  "}, "gender_reason", "Say why it has to be a man."),
        ({"gender_reason": "Because"}, "gender", "Say whether it has to be a woman or a man"),
    ],
)
def test_what_contradicts_itself_or_has_no_reason_is_refused(
    changes: dict[str, object], field: str, sentence: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        new(**changes)
    [error] = refused.value.errors()
    refusal = error["ctx"]["error"]
    assert isinstance(refusal, Invalid)
    assert (refusal.field, str(refusal)[: len(sentence)]) == (field, sentence)


@pytest.mark.parametrize("hours_a_week", [0.5, 12, 11.5, None, "8"])
def test_as_many_hours_as_there_are_or_fewer_may_be_asked_for(hours_a_week: object) -> None:
    asked = new(hours_a_week=hours_a_week, hours=[*MORNINGS, MORNINGS[0]])
    assert asked.hours_a_week == (None if hours_a_week is None else float(str(hours_a_week)))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "holiday"),
        ("people", 3),
        ("people", 0),
        ("mostly", {"dawn"}),
        ("checks", {"hoist"}),
        ("languages", {"tlh"}),
        ("languages_wished", {"english"}),
        ("contract", "none"),
        ("home", {"smokes"}),
        ("car", "bicycle"),
        ("gender", "any"),
        ("gender_reason", "r" * 301),
        ("refuses", {"dog"}),
        ("age", 40),
        ("faith", "x"),
        ("ethnicity", "x"),
    ],
)
def test_words_we_do_not_know_and_things_nobody_may_ask_are_refused(field: str, value: object) -> None:
    with pytest.raises(ValidationError) as refused:
        new(**{field: value})
    assert [error["loc"][0] for error in refused.value.errors()] == [field]


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'holiday'",
        "people = 3",
        "minutes_a_week = 0",
        "minutes_a_week = 45",
        "minutes_a_week = 10110",
        "mostly = ARRAY['dawn']",
        "contract = 'none'",
        "home = ARRAY['smokes']",
        "car = 'bicycle'",
        "gender = 'any', gender_reason = 'x'",
        "gender = 'woman'",
        "refuses = ARRAY['dog']",
        "languages = NULL",
    ],
)
def test_the_database_forbids_it_too(world: World, session: Session, change: str) -> None:
    world.need(world.holder())
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text(f"UPDATE marketplace_need SET {change}"))

from collections.abc import Callable
from datetime import date
from threading import Thread
from time import sleep
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session

from marketplace import holders, people
from marketplace.errors import Invalid, NotFound
from marketplace.holders import NewBudget, NewHolder
from marketplace.people import Viewer
from marketplace.postcodes import Postcode
from matching.errors import UnknownPostcode
from payments import budgets
from payments.budgets import FundingStream, ManagementType
from tests.builders import MONDAY, World
from tests.conftest import Database

NEW = NewHolder(name="Harriet Webb", email="harriet@example.org", postcode="ng92ab")
BUDGET = NewBudget(
    name="Personal health budget",
    starts_on=date(2026, 4, 1),
    ends_on=date(2027, 3, 31),
    funding_stream=FundingStream.NHS_CHC,
    management_type=ManagementType.DIRECT_PAYMENT,
    pence=50_000,
)


def known(one: UUID | None) -> UUID:
    assert one is not None
    return one


def test_a_holder_belongs_to_the_organisation_of_who_registers_them(world: World, session: Session) -> None:
    broker = world.broker()
    holder = holders.register(session, viewer=broker, new=NEW, now=MONDAY)
    person = people.with_email(session, email="harriet@example.org")
    assert person is not None
    assert (holder.organisation_id, holder.person_id) == (broker.organisation_ids[0], person.id)
    assert (person.name, person.joined_at) == ("Harriet Webb", MONDAY)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("ng92ab", "NG9 2AB"), ("NG9  2AB", "NG9 2AB"), (" ng9-2ab ", "NG9 2AB"), ("NG9 2", "NG9 2"), ("ng9", "NG9")],
)
def test_a_postcode_is_kept_as_it_is_printed(world: World, session: Session, typed: str, kept: str) -> None:
    new = NewHolder(name="A", email="a@example.org", postcode=typed)
    assert holders.register(session, viewer=world.broker(), new=new, now=MONDAY).postcode == kept


@pytest.mark.parametrize("postcode", ["BT1 5GS", "JE2 3AB", "ZZ99 9ZZ", "nonsense"])
def test_who_lives_nowhere_on_our_map_is_not_stored(world: World, session: Session, postcode: str) -> None:
    new = NewHolder(name="A", email="a@example.org", postcode=postcode)
    with pytest.raises(UnknownPostcode):
        holders.register(session, viewer=world.broker(), new=new, now=MONDAY)
    assert people.with_email(session, email="a@example.org") is None


@pytest.mark.parametrize("who", [World.holder, World.assistant, World.person])
def test_only_organisations_register_holders(world: World, session: Session, who: Callable[[World], Viewer]) -> None:
    with pytest.raises(NotFound):
        holders.register(session, viewer=who(world), new=NEW, now=MONDAY)


def test_somebody_who_is_here_already_keeps_their_name_and_can_become_a_holder(world: World, session: Session) -> None:
    assistant = world.assistant(name="Asha Okoro")
    person = people.with_email(session, email="person1@example.org")
    assert person is not None
    new = NewHolder(name="A. Okoro", email="person1@example.org", postcode="NG9 1EE")
    holder = holders.register(session, viewer=world.broker(), new=new, now=MONDAY)
    viewer = world.viewer(assistant.person_id)
    assert (viewer.holder_id, viewer.assistant_id, viewer.name) == (holder.id, assistant.assistant_id, "Asha Okoro")


def test_nobody_is_registered_twice_by_whomever(world: World, session: Session) -> None:
    holders.register(session, viewer=world.broker(), new=NEW, now=MONDAY)
    with pytest.raises(Invalid, match="holder here already") as refused:
        holders.register(session, viewer=world.broker(), new=NEW, now=MONDAY)
    assert refused.value.field == "email"


def test_of_two_brokers_who_register_somebody_at_the_same_moment_the_later_is_told(database: Database) -> None:
    with database.session() as session, session.begin():
        world = World(session)
        first, second = world.broker(), world.broker()
        people.join(session, email=NEW.email, name=NEW.name, now=MONDAY)
    told: list[str] = []

    def register() -> None:
        with database.session() as session, session.begin():
            try:
                holders.register(session, viewer=second, new=NEW, now=MONDAY)
            except Invalid as refused:
                told.append(refused.field)

    with database.session() as session, session.begin():
        holders.register(session, viewer=first, new=NEW, now=MONDAY)
        later = Thread(target=register)
        later.start()
        wait_until_somebody_waits(database)
    later.join(timeout=20)
    assert told == ["email"]


def wait_until_somebody_waits(database: Database) -> None:
    """Until a connection to the database waits for another one's lock."""
    waiting = text("SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for _ in range(2_000):
            if connection.execute(waiting).first() is not None:
                return
            sleep(0.005)
    raise AssertionError("nobody waits")


def test_a_budget_comes_with_its_money(world: World, session: Session) -> None:
    broker = world.broker()
    holder = world.holder(broker=broker)
    budget = holders.give_budget(session, viewer=broker, holder_id=known(holder.holder_id), new=BUDGET, now=MONDAY)
    [line] = budgets.lines(session, budget_ids=[budget.id])
    assert budgets.position(session, line_id=line.id).free == 50_000
    assert holders.get_budget(session, viewer=holder, budget_id=budget.id) == budget


@pytest.mark.parametrize("who", ["the holder", "another broker", "an assistant"])
def test_only_the_holders_own_organisation_gives_money(world: World, session: Session, who: str) -> None:
    holder = world.holder()
    viewer = {"the holder": holder, "another broker": world.broker(), "an assistant": world.assistant()}[who]
    with pytest.raises(NotFound):
        holders.give_budget(session, viewer=viewer, holder_id=known(holder.holder_id), new=BUDGET, now=MONDAY)


def test_a_holder_who_is_also_a_broker_elsewhere_gives_themselves_nothing(world: World, session: Session) -> None:
    holder, elsewhere = world.holder(), world.broker()
    both = Viewer(holder.person_id, holder.name, holder.holder_id, None, elsewhere.organisation_ids)
    with pytest.raises(NotFound):
        holders.give_budget(session, viewer=both, holder_id=known(holder.holder_id), new=BUDGET, now=MONDAY)


def test_a_budget_that_ends_before_it_starts_is_refused(world: World, session: Session) -> None:
    broker = world.broker()
    holder = world.holder(broker=broker)
    backwards = BUDGET.model_copy(update={"ends_on": date(2026, 3, 31)})
    with pytest.raises(Invalid) as refused:
        holders.give_budget(session, viewer=broker, holder_id=known(holder.holder_id), new=backwards, now=MONDAY)
    assert refused.value.field == "ends_on"


def test_what_is_not_yours_is_not_there(world: World, session: Session) -> None:
    broker = world.broker()
    holder = world.holder(broker=broker)
    budget_id = world.budget(broker=broker, holder=holder).budget_id
    for stranger in (world.holder(), world.broker(), world.assistant(), world.person()):
        with pytest.raises(NotFound):
            holders.get(session, viewer=stranger, holder_id=known(holder.holder_id))
        with pytest.raises(NotFound):
            holders.budgets(session, viewer=stranger, holder_id=known(holder.holder_id))
        with pytest.raises(NotFound):
            holders.get_budget(session, viewer=stranger, budget_id=budget_id)
    with pytest.raises(NotFound):
        holders.get(session, viewer=broker, holder_id=uuid4())


def test_budgets_are_listed_newest_first(world: World, session: Session) -> None:
    broker = world.broker()
    holder = world.holder(broker=broker)
    years = (2025, 2027, 2026)
    for year in years:
        world.budget(broker=broker, holder=holder, starts_on=date(year, 4, 1), ends_on=date(year + 1, 3, 31))
    found = holders.budgets(session, viewer=holder, holder_id=known(holder.holder_id))
    assert [budget.starts_on.year for budget in found] == [2027, 2026, 2025]


@pytest.mark.parametrize(
    ("on", "name"),
    [
        (date(2026, 4, 1), "year"),
        (date(2026, 11, 22), "year"),
        (date(2026, 11, 23), "extra"),
        (date(2026, 11, 29), "extra"),
        (date(2026, 11, 30), "year"),
        (date(2027, 3, 31), "year"),
    ],
)
def test_a_day_is_paid_by_the_newest_budget_that_covers_it(world: World, session: Session, on: date, name: str) -> None:
    broker = world.broker()
    holder = world.holder(broker=broker)
    world.budget(broker=broker, holder=holder, name="year")
    world.budget(broker=broker, holder=holder, name="extra", starts_on=MONDAY.date(), ends_on=date(2026, 11, 29))
    assert holders.line_for(session, holder_id=known(holder.holder_id), on=on).name == name


@pytest.mark.parametrize("on", [date(2026, 3, 31), date(2027, 4, 1)])
def test_a_day_that_no_budget_covers_is_refused_by_its_date(world: World, session: Session, on: date) -> None:
    broker = world.broker()
    holder = world.holder(broker=broker)
    world.budget(broker=broker, holder=holder)
    world.budget(broker=broker, holder=world.holder(broker=broker), starts_on=date(2026, 1, 1))
    with pytest.raises(Invalid, match=f"No budget covers {on.day} {on:%B %Y}"):
        holders.line_for(session, holder_id=known(holder.holder_id), on=on)


@pytest.mark.parametrize(("loaded", "code"), [((), "NG9 2"), (("NG9 2AB",), "NG9 2AB"), (("NG9 2AD",), "NG9 2")])
def test_where_a_holder_lives_is_known_as_a_sector_or_where_it_is_loaded_as_a_postcode(
    world: World, session: Session, loaded: tuple[str, ...], code: str
) -> None:
    session.add_all(Postcode(code=one, easting=452_000, northing=336_000) for one in loaded)
    holder = holders.get(session, viewer=(one := world.holder(postcode="ng92ab")), holder_id=known(one.holder_id))
    assert holders.place_of(session, holder).code == code

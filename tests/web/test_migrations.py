"""The schema that the migrations make is the schema that the models say."""

from datetime import date

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlmodel import select

from marketplace import organisations
from marketplace.organisations import Organisation, OrganisationKind
from matching.places import METRES_IN_A_MILE
from matching.travel import FURTHEST, MODES
from tests.conftest import Database
from web.database import MIGRATIONS, engine_for, migrate
from web.models import METADATA
from web.postgres import Server


def test_an_empty_database_upgraded_to_the_newest_step_has_no_difference_from_the_models(server: Server) -> None:
    server.create_database("test_upgrade")
    engine = engine_for(server.url("test_upgrade", role="owner"))
    try:
        migrate(server.url("test_upgrade", role="owner"))
        with engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"compare_type": True, "compare_server_default": True}
            )
            assert compare_metadata(context, METADATA) == []
            assert context.get_current_revision() == ScriptDirectory(str(MIGRATIONS)).get_current_head()
    finally:
        engine.dispose()
        server.drop_database("test_upgrade")


def test_every_check_of_the_models_is_in_the_database(database: Database) -> None:
    """Alembic's comparison passes over CHECK and EXCLUDE constraints, so they are counted here by name."""
    with database.engine.connect() as connection:
        rows = connection.execute(
            text("SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype IN ('c', 'x')")
        )
        there = {(table, name) for table, name in rows}
    wanted = {
        (table.name, str(constraint.name))
        for table in METADATA.tables.values()
        for constraint in table.constraints
        if constraint.__visit_name__ in {"check_constraint", "table_or_column_check_constraint", "exclude_constraint"}
    }
    assert len(wanted) > 20
    assert wanted <= there


def test_an_up_to_date_database_is_left_as_it_is(database: Database) -> None:
    with database.session() as session, session.begin():
        organisations.found(session, name="Here before", kind=OrganisationKind.BROKER)
    migrate(database.owner_url)
    with database.session() as session:
        assert session.exec(select(Organisation.name)).all() == ["Here before"]


BEFORE_TWO_SIDES = """
INSERT INTO marketplace_person SELECT gen_random_uuid(), 'a' || miles || '@example.org', 'Asha', now()
  FROM generate_series(0, 100) miles;
INSERT INTO marketplace_assistant
    (id, person_id, postcode, about, lowest_rate_pence, travel_miles, least_minutes, most_minutes, status,
     registered_at)
SELECT gen_random_uuid(), id, 'NG9 1EE', '', 1300, substr(email, 2, position('@' in email) - 2)::integer, 0, 600,
       'looking', '2026-06-30 23:10:00+00'
  FROM marketplace_person;
INSERT INTO marketplace_organisation VALUES (gen_random_uuid(), 'Brokers', 'broker');
INSERT INTO marketplace_holder (id, person_id, organisation_id, postcode)
SELECT gen_random_uuid(), person.id, organisation.id, 'NG9 2AB'
  FROM marketplace_person person, marketplace_organisation organisation WHERE person.email = 'a0@example.org';
INSERT INTO marketplace_need (id, holder_id, title, about, rate_pence, starts_on, state, posted_by, posted_at)
SELECT gen_random_uuid(), id, 'Mornings', '', 1400, '2026-07-01', 'open', person_id, now() FROM marketplace_holder;
"""


def test_those_who_said_miles_travel_as_far_in_minutes_and_all_that_is_new_is_empty(server: Server) -> None:
    server.create_database("test_two_sides")
    url = server.url("test_two_sides", role="owner")
    engine = engine_for(url)
    try:
        migrate(url, revision="0005")
        with engine.begin() as connection:
            connection.execute(text(BEFORE_TWO_SIDES))
        migrate(url, revision="0006")
        with engine.connect() as connection:
            people = connection.execute(
                text("""
                SELECT substr(email, 2, position('@' in email) - 2)::integer AS miles, assistant.*
                  FROM marketplace_assistant assistant JOIN marketplace_person person ON person.id = person_id
                """)
            ).all()
            need = connection.execute(text("SELECT * FROM marketplace_need")).one()
    finally:
        engine.dispose()
        server.drop_database("test_two_sides")
    assert len(people) == 101
    for one in people:
        reach = FURTHEST[MODES.index("car"), one.travel_minutes] / METRES_IN_A_MILE
        assert one.miles <= reach < one.miles + 0.8
        assert (one.travel_by, one.status, one.confirmed_on) == ("car", "looking", date(2026, 7, 1))
        assert (one.gender, one.languages, one.brings, one.refuses, one.needs) == (None, [], [], [], [])
    assert (need.kind, need.people, need.minutes_a_week, need.contract, need.car) == (
        "visit",
        1,
        None,
        "either",
        "none",
    )
    assert (need.gender, need.gender_reason) == (None, "")
    assert [need.mostly, need.checks, need.languages, need.languages_wished, need.home, need.refuses] == [[]] * 6

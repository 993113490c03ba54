"""The schema that the migrations make is the schema that the models say."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlmodel import select

from marketplace import organisations
from marketplace.organisations import Organisation, OrganisationKind
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

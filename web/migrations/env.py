"""What Alembic runs: the migrations against the connection it is handed, with every model known."""

from alembic import context

from web.models import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, compare_type=True, compare_server_default=True)
with context.begin_transaction():
    context.run_migrations()

"""Alembic migrations: every step of the schema, from the first table on."""

"""A PostgreSQL server of our own, for the quick start and the tests; see docs/decisions/embedded-postgresql.md."""

from web.postgres.errors import PostgresUnavailable
from web.postgres.programs import Programs, find_programs
from web.postgres.safety import unsafe_settings
from web.postgres.server import Server, remove, running

__all__ = [
    "PostgresUnavailable",
    "Programs",
    "Server",
    "find_programs",
    "remove",
    "running",
    "unsafe_settings",
]

"""Settings under which money could be lost or rules be walked around."""

from typing import Any, Protocol

_ROLE = """
SELECT current_user,
       rolsuper,
       rolbypassrls,
       EXISTS (SELECT FROM pg_class
               WHERE relnamespace = to_regnamespace('public') AND relkind IN ('r', 'p')
                 AND pg_has_role(current_user, relowner, 'MEMBER'))
FROM pg_roles WHERE rolname = current_user
"""
_DURABLE = """
SELECT current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit')
"""


class Connection(Protocol):
    """Any connection of the Python database interface."""

    def cursor(self) -> Any:
        """One that has `execute` and `fetchone`."""


def unsafe_settings(connection: Connection) -> list[str]:
    """What is wrong with the server or the role, a sentence each; empty when the application may start.

    Reads only. The transaction it begins, if any, is the caller's to end.
    """
    return _losing_data(connection) + _too_mighty(connection)


def _losing_data(connection: Connection) -> list[str]:
    fsync, full_page_writes, synchronous_commit = _row(connection, _DURABLE)
    found = []
    if fsync != "on":
        found.append("fsync is off: a power cut could destroy the whole database. Turn it on.")
    if full_page_writes != "on":
        found.append("full_page_writes is off: a power cut could leave half-written pages. Turn it on.")
    if synchronous_commit not in {"on", "remote_apply"}:
        found.append(
            f"synchronous_commit is {synchronous_commit}: a payment that was confirmed could be lost. Turn it on."
        )
    return found


def _too_mighty(connection: Connection) -> list[str]:
    role, superuser, past_row_security, owner = _row(connection, _ROLE)
    if superuser:
        return [f"{role} is a superuser: no rule of the database binds it. Connect as alongside_app."]
    found = []
    if past_row_security:
        found.append(f"{role} passes by row security: it could read every organisation's rows. Take BYPASSRLS away.")
    if owner:
        found.append(f"{role} owns tables: it could change the ledger's rules. Connect as alongside_app.")
    return found


def _row(connection: Connection, query: str) -> tuple[Any, ...]:
    cursor = connection.cursor()
    try:
        cursor.execute(query)
        row: tuple[Any, ...] = cursor.fetchone()
    finally:
        cursor.close()
    return row

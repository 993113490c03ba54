"""The day of every made-up world, and budget lines with money on them, brought in by the product's own functions."""

import hashlib
from datetime import date
from uuid import UUID

import psycopg

TODAY = date(2026, 11, 23)

#: The National Living Wage from April 2026, pence an hour.
LOWEST_LAWFUL_RATE = 1271


def line_id(number: int) -> UUID:
    """As PostgreSQL's `md5(number::text)::uuid`, so that both sides know it without asking; spread like random ones."""
    return UUID(hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest())


def fund_lines(connection: psycopg.Connection, *, lines: int, pence: int) -> None:
    """A budget with lines 1 to `lines`, each with the same money, brought in by the product's own functions."""
    budget = UUID(int=1)
    connection.execute(
        "INSERT INTO payments_budget (id, name, starts_on, ends_on, opened_at) "
        "VALUES (%s, 'Benchmark', '2026-04-01', '2027-03-31', now())",
        [budget],
    )
    connection.execute(
        "INSERT INTO payments_budget_line (id, budget_id, name, funding_stream, management_type) "
        "SELECT md5(number::text)::uuid, %s, 'Support', 'nhs_chc', 'direct_payment' FROM generate_series(1, %s) number",
        [budget, lines],
    )
    connection.execute(
        "SELECT count(payments_move('fund:' || number, 'fund', md5(number::text)::uuid, %s, NULL, 'Funded', now())) "
        "FROM generate_series(1, %s) number",
        [pence, lines],
    )

"""Prints the main job step by step, from what is stored."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from sqlmodel import Session

from marketplace import needs, shortlists, timesheets
from marketplace.competencies import NAMES
from marketplace.shortlists import Candidates
from matching.pool import Pool
from matching.ranker import Ranker
from payments import budgets
from payments.budgets import Position, Statement
from payments.ledger import Kind
from payments.money import pounds
from web.demo.story import Story
from web.templating import clock, day, hours

TOP = 5
_WHAT = {
    Kind.FUND: "Paid in by the funder",
    Kind.SET_ASIDE: "Set aside",
    Kind.DRAW: "Drawn",
    Kind.RELEASE: "Given back",
    Kind.PAY: "Paid out",
}


def tell(
    session: Session, story: Story, out: Console, *, candidates: Candidates, ranker: Ranker, now: datetime
) -> None:
    """The six steps, each with what it did to the budget."""
    statement = budgets.statement(session, line_id=story.booking.line_id)
    _need(session, story, out)
    _matches(session, story, out, candidates, ranker, now=now)
    _agreed(story, out)
    _booked(story, out, statement)
    _worked(session, story, out)
    _statement(out, statement)


def _step(out: Console, number: int, title: str) -> None:
    out.print(f"\n[bold]{number}. {title}[/bold]")


def _need(session: Session, story: Story, out: Console) -> None:
    asked = needs.asked(session, need_ids=[story.need.id])[story.need.id]
    _step(out, 1, f"{story.holder.name} posts a support need")
    out.print(f"   “{story.need.title}”, {pounds(story.need.rate_pence)} an hour, from {day(story.need.starts_on)}")
    times = ", ".join(f"{one.weekday.title()} {clock(one.start)} to {clock(one.end)}" for one in asked.hours)
    out.print(f"   {times}")
    out.print(f"   must have: {', '.join(NAMES[code] for code in sorted(asked.required))}")
    out.print(f"   would like: {', '.join(NAMES[code] for code in sorted(asked.wished))}")


def _matches(
    session: Session, story: Story, out: Console, candidates: Candidates, ranker: Ranker, *, now: datetime
) -> None:
    pool = _as_before(candidates.pool(now=now), story.agreement.assistant_id)
    found = shortlists.ranked(
        session, viewer=story.holder, need_id=story.need.id, pool=pool, ranker=ranker, now=story.need.posted_at
    )
    fitting = found.shortlist.considered - sum(step.removed for step in found.shortlist.funnel)
    _step(out, 2, f"{found.shortlist.considered} assistants considered, {fitting} fit; the top {TOP}, and why")
    for place, person in enumerate(found.people[:TOP], start=1):
        chosen = "  [green]← invited, said yes[/green]" if person.assistant_id == story.agreement.assistant_id else ""
        out.print(f"   [bold]{place}. {person.name}[/bold], {person.match.score:.0%} chance of yes from both{chosen}")
        for reason in person.match.reasons[:4]:
            out.print(Padding(f"{reason.points:+.2f}  {reason.sentence}", (0, 0, 0, 6)), style="dim")


def _as_before(pool: Pool, assistant_id: UUID) -> Pool:
    """The pool with the chosen assistant's hours still free, as on the day they were chosen."""
    chosen = next(one for one in pool.candidates if one.id == assistant_id)
    return pool.with_changes(upsert=[replace(chosen, booked=(), booked_minutes=0)])


def _agreed(story: Story, out: Console) -> None:
    _step(out, 3, "Introduced, accepted, agreed")
    rate = pounds(story.agreement.rate_pence)
    out.print(f"   {rate} an hour from {day(story.agreement.starts_on)}; both have said yes")


def _booked(story: Story, out: Console, statement: Statement) -> None:
    before, after = _around(statement, story)
    _step(out, 4, "A shift is booked, and its money set aside")
    minutes = int((story.booking.ends_at - story.booking.starts_at).total_seconds() // 60)
    when = f"{day(story.booking.starts_at)}, {clock(story.booking.starts_at)} to {clock(story.booking.ends_at)}"
    out.print(f"   {when}: {hours(minutes)}, {pounds(story.booking.pence)}")
    out.print(f"   budget before: {_left(before)}")
    out.print(f"   budget after:  {_left(after)}")


def _around(statement: Statement, story: Story) -> tuple[Position, Position]:
    at = next(
        place
        for place, row in enumerate(statement.rows)
        if row.kind is Kind.SET_ASIDE and row.pence == story.booking.pence
    )
    return statement.rows[at - 1].after, statement.rows[at].after


def _left(position: Position) -> str:
    return f"{pounds(position.free)} free, {pounds(position.set_aside)} set aside, {pounds(position.paid)} paid"


def _worked(session: Session, story: Story, out: Console) -> None:
    told = timesheets.of_bookings(session, booking_ids=[story.booking.id])[story.booking.id]
    _step(out, 5, "Hours confirmed by the assistant, approved by the holder, paid")
    out.print(f"   {hours(told.minutes)} worked: {pounds(told.pence)} drawn, ", end="")
    out.print(f"{pounds(story.booking.pence - told.pence)} given back at once")


def _statement(out: Console, statement: Statement) -> None:
    _step(out, 6, "The statement")
    table = Table(box=box.SIMPLE, pad_edge=False)
    table.add_column("What")
    for heading in ("Amount", "Free", "Set aside", "Owed", "Paid"):
        table.add_column(heading, justify="right")
    for row in statement.rows:
        states = (row.after.free, row.after.set_aside, row.after.owed, row.after.paid)
        table.add_row(_WHAT[row.kind], pounds(row.pence), *map(pounds, states))
    out.print(table)
    end = statement.closing
    parts = " + ".join(pounds(pence) for pence in (end.free, end.set_aside, end.owed, end.paid))
    verdict = "[green]it sums to the penny[/green]" if end.sums else "[red]IT DOES NOT SUM[/red]"
    out.print(f"   {parts} = {pounds(end.funded)}: {verdict}")

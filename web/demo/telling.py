"""Prints the main job step by step, from what is stored."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast
from uuid import UUID

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from sqlmodel import Session

from marketplace import assistants, holders, needs, postcodes, shortlists, timesheets
from marketplace.asking import as_asked
from marketplace.assistants import Check, Skill
from marketplace.availability import LONDON, windows_of
from marketplace.candidates import Candidates
from marketplace.said import NAMES
from matching.profiles import Candidate, Evidence, Status
from matching.travel import Mode
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


def tell(session: Session, story: Story, out: Console, *, candidates: Candidates, now: datetime) -> None:
    """The six steps, each with what it did to the budget."""
    statement = budgets.statement(session, line_id=story.booking.line_id)
    _need(session, story, out)
    _matches(session, story, out, candidates, now=now)
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
    out.print(f"   must show: {', '.join(NAMES[code] for code in sorted(asked.checks))}")
    if story.need.gender:
        out.print(f"   must be a {story.need.gender}: {asked.gender_reason}")


def _matches(session: Session, story: Story, out: Console, candidates: Candidates, *, now: datetime) -> None:
    pool, ranker = candidates.look(now=now)
    # as on the day they were chosen: their hours still free, and the two not yet known to each other
    before = pool.with_changes(upsert=[_unbooked(session, story.agreement.assistant_id)])
    holder = holders.get(session, viewer=story.holder, holder_id=story.need.holder_id)
    asked = replace(as_asked(session, [(story.need, holder)])[0], known=frozenset())
    day_asked = story.need.posted_at.astimezone(LONDON).date()
    shortlist = ranker.rank(asked, before, k=TOP, today=day_asked, names=NAMES)
    _step(out, 2, f"{shortlist.considered} assistants considered, {shortlist.fitting} fit; the top {TOP}, and why")
    for place, person in enumerate(shortlists.shown(session, shortlist.matches), start=1):
        chosen = "  [green]← invited, said yes[/green]" if person.assistant_id == story.agreement.assistant_id else ""
        out.print(f"   [bold]{place}. {person.name}[/bold], {person.match.score:.0%} chance of yes from both{chosen}")
        for reason in person.match.reasons[:4]:
            out.print(Padding(f"{reason.points:+.2f}  {reason.sentence}", (0, 0, 0, 6)), style="dim")


def _unbooked(session: Session, assistant_id: UUID) -> Candidate:
    """An assistant by what they say of themselves, with nothing promised to anybody."""
    one = assistants.get(session, assistant_id=assistant_id)
    return Candidate(
        id=one.id,
        place=postcodes.locate(session, one.postcode),
        windows=windows_of(assistants.hours(session, assistant_id=one.id)),
        competencies=_evidence(assistants.skills(session, assistant_id=one.id)),
        lowest_rate_pence=one.lowest_rate_pence,
        mode=cast("Mode", one.travel_by),
        travel_minutes=one.travel_minutes,
        least_minutes=one.least_minutes,
        most_minutes=one.most_minutes,
        checks=_evidence(assistants.checks(session, assistant_id=one.id)),
        languages=frozenset(one.languages),
        terms=assistants.terms_of(one),
        status=cast("Status", one.status),
        confirmed_on=one.confirmed_on,
    )


def _evidence(proofs: Sequence[Skill | Check]) -> dict[str, Evidence]:
    return {proof.code.value: Evidence(proof.checked_on, proof.valid_until) for proof in proofs}


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

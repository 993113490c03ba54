"""What has happened to the demo's money, as movements under the keys the product itself gives them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from marketplace.bookings import described
from payments.ledger import Kind
from web.demo.records import Deal, Shift
from web.demo.region import Region
from web.demo.rows import paid_in_at, pence_booked, pence_worked


@dataclass(frozen=True, slots=True)
class Move:
    """One movement on a budget line; `resolves` is the key under which the money was set aside."""

    key: str
    kind: Kind
    line_id: UUID
    pence: int
    memo: str
    effective_at: datetime
    resolves: str | None = None


def kept_under(shift_id: UUID) -> str:
    """The key under which a shift's money is set aside."""
    return f"booking:{shift_id}"


def first(region: Region) -> list[Move]:
    """Budgets paid in, and money set aside for the shifts that are over by now; in the order they happened."""
    budgets = [holder.budget for holder in region.holders]
    paid_in = [
        Move(f"open:{one.id}", Kind.FUND, one.line_id, one.pence, "Budget paid in", paid_in_at(one)) for one in budgets
    ]
    return _in_order([*paid_in, *(_set_aside(deal, shift) for deal, shift in _shifts(region) if shift.confirmed_at)])


def then(region: Region) -> list[Move]:
    """What became of that money, and what was set aside for shifts to come; in the order they happened."""
    later = [_set_aside(deal, shift) for deal, shift in _shifts(region) if not shift.confirmed_at]
    return _in_order([*(move for deal, shift in _shifts(region) for move in _worked(deal, shift)), *later])


def _in_order(moves: Iterable[Move]) -> list[Move]:
    return sorted(moves, key=lambda move: move.effective_at)


def _shifts(region: Region) -> Iterator[tuple[Deal, Shift]]:
    return ((deal, shift) for deal in region.deals for shift in deal.shifts)


def _set_aside(deal: Deal, shift: Shift) -> Move:
    return Move(
        key=kept_under(shift.id),
        kind=Kind.SET_ASIDE,
        line_id=deal.need.holder.budget.line_id,
        pence=pence_booked(deal.need.rate_pence, shift),
        memo=described(shift.starts_at, shift.ends_at),
        effective_at=shift.booked_at,
    )


def _worked(deal: Deal, shift: Shift) -> Iterator[Move]:
    """Drawn, the rest given back, and paid; nothing for hours that wait for approval."""
    if shift.approved_at is None or shift.paid_at is None:
        return
    line_id, memo, kept = (
        deal.need.holder.budget.line_id,
        described(shift.starts_at, shift.ends_at),
        kept_under(shift.id),
    )
    worked = pence_worked(deal.need.rate_pence, shift)
    rest = pence_booked(deal.need.rate_pence, shift) - worked
    yield Move(f"draw:{shift.id}", Kind.DRAW, line_id, worked, memo, shift.approved_at, kept)
    if rest:
        unused = f"Not used: {memo}"
        yield Move(f"release:{shift.id}", Kind.RELEASE, line_id, rest, unused, shift.approved_at, kept)
    yield Move(f"payout:{shift.payout_id}", Kind.PAY, line_id, worked, memo, shift.paid_at)

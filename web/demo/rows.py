"""A demo region as rows of tables, in the order in which they can be stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import SQLModel

from marketplace.agreements import Agreement, AgreementState
from marketplace.assistants import Assistant, AssistantCheck, AssistantCompetency, AssistantWindow
from marketplace.availability import LONDON, moment
from marketplace.bookings import Booking, BookingState, described, minutes_between
from marketplace.holders import Holder, HolderBudget
from marketplace.introductions import Introduction, IntroductionState
from marketplace.needs import Need, NeedCompetency, NeedState, NeedWindow
from marketplace.organisations import Membership, Organisation, OrganisationKind
from marketplace.people import Person
from marketplace.timesheets import Timesheet, TimesheetState
from matching.profiles import Evidence
from matching.week import WeeklyWindow
from payments.budgets import Budget, BudgetLine
from payments.gateway import Instruction
from payments.money import for_minutes
from payments.payouts import Payout, PayoutState
from payments.simulated import SimulatedGateway
from web.demo import records
from web.demo.region import Region

ORGANISATION = UUID("2d0f3c1e-6a57-4d0b-9a43-0c9b8f6f2018")
ORGANISATION_NAME = "Nottinghamshire Independent Living"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one table, all with the same columns."""

    table: type[SQLModel]
    rows: list[Row]


def paid_in_at(budget: records.Budget) -> datetime:
    """The first moment of the budget."""
    return moment(budget.starts_on, time(0), field="starts_on")


def pence_booked(rate_pence: int, shift: records.Shift) -> int:
    """What the shift was booked for."""
    return for_minutes(rate_pence, minutes_between(shift.starts_at, shift.ends_at))


def pence_worked(rate_pence: int, shift: records.Shift) -> int:
    """What the confirmed hours come to; nothing before they are confirmed."""
    return for_minutes(rate_pence, minutes_between(shift.starts_at, shift.worked_until or shift.starts_at))


# --- everything that stands on its own


def standing(region: Region, *, now: datetime) -> list[Batch]:
    """People, budgets without money, needs, introductions and agreements."""
    everyone = [region.broker, *(one.person for one in region.holders), *(one.person for one in region.assistants)]
    return [
        Batch(Organisation, [_organisation()]),
        Batch(Person, [_person(one, now) for one in everyone]),
        Batch(Membership, [{"organisation_id": ORGANISATION, "person_id": region.broker.id}]),
        *_assistants(region.assistants, now),
        *_holders(region.holders),
        *_needs(region, now),
        Batch(
            Introduction, [*(_accepted(one) for one in region.deals), *(_asked(one, now) for one in region.invitations)]
        ),
        Batch(Agreement, [_agreement(one) for one in region.deals]),
    ]


def _organisation() -> Row:
    return {"id": ORGANISATION, "name": ORGANISATION_NAME, "kind": OrganisationKind.BROKER.value, "shares_scarce": True}


def _person(one: records.Person, now: datetime) -> Row:
    joined_at = now - timedelta(days=one.joined_days_ago)
    return {"id": one.id, "email": one.email, "name": one.name, "joined_at": joined_at}


def _assistants(assistants: Iterable[records.Assistant], now: datetime) -> list[Batch]:
    return [
        Batch(Assistant, [_assistant(one, now) for one in assistants]),
        Batch(AssistantWindow, [_window(w, assistant_id=one.id) for one in assistants for w in one.windows]),
        Batch(AssistantCompetency, [_held(one.id, *skill) for one in assistants for skill in one.skills]),
        Batch(AssistantCheck, [_held(one.id, *check) for one in assistants for check in one.offer.checks]),
    ]


def _held(assistant_id: UUID, code: str, evidence: Evidence) -> Row:
    return {
        "assistant_id": assistant_id,
        "code": str(code),
        "checked_on": evidence.checked_on,
        "valid_until": evidence.valid_until,
    }


def _assistant(one: records.Assistant, now: datetime) -> Row:
    return {
        "id": one.id,
        "person_id": one.person.id,
        "postcode": one.postcode,
        "about": one.about,
        "lowest_rate_pence": one.lowest_rate_pence,
        "least_minutes": one.least_minutes,
        "most_minutes": one.most_minutes,
        "registered_at": now - timedelta(days=one.person.joined_days_ago),
        "confirmed_on": now.astimezone(LONDON).date() - timedelta(days=one.offer.confirmed_days_ago),
        **one.offer.columns(),
    }


def _window(window: WeeklyWindow, **owner: UUID) -> Row:
    return {**owner, "weekday": window.weekday, "start": window.start, "minutes": window.minutes}


def _holders(holders: Iterable[records.Holder]) -> list[Batch]:
    budgets = [(holder, holder.budget) for holder in holders]
    return [
        Batch(Holder, [_holder(holder) for holder in holders]),
        Batch(Budget, [_budget(budget) for _, budget in budgets]),
        Batch(BudgetLine, [_line(budget) for _, budget in budgets]),
        Batch(HolderBudget, [{"budget_id": budget.id, "holder_id": holder.id} for holder, budget in budgets]),
    ]


def _holder(one: records.Holder) -> Row:
    return {"id": one.id, "person_id": one.person.id, "organisation_id": ORGANISATION, "postcode": one.postcode}


def _budget(one: records.Budget) -> Row:
    return {
        "id": one.id,
        "name": one.name,
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
        "opened_at": paid_in_at(one),
    }


def _line(one: records.Budget) -> Row:
    return {
        "id": one.line_id,
        "budget_id": one.id,
        "name": one.name,
        "funding_stream": one.funding_stream.value,
        "management_type": one.management_type.value,
    }


def _needs(region: Region, now: datetime) -> list[Batch]:
    states = [(NeedState.OPEN, need) for need in region.needs]
    states += [(NeedState.FILLED, deal.need) for deal in region.deals]
    return [
        Batch(Need, [_need(need, state, now) for state, need in states]),
        Batch(NeedWindow, [_window(window, need_id=need.id) for _, need in states for window in need.windows]),
        Batch(
            NeedCompetency,
            [
                {"need_id": need.id, "code": code.value, "required": code in need.required}
                for _, need in states
                for code in (*need.required, *need.wished)
            ],
        ),
    ]


def _need(one: records.Need, state: NeedState, now: datetime) -> Row:
    return {
        "id": one.id,
        "holder_id": one.holder.id,
        "title": one.title,
        "about": one.about,
        "rate_pence": one.rate_pence,
        "starts_on": one.starts_on,
        "state": state.value,
        "posted_by": one.holder.person.id,
        "posted_at": now - timedelta(days=one.posted_days_ago),
        **one.conditions.columns(),
    }


def _asked(one: records.Invitation, now: datetime) -> Row:
    invited_at = now - timedelta(days=one.invited_days_ago) + timedelta(hours=1)
    return {
        "id": one.id,
        "need_id": one.need.id,
        "assistant_id": one.assistant_id,
        "state": (IntroductionState.DECLINED if one.declined else IntroductionState.INVITED).value,
        "message": one.message,
        "reason": one.declined,
        "invited_by": one.need.holder.person.id,
        "invited_at": invited_at,
        "answered_at": invited_at + timedelta(hours=6) if one.declined else None,
    }


def _accepted(one: records.Deal) -> Row:
    return {
        "id": one.introduction_id,
        "need_id": one.need.id,
        "assistant_id": one.assistant_id,
        "state": IntroductionState.ACCEPTED.value,
        "message": "Your profile sounds just right. Would you like to meet?",
        "reason": None,
        "invited_by": one.need.holder.person.id,
        "invited_at": one.invited_at,
        "answered_at": one.invited_at + timedelta(hours=20),
    }


def _agreement(one: records.Deal) -> Row:
    return {
        "id": one.agreement_id,
        "introduction_id": one.introduction_id,
        "need_id": one.need.id,
        "holder_id": one.need.holder.id,
        "assistant_id": one.assistant_id,
        "rate_pence": one.need.rate_pence,
        "starts_on": one.need.starts_on,
        "state": AgreementState.AGREED.value,
        "offered_by": one.need.holder.person.id,
        "offered_at": one.agreed_at - timedelta(hours=3),
        "answered_at": one.agreed_at,
    }


# --- what needs money set aside


def shifts(region: Region, *, set_aside: Mapping[UUID, UUID]) -> list[Batch]:
    """Bookings, hours and payments; `set_aside` is, by shift, the transfer that set its money aside."""
    held = [(deal, shift) for deal in region.deals for shift in deal.shifts]
    approved = [(deal, shift) for deal, shift in held if shift.approved_at]
    return [
        Batch(Booking, [_booking(deal, shift, set_aside[shift.id]) for deal, shift in held]),
        Batch(Timesheet, [_timesheet(deal, shift) for deal, shift in held if shift.confirmed_at]),
        Batch(Payout, [_payout(deal, shift) for deal, shift in approved]),
    ]


def _booking(deal: records.Deal, shift: records.Shift, set_aside_id: UUID) -> Row:
    return {
        "id": shift.id,
        "agreement_id": deal.agreement_id,
        "holder_id": deal.need.holder.id,
        "assistant_id": deal.assistant_id,
        "line_id": deal.need.holder.budget.line_id,
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
        "rate_pence": deal.need.rate_pence,
        "pence": pence_booked(deal.need.rate_pence, shift),
        "set_aside_id": set_aside_id,
        "state": (BookingState.APPROVED if shift.approved_at else BookingState.BOOKED).value,
        "booked_by": deal.need.holder.person.id,
        "booked_at": shift.booked_at,
    }


def _timesheet(deal: records.Deal, shift: records.Shift) -> Row:
    return {
        "booking_id": shift.id,
        "started_at": shift.starts_at,
        "ended_at": shift.worked_until,
        "pence": pence_worked(deal.need.rate_pence, shift),
        "state": (TimesheetState.APPROVED if shift.approved_at else TimesheetState.CONFIRMED).value,
        "confirmed_at": shift.confirmed_at,
        "approved_at": shift.approved_at,
        "approved_by": deal.need.holder.person.id if shift.approved_at else None,
    }


def _payout(deal: records.Deal, shift: records.Shift) -> Row:
    reference, pence = described(shift.starts_at, shift.ends_at), pence_worked(deal.need.rate_pence, shift)
    gateway = SimulatedGateway()
    outcome = gateway.pay(Instruction(str(shift.payout_id), deal.assistant_id, pence, reference))
    return {
        "id": shift.payout_id,
        "key": f"timesheet:{shift.id}",
        "line_id": deal.need.holder.budget.line_id,
        "payee_id": deal.assistant_id,
        "pence": pence,
        "reference": reference,
        "state": PayoutState.SETTLED.value,
        "gateway": gateway.name,
        "detail": outcome.detail,
        "intended_at": shift.approved_at,
        "finished_at": shift.paid_at,
    }

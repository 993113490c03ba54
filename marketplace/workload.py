"""An assistant's home: who asks for them, what was offered, which shifts come, and which hours wait.

Names are disclosed in stages: first name and initial until the assistant says yes, the full name after.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, and_, col, or_, select
from sqlmodel.sql.expression import Select

from marketplace import assistants, postcodes
from marketplace.agreements import Agreement, AgreementState
from marketplace.bookings import Booking, BookingState
from marketplace.errors import NotFound
from marketplace.holders import Holder
from marketplace.introductions import Introduction, IntroductionState
from marketplace.needs import Need, NeedState
from marketplace.people import Person, Viewer, public_name
from marketplace.timesheets import Timesheet, TimesheetState
from matching.places import normalise
from matching.travel import metres

#: Paid shifts shown at home; the rest is in each agreement.
PAID_SHOWN = 5
#: How long somebody who said yes is told that another was chosen, or that the request was closed.
MISSED_SHOWN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation with what its assistant may know of the holder by now.

    `name` is the full one once the assistant said yes; `district` is the postcode's first half;
    `metres` is as the crow flies between two postcode sectors.
    """

    introduction: Introduction
    need: Need
    name: str
    district: str
    metres: float
    agreement: Agreement | None

    @property
    def answerable(self) -> bool:
        """Whether a yes or no is still wanted."""
        return self.introduction.state == IntroductionState.INVITED.value and self.need.state == NeedState.OPEN.value


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift the viewer works, for whom, and what was said about its hours."""

    booking: Booking
    name: str
    timesheet: Timesheet | None

    @property
    def unsaid(self) -> bool:
        """Whether its hours are still to be said, or to be said again after a question."""
        return self.timesheet is None or self.timesheet.state == TimesheetState.QUERIED.value


@dataclass(frozen=True, slots=True)
class Workload:
    """What an assistant finds at home: first what they have to do, then what comes, then what they wait for."""

    invited: tuple[Invitation, ...]
    offered: tuple[Invitation, ...]
    to_confirm: tuple[Shift, ...]
    coming: tuple[Shift, ...]
    called_off: tuple[Shift, ...]
    agreed: tuple[Invitation, ...]
    hoping: tuple[Invitation, ...]
    missed: tuple[Invitation, ...]
    to_approve: tuple[Shift, ...]
    paid: tuple[Shift, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing has happened yet."""
        asked = (self.invited, self.offered, self.agreed, self.hoping, self.missed)
        return not any((*asked, self.to_confirm, self.coming, self.called_off, self.to_approve, self.paid))


def of_viewer(session: Session, *, viewer: Viewer, now: datetime) -> Workload:
    """Everything at once; six queries however much there is.

    Raises:
        NotFound: the viewer is no assistant.
    """
    live = _live(session, viewer, since=now - MISSED_SHOWN)
    yes = [one for one in live if one.agreement is None and not one.answerable]
    booked = [Shift(*row) for row in session.exec(_shifts(viewer, BookingState.BOOKED).order_by(*_SOONEST))]
    paid = session.exec(_shifts(viewer, BookingState.APPROVED).order_by(*_LATEST).limit(PAID_SHOWN))
    cancelled = _shifts(viewer, BookingState.CANCELLED).where(Booking.ends_at > now)
    called_off = session.exec(cancelled.order_by(*_SOONEST))
    over = [shift for shift in booked if shift.booking.ends_at <= now]
    return Workload(
        invited=tuple(one for one in live if one.answerable),
        offered=tuple(one for one in live if one.agreement and one.agreement.state == AgreementState.OFFERED.value),
        to_confirm=tuple(shift for shift in over if shift.unsaid),
        coming=tuple(shift for shift in booked if shift.booking.ends_at > now),
        called_off=tuple(Shift(*row) for row in called_off),
        agreed=tuple(one for one in live if one.agreement and one.agreement.state == AgreementState.AGREED.value),
        hoping=tuple(one for one in yes if one.need.state == NeedState.OPEN.value),
        missed=tuple(one for one in yes if one.need.state != NeedState.OPEN.value),
        to_approve=tuple(shift for shift in over if not shift.unsaid),
        paid=tuple(Shift(*row) for row in paid),
    )


def invitation(session: Session, *, viewer: Viewer, introduction_id: UUID) -> Invitation:
    """One invitation to the viewer.

    Raises:
        NotFound: no such invitation, or to somebody else.
    """
    found = _disclosed(session, viewer, _invitations(viewer).where(Introduction.id == introduction_id))
    if not found:
        raise NotFound("invitation")
    return found[0]


_SOONEST = (col(Booking.starts_at), col(Booking.id))
_LATEST = (col(Booking.starts_at).desc(), col(Booking.id))


def _live(session: Session, viewer: Viewer, *, since: datetime) -> list[Invitation]:
    """Without what is over: a no on either side, or a request that closed before there was an agreement."""
    told = or_(col(Introduction.answered_at) > since, col(Introduction.invited_at) > since)
    heard = or_(Need.state == NeedState.OPEN.value, told)
    undecided = and_(col(Agreement.id).is_(None), heard)
    decided = col(Agreement.state).in_([AgreementState.OFFERED.value, AgreementState.AGREED.value])
    live = (
        _invitations(viewer)
        .outerjoin(Agreement, col(Agreement.introduction_id) == Introduction.id)
        .where(Introduction.state != IntroductionState.DECLINED.value, or_(undecided, decided))
        .order_by(col(Introduction.invited_at).desc(), col(Introduction.id))
    )
    return _disclosed(session, viewer, live)


def _invitations(viewer: Viewer) -> Select[Introduction, Need, Holder, str]:
    return (
        select(Introduction, Need, Holder, Person.name)
        .join(Need, col(Need.id) == Introduction.need_id)
        .join(Holder, col(Holder.id) == Need.holder_id)
        .join(Person, col(Person.id) == Holder.person_id)
        .where(Introduction.assistant_id == viewer.assistant_id)
    )


def _disclosed(
    session: Session, viewer: Viewer, invitations: Select[Introduction, Need, Holder, str]
) -> list[Invitation]:
    if viewer.assistant_id is None:
        raise NotFound("page")
    home = assistants.get(session, assistant_id=viewer.assistant_id).postcode
    mine = session.exec(select(Agreement).where(Agreement.assistant_id == viewer.assistant_id))
    agreed = {agreement.introduction_id: agreement for agreement in mine}
    rows = session.exec(invitations).all()
    places = postcodes.locate_many(session, {home, *(holder.postcode for _, _, holder, _ in rows)})
    return [
        Invitation(
            introduction=introduction,
            need=need,
            name=name if introduction.state == IntroductionState.ACCEPTED.value else public_name(name),
            district=normalise(holder.postcode).partition(" ")[0],
            metres=metres(places[home], places[holder.postcode]),
            agreement=agreed.get(introduction.id),
        )
        for introduction, need, holder, name in rows
    ]


def _shifts(viewer: Viewer, state: BookingState) -> Select[Booking, str, Timesheet | None]:
    return (
        select(Booking, Person.name, Timesheet)
        .join(Holder, col(Holder.id) == Booking.holder_id)
        .join(Person, col(Person.id) == Holder.person_id)
        .outerjoin(Timesheet, col(Timesheet.booking_id) == Booking.id)
        .where(Booking.assistant_id == viewer.assistant_id, Booking.state == state.value)
    )

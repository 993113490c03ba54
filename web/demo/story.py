"""The main job, done for one holder through the same functions as every page: from the need to the statement."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from sqlmodel import Session, select

from marketplace import access, agreements, bookings, introductions, needs, people, shortlists, timesheets
from marketplace.agreements import Agreement, NewAgreement
from marketplace.assistants import Assistant
from marketplace.availability import LONDON, Hours, TimeOfDay, Weekday, shift
from marketplace.bookings import Booking
from marketplace.candidates import Candidates
from marketplace.competencies import CheckCode, Competency
from marketplace.needs import Need, NewNeed
from marketplace.people import Viewer
from payments.gateway import Gateway
from payments.payouts import send_due
from web.database import OpenSession, transaction
from web.settings import DEMO_DOMAIN

HOLDER, ASSISTANT, BROKER = (f"{role}@{DEMO_DOMAIN}" for role in ("holder", "assistant", "broker"))
#: By this the story finds itself again when the demo is started a second time.
REFERENCE = "demo-story"
#: Far enough back for a shift to have been worked, approved and paid.
AGO = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Story:
    """What there is to show: a need, the agreement that came of it, and one shift."""

    holder: Viewer
    need: Need
    agreement: Agreement
    booking: Booking


def found(session: Session) -> Story | None:
    """The story, when it has been lived before."""
    holder = who(session, HOLDER)
    need = session.exec(select(Need).where(Need.holder_id == holder.holder_id, Need.reference == REFERENCE)).first()
    if need is None:
        return None
    agreement = session.exec(select(Agreement).where(Agreement.need_id == need.id)).one()
    booking = session.exec(select(Booking).where(Booking.agreement_id == agreement.id)).first()
    if booking is None:
        return None
    return Story(holder, need, agreement, booking)


def live(open_session: OpenSession, *, candidates: Candidates, gateway: Gateway, now: datetime) -> None:
    """Do the main job, each step at its own moment of the last two weeks, all or nothing but for the payment."""
    then = now - AGO
    with transaction(open_session) as session:
        holder = who(session, HOLDER)
        need = _post(session, holder, now=then)
    with transaction(open_session) as session:
        best = shortlists.for_need(session, viewer=holder, need_id=need.id, candidates=candidates, now=then).people[0]
        agreement = _agree(session, holder, need, best.assistant_id, now=then + timedelta(hours=3))
        booking = _book(session, holder, agreement, now=then + timedelta(hours=6))
        worked = booking.ends_at + timedelta(minutes=10)
        assistant = _assistant(session, agreement.assistant_id)
        timesheets.confirm(
            session,
            viewer=assistant,
            booking_id=booking.id,
            started_at=booking.starts_at,
            ended_at=booking.ends_at - timedelta(minutes=25),
            now=worked,
        )
        timesheets.approve(session, viewer=holder, booking_id=booking.id, now=worked + timedelta(hours=2))
    send_due(lambda: transaction(open_session), gateway=gateway, now=worked + timedelta(hours=3))


def who(session: Session, email: str) -> Viewer:
    """One of the demo's own three people."""
    person = people.with_email(session, email=email)
    viewer = access.viewer_of(session, person_id=person.id) if person is not None else None
    if viewer is None:
        raise LookupError(f"The demo's {email} is not here.")
    return viewer


def _post(session: Session, holder: Viewer, *, now: datetime) -> Need:
    if holder.holder_id is None:
        raise LookupError("The demo's holder is no budget holder.")
    mornings = (Weekday.MONDAY, Weekday.WEDNESDAY, Weekday.FRIDAY)
    new = NewNeed(
        title="Help with getting up and out",
        about="I like a calm start and a bit of a chat. Swimming on Fridays. You'll meet Biscuit, my cat.",
        rate_pence=1450,
        starts_on=now.astimezone(LONDON).date(),
        hours=[Hours(weekday=day, start=time(8), end=time(12)) for day in mornings],
        required={Competency.MOVING_AND_HANDLING, Competency.EPILEPSY_RESCUE},
        wished={Competency.FOOD},
        mostly={TimeOfDay.MORNING},
        checks={CheckCode.DBS_ENHANCED},
        home={"cat", "parking"},
        gender="woman",
        gender_reason="Help in the shower and in changing rooms at the pool.",
        reference=REFERENCE,
    )
    return needs.post(session, viewer=holder, holder_id=holder.holder_id, new=new, now=now)


def _agree(session: Session, holder: Viewer, need: Need, assistant_id: UUID, *, now: datetime) -> Agreement:
    assistant = _assistant(session, assistant_id)
    message = "Your profile sounds just right. Would you like to meet?"
    asked = introductions.invite(
        session, viewer=holder, need_id=need.id, assistant_id=assistant_id, message=message, now=now
    )
    introductions.accept(session, viewer=assistant, introduction_id=asked.id, now=now + timedelta(hours=1))
    new = NewAgreement(rate_pence=need.rate_pence, starts_on=need.starts_on)
    offered = agreements.offer(session, viewer=holder, introduction_id=asked.id, new=new, now=now + timedelta(hours=1))
    return agreements.accept(session, viewer=assistant, agreement_id=offered.id, now=now + timedelta(hours=2))


def _book(session: Session, holder: Viewer, agreement: Agreement, *, now: datetime) -> Booking:
    """The first Wednesday morning from the day after."""
    day = now.astimezone(LONDON).date() + timedelta(days=1)
    day += timedelta(days=(2 - day.weekday()) % 7)
    starts_at, ends_at = shift(day, time(8), time(12))
    return bookings.book(
        session,
        viewer=holder,
        agreement_id=agreement.id,
        starts_at=starts_at.astimezone(UTC),
        ends_at=ends_at.astimezone(UTC),
        now=now,
    )


def _assistant(session: Session, assistant_id: UUID) -> Viewer:
    viewer = access.viewer_of(session, person_id=session.get_one(Assistant, assistant_id).person_id)
    if viewer is None:
        raise LookupError("The assistant is gone.")
    return viewer

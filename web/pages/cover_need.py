"""The request through which somebody new is asked to cover one shift: what the usual request asks, for those hours."""

from collections.abc import Sequence

from sqlmodel import col, select

from marketplace import holders, introductions, needs
from marketplace.asking import as_asked
from marketplace.availability import hours_of
from marketplace.bookings import Booking
from marketplace.cover import for_shift
from marketplace.introductions import Invitation
from marketplace.needs import Need, NeedState, NewNeed
from web.dependencies import Ask
from web.templating import day

#: What the hours of a shift can't change.
_SAME = (
    *("about", "rate_pence", "kind", "people", "checks", "languages", "languages_wished"),
    *("contract", "home", "car", "gender", "gender_reason", "refuses"),
)


def current(asking: Ask, booking: Booking) -> Need | None:
    """The open request for cover of this shift, if somebody was asked already."""
    return next((need for need in _before(asking, booking) if need.state == NeedState.OPEN.value), None)


def ask(asking: Ask, booking: Booking, usual: Need, invitation: Invitation) -> None:
    """Invite somebody to cover the shift; the first one makes the request for it.

    Raises:
        NotFound: not the viewer's, or no such assistant.
        Invalid: the shift began on a day that is past.
        Conflict: this person can't be invited.
    """
    need = current(asking, booking) or needs.post(
        asking.session,
        viewer=asking.viewer,
        holder_id=booking.holder_id,
        new=_for_shift(asking, booking, usual),
        now=asking.now,
    )
    introductions.invite(
        asking.session, viewer=asking.viewer, need_id=need.id, now=asking.now, **invitation.model_dump()
    )


def _for_shift(asking: Ask, booking: Booking, usual: Need) -> NewNeed:
    holder = holders.get(asking.session, viewer=asking.viewer, holder_id=booking.holder_id)
    asked = for_shift(as_asked(asking.session, [(usual, holder)])[0], booking.starts_at, booking.ends_at)
    again = len(_before(asking, booking))
    return NewNeed.model_validate(
        {
            **{name: getattr(usual, name) for name in _SAME},
            "title": f"Cover on {day(booking.starts_at)}",
            "hours": [hours_of(window) for window in asked.windows],
            "starts_on": asked.starts_on,
            "ends_on": asked.ends_on,
            "required": asked.required,
            "wished": asked.wished,
            "reference": f"{_reference(booking)}:{again}" if again else _reference(booking),
        }
    )


def _before(asking: Ask, booking: Booking) -> Sequence[Need]:
    """Every request there was for cover of this shift; the booking was scoped before."""
    named = select(Need).where(
        Need.holder_id == booking.holder_id, col(Need.reference).startswith(_reference(booking), autoescape=True)
    )
    return asking.session.exec(named.order_by(col(Need.posted_at))).all()


def _reference(booking: Booking) -> str:
    return f"cover:{booking.id}"

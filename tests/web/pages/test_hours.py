from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest

from marketplace import bookings, timesheets
from marketplace.bookings import Booking
from marketplace.errors import Invalid
from marketplace.timesheets import Timesheet
from payments import budgets
from tests.builders import Clock, Deal, World
from tests.conftest import Database
from tests.web.clients import Clients, Maker, form
from tests.web.pages.markup import boxes, controls, problems, words
from tests.web.town import Place, contents
from web.pages.hours import moments_worked

#: The shift of `shift_of`: Wednesday 25 November 2026, 9am to 1pm, £56.00.
CHECKED = {"checked": "yes"}


def shift_of(world: World, *, told: timedelta | None = None, pence: int = 100_000) -> tuple[Deal, UUID]:
    """A booked shift of four hours; confirmed with its end moved by `told`."""
    deal = world.deal(pence=pence)
    booking = world.booking(deal)
    if told is not None:
        timesheets.confirm(
            world.session,
            viewer=deal.assistant,
            booking_id=booking.id,
            started_at=booking.starts_at,
            ended_at=booking.ends_at + told,
            now=booking.ends_at + timedelta(hours=4),
        )
    return deal, booking.id


def stored(database: Database, deal: Deal, booking_id: UUID) -> tuple[Booking, Timesheet | None]:
    with database.session() as session:
        booking = bookings.get(session, viewer=deal.holder, booking_id=booking_id)
        return booking, timesheets.of_bookings(session, booking_ids=[booking_id]).get(booking_id)


def free(database: Database, deal: Deal) -> int:
    with database.session() as session:
        return budgets.position(session, line_id=deal.line.id).free


# --- the page


def test_both_sides_see_the_shift_and_only_what_they_can_do(client_of: Clients, make: Maker, clock: Clock) -> None:
    deal, booking_id = make(shift_of)
    pages = [words(client_of(who).get(f"/bookings/{booking_id}")) for who in (deal.holder, deal.assistant)]
    for page in pages:
        assert "Shift on Wednesday 25 November 2026 Booked" in page
        assert "9am to 1pm 4 hours" in page
        assert "£14.00 an hour, £56.00" in page
    assert ("Asha Okoro" in pages[0], "Cancel this shift" in pages[0]) == (True, True)
    assert ("Harriet Webb" in pages[1], "I can’t work this shift" in pages[1]) == (True, True)
    assert "Your hours" not in "".join(pages)
    clock.forward(days=3)
    ours, theirs = (words(client_of(who).get(f"/bookings/{booking_id}")) for who in (deal.holder, deal.assistant))
    assert "Asha Okoro has to confirm the hours." in ours
    assert "We filled in the booked times." in theirs


# --- calling it off


@pytest.mark.parametrize("who", ["holder", "assistant"])
def test_either_side_can_call_a_shift_off_after_a_question(
    client_of: Clients, make: Maker, database: Database, who: str
) -> None:
    deal, booking_id = make(shift_of)
    client, path = client_of(getattr(deal, who)), f"/bookings/{booking_id}/cancel"
    question = client.get(path)
    assert "You can’t take this back" in words(question)
    assert free(database, deal) == 94_400
    answer = client.post(path, data={**boxes(question, path), "reason": " I am <b>ill</b>. "})
    assert answer.headers["location"] == f"/bookings/{booking_id}?done=cancelled"
    booking, _ = stored(database, deal, booking_id)
    assert (booking.state, booking.reason, free(database, deal)) == ("cancelled", "I am <b>ill</b>.", 100_000)
    assert "Why it was cancelled I am <b>ill</b>." in words(client.get(answer.headers["location"]))
    assert "It can’t be cancelled any more" in words(client.get(path))


def test_a_reason_that_is_too_long_comes_back(client_of: Clients, make: Maker) -> None:
    deal, booking_id = make(shift_of)
    client, path = client_of(deal.holder), f"/bookings/{booking_id}/cancel"
    answer = client.post(path, data=form(client, {"reason": "x" * 501}))
    assert problems(answer) == [("reason", "Reason must be 500 characters or fewer.")]
    assert boxes(answer, path)["reason"] == ["x" * 501]


def test_a_shift_is_called_off_once(client_of: Clients, make: Maker, database: Database) -> None:
    deal, booking_id = make(shift_of)
    client, path = client_of(deal.holder), f"/bookings/{booking_id}/cancel"
    answers = [client.post(path, data=form(client)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 422]
    assert free(database, deal) == 100_000


def test_a_shift_whose_hours_were_told_is_not_offered_to_be_cancelled(client_of: Clients, make: Maker) -> None:
    deal, booking_id = make(lambda world: shift_of(world, told=timedelta()))
    client = client_of(deal.holder)
    assert "/cancel" not in client.get(f"/bookings/{booking_id}").text
    assert "its hours were confirmed" in words(client.get(f"/bookings/{booking_id}/cancel"))


# --- saying the hours


def test_the_booked_times_are_filled_in_and_can_be_sent_as_they_are(
    client_of: Clients, make: Maker, database: Database, clock: Clock
) -> None:
    deal, booking_id = make(shift_of)
    clock.forward(days=3)
    client, path = client_of(deal.assistant), f"/bookings/{booking_id}/hours"
    held = boxes(client.get(f"/bookings/{booking_id}"), path)
    assert (held["start"], held["end"]) == (["9am"], ["1pm"])
    answer = client.post(path, data=held)
    assert answer.headers["location"] == f"/bookings/{booking_id}?done=confirmed"
    booking, hours = stored(database, deal, booking_id)
    assert hours is not None
    assert (hours.started_at, hours.ended_at, hours.pence) == (booking.starts_at, booking.ends_at, 5600)
    assert "They wait for approval." in words(client.get(f"/bookings/{booking_id}"))


@pytest.mark.parametrize(
    ("start", "end", "box", "sentence"),
    [
        ("", "1pm", "start", "Enter a time, like 9:30am or 14:00."),
        ("nine", "1pm", "start", "Enter a time, like 9:30am or 14:00."),
        ("9am", "25:00", "end", "Enter a time between 00:00 and 23:59."),
        ("6am", "7am", "start", "These hours are at another time than the booked shift."),
        ("9am", "9am", "end", "These hours are not over yet. Confirm them when you have finished."),
    ],
)
def test_hours_that_can_not_be_are_told_at_their_box_and_stay_typed(
    client_of: Clients, make: Maker, clock: Clock, start: str, end: str, box: str, sentence: str
) -> None:
    deal, booking_id = make(shift_of)
    clock.forward(days=2, hours=4)
    client, path = client_of(deal.assistant), f"/bookings/{booking_id}/hours"
    answer = client.post(path, data=form(client, {"start": start, "end": end}))
    assert (answer.status_code, problems(answer)) == (422, [(box, sentence)])
    assert box in controls(answer)
    held = boxes(answer, path)
    assert (held["start"], held["end"]) == ([start], [end])


def test_hours_can_not_be_said_before_they_are_over(client_of: Clients, make: Maker) -> None:
    deal, booking_id = make(shift_of)
    client = client_of(deal.assistant)
    assert f"/bookings/{booking_id}/hours" not in client.get(f"/bookings/{booking_id}").text
    answer = client.post(f"/bookings/{booking_id}/hours", data=form(client, {"start": "9am", "end": "1pm"}))
    assert answer.status_code == 422
    assert "These hours are not over yet." in answer.text


@pytest.mark.parametrize(
    ("booked", "said", "meant"),
    [
        (("2026-11-25 09:00", 4), (9, 13), ("2026-11-25 09:00", 4)),
        (("2026-11-25 09:00", 4), (8, 14), ("2026-11-25 08:00", 6)),
        (("2026-11-25 22:00", 8), (22, 6), ("2026-11-25 22:00", 8)),
        (("2026-11-25 22:00", 8), (0, 6), ("2026-11-26 00:00", 6)),
        (("2026-11-25 22:00", 8), (23, 5), ("2026-11-25 23:00", 6)),
        (("2026-11-26 00:00", 6), (23, 6), ("2026-11-25 23:00", 7)),
        (("2026-11-25 20:00", 4), (20, 1), ("2026-11-25 20:00", 5)),
        # the night in which the clocks go back is an hour longer: what was worked, not what the clock says
        (("2026-10-24 21:00", 9), (22, 6), ("2026-10-24 21:00", 9)),
    ],
)
def test_two_times_on_the_clock_mean_the_hours_nearest_to_the_shift(
    booked: tuple[str, int], said: tuple[int, int], meant: tuple[str, int]
) -> None:
    def moments(start: str, hours: int) -> tuple[datetime, datetime]:
        at = datetime.fromisoformat(start).replace(tzinfo=UTC)
        return at, at + timedelta(hours=hours)

    starts_at, ends_at = moments(*booked)
    booking = Booking.model_construct(starts_at=starts_at, ends_at=ends_at)
    assert moments_worked(booking, time(said[0]), time(said[1])) == moments(*meant)


def test_a_time_that_the_clocks_show_twice_is_not_guessed() -> None:
    starts_at = datetime(2026, 10, 24, 21, tzinfo=UTC)
    booking = Booking.model_construct(starts_at=starts_at, ends_at=starts_at + timedelta(hours=9))
    with pytest.raises(Invalid, match="happens twice"):
        moments_worked(booking, time(22), time(1, 30))


# --- approving and asking


@pytest.mark.parametrize(
    ("moved", "cost", "left", "sentence"),
    [
        (0, 5600, 94_400, "They cost £56.00, as booked. After this £944.00 is free."),
        (-60, 4200, 95_800, "That is £14.00 less than booked, and this goes back to your free money."),
        (30, 6300, 93_700, "That is £7.00 more than booked. It comes out of your free money, which is £944.00."),
    ],
)
def test_approval_says_what_it_costs_and_draws_exactly_that(
    client_of: Clients, make: Maker, database: Database, moved: int, cost: int, left: int, sentence: str
) -> None:
    deal, booking_id = make(lambda world: shift_of(world, told=timedelta(minutes=moved)))
    client, path = client_of(deal.holder), f"/bookings/{booking_id}/approve"
    page = client.get(f"/bookings/{booking_id}")
    assert sentence in words(page)
    assert f"After this £{left / 100:.2f} is free." in words(page)
    answer = client.post(path, data={**boxes(page, path), **CHECKED})
    assert answer.headers["location"] == f"/bookings/{booking_id}?done=approved"
    booking, hours = stored(database, deal, booking_id)
    assert hours is not None
    assert (booking.state, hours.state, hours.pence, free(database, deal)) == ("approved", "approved", cost, left)
    theirs = words(client_of(deal.assistant).get(f"/bookings/{booking_id}"))
    assert f"£{cost / 100:.2f} is being paid to you." in theirs


def test_approval_needs_its_box_ticked(client_of: Clients, make: Maker, database: Database) -> None:
    deal, booking_id = make(lambda world: shift_of(world, told=timedelta()))
    client, path = client_of(deal.holder), f"/bookings/{booking_id}/approve"
    answer = client.post(path, data=form(client))
    assert problems(answer) == [("checked", "Tick the box when you have checked the hours.")]
    assert "checked" in controls(answer)
    assert stored(database, deal, booking_id)[0].state == "booked"


def test_hours_sent_twice_for_approval_are_paid_once(client_of: Clients, make: Maker, database: Database) -> None:
    deal, booking_id = make(lambda world: shift_of(world, told=timedelta()))
    client, path = client_of(deal.holder), f"/bookings/{booking_id}/approve"
    same = form(client, CHECKED)
    answers = [client.post(path, data=data) for data in (same, same, form(client, CHECKED))]
    assert [answer.status_code for answer in answers] == [303, 303, 422]
    assert "These hours were approved before." in words(answers[2])
    assert free(database, deal) == 94_400


def test_hours_that_cost_more_than_is_left_are_not_approved(
    client_of: Clients, make: Maker, database: Database
) -> None:
    deal, booking_id = make(lambda world: shift_of(world, told=timedelta(hours=2), pence=6000))
    client, path = client_of(deal.holder), f"/bookings/{booking_id}/approve"
    answer = client.post(path, data=form(client, CHECKED))
    sentence = "There is not enough money: £4.00 is left and this needs £28.00."
    assert (answer.status_code, problems(answer)) == (422, [("checked", sentence)])
    assert free(database, deal) == 400


def test_a_question_goes_to_the_assistant_and_the_hours_wait_for_the_answer(
    client_of: Clients, make: Maker, database: Database, clock: Clock
) -> None:
    deal, booking_id = make(lambda world: shift_of(world, told=timedelta()))
    clock.forward(days=3)
    ours, theirs = client_of(deal.holder), client_of(deal.assistant)
    page, path = f"/bookings/{booking_id}", f"/bookings/{booking_id}/query"
    answer = ours.post(path, data=form(ours, {"question": " Was it <b>noon</b>? "}))
    assert answer.headers["location"] == f"{page}?done=queried"
    assert "You asked Asha Okoro about these hours." in words(ours.get(page))
    assert "Question Was it <b>noon</b>?" in words(theirs.get(page))
    early = ours.post(f"{page}/approve", data=form(ours, CHECKED))
    assert "They can be approved when it is answered." in words(early)
    theirs.post(f"{page}/hours", data=form(theirs, {"start": "9am", "end": "noon"}))
    assert "They cost £42.00." in words(ours.get(page))
    _, hours = stored(database, deal, booking_id)
    assert hours is not None
    assert (hours.state, hours.query) == ("confirmed", None)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("", "Say what you want to ask about these hours."),
        ("  ", "Say what you want to ask about these hours."),
        ("x" * 501, "Question must be 500 characters or fewer."),
    ],
)
def test_a_question_that_is_none_comes_back(client_of: Clients, make: Maker, question: str, sentence: str) -> None:
    deal, booking_id = make(lambda world: shift_of(world, told=timedelta()))
    client, path = client_of(deal.holder), f"/bookings/{booking_id}/query"
    answer = client.post(path, data=form(client, {"question": question}))
    assert (answer.status_code, problems(answer)) == (422, [("question", sentence)])
    assert boxes(answer, path)["question"] == [question]


# --- who may come

WRITES = {"cancel": {}, "approve": CHECKED, "query": {"question": "Why?"}, "hours": {"start": "9am", "end": "1pm"}}


@pytest.mark.parametrize("who", ["other_holder", "other_broker", "other_assistant", "newcomer"])
def test_a_stranger_finds_no_shift_and_changes_nothing(place: Place, who: str) -> None:
    client, path = place.client(who), place.town.path("/bookings/{booking_id}")
    before = contents(place.database)
    assert [client.get(address).status_code for address in (path, f"{path}/cancel")] == [404, 404]
    for write, fields in WRITES.items():
        assert client.post(f"{path}/{write}", data=form(client, fields)).status_code == 404
    assert contents(place.database) == before


@pytest.mark.parametrize(
    ("who", "write"),
    [("holder", "hours"), ("broker", "hours"), ("assistant", "approve"), ("assistant", "query")],
)
def test_neither_side_does_what_is_the_others(place: Place, who: str, write: str) -> None:
    client, path = place.client(who), place.town.path(f"/bookings/{{booking_id}}/{write}")
    before = contents(place.database)
    assert client.post(path, data=form(client, WRITES[write])).status_code == 404
    assert contents(place.database) == before


@pytest.mark.parametrize("path", ["/bookings/{booking_id}", "/bookings/{booking_id}/cancel"])
def test_a_broker_acts_for_the_holder_and_is_told_so(place: Place, path: str) -> None:
    answers = {who: place.client(who).get(place.town.path(path)) for who in ("broker", "holder", "assistant")}
    acting = {who: "You are acting for Harriet Webb." in answer.text for who, answer in answers.items()}
    assert acting == {"broker": True, "holder": False, "assistant": False}


@pytest.mark.parametrize("path", ["/bookings/{booking_id}", "/bookings/{booking_id}/cancel"])
def test_nobody_signed_in_is_sent_to_sign_in(place: Place, path: str) -> None:
    answer = place.client("nobody").get(place.town.path(path))
    assert (answer.status_code, answer.headers["location"][:14]) == (303, "/sign-in?next=")


@pytest.mark.parametrize("path", ["/bookings/{}", "/bookings/{}/cancel"])
def test_what_is_not_there_is_not_found(place: Place, path: str) -> None:
    assert place.client("holder").get(path.format(uuid4())).status_code == 404

"""The long forms and the pages around a list, filled in on a phone and on a wide screen."""

from datetime import timedelta

import pytest

from tests.browser.conftest import Desk, DeskAt
from tests.builders import MONDAY, World
from tests.serving import Serving

PHONE, WIDE = 320, 1280


def a_profile_is_filled_in(desk: Desk) -> None:
    page = desk.page
    desk.open("/profile")
    desk.look("forms-profile-new")
    desk.press("Register")
    desk.look("forms-profile-errors")
    desk.fill("Full name", "Zoe Bell")
    desk.fill("Postcode", "NG9 1EE")
    page.get_by_label("I have work, but I am open to offers").check()
    desk.times("Every day", "8am", "2pm")
    desk.fill("What is the lowest pay you would take?", "14.50")
    desk.fill("What are the most hours you want to work in a week?", "30")
    page.get_by_label("By bus, tram or train").check()
    desk.fill("How many minutes will you travel?", "45")
    page.get_by_label("I can drive").check()
    page.get_by_label("I need somewhere to park").check()
    desk.unfold("Checks and papers you can show")
    page.get_by_label("Enhanced DBS check").check()
    desk.date("When was it made or given to you?", 1, 5, 2026)
    desk.unfold("Languages you speak")
    page.get_by_label("Language 1").select_option("English")
    page.get_by_label("Language 2").select_option("Polish")
    desk.unfold("Choose what you won’t do")
    page.get_by_label("A dog").check()
    page.get_by_label("Waking nights").check()
    desk.unfold("Are you a woman or a man?")
    page.get_by_label("A woman").check()
    there, reached = desk.reachable()
    assert there - reached == set()
    desk.look("forms-profile-filled")
    desk.press("Register")
    desk.look("forms-work")


def what_was_said_is_there_again(desk: Desk) -> None:
    desk.open("/profile")
    for summary in (
        "Checks and papers",
        "Languages you speak",
        "Choose what you won’t do",
        "Are you a woman or a man?",
    ):
        desk.unfold(summary)
    page = desk.page
    for label in ("By bus, tram or train", "I can drive", "Enhanced DBS check", "A dog", "Waking nights", "A woman"):
        assert page.get_by_label(label).first.is_checked(), label
    assert page.get_by_label("Language 2").input_value() in {"en", "pl"}
    desk.press("Save your profile")
    desk.press("Yes, all is still right")
    assert "Your profile is confirmed" in page.get_by_role("main").inner_text()


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_an_assistant_fills_in_the_whole_profile(at: Serving, desk_at: DeskAt, width: int) -> None:
    with at.database.session() as session, session.begin():
        World(session).person("zoe")
    desk = desk_at(width)
    desk.sign_in("person1@example.org")
    a_profile_is_filled_in(desk)
    what_was_said_is_there_again(desk)


def a_request_is_filled_in(desk: Desk) -> None:
    page = desk.page
    desk.open("/support")
    desk.press("Ask for support")
    desk.fill("A short title", "Mornings with the cat")
    desk.times("Monday to Friday", "8am", "midday")
    desk.fill("How many of these hours do you need a week? (optional)", "8.5")
    page.get_by_label("Mornings", exact=True).check()
    page.get_by_label("Two people at the same time").check()
    desk.date("When should it start?", 23, 11, 2026)
    desk.fill("What do you pay for an hour?", "14")
    page.get_by_label("As an employee").check()
    desk.unfold("Languages")
    page.get_by_role("group", name="Languages that would be good").get_by_label("Language 1").select_option("Polish")
    desk.unfold("Driving and smoking")
    page.get_by_label("Only people who don’t smoke at all").check()
    desk.unfold("If it has to be a woman or a man")
    page.get_by_label("A woman").check()
    page.get_by_label("A cat").check()
    there, reached = desk.reachable()
    assert there - reached == set()
    desk.look("forms-need-filled")
    desk.press("Post and see who fits")
    desk.look("forms-need-errors")
    desk.fill("Why does the work need it?", "Help with washing")
    desk.press("Post and see who fits")


def a_suggested_change_is_tried(desk: Desk) -> None:
    desk.look("forms-list-short")
    desk.press("Try this change")
    desk.look("forms-change-tried")
    desk.press("Save and see who fits")
    assert "Dee D." in desk.page.get_by_role("main").inner_text()


def somebody_is_not_to_be_shown_again(desk: Desk) -> None:
    desk.page.locator("li.person").filter(has_text="Dee D.").get_by_role("link", name="Don’t show me").click()
    desk.look("forms-block")
    desk.press("Yes, don’t show them again")
    assert "Dee D." not in desk.page.get_by_role("main").inner_text()
    desk.open("/account")
    desk.press("People you don’t want to meet again")
    desk.look("forms-blocks")
    desk.press("Undo")


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_a_holder_fills_in_the_whole_request_and_changes_it_as_suggested(
    at: Serving, desk_at: DeskAt, width: int
) -> None:
    with at.database.session() as session, session.begin():
        world = World(session)
        broker = world.broker()
        world.holder(broker=broker)
        world.assistant(name="Asha Okoro", gender="woman", languages={"pl"})
        world.assistant(name="Dee Dear", gender="woman", lowest_rate_pence=1450)
    desk = desk_at(width)
    desk.sign_in("holder3@example.org")
    a_request_is_filled_in(desk)
    a_suggested_change_is_tried(desk)
    somebody_is_not_to_be_shown_again(desk)


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_cover_is_found_for_a_shift(at: Serving, desk_at: DeskAt, width: int) -> None:
    with at.database.session() as session, session.begin():
        world = World(session)
        deal = world.deal()
        booking = world.booking(deal, starts_at=MONDAY - timedelta(hours=1) + timedelta(days=2))
        world.assistant(name="Nia Near")
    desk = desk_at(width)
    desk.sign_in("holder3@example.org")
    desk.open(f"/bookings/{booking.id}")
    desk.press("Find cover for this shift")
    there, reached = desk.reachable()
    assert there - reached == set()
    desk.look("forms-cover")
    desk.press("Ask Nia N.")
    desk.look("forms-cover-asked")
    assert "Nia N. Waiting for an answer" in " ".join(desk.page.get_by_role("main").inner_text().split())


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_an_organisation_turns_sharing_off(at: Serving, desk_at: DeskAt, width: int) -> None:
    with at.database.session() as session, session.begin():
        world = World(session)
        world.holder(broker=world.broker())
    desk = desk_at(width)
    desk.sign_in("person2@example.org")
    desk.press("Turn it off")
    desk.look("forms-caseload")
    assert "plain order from now on" in desk.page.get_by_role("main").inner_text()

"""The main job as people do it: three browsers, no program, every page looked at."""

from tests.browser.conftest import Desk
from tests.builders import let_in_a_broker
from tests.serving import Serving


def a_budget_is_opened(broker: Desk) -> None:
    broker.sign_in("bea@example.org")
    broker.look("caseload-empty")
    broker.press("Add someone")
    broker.look("new-holder")
    broker.fill("Full name", "Harriet Webb")
    broker.fill("E-mail address", "harriet@example.org")
    broker.fill("Postcode", "NG9 2AB")
    broker.press("Add")
    broker.look("holder-new")
    broker.press("Open a budget")
    broker.look("new-budget")
    broker.fill("Name of the budget", "Personal health budget")
    broker.fill("How much is paid in?", "26,000")
    broker.date("First day", 1, 4, 2026)
    broker.date("Last day", 31, 3, 2027)
    broker.page.get_by_label("Where does the money come from?").select_option("nhs_chc")
    broker.page.get_by_label("Direct payment", exact=True).check()
    broker.press("Open the budget")
    broker.look("budget-new")


def an_assistant_registers(assistant: Desk) -> None:
    assistant.sign_in("asha@example.org")
    assistant.look("join")
    assistant.press("I want to work as a personal assistant")
    assistant.look("profile")
    assistant.fill("Full name", "Asha Okoro")
    assistant.fill("Postcode", "NG9 1EE")
    assistant.page.get_by_label("By car").check()
    assistant.fill("How many minutes will you travel?", "30")
    assistant.times("Monday to Friday", "8am", "2pm")
    assistant.fill("What are the most hours you want to work in a week?", "30")
    assistant.fill("What is the lowest pay you would take?", "13")
    assistant.page.get_by_label("First aid").check()
    assistant.date("When was this last checked or taught?", 1, 5, 2026)
    assistant.press("Register")
    assistant.look("work-empty")


def a_need_is_posted(holder: Desk) -> None:
    holder.sign_in("harriet@example.org")
    holder.look("support-empty")
    holder.press("Ask for support")
    holder.look("new-need")
    holder.press("Post and see who fits")
    holder.look("new-need-errors")
    assert holder.page.title().startswith("Error: ")
    holder.fill("A short title", "Mornings")
    holder.times("Monday to Friday", "8am", "midday")
    holder.fill("What do you pay for an hour?", "14.05")
    holder.date("When should it start?", 23, 11, 2026)
    holder.page.get_by_label("First aid").first.check()
    holder.press("Post and see who fits")
    holder.look("need")


def one_is_invited_and_both_agree(holder: Desk, assistant: Desk) -> None:
    holder.press("Invite Asha O.")
    holder.look("need-invited")
    assistant.open("/work")
    assistant.look("work-invited")
    assistant.press("Mornings")
    assistant.look("invitation")
    assistant.press("Yes, I would like to")
    holder.open("/support")
    holder.look("support-yes")
    holder.press("Asha Okoro said yes")
    holder.look("offer")
    holder.press("Send this offer")
    assistant.open("/work")
    assistant.press("Agreement with Harriet Webb")
    assistant.look("agreement-offered")
    assistant.press("I agree")


def a_shift_is_booked(holder: Desk) -> None:
    """Five mornings a week at £14.05: the first costs £56.20."""
    holder.open("/support")
    holder.press("Book shifts")
    holder.look("book")
    holder.page.get_by_label("Wednesday 25 November 2026, 8am to midday").check()
    holder.press("See what it costs")
    holder.look("book-check")
    assert "£25,943.80" in holder.page.get_by_role("main").inner_text()
    holder.press("Book this shift")
    holder.look("agreement-booked")


def hours_are_confirmed_approved_and_paid(holder: Desk, assistant: Desk, at: Serving) -> None:
    at.clock.forward(days=3)
    assistant.open("/work")
    assistant.press("Wednesday 25 November 2026")
    assistant.look("hours")
    assistant.fill("Finished", "11:30am")
    assistant.press("Confirm these hours")
    holder.open("/support")
    holder.press("Wednesday 25 November 2026")
    holder.look("hours-to-approve")
    holder.page.get_by_label("I have checked these hours").check()
    holder.press("Approve and pay £49.18")
    assert at.worker.run_once() == 1
    holder.open("/money")
    holder.look("money")
    holder.press("Statement")
    holder.look("statement")
    said = holder.page.get_by_role("main").inner_text()
    assert [amount for amount in ("£25,950.82", "£56.20", "£49.18", "£7.02") if amount not in said] == []


def test_three_people_do_the_main_job_in_their_browsers(at: Serving, desks: list[Desk]) -> None:
    with at.database.session() as session, session.begin():
        let_in_a_broker(session)
    broker, assistant, holder = desks
    a_budget_is_opened(broker)
    an_assistant_registers(assistant)
    a_need_is_posted(holder)
    one_is_invited_and_both_agree(holder, assistant)
    a_shift_is_booked(holder)
    hours_are_confirmed_approved_and_paid(holder, assistant, at)
    broker.open("/caseload")
    broker.look("caseload")

"""A real browser on a real server; without a browser these tests are skipped loudly, and fail where CI=true."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.browser.find import browser as find_browser
from tests.conftest import Database
from tests.serving import Serving, serving

#: More presses of the Tab key than any page needs.
MOST_TABS = 300
#: For people to look at after a run.
PICTURES = Path("build/screenshots")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    program = find_browser()
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("NO BROWSER found, and with CI=true the browser tests must run")
        pytest.skip("NO BROWSER: the browser tests did not run; install chromium or set ALONGSIDE_BROWSER")
    return {**browser_type_launch_args, "executable_path": str(program), "args": FLAGS}


@pytest.fixture
def at(database: Database) -> Iterator[Serving]:
    """The running service, in demo mode so that its mail can be read on a page."""
    with serving(database, demo=True) as running:
        yield running


class Desk:
    """Somebody at a browser of their own; each page they look at must be whole for everybody."""

    def __init__(self, context: BrowserContext, at: Serving) -> None:
        self.at = at
        self.page: Page = context.new_page()
        self.page.set_default_timeout(10_000)
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, said: ConsoleMessage) -> None:
        # A form that comes back with its mistakes answers 422, which the console calls an error.
        if said.type == "error" and "status of 422" not in said.text:
            self.complaints.append(said.text)

    def sign_in(self, email: str) -> None:
        """As a person does: ask for the link, read the mail, press the button."""
        self.open("/sign-in")
        self.fill("E-mail address", email)
        self.press("Send me a link")
        self.open(f"/sign-in/{self.at.post.token(email)}")
        self.press("Sign in")

    def open(self, path: str) -> None:
        self.page.goto(self.at.url + path)

    def press(self, name: str) -> None:
        """A button of the page, not of its frame; some are links that look like one."""
        main = self.page.get_by_role("main")
        # Waiting for the next page: what was sent is stored before it is answered.
        with self.page.expect_navigation():
            main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first.click()

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).first.fill(text)

    def date(self, group: str, day: int, month: int, year: int) -> None:
        boxes = self.page.get_by_role("group", name=group)
        for label, number in (("Day", day), ("Month", month), ("Year", year)):
            boxes.get_by_label(label).fill(str(number))

    def times(self, day: str, start: str, end: str) -> None:
        self.page.get_by_label("Day", exact=True).first.select_option(day)
        self.fill("From", start)
        self.fill("To", end)

    def unfold(self, summary: str) -> None:
        """Open what is closed at first, from the keyboard."""
        self.page.locator("summary", has_text=summary).press("Enter")

    def reachable(self) -> tuple[set[str], set[str]]:
        """The names of what can be filled in or pressed in the page's main part, and of what the Tab key gets to."""
        script = """() => [...document.querySelectorAll("main :is(a[href], button, input, select, textarea, summary)")]
            .filter(e => e.checkVisibility({visibilityProperty: true}) && e.tabIndex >= 0 && e.type !== "hidden")
            .map(e => e.name || e.textContent.trim())"""
        there, reached = set(self.page.evaluate(script)), set[str]()
        self.page.evaluate("document.querySelector('.govuk-skip-link').focus()")
        presses = 0
        while presses < MOST_TABS and not there <= reached:
            self.page.keyboard.press("Tab")
            reached.add(self.page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))
            presses += 1
        return there, reached

    def look(self, name: str) -> None:
        """No fault that axe finds and no sideways scroll, narrow and light, wide and dark; and a picture of both."""
        before = self.page.viewport_size
        for width, scheme in ((320, "light"), (1280, "dark")):
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.emulate_media(color_scheme=scheme)
            found = Axe().run(self.page, options={"resultTypes": ["violations"]})
            assert found.violations_count == 0, f"{name} at {width}: {found.generate_report()}"
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} scrolls sideways"
            PICTURES.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
        self.page.emulate_media(color_scheme="light")
        if before:
            self.page.set_viewport_size(before)


DeskAt = Callable[[int], Desk]


@pytest.fixture
def desk_at(browser: Browser, at: Serving) -> Iterator[DeskAt]:
    """Sits somebody down at a browser so many pixels wide; a complaint in any console fails the test."""
    people: list[Desk] = []

    def sit_down(width: int) -> Desk:
        people.append(Desk(browser.new_context(viewport={"width": width, "height": 844}), at))
        return people[-1]

    yield sit_down
    complaints = [complaint for desk in people for complaint in desk.complaints]
    for desk in people:
        desk.page.context.close()
    assert complaints == []


@pytest.fixture
def desks(desk_at: DeskAt) -> list[Desk]:
    """Three people at phones."""
    return [desk_at(390) for _ in range(3)]

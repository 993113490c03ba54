"""A real browser on a real server; without a browser these tests are skipped loudly, and fail where CI=true."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.find import browser as find_browser
from tests.conftest import Database
from tests.serving import Serving, serving

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
    """Somebody at a browser of their own, signed in or not."""

    def __init__(self, context: BrowserContext, at: Serving) -> None:
        self.context = context
        self.at = at
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def sign_in(self, email: str) -> None:
        """As a person does: ask for the link, read the mail, press the button."""
        self.page.goto(f"{self.at.url}/sign-in")
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_role("button", name="Email me a link").click()
        self.page.goto(f"{self.at.url}/sign-in/{self.at.post.token(email)}")
        self.page.get_by_role("main").get_by_role("button", name="Sign in").click()

    def open(self, path: str) -> None:
        self.page.goto(self.at.url + path)

    def picture(self, name: str) -> None:
        """A picture of the whole page in build/screenshots, for people to look at."""
        folder = Path("build/screenshots")
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{name}.png", full_page=True)


@pytest.fixture
def desks(browser: Browser, at: Serving) -> Iterator[list[Desk]]:
    """Three people at phones: make a `Desk` of each; a complaint in any console fails the test."""
    contexts = [browser.new_context(viewport={"width": 390, "height": 844}) for _ in range(3)]
    people = [Desk(context, at) for context in contexts]
    yield people
    complaints = [complaint for desk in people for complaint in desk.complaints]
    for context in contexts:
        context.close()
    assert complaints == []

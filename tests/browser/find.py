"""Which browser the tests use: the one ALONGSIDE_BROWSER names, playwright's own, or one on the system.

`python -m tests.browser.find` prints it, and ends with status 1 when there is none.
"""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
_APPLICATIONS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)


def browser() -> Path | None:
    """The browser's program, or None."""
    named = os.environ.get("ALONGSIDE_BROWSER")
    if named:
        return Path(named)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    on_path = (Path(found) for name in _NAMES if (found := shutil.which(name)))
    return next((path for path in (own, *on_path, *_APPLICATIONS) if path.is_file()), None)


if __name__ == "__main__":
    found = browser()
    print(found or "none")
    sys.exit(found is None)

"""What a page says and holds, read from its HTML as a browser would."""

import re
from html import unescape
from html.parser import HTMLParser

from httpx2 import Response


def words(response: Response) -> str:
    """All text between the tags, spaces evened out."""
    main = response.text.partition("<main")[2].partition(">")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def problems(response: Response) -> list[tuple[str, str]]:
    """The error summary: the control each line leads to, and its sentence."""
    summary = re.search(r'(?s)<ul class="govuk-list govuk-error-summary__list">(.*?)</ul>', response.text)
    return [
        (unescape(a), unescape(b))
        for a, b in re.findall(r'<a href="#([^"]*)">([^<]*)</a>', summary[1] if summary else "")
    ]


def controls(response: Response) -> set[str]:
    """The ids of everything on the page."""
    return set(re.findall(r'\sid="([^"]+)"', response.text))


def cards(response: Response) -> list[str]:
    """The words of each person's card."""
    found = re.findall(r'(?s)<li class="person">(.*?)</form>', response.text)
    return [" ".join(re.sub(r"<[^>]+>", " ", card).split()) for card in found]


def boxes(response: Response, action: str) -> dict[str, list[str]]:
    """What the form with this action would send as it stands, its buttons left out."""
    reader = _Form(action)
    reader.feed(response.text)
    return reader.sent


class _Form(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.sent = action, dict[str, list[str]]()
        self._inside, self._open = False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = has["action"] == self.action
        name = has.get("name", "")
        if not self._inside:
            return
        if tag == "input" and name and (has.get("type") not in {"checkbox", "radio"} or "checked" in has):
            self.sent.setdefault(name, []).append(has.get("value", ""))
        elif tag == "textarea":
            self._open, self.sent[name] = name, [""]
        elif tag == "select":
            self._open = name
            self.sent.setdefault(name, []).append("")
        elif tag == "option" and "selected" in has:
            self.sent[self._open][-1] = has["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag in {"select", "textarea"}:
            self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open and self.lasttag == "textarea":
            self.sent[self._open][0] += data

import re

import pytest

from tests.web.clients import Clients
from tests.web.pages.markup import words
from tests.web.town import Place
from web.settings import Settings

PAGES = ["/help", "/privacy", "/accessibility"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["nobody", "holder", "assistant", "broker", "newcomer"])
def test_everybody_can_read_it(place: Place, path: str, who: str) -> None:
    response = place.client(who).get(path)
    assert response.status_code == 200
    assert len(re.findall("<h1", response.text)) == 1


def test_help_gives_the_phone_number_and_the_address_from_the_settings(client_of: Clients, settings: Settings) -> None:
    settings.help_phone, settings.help_email = "0115 496 0000", "ask@example.org"
    page = client_of().get("/help").text
    assert 'href="tel:01154960000">0115 496 0000' in page
    assert 'href="mailto:ask@example.org">ask@example.org' in page


def test_privacy_says_how_long_links_and_sessions_last(place: Place) -> None:
    text = words(place.client("nobody").get("/privacy"))
    assert "Sign-in links work for 15 minutes, and you stay signed in for 14 days." in text


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_loaded_from_elsewhere(place: Place, path: str) -> None:
    page = place.client("nobody").get(path).text
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page) == []


def test_privacy_says_what_is_never_asked_and_what_one_answer_is_for(place: Place) -> None:
    text = words(place.client("nobody").get("/privacy"))
    assert "We do not ask for your age, religion or ethnic group." in text
    assert "Assistants may tell us that they are a woman or a man. We use it only where a request needs one" in text

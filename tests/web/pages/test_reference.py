import re

from tests.web.pages.markup import words
from tests.web.town import Place


def test_anybody_can_read_every_operation_of_the_interface(place: Place) -> None:
    client = place.client("nobody")
    page = words(client.get("/docs"))
    document = client.get("/api/v1/openapi.json").json()
    for path, item in document["paths"].items():
        for method in item:
            assert f"{method.upper()} {path} " in page


def test_it_leads_to_the_document_it_was_made_from(place: Place) -> None:
    assert 'href="/api/v1/openapi.json"' in place.client("nobody").get("/docs").text


def test_every_link_within_the_page_leads_somewhere(place: Place) -> None:
    page = place.client("nobody").get("/docs").text
    led_to = set(re.findall(r'href="#([^"]+)"', page))
    assert led_to <= set(re.findall(r'id="([^"]+)"', page))

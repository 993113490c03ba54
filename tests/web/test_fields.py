import pytest

from web import fields

ERRORS = [
    {"field": "name", "message": "Enter a name"},
    {"field": "on.day", "message": "Enter a day"},
    {"field": "name", "message": "A second one"},
]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (("name",), {"text": "Enter a name"}),
        (("on", "on.day"), {"text": "Enter a day"}),
        (("on",), None),
        ((), None),
    ],
)
def test_the_first_message_about_a_field_is_shown(asked: tuple[str, ...], found: dict[str, str] | None) -> None:
    assert fields.about(ERRORS, *asked) == found


def test_an_error_about_the_day_of_a_date_leads_to_its_first_box() -> None:
    assert [link["href"] for link in fields.error_links(ERRORS)] == ["#name", "#on", "#name"]


def test_an_error_about_the_day_of_a_row_of_times_leads_to_that_control() -> None:
    assert fields.error_links([{"field": "hours.0.day", "message": "Choose a day"}])[0]["href"] == "#hours.0.day"


def test_a_mistake_of_the_whole_page_leads_nowhere() -> None:
    assert fields.error_links([{"field": "problem", "message": "Too late"}])[0]["href"] == ""


def test_a_plain_hint_becomes_the_librarys_kind() -> None:
    options = [{"value": "a", "text": "A", "hint": "More"}, {"value": "b", "text": "B"}]
    assert [option["hint"] for option in fields.with_hints(options)] == [{"text": "More"}, None]


@pytest.mark.parametrize(
    ("part", "heading", "classes"),
    [
        ("label", True, "govuk-label--l"),
        ("label", False, "govuk-label--s"),
        ("legend", True, "govuk-fieldset__legend--l"),
        ("legend", False, "govuk-fieldset__legend--s"),
    ],
)
def test_a_caption_is_large_when_it_heads_the_page(part: str, heading: bool, classes: str) -> None:
    assert fields.caption("When?", part, heading=heading) == {
        "text": "When?",
        "classes": classes,
        "isPageHeading": heading,
    }

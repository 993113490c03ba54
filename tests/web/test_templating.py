import re
from datetime import UTC, date, datetime, time
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest

from web import templating

PAGES = templating.environment(languages={"en": "English", "cy": "Cymraeg"})
ERRORS = [
    {"field": "postcode", "message": "Enter a whole postcode"},
    {"field": "starts_on", "message": "Enter a real date"},
    {"field": "week", "message": "Tick a part of a day"},
    {"field": "exact.0.end", "message": "Enter when it ends"},
]


class Elements(HTMLParser):
    """Each start tag with its attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def render(source: str, **context: object) -> str:
    return PAGES.from_string(source).render(**context)


@pytest.mark.parametrize(
    ("pence", "shown"),
    [
        (0, "£0.00"),
        (123_456, "£1,234.56"),
        (-300, "-£3.00"),
    ],
)
def test_pence_are_shown_as_pounds(pence: int, shown: str) -> None:
    assert render("{{ pence | pounds }}", pence=pence) == shown


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (0, "0 hours"),
        (1, "1 minute"),
        (30, "30 minutes"),
        (60, "1 hour"),
        (61, "1 hour 1 minute"),
        (450, "7 hours 30 minutes"),
        (-90, "-1 hour 30 minutes"),
    ],
)
def test_minutes_are_shown_as_hours(minutes: int, shown: str) -> None:
    assert templating.hours(minutes) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (time(6, 40), "6:40am"),
        (time(9), "9am"),
        (time(0), "midnight"),
        (time(0, 5), "12:05am"),
        (time(12), "midday"),
        (time(12, 30), "12:30pm"),
        (time(23, 59), "11:59pm"),
        (datetime(2026, 11, 23, 6, 40, tzinfo=UTC), "6:40am"),
        (datetime(2026, 7, 1, 11, 0, tzinfo=UTC), "midday"),
        (datetime(2026, 7, 1, 23, 0, tzinfo=UTC), "midnight"),
    ],
)
def test_a_time_is_shown_as_a_clock_in_london_says_it(value: datetime | time, shown: str) -> None:
    assert templating.clock(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (date(2026, 11, 23), "Monday 23 November 2026"),
        (datetime(2026, 11, 23, 23, 30, tzinfo=UTC), "Monday 23 November 2026"),
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "Thursday 2 July 2026"),
    ],
)
def test_a_day_is_shown_as_a_calendar_in_london_says_it(value: date, shown: str) -> None:
    assert templating.day(value) == shown


def test_a_moment_is_its_day_and_its_time() -> None:
    at = datetime(2026, 11, 23, 6, 40, tzinfo=UTC)
    assert templating.moment(at) == "Monday 23 November 2026, 6:40am"


@pytest.mark.parametrize("shown", [templating.clock, templating.day, templating.moment])
def test_a_datetime_without_a_zone_is_refused(shown: object) -> None:
    assert callable(shown)
    with pytest.raises(ValueError, match="time zone"):
        shown(datetime(2026, 11, 23, 6, 40))  # noqa: DTZ001 - the mistake itself


@pytest.mark.parametrize(
    ("metres", "shown"),
    [
        (0, "0 miles"),
        (800, "0.5 miles"),
        (1609.344, "1 mile"),
        (3926.8, "2.4 miles"),
        (16_060, "10 miles"),
        (25_266.7, "16 miles"),
    ],
)
def test_metres_are_shown_as_miles(metres: float, shown: str) -> None:
    assert templating.miles(metres) == shown


def test_days_are_welsh_on_welsh_pages() -> None:
    welsh = templating.environment(locale="cy").from_string("{{ at | day }}")
    assert welsh.render(at=date(2026, 11, 23)) == "Dydd Llun 23 Tachwedd 2026"


def test_a_name_that_the_page_forgot_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError, match="'budget' is undefined"):
        render("{{ budget }}")


def test_a_macro_of_the_library_may_be_left_without_its_optional_parts() -> None:
    assert 'name="a"' in render('{{ govukInput({"name": "a", "label": {"text": "A"}}) }}')


@pytest.mark.parametrize("macro", ["govukHeader", "govukFooter", "govukGenericHeader"])
def test_the_macros_that_print_the_crown_are_not_there(macro: str) -> None:
    assert macro not in PAGES.globals


def test_what_people_typed_is_escaped_in_our_macros_and_in_the_librarys() -> None:
    html = render(
        """{% from "forms.html" import text_field %}{% from "blocks.html" import summary_card %}
        {{ text_field("a", typed, hint=typed, value=typed) }}
        {{ summary_card(typed, [{"key": typed, "value": typed}]) }}""",
        typed="<script>x</script>",
    )
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") == 6


def test_an_address_of_a_static_file_changes_with_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("one")
    first = templating.static_url(tmp_path, "a.css")
    (tmp_path / "a.css").write_text("two, longer")
    second = templating.static_url(tmp_path, "a.css")
    assert re.fullmatch(r"/static/a\.css\?v=[0-9a-f]{10}", first)
    assert first != second


def test_a_static_file_that_set_up_has_not_made_has_a_bare_address(tmp_path: Path) -> None:
    assert templating.static_url(tmp_path, "vendor/x.css") == "/static/vendor/x.css"


@pytest.mark.parametrize("status", [403, 404, 500, 503])
def test_an_error_page_needs_nothing_from_anyone(status: int) -> None:
    html = PAGES.get_template(f"errors/{status}.html").render()
    assert html.count("<h1") == 1
    assert "Help and phone number" in html


def test_the_page_says_for_whom_one_is_acting() -> None:
    html = PAGES.get_template("errors/404.html").render(acting_for="Jean")
    assert "You are acting for Jean." in html


def test_the_footer_leads_with_help_and_says_who_we_are_not() -> None:
    footer = PAGES.get_template("footer.html").render()
    assert footer.index("Help and phone number") < footer.index("Privacy")
    assert "This is not a government service." in footer


@pytest.mark.parametrize(
    ("errors", "title"),
    [([], "Parts of a page - Alongside"), (ERRORS, "Error: Parts of a page - Alongside")],
)
def test_the_title_says_that_there_are_errors(errors: list[dict[str, str]], title: str) -> None:
    html = PAGES.get_template("styleguide.html").render(csrf_token="t", errors=errors)
    assert f"<title>{title}</title>" in html


def test_each_line_of_the_error_summary_lands_on_a_control() -> None:
    html = PAGES.get_template("styleguide.html").render(csrf_token="t", errors=ERRORS)
    elements = Elements(html).found
    controls = {a["id"] for tag, a in elements if tag in {"input", "select"} and "id" in a}
    links = re.findall(r'<a href="#([^"]+)">(?:Enter|Tick)', html)
    assert links == ["postcode", "starts_on", "week", "exact.0.end"]
    assert set(links) <= controls


def test_no_page_needs_more_than_the_content_security_policy_allows() -> None:
    html = PAGES.get_template("styleguide.html").render(csrf_token="t", errors=ERRORS)
    for tag, attributes in Elements(html).found:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        assert tag != "style"
        assert tag != "script" or attributes.get("src", "")
        for name in ("src", "href", "action"):
            assert not (attributes.get(name) or "").startswith(("http:", "https:", "data:", "//"))


def test_every_id_on_a_page_is_there_once() -> None:
    html = PAGES.get_template("styleguide.html").render(csrf_token="t", errors=ERRORS)
    ids = [attributes["id"] for _, attributes in Elements(html).found if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_signing_out_is_a_form_with_a_token_and_a_key_of_its_own() -> None:
    masthead = PAGES.get_template("masthead.html")
    viewer = {"name": "Ruth Adeyemi", "roles": ["holder"]}
    keys = [
        re.findall(r'name="idempotency_key" value="([^"]{16,})"', masthead.render(viewer=viewer, csrf_token="t"))
        for _ in range(2)
    ]
    assert [len(found) for found in keys] == [1, 1]
    assert keys[0] != keys[1]


def test_any_other_refusal_is_said_once_in_its_own_words() -> None:
    sentence = "There is not enough money."
    problem = {"detail": sentence, "errors": [{"field": "end", "message": sentence}]}
    html = PAGES.get_template("errors/problem.html").render(problem=problem)
    assert html.count(sentence) == 1

"""What the macros in templates/forms.html and templates/blocks.html print."""

import re
from datetime import date, time

import jinja2
import pytest

from web import templating

PAGES = templating.environment()
FORMS = """{% from "forms.html" import checkboxes_field, date_field, exact_times, form, money_field,
radios_field, select_field, text_field, textarea_field, time_field, week_field with context %}"""
BLOCKS = '{% from "blocks.html" import empty_state, money_table, summary_card, tag %}'
PARTS = [
    {"value": "am", "text": "morning", "hours": "9am to midday"},
    {"value": "pm", "text": "afternoon", "hours": "midday to 6pm"},
]


def render(source: str, **context: object) -> str:
    html = PAGES.from_string(FORMS + BLOCKS + source).render(**context)
    return re.sub(r"\s+", " ", html)


def test_a_form_carries_its_two_keys_and_leaves_checking_to_us() -> None:
    html = render('{% call form("/needs", "k1") %}inside{% endcall %}', csrf_token="t1")
    assert '<form method="post" action="/needs" novalidate>' in html
    assert '<input type="hidden" name="csrf_token" value="t1">' in html
    assert '<input type="hidden" name="idempotency_key" value="k1">' in html
    assert "inside" in html


def test_a_form_names_its_filling_in_when_the_page_does_not() -> None:
    html = "".join(render('{% call form("/x") %}{% endcall %}', csrf_token="t") for _ in range(2))
    keys = re.findall(r'name="idempotency_key" value="([^"]+)"', html)
    assert len(set(keys)) == 2


def test_a_form_without_the_pages_token_is_an_error() -> None:
    source = '{% from "forms.html" import form %}{% call form("/x", "k") %}{% endcall %}'
    with pytest.raises(jinja2.UndefinedError, match="csrf_token"):
        PAGES.from_string(source).render(csrf_token="t")


@pytest.mark.parametrize(
    "field",
    [
        'text_field("a", "Label", errors=errors)',
        'textarea_field("a", "Label", errors=errors)',
        'money_field("a", "Label", errors=errors)',
        'date_field("a", "Label", errors=errors)',
        'time_field("a", "Label", errors=errors)',
        'select_field("a", "Label", [], errors=errors)',
        'radios_field("a", "Label", [{"value": "1", "text": "One"}], errors=errors)',
        'checkboxes_field("a", "Label", [{"value": "1", "text": "One"}], errors=errors)',
        'week_field("a", "Label", parts, errors=errors)',
    ],
)
def test_a_field_shows_only_the_error_about_itself(field: str) -> None:
    errors = [{"field": "b", "message": "Not this"}, {"field": "a", "message": "Say when"}]
    html = render("{{ " + field + " }}", errors=errors, parts=PARTS)
    assert "Say when" in html
    assert "Not this" not in html
    assert "govuk-form-group--error" in html
    assert 'id="a"' in html


@pytest.mark.parametrize(
    ("field", "printed"),
    [
        ('money_field("a", "A", value=145000)', 'value="1,450.00"'),
        ('money_field("a", "A", value="12..5")', 'value="12..5"'),
        ('time_field("a", "A", value=at)', 'value="9:30am"'),
        ('time_field("a", "A", value="25:00")', 'value="25:00"'),
        ('date_field("a", "A", value=on)', 'name="a.month" type="text" value="11"'),
        ('date_field("a", "A", value={"day": "x", "month": "", "year": ""})', 'value="x"'),
        ('text_field("a", "A", heading=true)', '<h1 class="govuk-label-wrapper">'),
    ],
)
def test_a_field_shows_what_was_typed_or_what_is_known(field: str, printed: str) -> None:
    html = render("{{ " + field + " }}", at=time(9, 30), on=date(2026, 11, 23))
    assert printed in html


def test_an_error_about_one_box_of_a_date_marks_that_box() -> None:
    errors = [{"field": "a.year", "message": "Add the year"}]
    html = render('{{ date_field("a", "A", errors=errors) }}', errors=errors)
    marked = re.findall(r'class="[^"]*govuk-input--error[^"]*" id="([^"]+)"', html)
    assert marked == ["a.year"]


def test_each_box_of_the_week_says_its_whole_name() -> None:
    html = render('{{ week_field("w", "When?", parts, value=["tue.pm"]) }}', parts=PARTS)
    boxes = re.findall(r'<label class="week__box" for="([^"]+)"> (<input [^>]+>) (.*?)</label>', html)
    names = [re.sub(r"<[^>]+>", "", words).strip() for _, _, words in boxes]
    assert len(boxes) == 14
    assert names[:3] == [
        "Monday morning, 9am to midday",
        "Monday afternoon, midday to 6pm",
        "Tuesday morning, 9am to midday",
    ]
    assert [key for key, box, _ in boxes if "checked" in box] == ["w.tue.pm"]
    assert boxes[0][0] == "w"


def test_exact_times_can_be_added_and_taken_away_without_script() -> None:
    rows = [{"day": "fri", "start": "1pm", "end": "2pm"}, {"day": "", "start": "", "end": ""}]
    html = render('{{ exact_times("x", "Exact", rows) }}', rows=rows)
    assert 'value="x" name="add"' in html
    assert re.findall(r'name="remove" value="([^"]+)"', html) == ["x.0", "x.1"]
    assert re.findall(r'name="(x\.[^"]+)"', html) == [
        f"x.{row}.{part}" for row in (0, 1) for part in ("day", "start", "end")
    ]
    assert '<option value="fri" selected>' in html


def test_a_money_table_shows_pence_as_pounds_and_names_each_figures_column() -> None:
    html = render('{{ money_table("C", ["For", "Left"], [["PAs", 1250], ["Gym", "none"]], ["All", 1250]) }}')
    cells = re.findall(r'<td [^>]*data-column="([^"]+)">([^<]+)</td>', html)
    assert cells == [("Left", "£12.50"), ("Left", "none"), ("Left", "£12.50")]


def test_an_action_of_a_summary_card_says_what_it_changes() -> None:
    html = render('{{ summary_card("Shift", [{"key": "Day", "value": "Monday", "change": "/d"}]) }}')
    link = re.search(r'<a class="govuk-link" href="/d">(.*?)</a>', html)
    assert link
    assert re.sub(r"<[^>]+>", "", link[1]) == "Change Day (Shift)"


def test_a_tag_of_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError):
        render('{{ tag("Booked", "chartreuse") }}')


@pytest.mark.parametrize(("action", "links"), [('{"text": "Go", "href": "/go"}', 1), ("none", 0)])
def test_an_empty_state_may_say_what_to_do(action: str, links: int) -> None:
    html = render('{{ empty_state("Nothing", "Yet.", ' + action + ") }}")
    assert html.count('href="/go"') == links

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, col, func, select

from marketplace import access, intake, needs, organisations
from marketplace.holders import Holder, NewHolder
from marketplace.needs import Need, NewNeed
from marketplace.organisations import OrganisationKind
from marketplace.people import Person, Viewer
from tests.builders import MONDAY, World
from tests.conftest import ROOT, Database
from tests.web.importing.files import NEW_OF_NEEDS, file_of, need, text_of, without
from tests.web.importing.traces import counting, versions
from web.database import sessions_on, transaction
from web.importing.needs import COLUMNS, HOLDER, NEED, import_needs, read_needs, run
from web.importing.results import BadFile, Outcome, RowProblem, Summary

EXAMPLE = ROOT / "docs" / "examples" / "needs.csv"
BROKERS = "Trent Brokers"


@pytest.fixture
def brokers(session: Session) -> organisations.Organisation:
    return organisations.found(session, name=BROKERS, kind=OrganisationKind.BROKER)


def bring_in(session: Session, *rows: dict[str, str], organisation: str | None = BROKERS) -> Summary:
    return import_needs(session, read_needs(file_of(*rows)), organisation=organisation, now=MONDAY)


def refused(session: Session, *rows: dict[str, str], organisation: str | None = BROKERS) -> list[str]:
    with pytest.raises(BadFile) as refusal:
        bring_in(session, *rows, organisation=organisation)
    return [str(problem) for problem in refusal.value.problems]


def stored(session: Session, reference: str = "A-1") -> Need:
    return session.exec(select(Need).where(Need.reference == reference)).one()


def holder_of(session: Session, one: Need) -> tuple[Holder, Viewer]:
    holder = session.get_one(Holder, one.holder_id)
    viewer = access.viewer_of(session, person_id=holder.person_id)
    assert viewer is not None
    return holder, viewer


def test_the_examples_of_the_columns_are_right_so_that_they_can_stand_in() -> None:
    holder = NewHolder.model_validate({column.field: column.stand_in for column in HOLDER})
    asked = NewNeed.model_validate({column.field: column.stand_in for column in NEED})
    assert all(getattr(holder, column.field) == column.stand_in for column in HOLDER)
    assert asked.model_fields_set == {column.field for column in NEED}


def test_a_row_becomes_a_holder_and_a_need_with_its_line() -> None:
    reading = read_needs(file_of(need(), need(reference="A-2", starts_on="08/01/2030", wished="hoist; food")))
    assert reading.problems == ()
    first, second = reading.rows
    assert (first.line, first.model.holder.email, first.model.reference) == (2, "harriet@example.org", "A-1")
    assert (first.model.new.rate_pence, first.model.new.ends_on) == (1450, date(2030, 12, 31))
    assert second.model.new.starts_on == date(2030, 1, 8)
    assert second.model.new.wished == {"food"}, "what is required isn't wished as well"
    new = first.model.new
    assert (new.hours_a_week, new.mostly, new.checks) == (3.5, {"morning", "weekend"}, {"dbs_enhanced"})
    assert (new.languages, new.languages_wished) == ({"en"}, {"pl", "ur"})
    assert (new.kind, new.people, new.contract, new.car) == ("visit", 1, "employed", "drives")
    assert (new.home, new.refuses) == ({"cat", "parking"}, {"smokes"})
    assert (new.gender, new.gender_reason) == ("woman", "Help to wash and dress.")


def test_columns_that_may_be_left_out_are_empty() -> None:
    bare = without(need(), "about", "ends_on", "required", "wished", *NEW_OF_NEEDS)
    for row in (bare, {**bare, **dict.fromkeys(without(need(), *bare), "")}):
        new = read_needs(file_of(row)).rows[0].model.new
        assert (new.about, new.ends_on, new.required, new.wished) == ("", None, set(), set())
        assert (new.kind, new.people, new.hours_a_week, new.contract) == ("visit", 1, None, "either")
        assert (new.car, new.gender, new.gender_reason) == ("none", None, "")
        assert not new.mostly | new.checks | new.languages | new.languages_wished | new.home | new.refuses


@pytest.mark.parametrize("name", [column.name for column in COLUMNS if column.needed])
def test_what_must_be_there_is_asked_for_where_its_cell_is_empty(name: str) -> None:
    found = read_needs(file_of(need(**{name: ""}))).problems
    assert [(one.line, one.column) for one in found] == [(2, name)]
    assert found[0].message.startswith("Fill this in, like ")


@pytest.mark.parametrize(
    ("changes", "column", "message"),
    [
        ({"title": "a" * 121}, "title", "Title must be 120 characters or fewer."),
        ({"reference": "a" * 61}, "reference", "Reference must be 60 characters or fewer."),
        ({"rate": "7.99"}, "rate", "Rate must be £8.00 or more."),
        ({"ends_on": "2030-01-06"}, "ends_on", "The end date must be on or after the start date."),
        ({"starts_on": "next week"}, "starts_on", "Type a date like 2026-11-23."),
        ({"required": "hoists"}, "required", "“hoists”: This is not a skill we know. Did you mean “hoist”?"),
        ({"postcode": "ZZ1 1ZZ"}, "postcode", "We can't find ZZ1 1ZZ in England, Scotland or Wales."),
        ({"holder_email": "harriet"}, "holder_email", "This is not an e-mail address."),
        ({"hours_a_week": "4.5"}, "hours_a_week", "The times given are only 4 hours a week together."),
        ({"hours_a_week": "0"}, "hours_a_week", "Give the hours a week in whole or half hours, like 12.5."),
        ({"hours_a_week": "1.25"}, "hours_a_week", "Type hours, whole or with a half, like 12 or 12.5."),
        ({"mostly": "dawn"}, "mostly", "“dawn”: Type morning, afternoon, evening, night or weekend."),
        ({"checks": "dbs"}, "checks", "“dbs”: This is not a check we know."),
        ({"languages": "Klingon"}, "languages", "“Klingon”: This is not a language we know."),
        ({"kind": "holiday"}, "kind", "Type visit, sleep_in, waking_night or live_in."),
        ({"people": "3"}, "people", "Type 1 or 2."),
        ({"contract": "zero hours"}, "contract", "Type employed, self_employed or either."),
        ({"home": "snake"}, "home", "“snake”: Type smoking_home, dog, cat, other_pets or parking."),
        ({"car": "bicycle"}, "car", "Type none, drives or own_car."),
        ({"gender": "lady"}, "gender", "Type woman or man."),
        ({"gender_reason": ""}, "gender_reason", "Say why it has to be a woman. The law asks for a reason"),
        ({"gender_reason": "r" * 301}, "gender_reason", "Gender reason must be 300 characters or fewer."),
        ({"gender": ""}, "gender", "Say whether it has to be a woman or a man, or take the reason out."),
        ({"refuses": "dog"}, "refuses", "“dog”: Type smokes."),
    ],
)
def test_what_the_rules_refuse_is_a_problem_of_its_cell(changes: dict[str, str], column: str, message: str) -> None:
    reading = read_needs(file_of(need(), need(**{"reference": "A-2", "holder_email": "b@example.org", **changes})))
    assert [(one.line, one.column) for one in reading.problems] == [(3, column)]
    assert reading.problems[0].message.startswith(message)


@pytest.mark.parametrize(
    ("changes", "columns"),
    [
        # what stands in for one wrong cell makes no other wrong
        ({"hours": "?", "hours_a_week": "40"}, ["hours"]),
        ({"hours": "Mon 08:00-09:00", "hours_a_week": "?"}, ["hours_a_week"]),
        ({"gender": "?", "gender_reason": "r" * 301}, ["gender", "gender_reason"]),
        ({"gender": "", "gender_reason": "r" * 301}, ["gender", "gender_reason"]),
        ({"gender": "?", "gender_reason": ""}, ["gender", "gender_reason"]),
        ({"gender": "woman", "gender_reason": "", "hours_a_week": "9"}, ["hours_a_week", "gender_reason"]),
    ],
)
def test_rules_between_two_cells_name_the_ones_to_change(changes: dict[str, str], columns: list[str]) -> None:
    reading = read_needs(file_of(need(**changes)))
    assert [problem.column for problem in reading.problems] == columns


def test_a_need_twice_in_a_file_is_a_problem_that_names_both_rows() -> None:
    rows = [need(), need(reference="A-2"), need(holder_email="b@example.org"), need(holder_email="HARRIET@example.org")]
    assert list(read_needs(file_of(*rows)).problems) == [
        RowProblem(5, "reference", "Rows 2 and 5 are both about A-1 of harriet@example.org. Keep one of them.")
    ]


def test_a_holder_must_be_the_same_on_every_row() -> None:
    rows = [need(), need(reference="A-2", holder_name="Harry Webb", postcode="NG9 3AB")]
    assert list(read_needs(file_of(*rows)).problems) == [
        RowProblem(
            3,
            "holder_name",
            "Row 2 says “Harriet Webb” of harriet@example.org, row 3 “Harry Webb”. Make them the same.",
        ),
        RowProblem(3, "postcode", "Row 2 says “NG9 2AB” of harriet@example.org, row 3 “NG9 3AB”. Make them the same."),
    ]


def test_new_holders_are_registered_with_the_organisation_and_post_their_needs_themselves(
    session: Session, brokers: organisations.Organisation
) -> None:
    assert bring_in(session, need(), need(reference="A-2"), need(holder_email="b@example.org")) == Summary(3, 0, 0)
    one = stored(session, "A-2")
    holder, viewer = holder_of(session, one)
    assert (holder.organisation_id, holder.postcode, viewer.name) == (brokers.id, "NG9 2AB", "Harriet Webb")
    assert (one.posted_by, one.posted_at) == (holder.person_id, MONDAY)
    asked = needs.asked(session, need_ids=[one.id])[one.id]
    assert len(asked.windows) == 2
    assert asked.required == {"moving_and_handling", "hoist"}
    assert asked.wished == {"food"}
    assert (asked.minutes_a_week, asked.languages_wished) == (210, {"pl", "ur"})
    assert asked.terms.brings == {"cat", "parking", "employment"}
    assert asked.terms.needs == {"drives", "woman"}
    assert session.exec(select(func.count()).select_from(Holder)).one() == 2


def test_holders_who_are_here_need_no_organisation_to_be_named(session: Session, world: World) -> None:
    holder = world.holder(name="Harriet Webb")
    email = session.get_one(Person, holder.person_id).email
    assert bring_in(session, need(holder_email=email), organisation=None) == Summary(1, 0, 0)


@pytest.mark.usefixtures("brokers")
def test_a_changed_row_replaces_what_was_asked_and_leaves_the_others(session: Session) -> None:
    bring_in(session, need(), need(reference="A-2"))
    before = stored(session).id
    changed = need(
        title="Early mornings", rate="15", hours="Tue 6-8", required="hoist", wished="", ends_on="", hours_a_week=""
    )
    assert bring_in(session, changed, need(reference="A-2"), need(reference="A-3")) == Summary(1, 1, 1)
    after = stored(session)
    assert (after.id, after.title, after.rate_pence, after.ends_on) == (before, "Early mornings", 1500, None)
    asked = needs.asked(session, need_ids=[after.id])[after.id]
    assert [each.weekday for each in asked.hours] == ["tuesday"]
    assert asked.required == {"hoist"}
    assert not asked.wished


@pytest.mark.usefixtures("brokers")
def test_a_holder_who_moved_or_changed_name_is_corrected(session: Session) -> None:
    bring_in(session, need(), need(reference="A-2"))
    moved = {"holder_name": "Harriet Webb-Lee", "postcode": "ng5 1pb"}
    assert bring_in(session, need(**moved), need(reference="A-2", **moved)) == Summary(0, 2, 0)
    holder, viewer = holder_of(session, stored(session))
    assert (holder.postcode, viewer.name) == ("NG5 1PB", "Harriet Webb-Lee")
    assert bring_in(session, need(**moved), need(reference="A-2", **moved)) == Summary(0, 0, 2)


@pytest.mark.usefixtures("brokers")
def test_an_assistant_may_become_a_holder_under_the_name_in_the_file(session: Session, world: World) -> None:
    assistant = world.assistant(name="Asha Okoro")
    email = session.get_one(Person, assistant.person_id).email
    row = need(holder_email=email, holder_name="Asha Okoro-Webb")
    assert bring_in(session, row) == Summary(1, 0, 0)
    assert bring_in(session, row) == Summary(0, 0, 1)
    assert holder_of(session, stored(session))[1].roles == ["holder", "assistant"]


def test_importing_the_same_file_twice_touches_no_row_even_when_its_needs_have_begun(database: Database) -> None:
    open_session = sessions_on(database.engine)
    with transaction(open_session) as session:
        organisations.found(session, name=BROKERS, kind=OrganisationKind.BROKER)
    assert run(open_session, EXAMPLE, organisation=BROKERS, now=MONDAY) == Outcome(Summary(8, 0, 0))
    before = versions(database)
    later = MONDAY + timedelta(days=5 * 365)
    assert run(open_session, EXAMPLE, organisation=None, now=later) == Outcome(Summary(0, 0, 8))
    assert versions(database) == before


@pytest.mark.usefixtures("brokers")
def test_a_column_that_is_left_out_changes_nothing_about_what_was_asked(session: Session) -> None:
    bring_in(session, need())
    part = without(need(rate="15"), "about", "ends_on", "required", "wished", *NEW_OF_NEEDS)
    assert bring_in(session, part) == Summary(0, 1, 0)
    one = stored(session)
    assert (one.rate_pence, one.about, one.ends_on) == (1500, "Help to get up.", date(2030, 12, 31))
    asked = needs.asked(session, need_ids=[one.id])[one.id]
    assert (asked.wished, asked.minutes_a_week, asked.gender_reason) == ({"food"}, 210, "Help to wash and dress.")
    assert refused(session, {**part, "starts_on": "2031-01-01"}) == [
        "Row 2, ends_on: The end date must be on or after the start date."
    ]
    [problem] = refused(session, {**part, "hours": "Mon 08:00-10:00"})
    assert problem.startswith("Row 2, hours_a_week: The times given are only 2 hours a week together.")


@pytest.mark.usefixtures("brokers")
def test_a_start_in_the_past_is_a_problem_of_new_and_changed_dates_only(session: Session) -> None:
    bring_in(session, need(starts_on="2026-11-23", ends_on=""))
    past = "starts_on: The start date must be today or later."
    rows = [
        need(starts_on="2026-11-22", ends_on=""),
        need(reference="A-2", starts_on="2026-11-22"),
        need(reference="A-3", starts_on="2026-11-22", rate="?"),
        need(reference="A-4", starts_on="?"),
    ]
    assert refused(session, *rows) == [
        f"Row 2, {past}",
        f"Row 3, {past}",
        "Row 4, rate: Type an amount in pounds, like 13.50.",
        f"Row 4, {past}",
        "Row 5, starts_on: Type a date like 2026-11-23.",
    ]
    later = MONDAY + timedelta(days=30)
    again = read_needs(file_of(need(starts_on="2026-11-23", ends_on="", title="Days")))
    assert import_needs(session, again, organisation=None, now=later) == Summary(0, 1, 0)


@pytest.mark.parametrize(
    ("organisation", "message"),
    [
        (None, "Nobody here has this address yet. Say which organisation supports them (--organisation) to add them."),
        ("Trnt Brokers", "There is no organisation called “Trnt Brokers” here. Check how its name is written."),
    ],
)
@pytest.mark.usefixtures("brokers")
def test_a_new_holder_without_a_known_organisation_is_a_problem_of_each_row(
    session: Session, organisation: str | None, message: str
) -> None:
    rows = [need(), need(reference="A-2", rate="?")]
    assert refused(session, *rows, organisation=organisation) == [
        f"Row 2, holder_email: {message}",
        f"Row 3, holder_email: {message}",
        "Row 3, rate: Type an amount in pounds, like 13.50.",
    ]


@pytest.mark.usefixtures("brokers")
def test_a_holder_of_another_organisation_is_left_alone(session: Session, world: World) -> None:
    holder = world.holder(name="Harriet Webb")
    email = session.get_one(Person, holder.person_id).email
    (problem,) = refused(session, need(holder_email=email))
    assert problem.startswith("Row 2, holder_email: This person is supported by another organisation.")


@pytest.mark.usefixtures("brokers")
def test_a_need_that_is_not_open_any_more_may_stay_in_the_file_but_not_change(session: Session) -> None:
    bring_in(session, need())
    one = stored(session)
    needs.close(session, viewer=holder_of(session, one)[1], need_id=one.id)
    assert bring_in(session, need()) == Summary(0, 0, 1)
    assert refused(session, need(rate="15")) == [
        "Row 2, reference: This request is closed and can't change. Take the row out, or give it a new one."
    ]


@pytest.mark.usefixtures("brokers")
def test_a_problem_anywhere_leaves_everything_as_it_was(session: Session) -> None:
    refused(session, need(), need(reference="A-2", starts_on="2026-01-01"))
    assert session.exec(select(func.count()).select_from(Person)).one() == 0


@pytest.mark.usefixtures("brokers")
def test_what_is_here_already_is_looked_up_in_a_few_statements(database: Database) -> None:
    open_session = sessions_on(database.engine)
    with transaction(open_session) as session:
        organisations.found(session, name=BROKERS, kind=OrganisationKind.BROKER)
    rows = [need(reference=f"A-{at}", holder_email=f"h{at % 50}@example.org") for at in range(200)]
    data = text_of(*rows).encode()
    assert run(open_session, BytesIO(data), organisation=BROKERS, now=MONDAY).summary == Summary(200, 0, 0)
    with counting(database.engine) as again:
        run(open_session, BytesIO(data), organisation=BROKERS, now=MONDAY)
    assert len(again) <= 9
    with open_session() as session:
        emails = session.exec(select(Person.email).where(col(Person.email).like("h%"))).all()
        assert len(intake.holders(session, emails=emails)) == 50


CELLS = st.one_of(st.text(max_size=30), st.sampled_from(sorted(need().values())))


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(need(), CELLS)), min_size=1, max_size=4))
def test_whatever_stands_below_a_good_header_is_read_or_refused(rows: list[dict[str, str]]) -> None:
    data = text_of(*rows).encode("utf-8", "replace")
    reading = read_needs(BytesIO(data))
    assert {row.line for row in reading.flawed} <= {problem.line for problem in reading.problems}
    assert not {row.line for row in reading.rows} & {problem.line for problem in reading.problems}


def test_the_documentation_lists_exactly_the_columns_there_are() -> None:
    page = (ROOT / "docs" / "importing.md").read_text()
    table = page.split("## Needs")[1].split("\n## ")[0]
    documented = re.findall(r"^\| `(\w+)` \| (yes|no) \|", table, re.MULTILINE)
    assert documented == [(column.name, "yes" if column.needed else "no") for column in COLUMNS]

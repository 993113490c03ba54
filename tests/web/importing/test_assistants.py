import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, func, select

from marketplace import access, assistants, people
from marketplace.assistants import Assistant, Profile
from marketplace.people import Person
from tests.builders import MONDAY, World
from tests.conftest import ROOT, Database
from tests.web.importing.files import NEW_OF_ASSISTANTS, assistant, file_of, text_of, without
from tests.web.importing.traces import counting, versions
from web.database import sessions_on
from web.importing.assistants import COLUMNS, EMAIL, PROFILE, import_assistants, read_assistants, run
from web.importing.results import BadFile, Outcome, RowProblem, Summary
from web.importing.rows import Column

EXAMPLE = ROOT / "docs" / "examples" / "assistants.csv"


def problems(*rows: dict[str, str]) -> list[str]:
    return [str(problem) for problem in read_assistants(file_of(*rows)).problems]


def stored(session: Session, email: str = "asha@example.org") -> Assistant:
    return session.exec(select(Assistant).join(Person).where(Person.email == email)).one()


def bring_in(session: Session, *rows: dict[str, str]) -> Summary:
    return import_assistants(session, read_assistants(file_of(*rows)), now=MONDAY)


def refused(session: Session, *rows: dict[str, str]) -> list[str]:
    with pytest.raises(BadFile) as refusal:
        bring_in(session, *rows)
    return [str(problem) for problem in refusal.value.problems]


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_the_example_of_each_column_is_right_so_that_it_can_stand_in(column: Column) -> None:
    assert column.stand_in is not None
    Profile.model_validate({one.field: one.stand_in for one in PROFILE})


def test_a_row_becomes_a_profile_with_its_line() -> None:
    reading = read_assistants(file_of(assistant(), assistant(email="Tom@Example.org", hours="Sun 9-17; Mon 9-17")))
    assert reading.problems == ()
    assert [(row.line, row.model.email) for row in reading.rows] == [(2, "asha@example.org"), (3, "tom@example.org")]
    said = reading.rows[0].model.profile
    assert (said.lowest_rate_pence, said.travel_minutes, said.least_hours, said.most_hours) == (1350, 25, 4, 30)
    assert [check.code for check in said.checks] == ["dbs_enhanced", "right_to_work"]
    assert (said.travel_by, said.languages, said.gender) == ("car", {"en", "pl"}, "woman")
    assert (said.brings, said.refuses) == ({"drives", "own_car"}, {"smoking_home", "waking_night"})
    assert said.needs == {"parking"}
    assert [each.weekday for each in reading.rows[1].model.profile.hours] == ["monday", "sunday"]


def test_columns_that_may_be_left_out_have_sensible_values() -> None:
    bare = without(assistant(), "least_hours", "most_hours", "status", "skills", "about", *NEW_OF_ASSISTANTS)
    for row in (bare, {**bare, **dict.fromkeys(without(assistant(), *bare), "")}):
        said = read_assistants(file_of(row)).rows[0].model.profile
        assert (said.least_hours, said.most_hours, said.status, said.skills, said.about) == (0, 48, "looking", [], "")
        assert (said.travel_by, said.checks, said.gender) == ("car", [], None)
        assert not said.languages | said.brings | said.refuses | said.needs


# --- how far


def in_miles(**changes: str) -> dict[str, str]:
    """A row of an older file."""
    return {**without(assistant(), "travel_minutes", *NEW_OF_ASSISTANTS), "travel_miles": "8", **changes}


@pytest.mark.parametrize(("miles", "minutes"), [("0", 5), ("8", 29), ("10.0", 34), ("100", 190)])
def test_miles_of_older_files_are_minutes_by_car(miles: str, minutes: int) -> None:
    reading = read_assistants(file_of(in_miles(travel_miles=miles)))
    assert reading.problems == ()
    said = reading.rows[0].model.profile
    assert (said.travel_by, said.travel_minutes) == ("car", minutes)


def test_a_file_may_have_both_columns_and_each_row_fills_in_one(session: Session) -> None:
    rows = [assistant(travel_miles="", email="b@example.org"), assistant(travel_miles="8", travel_minutes="")]
    assert bring_in(session, *rows) == Summary(2, 0, 0)
    assert (stored(session).travel_minutes, stored(session, "b@example.org").travel_minutes) == (29, 25)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (
            assistant(travel_miles="8"),
            ["Row 2, travel_minutes: Fill in travel_minutes or travel_miles, not both. Empty one of the two cells."],
        ),
        (
            assistant(travel_miles="ten"),
            [
                "Row 2, travel_minutes: Fill in travel_minutes or travel_miles, not both. Empty one of the two cells.",
                "Row 2, travel_miles: Type a whole number, like 10.",
            ],
        ),
        (assistant(travel_miles="", travel_minutes=""), ["Row 2, travel_minutes: Fill this in, like 30."]),
        (assistant(travel_minutes=""), ["Row 2, travel_minutes: Fill this in, like 30."]),
        (in_miles(travel_miles=""), ["Row 2, travel_miles: Fill this in, like 10."]),
        (in_miles(travel_miles="101"), ["Row 2, travel_miles: Travel miles must be 100 or less."]),
        (in_miles(travel_miles="-1"), ["Row 2, travel_miles: Type a whole number, like 10."]),
        (
            in_miles(travel_by="cycle"),
            ["Row 2, travel_miles: Miles are turned into minutes by car. Fill in travel_minutes instead."],
        ),
        (
            without(assistant(), "travel_minutes"),
            ["Row 1, travel_minutes: “travel_minutes” and “travel_miles” are both missing. Add one of these columns."],
        ),
    ],
)
def test_how_far_is_said_once_and_in_one_way(row: dict[str, str], found: list[str]) -> None:
    assert problems(row) == found


def test_an_older_file_says_that_it_is_by_car(session: Session) -> None:
    bring_in(session, assistant(travel_by="cycle", travel_minutes="20"))
    assert bring_in(session, in_miles()) == Summary(0, 1, 0)
    assert (stored(session).travel_by, stored(session).travel_minutes) == ("car", 29)
    assert bring_in(session, in_miles()) == Summary(0, 0, 1)


def test_an_older_file_changes_nothing_about_what_it_does_not_know(session: Session) -> None:
    bring_in(session, assistant())
    bring_in(session, in_miles(name="Asha Webb"))
    asha = stored(session)
    assert (asha.languages, asha.gender, asha.needs) == (["en", "pl"], "woman", ["parking"])
    assert (asha.brings, asha.refuses) == (["drives", "own_car"], ["smoking_home", "waking_night"])
    assert [check.code for check in assistants.checks(session, assistant_id=asha.id)] == [
        "dbs_enhanced",
        "right_to_work",
    ]


# --- what can't be


@pytest.mark.parametrize("name", [column.name for column in COLUMNS if column.needed])
def test_what_must_be_there_is_asked_for_where_its_cell_is_empty(name: str) -> None:
    found = read_assistants(file_of(assistant(**{name: "  "}))).problems
    assert [(one.line, one.column) for one in found] == [(2, name)]
    assert found[0].message.startswith("Fill this in, like ")


@pytest.mark.parametrize(
    ("changes", "column", "message"),
    [
        ({"email": "asha"}, "email", "This is not an e-mail address. Type one like sam.carter@example.org."),
        ({"name": "a" * 121}, "name", "Name must be 120 characters or fewer."),
        ({"about": "a" * 2_001}, "about", "About must be 2000 characters or fewer."),
        ({"lowest_rate": "1.50"}, "lowest_rate", "Lowest rate must be £8.00 or more."),
        ({"lowest_rate": "1350"}, "lowest_rate", "Lowest rate must be £200.00 or less."),
        ({"travel_minutes": "4"}, "travel_minutes", "Travel minutes must be 5 or more."),
        ({"travel_minutes": "241"}, "travel_minutes", "Travel minutes must be 240 or less."),
        ({"travel_by": "broom"}, "travel_by", "Type car, public_transport, cycle or foot."),
        ({"status": "maybe"}, "status", "Type looking, open or not_now."),
        ({"gender": "any"}, "gender", "Type woman or man."),
        ({"languages": "Polsh"}, "languages", "“Polsh”: This is not a language we know. Did you mean “Polish”?"),
        ({"brings": "dog"}, "brings", "“dog”: Type drives, own_car or smokes."),
        ({"needs": "lunch"}, "needs", "“lunch”: Type parking."),
        (
            {"refuses": "employment; self_employment"},
            "refuses",
            "You can't refuse both being employed and being self-employed. Take one of them out.",
        ),
        (
            {"checks": "dbs 2026-05-01"},
            "checks",
            "“dbs 2026-05-01”: This is not a check we know.",
        ),
        (
            {"checks": "references 2026-05-01 to 2026-04-30"},
            "checks",
            "“references 2026-05-01 to 2026-04-30”: A check can't run out before it was made. Change one of the dates.",
        ),
        ({"most_hours": "169"}, "most_hours", "Most hours must be 168 or less."),
        (
            {"least_hours": "31"},
            "least_hours",
            "The fewest hours you want can't be more than the most hours you want.",
        ),
        (
            {"hours": "Mon 08:00-12:00; Mon 11:00-13:00"},
            "hours",
            "Two of the times on Monday overlap. Change or remove one of them.",
        ),
        ({"hours": "Mon 00:00-27:00"}, "hours", "“Mon 00:00-27:00”: Enter a time between 00:00 and 23:59."),
    ],
)
def test_what_the_rules_refuse_is_a_problem_of_its_cell(changes: dict[str, str], column: str, message: str) -> None:
    reading = read_assistants(file_of(assistant(), assistant(**{"email": "b@example.org", **changes})))
    assert list(reading.problems) == [RowProblem(3, column, message)]
    assert [row.line for row in reading.rows] == [2]
    assert [row.line for row in reading.flawed] == [3]


def test_every_problem_of_every_row_is_told_at_once_in_the_order_of_the_file() -> None:
    readable = {"name", "about"}
    told = read_assistants(
        file_of(
            assistant(least_hours="40", travel_minutes="ten"),
            {name: cell if name in readable else "?" for name, cell in assistant().items()},
        )
    ).problems
    assert [(one.line, one.column) for one in told] == [
        (2, "travel_minutes"),
        (2, "least_hours"),
        *((3, name) for name in assistant() if name not in readable),
    ]


def test_somebody_twice_in_a_file_is_a_problem_that_names_both_rows() -> None:
    rows = [assistant(), assistant(email="b@example.org"), assistant(email="ASHA@example.org")]
    assert problems(*rows) == ["Row 4, email: Rows 2 and 4 are both about asha@example.org. Keep one of them."]


def test_an_import_stores_people_with_their_hours_and_skills(session: Session) -> None:
    assert bring_in(session, assistant(), assistant(email="b@example.org", postcode="ng7 2rd")) == Summary(2, 0, 0)
    asha = stored(session)
    assert (asha.postcode, asha.lowest_rate_pence, asha.least_minutes, asha.registered_at) == (
        "NG9 1EE",
        1350,
        240,
        MONDAY,
    )
    assert len(assistants.hours(session, assistant_id=asha.id)) == 2
    assert [skill.code for skill in assistants.skills(session, assistant_id=asha.id)] == [
        "epilepsy_rescue",
        "moving_and_handling",
    ]
    assert (asha.confirmed_on, asha.languages, asha.gender) == (MONDAY.date(), ["en", "pl"], "woman")
    assert [check.code for check in assistants.checks(session, assistant_id=asha.id)] == [
        "dbs_enhanced",
        "right_to_work",
    ]
    assert stored(session, "b@example.org").postcode == "NG7 2RD"


def test_a_changed_row_replaces_what_was_said_before_and_leaves_the_others(session: Session) -> None:
    other = assistant(email="b@example.org")
    bring_in(session, assistant(), other)
    before = stored(session)
    changed = assistant(name="Asha Webb", hours="Sun 10:00-12:00", skills="hoist 2026-01-01", status="not_now")
    assert bring_in(session, changed, other, assistant(email="c@example.org")) == Summary(1, 1, 1)
    after = stored(session)
    assert (after.id, after.registered_at, after.status) == (before.id, before.registered_at, "not_now")
    assert [each.weekday for each in assistants.hours(session, assistant_id=after.id)] == ["sunday"]
    assert [skill.code for skill in assistants.skills(session, assistant_id=after.id)] == ["hoist"]
    assert session.get_one(Person, after.person_id).name == "Asha Webb"


def test_importing_the_same_file_twice_touches_no_row(database: Database) -> None:
    open_session = sessions_on(database.engine)
    assert run(open_session, EXAMPLE, now=MONDAY) == Outcome(Summary(8, 0, 0))
    before = versions(database)
    assert run(open_session, EXAMPLE, now=MONDAY + timedelta(days=90)) == Outcome(Summary(0, 0, 8))
    assert versions(database) == before


def test_somebody_known_in_another_role_becomes_an_assistant_too(session: Session, world: World) -> None:
    holder = world.holder(name="Harriet Webb")
    email = session.get_one(Person, holder.person_id).email
    assert bring_in(session, assistant(email=email.upper(), name="Harriet Webb")) == Summary(1, 0, 0)
    viewer = access.viewer_of(session, person_id=holder.person_id)
    assert viewer is not None
    assert viewer.roles == ["holder", "assistant"]


def test_what_an_assistant_told_us_themselves_is_found_again(session: Session, world: World) -> None:
    world.assistant(name="Asha Okoro", postcode="ng9 1ee")
    email = session.exec(select(Person.email).where(Person.name == "Asha Okoro")).one()
    row = assistant(email=email, hours="Mon 8-12; Wed 8-12; Fri 8-12", skills="", about="", lowest_rate="13")
    row |= {"travel_minutes": "30", "least_hours": "", **dict.fromkeys(NEW_OF_ASSISTANTS, "")}
    assert bring_in(session, row) == Summary(0, 0, 1)


def test_a_column_that_is_left_out_changes_nothing_about_those_who_are_here(session: Session) -> None:
    bring_in(session, assistant())
    part = without(assistant(name="Asha Webb"), "about", "skills", "status", "most_hours")
    assert bring_in(session, part, {**part, "email": "b@example.org"}) == Summary(1, 1, 0)
    asha = stored(session)
    assert (asha.about, asha.most_minutes) == ("I cook, and I like dogs.", 1800)
    assert len(assistants.skills(session, assistant_id=asha.id)) == 2
    assert bring_in(session, part) == Summary(0, 0, 1)


def test_a_file_that_contradicts_what_it_leaves_as_it_is_is_refused(session: Session) -> None:
    bring_in(session, assistant(most_hours="10"))
    assert refused(session, without(assistant(least_hours="12"), "most_hours")) == [
        "Row 2, least_hours: The fewest hours you want can't be more than the most hours you want."
    ]


def test_a_problem_anywhere_leaves_everything_as_it_was(database: Database) -> None:
    open_session = sessions_on(database.engine)
    outcome = run(open_session, file_of(assistant(), assistant(email="b@example.org", lowest_rate="1")), now=MONDAY)
    assert outcome.summary is None
    assert [str(problem) for problem in outcome.problems] == ["Row 3, lowest_rate: Lowest rate must be £8.00 or more."]
    with open_session() as session:
        assert session.exec(select(func.count()).select_from(Person)).one() == 0


def test_a_caller_who_goes_on_after_a_refusal_has_stored_nothing_either(session: Session) -> None:
    refused(session, assistant(), assistant(email="b@example.org", skills="hoist 2026-11-24"))
    assert people.with_email(session, email="asha@example.org") is None


def test_a_check_of_tomorrow_is_a_problem_today_and_told_with_the_others(session: Session) -> None:
    future = "A skill can't have been checked in the future. Change the date."
    rows = [
        assistant(skills="hoist 2026-11-23"),
        assistant(email="b@example.org", skills="hoist 2026-11-24"),
        assistant(email="c@example.org", skills="hoist 2027-01-01", lowest_rate="?"),
        assistant(email="d@example.org", skills="?"),
    ]
    assert refused(session, *rows) == [
        f"Row 3, skills: {future}",
        "Row 4, lowest_rate: Type an amount in pounds, like 13.50.",
        f"Row 4, skills: {future}",
        "Row 5, skills: “?”: Type a skill and the day it was checked, like hoist 2026-05-01.",
    ]
    assert refused(session, assistant(checks="references 2026-11-24")) == [
        "Row 2, checks: A check can't have been made in the future. Change the date."
    ]


def test_a_note_about_the_letters_of_a_file_comes_with_the_outcome(database: Database) -> None:
    outcome = run(sessions_on(database.engine), file_of(assistant(name="Zoë"), encoding="cp1252"), now=MONDAY)
    assert outcome.summary == Summary(1, 0, 0)
    assert "“Zoë”" in outcome.notes[0]


def test_statements_grow_by_batches_and_not_by_rows(database: Database) -> None:
    data = text_of(*(assistant(email=f"a{at}@example.org") for at in range(1_100))).encode()
    seen: list[tuple[int, int]] = []
    with counting(database.engine) as first:
        run(sessions_on(database.engine), BytesIO(data), now=MONDAY, progress=lambda *done: seen.append(done))
    with counting(database.engine) as second:
        run(sessions_on(database.engine), BytesIO(data), now=MONDAY)
    assert len(first) <= 66
    assert len(second) <= 15
    assert not [statement for statement in second if not statement.startswith("SELECT")]
    assert seen == [(0, 1_100), (500, 1_100), (1_000, 1_100), (1_100, 1_100)]


CELLS = st.one_of(st.text(max_size=30), st.sampled_from(sorted(assistant().values())))


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(assistant(), CELLS)), min_size=1, max_size=4))
def test_whatever_stands_below_a_good_header_is_read_or_refused(rows: list[dict[str, str]]) -> None:
    data = text_of(*rows).encode("utf-8", "replace")
    reading = read_assistants(BytesIO(data))
    lines = [row.line for row in (*reading.rows, *reading.flawed)]
    assert len(lines) == len(set(lines))
    assert {row.line for row in reading.flawed} <= {problem.line for problem in reading.problems}
    assert not {row.line for row in reading.rows} & {problem.line for problem in reading.problems}


@pytest.mark.parametrize("path", [EXAMPLE, Path(__file__)], ids=["a good file", "another kind of file"])
def test_a_file_is_read_from_its_path_without_an_exception(path: Path) -> None:
    reading = read_assistants(path)
    assert bool(reading.rows) != bool(reading.problems)


def test_the_documentation_lists_exactly_the_columns_there_are() -> None:
    page = (ROOT / "docs" / "importing.md").read_text()
    table = page.split("## Assistants")[1].split("\n## ")[0]
    documented = re.findall(r"^\| `(\w+)` \| (yes|no) \|", table, re.MULTILINE)
    assert documented == [(column.name, "yes" if column.needed else "no") for column in COLUMNS]
    assert COLUMNS[0] is EMAIL

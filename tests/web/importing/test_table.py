from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.importing.results import WHOLE_FILE, RowProblem
from web.importing.table import LONGEST_CELL, MOST_BYTES, Table, read_table


class Endless(BytesIO):
    """A file that never ends."""

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None
        assert size > 0
        return b"a" * size


def read(data: str | bytes) -> Table:
    source = BytesIO(data.encode() if isinstance(data, str) else data)
    return read_table(source, needed=["name", "lowest_rate"], optional=["about"])


def cells(table: Table) -> list[dict[str, str]]:
    assert table.problems == ()
    return [dict(record.cells) for record in table.records]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_is_read_however_a_program_saved_it(encoding: str, delimiter: str, end: str) -> None:
    rows = [["name", "lowest_rate", "about"], ["Zoë", "13.50", '"a, b; c"']]
    table = read("".join(delimiter.join(row) + end for row in rows).encode(encoding))
    assert cells(table) == [{"name": "Zoë", "lowest_rate": "13.50", "about": "a, b; c"}]
    assert table.notes == ()


def test_a_file_in_windows_1252_is_read_with_a_note_that_shows_how_its_letters_came_out() -> None:
    table = read("name,lowest_rate\nSam,£13\nZoë,14\n".encode("cp1252"))
    assert [row["name"] for row in cells(table)] == ["Sam", "Zoë"]
    assert "Windows-1252" in table.notes[0]
    assert "“£13”" in table.notes[0]


@pytest.mark.parametrize(
    "header",
    ["name,lowest_rate", " Name , Lowest Rate ", "NAME,lowest-rate", "Name,LowestRate", "\ufeffname,Lowest rate (£)"],
)
def test_names_of_columns_may_differ_in_case_spaces_and_signs(header: str) -> None:
    assert cells(read(f"{header}\nSam,13\n")) == [{"name": "Sam", "lowest_rate": "13"}]


def test_a_column_is_named_in_problems_as_the_file_writes_it() -> None:
    table = read("Name,Lowest rate\nS\x00m,13\n")
    assert table.problems[0].column == "Name"


def test_missing_unknown_and_doubled_columns_are_told_at_once_and_no_row_is_read() -> None:
    table = read("name,Name,abuot,colour\nSam,Sam,x,y\n")
    assert table.records == ()
    assert list(table.problems) == [
        RowProblem(1, "Name", "There are two columns “Name”. Take one of them out."),
        RowProblem(1, "abuot", "There is no column “abuot” in this kind of file. Did you mean “about”?"),
        RowProblem(1, "colour", "There is no column “colour” in this kind of file. Take it out."),
        RowProblem(1, "lowest_rate", "The column “lowest_rate” is missing. Add it."),
    ]


def test_lines_are_numbered_as_a_spreadsheet_does_it() -> None:
    text = '\nname,lowest_rate,about\n\nSam,13,"one\ntwo\r\nthree"\n,,\n  , ,\nJo,14,\n'
    table = read(text)
    assert [(record.line, record.cells["name"]) for record in table.records] == [(4, "Sam"), (7, "Jo")]
    assert table.records[0].cells["about"] == "one\ntwo\nthree"


def test_cells_left_out_or_added_at_the_end_of_a_row_are_empty_ones() -> None:
    assert cells(read("name,lowest_rate,about,,\nSam,13\nJo,14,x,,,,\n")) == [
        {"name": "Sam", "lowest_rate": "13"},
        {"name": "Jo", "lowest_rate": "14", "about": "x"},
    ]


@pytest.mark.parametrize(("before", "letter"), [(0, "C"), (1, "D"), (24, "AA"), (26, "AC")])
def test_a_value_under_no_column_is_a_problem_that_names_the_place(before: int, letter: str) -> None:
    table = read("name,lowest_rate\nSam,13" + "," * before + ",stray\n")
    assert table.problems == (
        RowProblem(
            2,
            "",
            f"There is something in column {letter}, which has no name. Take it out, or look for one comma too many.",
        ),
    )


@pytest.mark.parametrize("control", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\u2028"])
def test_a_character_nobody_types_is_a_problem_of_its_cell(control: str) -> None:
    table = read(f"name,lowest_rate\nSam,13\nS{control}m,13\n")
    assert [(one.line, one.column) for one in table.problems] == [(3, "name")]
    assert f"U+{ord(control):04X}" in table.problems[0].message
    assert table.records[1].unreadable == {"name"}


def test_a_cell_far_too_long_is_a_problem_of_its_cell() -> None:
    table = read(f"name,lowest_rate\n{'a' * (LONGEST_CELL + 1)},13\n{'a' * LONGEST_CELL},13\n")
    assert [str(one) for one in table.problems] == ["Row 2, name: There are 4,001 characters in this cell. Shorten it."]


@pytest.mark.parametrize("rest", ['"Jo,13\nKim,14\n', '"Jo" Smith,13\n', '"' + "a" * 200_000 + '",13\n'])
def test_quotation_marks_that_do_not_pair_up_end_the_reading_with_a_problem(rest: str) -> None:
    table = read(f"name,lowest_rate\nSam,13\n{rest}")
    assert [record.cells["name"] for record in table.records] == ["Sam"]
    assert [one.line for one in table.problems] == [3]
    assert "quotation mark" in table.problems[0].message


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty."),
        (b" \r\n\n", "The file is empty."),
        (b"\xef\xbb\xbf", "The first row must hold the names of the columns: name, lowest_rate, about."),
        (b"PK\x03\x04\x14\x00", "This is a workbook, not a CSV file."),
        (b"\xd0\xcf\x11\xe0\xa1", "This is a workbook, not a CSV file."),
        ("name,lowest_rate\n".encode("utf-16"), "The file is in UTF-16."),
        (b"name,lowest_rate\nZo\x81,13\n", "The letters in this file can't be read."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "The first row must hold the names"),
        (b"Dear all,\nplease find the names attached\n", "The first row must hold the names"),
        (b'"name,lowest_rate\n', "The first row must hold the names"),
        (b"%PDF-1.7\n\xe2\xe3\xcf\xd3\n", "The first row must hold the names"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(data: bytes, said: str) -> None:
    table = read(data)
    assert table.records == ()
    assert [(one.line, one.column) for one in table.problems] == [(WHOLE_FILE, "")]
    assert str(table.problems[0]).startswith(said)


def test_a_file_that_is_not_there_is_a_problem_and_not_an_exception(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        table = read_table(path, needed=["name"], optional=[])
        assert str(table.problems[0]).startswith("The file can't be read: ")


def test_a_file_is_read_from_its_path(tmp_path: Path) -> None:
    (tmp_path / "some.csv").write_text("name\nSam\n")
    assert cells(read_table(tmp_path / "some.csv", needed=["name"], optional=[])) == [{"name": "Sam"}]


def test_a_file_without_end_is_refused_after_the_most_we_take() -> None:
    table = read_table(Endless(), needed=["name"], optional=[])
    assert f"larger than {MOST_BYTES // 1_000_000} MB" in str(table.problems[0])


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_a_problem(data: bytes) -> None:
    table = read(data)
    assert all(one.message for one in table.problems)
    assert table.headers or table.problems


@given(st.text(max_size=300))
def test_any_text_below_a_good_header_is_rows_or_problems(text: str) -> None:
    data = f"name,lowest_rate\n{text}".encode("utf-8", "surrogatepass")
    table = read(data)
    assert all(one.line >= WHOLE_FILE and one.message for one in table.problems)
    lines = [record.line for record in table.records]
    assert lines == sorted(set(lines))

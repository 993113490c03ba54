import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace import languages, terms
from marketplace.assistants import Check, Skill, Status
from marketplace.availability import TimeOfDay
from marketplace.competencies import CHECK_NAMES, NAMES, CheckCode, Competency
from marketplace.languages import Language
from matching.travel import MODES
from tests.conftest import ROOT
from web.importing import choices
from web.importing.cells import BadCell

ONE = [
    (choices.status, Status),
    (choices.travel_by, MODES),
    (choices.gender, get_args(terms.Gender)),
    (choices.kind, get_args(terms.Kind)),
    (choices.contract, get_args(terms.Contract)),
    (choices.car, get_args(terms.Car)),
]
SOME = [
    (choices.times_of_day, TimeOfDay),
    (choices.brings, get_args(terms.Brings)),
    (choices.refusals, get_args(terms.Refusal)),
    (choices.wants, get_args(terms.Wants)),
    (choices.home, get_args(terms.Home)),
    (choices.not_here, get_args(terms.NotHere)),
]
READERS = [
    *(read for read, _ in (*ONE, *SOME)),
    *(choices.competencies, choices.check_codes, choices.languages, choices.skills, choices.checks, choices.people),
]
WORDS = st.sampled_from(
    ["hoist", "dbs_enhanced", "Polish", "pl", "2026-05-01", "to", ";", ",", "\n", "İ", "ß", "1", "2", "dog", "a dog"]
)


def wrong(read: Callable[[str], object], cell: str) -> tuple[str, ...]:
    with pytest.raises(BadCell) as refusal:
        read(cell)
    return refusal.value.sentences


# --- words


@pytest.mark.parametrize(("read", "words"), ONE)
def test_each_word_is_read_by_its_code_and_by_its_name(read: Callable[[str], str], words: list[str]) -> None:
    for word in words:
        for said in (word, word.upper(), word.replace("_", " "), terms.NAMES.get(word, word)):
            assert read(said) == word


@pytest.mark.parametrize(("read", "words"), SOME)
def test_several_words_are_read_with_semicolons_or_commas(read: Callable[[str], set[str]], words: list[str]) -> None:
    assert read("; ".join(words)) == read(" ,".join(terms.NAMES.get(word, word) for word in words)) == set(words)


@pytest.mark.parametrize(("read", "words"), [*ONE, *SOME])
def test_a_word_that_is_none_is_told_which_there_are(read: Callable[[str], object], words: list[str]) -> None:
    (said,) = wrong(read, "bananas")
    assert all(word in said for word in words)


@pytest.mark.parametrize("code", list(Competency))
def test_every_competency_is_read_by_its_code_and_by_its_name(code: Competency) -> None:
    assert choices.competencies(f"{code}; {NAMES[code]}, {code.upper()}") == {code}


@pytest.mark.parametrize("code", list(CheckCode))
def test_every_check_is_read_by_its_code_and_by_its_name(code: CheckCode) -> None:
    assert choices.check_codes(f"{code}; {CHECK_NAMES[code]}, {code.upper()}") == {code}


@pytest.mark.parametrize("code", list(Language))
def test_every_language_is_read_by_its_code_and_by_its_name(code: Language) -> None:
    assert choices.languages(f"{code}; {languages.NAMES[code].upper()}") == {code}


def test_languages_are_read_by_other_names_too() -> None:
    for said, language in languages.ALSO.items():
        assert choices.languages(said) == {language}


@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [
        (choices.status, "Looking", Status.LOOKING),
        (choices.status, "not now", Status.NOT_NOW),
        (choices.status, "Open to offers", Status.OPEN),
        (choices.travel_by, "Public transport", "public_transport"),
        (choices.refusals, "Waking nights; a dog", {"waking_night", "dog"}),
        (choices.people, "2", 2),
    ],
)
def test_small_differences_in_writing_do_not_matter(read: Callable[[str], object], cell: str, value: object) -> None:
    assert read(cell) == value


@pytest.mark.parametrize(
    ("read", "cell", "said"),
    [
        (choices.competencies, "hoists", ["“hoists”: This is not a skill we know. Did you mean “hoist”?"]),
        (choices.competencies, "hoist; flying; dog", ["“flying”: This is not a skill", "“dog”: This is not a skill"]),
        (choices.languages, "Polsh", ["“Polsh”: This is not a language we know. Did you mean “Polish”?"]),
        (choices.check_codes, "reference", ["“reference”: This is not a check we know. Did you mean “references”?"]),
        (choices.status, "maybe", ["Type looking, open or not_now."]),
        (choices.gender, "female", ["Type woman or man."]),
        (choices.people, "1.5", ["Type 1 or 2."]),
    ],
)
def test_what_we_do_not_know_is_told_with_what_to_type(
    read: Callable[[str], object], cell: str, said: list[str]
) -> None:
    found = wrong(read, cell)
    assert [sentence[: len(start)] for sentence, start in zip(found, said, strict=True)] == said


# --- words with dates


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("hoist 2026-05-01", [Skill(code=Competency.HOIST, checked_on=date(2026, 5, 1))]),
        ("Using a hoist 01/05/2026", [Skill(code=Competency.HOIST, checked_on=date(2026, 5, 1))]),
        (
            "insulin 2026-03-02 to 2027-03-02; Hoist 2026-05-01",
            [
                Skill(code=Competency.HOIST, checked_on=date(2026, 5, 1)),
                Skill(code=Competency.INSULIN, checked_on=date(2026, 3, 2), valid_until=date(2027, 3, 2)),
            ],
        ),
    ],
)
def test_skills_are_read_by_code_or_name_with_their_dates(cell: str, read: list[Skill]) -> None:
    assert choices.skills(cell) == read


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("hoist", "“hoist”: Type a skill and the day it was checked, like hoist 2026-05-01."),
        ("hoyst 2026-05-01", "“hoyst 2026-05-01”: This is not a skill we know. Did you mean “hoist”?"),
        ("juggling 2026-05-01", "“juggling 2026-05-01”: This is not a skill we know."),
        (
            "hoist 2026-13-01",
            "“hoist 2026-13-01”: There is no 2026-13-01 in the calendar. Type a date like 2026-11-23.",
        ),
        (
            "hoist 2026-05-01 to 2025-05-01",
            "“hoist 2026-05-01 to 2025-05-01”: A skill can't run out before it was checked. Change one of the dates.",
        ),
        ("hoist 2026-05-01; hoist 2026-06-01", "The same skill is there twice. Remove one of them."),
    ],
)
def test_skills_that_cannot_be_say_which_and_what_to_do(cell: str, said: str) -> None:
    assert wrong(choices.skills, cell) == (said,)


def test_checks_are_read_by_code_or_name_with_their_dates() -> None:
    assert choices.checks("References 2026-05-01; dbs_enhanced 01/03/2026 to 2029-03-01") == [
        Check(code=CheckCode.DBS_ENHANCED, checked_on=date(2026, 3, 1), valid_until=date(2029, 3, 1)),
        Check(code=CheckCode.REFERENCES, checked_on=date(2026, 5, 1)),
    ]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("references", "“references”: Type a check and the day it was made, like dbs_enhanced 2026-05-01."),
        (
            "dbs_enhance 2026-05-01",
            "“dbs_enhance 2026-05-01”: This is not a check we know. Did you mean “dbs_enhanced”?",
        ),
        ("hoist 2026-05-01", "“hoist 2026-05-01”: This is not a check we know."),
        ("references 2026-05-01; references 2026-06-01", "The same check is there twice. Remove one of them."),
    ],
)
def test_checks_that_cannot_be_say_which_and_what_to_do(cell: str, said: str) -> None:
    assert wrong(choices.checks, cell) == (said,)


@pytest.mark.parametrize(
    ("heading", "codes"),
    [
        ("Skills", Competency),
        ("Checks", CheckCode),
        ("Languages", Language),
        ("What an assistant may refuse", get_args(terms.Refusal)),
    ],
)
def test_the_documentation_lists_every_code(heading: str, codes: list[str]) -> None:
    section = (ROOT / "docs" / "importing.md").read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    listed = set(re.findall(r"`(\w+)`", section))
    assert set(codes) <= listed <= {*codes, "sign_language"}
    if heading == "Languages":
        assert all(f"{name} `{code}`" in section.replace("\n", " ") for code, name in languages.NAMES.items())


# --- anything


@pytest.mark.parametrize("read", READERS)
@given(cell=st.one_of(st.text(max_size=120), st.lists(WORDS, max_size=12).map(" ".join)))
def test_whatever_stands_in_a_cell_is_read_or_refused(read: Callable[[str], object], cell: str) -> None:
    # Anything else than a BadCell fails the test.
    with suppress(BadCell):
        read(cell)

"""The shared lists of words: both sides and matching mean the same by them, and people can read them."""

from enum import StrEnum
from typing import Any, get_args

import pytest

from marketplace import languages, terms
from marketplace.competencies import CHECK_NAMES, NAMES, CheckCode, Competency
from marketplace.languages import Language
from matching.terms import CONTRACT, SHIFT, TERMS


@pytest.mark.parametrize(
    ("codes", "names"), [(Competency, NAMES), (CheckCode, CHECK_NAMES), (Language, languages.NAMES)]
)
def test_every_code_has_a_name_of_its_own(codes: type[StrEnum], names: dict[str, str]) -> None:
    assert list(names) == list(codes)
    assert len(set(names.values())) == len(names)


@pytest.mark.parametrize("words", [terms.Gender, terms.Brings, terms.Refusal, terms.Wants, terms.Home, terms.NotHere])
def test_matching_knows_the_words_of_both_sides(words: Any) -> None:
    assert set(get_args(words)) <= set(TERMS)


def test_every_word_has_a_name() -> None:
    words = (terms.Gender, terms.Contract, terms.Kind, terms.Car, terms.Home, terms.Brings, terms.Refusal)
    assert {word for each in words for word in get_args(each)} == set(terms.NAMES)


def test_whatever_a_need_can_bring_can_be_refused() -> None:
    brought = {*get_args(terms.Home), *SHIFT, *CONTRACT} - set(get_args(terms.Wants))
    assert brought == set(get_args(terms.Refusal))


def test_languages_have_codes_of_two_letters_or_three() -> None:
    assert all(code.isascii() and code.islower() and len(code) in {2, 3} for code in Language)
    assert {code for code in Language if len(code) == 3} == {Language.CANTONESE, Language.MANDARIN}
    assert not set(languages.ALSO) & set(languages.NAMES.values())

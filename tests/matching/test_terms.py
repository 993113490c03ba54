"""The words of both sides."""

import pytest

from matching.errors import BadProfile
from matching.terms import TERMS, Terms, bits, words


@pytest.mark.parametrize(
    "terms",
    [
        {"brings": frozenset({"parrot"})},
        {"needs": frozenset({"faith"})},
        {"refuses": frozenset({"age"})},
        {"needs": frozenset({"drives"}), "refuses": frozenset({"drives"})},
    ],
)
def test_a_word_nobody_knows_and_a_thing_needed_and_refused_are_refused(terms: dict[str, frozenset[str]]) -> None:
    with pytest.raises(BadProfile):
        Terms(**terms)


def test_words_come_back_from_their_bits() -> None:
    for term in TERMS:
        assert words(bits([term])) == {term}
    assert words(bits(TERMS)) == set(TERMS)
    assert bits([]) == 0

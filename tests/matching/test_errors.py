"""The errors: what a form can show, and what another process can read."""

import pickle

import pytest

from matching import errors
from matching.errors import BadProfile, BadQuestion, BadWindow, MatchingError, Outside, UnknownPostcode


@pytest.mark.parametrize("kind", [MatchingError, BadWindow, BadProfile, BadQuestion])
def test_an_error_names_its_field_and_reads_as_its_sentence(kind: type[MatchingError]) -> None:
    error = kind("rate_pence", "Give a number that is 0 or more.")
    assert (error.field, error.sentence, str(error)) == (
        "rate_pence",
        error.sentence,
        "Give a number that is 0 or more.",
    )


@pytest.mark.parametrize(
    ("reason", "part"),
    [
        ("northern_ireland", "Health and Social Care Trust"),
        ("islands", "island's government"),
        ("not_found", "Check each letter and number"),
        ("not_a_postcode", "Type one like NG1 6DQ"),
    ],
)
def test_an_unknown_postcode_says_which_postcode_and_what_to_do(reason: Outside, part: str) -> None:
    error = UnknownPostcode("XX1 1XX", reason)
    assert error.field == "postcode"
    assert (error.postcode, error.reason) == ("XX1 1XX", reason)
    assert "XX1 1XX" in str(error)
    assert part in str(error)


def test_the_tree_at_the_top_of_the_file_names_every_error() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, MatchingError)]
    assert len(kinds) == 5
    assert all(kind.__name__ in errors.__doc__ for kind in kinds)
    assert all(issubclass(kind, ValueError) for kind in kinds)


@pytest.mark.parametrize(
    "error", [UnknownPostcode("BT1 1AA", "northern_ireland"), BadWindow("start", "Start on the hour.")]
)
def test_errors_survive_the_way_to_another_process(error: MatchingError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert (copy.field, str(copy)) == (error.field, str(error))

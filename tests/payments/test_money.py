from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.errors import BadAmount
from payments.money import MOST_PENCE, for_minutes, parse_pounds, positive, pounds


@pytest.mark.parametrize(
    ("typed", "pence"),
    [
        ("13.50", 1_350),
        ("13.5", 1_350),
        ("13", 1_300),
        ("£13.50", 1_350),
        ("£ 13.50", 1_350),
        (" 13.50 ", 1_350),
        ("1,200", 120_000),
        ("£1,234,567.89", 123_456_789),
        ("0", 0),
        ("0.07", 7),
        ("007", 700),
        ("999999999999999.99", 99_999_999_999_999_999),
    ],
)
def test_amounts_are_read_as_people_type_them(typed: str, pence: int) -> None:
    assert parse_pounds(typed) == pence


@pytest.mark.parametrize(
    "typed",
    [
        *["", " ", "£", "ten", "-5", "+5", "1.234", "1,20", "12,3456", ",100", "1.", ".5", "1e3", "5p", "$5", "5 5"],
        *["0x10", "²", "nan", "inf", "1\n2", "9" * 16, "9" * 5_000],
    ],
)
def test_what_is_no_amount_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(BadAmount, match=r"like 13\.50"):
        parse_pounds(typed)


@pytest.mark.parametrize(
    ("pence", "written"),
    [(0, "£0.00"), (7, "£0.07"), (100, "£1.00"), (123_456_789, "£1,234,567.89"), (-300, "-£3.00"), (-7, "-£0.07")],
)
def test_amounts_are_written_as_in_england(pence: int, written: str) -> None:
    assert pounds(pence) == written


@given(st.integers(min_value=0, max_value=10**15))
def test_what_is_written_is_read_again(pence: int) -> None:
    assert parse_pounds(pounds(pence)) == pence


@pytest.mark.parametrize(
    ("rate", "minutes", "pence"),
    [
        (1_400, 60, 1_400),
        (1_405, 215, 5_035),  # 5,034.58
        (1_200, 1, 20),
        (1_201, 1, 20),  # 20.02
        (1_230, 1, 21),  # 20.5: half a penny goes up
        (1_229, 1, 20),  # 20.48
        (801, 30, 401),  # 400.5
        (1_400, 0, 0),
    ],
)
def test_pay_for_part_of_an_hour_is_to_the_nearest_penny(rate: int, minutes: int, pence: int) -> None:
    assert for_minutes(rate, minutes) == pence


@given(st.integers(min_value=800, max_value=20_000), st.integers(min_value=0, max_value=1_440))
def test_pay_agrees_with_decimal_arithmetic_for_every_rate_and_length(rate: int, minutes: int) -> None:
    exact = Decimal(rate * minutes) / 60
    assert for_minutes(rate, minutes) == int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@pytest.mark.parametrize("pence", [1, MOST_PENCE])
def test_an_amount_that_can_move_is_left_as_it_is(pence: int) -> None:
    assert positive(pence) == pence


@pytest.mark.parametrize(
    ("pence", "sentence"),
    [
        (0, "more than £0.00"),
        (-1, "more than £0.00"),
        (MOST_PENCE + 1, "more than £1,000,000.00"),
        (2**63, "more than"),
    ],
)
def test_an_amount_that_cant_move_is_refused(pence: int, sentence: str) -> None:
    with pytest.raises(BadAmount, match=sentence):
        positive(pence)

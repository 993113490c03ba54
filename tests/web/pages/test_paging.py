import pytest

from web.pages.paging import Paging, page_number


@pytest.mark.parametrize(
    ("asked", "number"),
    [("", 1), ("1", 1), ("7", 7), ("0", 1), ("-3", 1), ("two", 1), ("²", 1), ("٣", 1), ("9" * 5000, 1), ("007", 7)],
)
def test_anything_that_is_no_page_number_is_the_first_page(asked: str, number: int) -> None:
    assert page_number(asked) == number


@pytest.mark.parametrize(
    ("asked", "total", "shown"),
    [
        (1, 0, (1, 1, 0, 0)),
        (1, 10, (1, 1, 1, 10)),
        (1, 11, (1, 2, 1, 10)),
        (2, 11, (2, 2, 11, 11)),
        (9, 11, (2, 2, 11, 11)),
    ],
)
def test_a_page_after_the_last_is_the_last(asked: int, total: int, shown: tuple[int, ...]) -> None:
    paging = Paging(asked, total=total, per_page=10)
    assert (paging.number, paging.pages, paging.first, paging.last) == shown


@pytest.mark.parametrize(
    ("asked", "around"),
    [
        (1, {"next": "/list?search=a%26b&page=2"}),
        (2, {"previous": "/list?search=a%26b&page=1", "next": "/list?search=a%26b&page=3"}),
        (3, {"previous": "/list?search=a%26b&page=2"}),
    ],
)
def test_the_way_to_other_pages_keeps_what_was_asked(asked: int, around: dict[str, str]) -> None:
    links = Paging(asked, total=30, per_page=10).links("/list", search="a&b", empty="")
    assert {name: link["href"] for name, link in links.items()} == around

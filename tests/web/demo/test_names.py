import random
from collections import Counter

import pytest

from web.demo.names import Addresses, full_name, is_mans
from web.settings import DEMO_DOMAIN


def test_names_are_many_and_have_two_parts() -> None:
    names = Counter(full_name(random.Random(seed)) for seed in range(2000))
    assert len(names) > 1500
    assert all(len(name.split()) == 2 for name in names)


@pytest.mark.parametrize(
    ("name", "mans"), [("Graham Eyre", True), ("Łukasz Wójcik", True), ("Grace Ojo", False), ("Zoë Bąk", False)]
)
def test_a_first_name_tells_women_and_men_apart_where_it_can(name: str, mans: bool) -> None:
    assert is_mans(name) is mans


def test_about_three_in_ten_are_men() -> None:
    men = sum(is_mans(full_name(random.Random(seed))) for seed in range(2000))
    assert 0.25 < men / 2000 < 0.4


@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("Asha Okoro", "asha.okoro"),
        ("Łukasz Wójcik", "lukasz.wojcik"),
        ("Zoë Bąk", "zoe.bak"),
        ("Małgorzata Stępień", "malgorzata.stepien"),
    ],
)
def test_an_address_is_the_name_in_plain_small_letters(name: str, local: str) -> None:
    assert Addresses()(name) == f"{local}@{DEMO_DOMAIN}"


def test_people_of_the_same_name_get_addresses_of_their_own() -> None:
    address = Addresses()
    given = [address(name) for name in ("Ewa Lis", "Ewa Lis", "Ewa Łis")]
    assert given == [f"ewa.lis@{DEMO_DOMAIN}", f"ewa.lis2@{DEMO_DOMAIN}", f"ewa.lis3@{DEMO_DOMAIN}"]


def test_no_mail_can_ever_reach_an_address_of_the_demo() -> None:
    assert DEMO_DOMAIN.endswith(".example")

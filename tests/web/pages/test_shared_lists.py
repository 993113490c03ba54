"""Lists that share out people whom many need, their plain order, and how many others would have somebody."""

from uuid import UUID

import pytest
from sqlmodel import update

from marketplace.market import Market, Share
from marketplace.organisations import Organisation
from marketplace.people import Viewer
from tests.builders import World
from tests.web.clients import Clients, Maker
from tests.web.pages.markup import cards, words


def asked_for(world: World) -> tuple[Viewer, UUID]:
    holder = world.holder()
    return holder, world.need(holder).id


def scarce(world: World, viewer: Viewer, *, needs: int) -> None:
    """The market says that so many requests would have somebody, and what that costs in a list."""
    assert viewer.assistant_id is not None
    world.session.merge(Market(computed_at=world.now, needs=needs, people=1))
    world.session.add(Share(assistant_id=viewer.assistant_id, prices=[4096] * 4, rivals=[needs] * 4))


def shared(world: World) -> tuple[Viewer, UUID]:
    """A request with two who fit, the better of whom eight other requests would have as well."""
    holder, need_id = asked_for(world)
    world.assistant(name="Fine Too", lowest_rate_pence=1400)
    scarce(world, world.assistant(name="Best Match"), needs=9)
    return holder, need_id


def test_a_list_that_shares_says_so_and_can_be_seen_in_its_plain_order(client_of: Clients, make: Maker) -> None:
    holder, need_id = make(shared)
    client, path = client_of(holder), f"/needs/{need_id}"
    response = client.get(path)
    assert [card.split(".")[0] for card in cards(response)] == ["Fine T", "Best M"]
    assert "This order also shares out people whom many need" in words(response)
    plain = client.get(f"{path}?order=plain")
    assert f'href="{path}?order=plain#people"' in response.text
    assert [card.split(".")[0] for card in cards(plain)] == ["Best M", "Fine T"]
    assert "The plain order: best for you alone first" in words(plain)
    assert f'href="{path}#people"' in plain.text


def test_who_is_listed_only_because_of_sharing_is_not_on_the_plain_list(client_of: Clients, make: Maker) -> None:
    holder, need_id = make(asked_for)

    def crowd(world: World) -> None:
        world.assistant(name="Less Good", lowest_rate_pence=1400)
        for at in range(20):
            one = world.assistant()
            if not at:
                scarce(world, one, needs=3)

    make(crowd)
    plain = client_of(holder).get(f"/needs/{need_id}?order=plain")
    assert len(cards(plain)) == 20
    assert not [card for card in cards(plain) if card.startswith("Less G.")]
    assert [card for card in cards(client_of(holder).get(f"/needs/{need_id}")) if card.startswith("Less G.")]


@pytest.mark.parametrize("order", ["", "plain", "<b>"])
def test_a_list_that_does_not_share_has_one_order(client_of: Clients, make: Maker, order: str) -> None:
    holder, need_id = make(shared)

    def alone(world: World) -> None:
        world.session.exec(update(Organisation).values(shares_scarce=False))

    make(alone)
    response = client_of(holder).get(f"/needs/{need_id}", params={"order": order})
    assert [card.split(".")[0] for card in cards(response)] == ["Best M", "Fine T"]
    assert "order=plain" not in response.text
    assert "Best first: those with whom a yes from both of you is most likely." in words(response)


@pytest.mark.parametrize(
    ("needs", "said"),
    [
        (9, "8 other requests near you would suit them as well, so ask soon."),
        (2, "1 other request near you would suit them as well, so ask soon."),
        (1, None),
    ],
)
def test_who_many_would_have_is_shown_with_how_many_others_that_are(
    client_of: Clients, make: Maker, needs: int, said: str | None
) -> None:
    holder, need_id = make(asked_for)
    make(lambda world: scarce(world, world.assistant(), needs=needs))
    (card,) = cards(client_of(holder).get(f"/needs/{need_id}"))
    assert (said is None and "so ask soon" not in card) or str(said) in card

from uuid import uuid4

import pytest
from sqlmodel import Session

from marketplace import parties
from marketplace.people import Viewer
from tests.builders import World


def test_both_sides_are_known_by_their_full_names(world: World, session: Session) -> None:
    deal = world.deal()
    found = parties.of_agreements(session, agreement_ids=[deal.agreement.id])[deal.agreement.id]
    assert (found.support, found.holder, found.assistant, found.postcode) == (
        "Mornings",
        "Harriet Webb",
        "Asha Okoro",
        "NG9 2AB",
    )
    assert (found.holder_id, found.assistant_id) == (deal.holder.holder_id, deal.assistant.assistant_id)


def test_many_agreements_are_answered_at_once_and_unknown_ones_left_out(world: World, session: Session) -> None:
    ids = [world.deal().agreement.id for _ in range(2)]
    assert set(parties.of_agreements(session, agreement_ids=[*ids, uuid4()])) == set(ids)
    assert parties.of_agreements(session, agreement_ids=[]) == {}


@pytest.mark.parametrize(
    ("who", "holders_side", "assistants_side", "acted_for"),
    [
        ("holder", True, False, None),
        ("assistant", False, True, None),
        ("broker", True, False, "Harriet Webb"),
        ("broker_who_is_the_holder", True, False, None),
        ("broker_who_is_the_assistant", True, True, "Harriet Webb"),
        ("other_broker", False, False, None),
    ],
)
def test_on_which_side_somebody_stands_follows_from_their_roles(
    world: World, session: Session, who: str, holders_side: bool, assistants_side: bool, acted_for: str | None
) -> None:
    broker = world.broker()
    deal = world.deal(broker=broker)
    person = uuid4()
    viewers = {
        "holder": deal.holder,
        "assistant": deal.assistant,
        "broker": broker,
        "broker_who_is_the_holder": Viewer(person, "", deal.holder.holder_id, None, broker.organisation_ids),
        "broker_who_is_the_assistant": Viewer(person, "", None, deal.assistant.assistant_id, broker.organisation_ids),
        "other_broker": world.broker(),
    }
    found = parties.of_agreements(session, agreement_ids=[deal.agreement.id])[deal.agreement.id]
    viewer = viewers[who]
    assert found.on_holders_side(viewer) is holders_side
    assert found.on_assistants_side(viewer) is assistants_side
    assert found.acted_for(viewer) == acted_for

from uuid import uuid4

from sqlmodel import Session

from marketplace import access, organisations
from marketplace.organisations import OrganisationKind
from tests.builders import MORNINGS, World
from tests.counting import counted


def test_nobody_is_nobody(session: Session) -> None:
    assert access.viewer_of(session, person_id=uuid4()) is None


def test_somebody_new_has_no_role(world: World) -> None:
    newcomer = world.person()
    assert (newcomer.holder_id, newcomer.assistant_id, newcomer.organisation_ids) == (None, None, ())


def test_a_person_has_every_role_at_once_and_one_query_finds_them(world: World, session: Session) -> None:
    holder = world.holder()
    ours = [organisations.found(session, name=f"Ours {at}", kind=OrganisationKind.COUNCIL) for at in range(3)]
    for organisation in ours:
        organisations.employ(session, organisation_id=organisation.id, person_id=holder.person_id)
    world.profile(holder, hours=MORNINGS)
    with counted(session.connection()) as queries:
        viewer = access.viewer_of(session, person_id=holder.person_id)
    assert viewer is not None
    assert viewer.roles == ["holder", "assistant", "broker"]
    assert viewer.organisation_ids == tuple(sorted(organisation.id for organisation in ours))
    assert (viewer.holder_id, len(queries)) == (holder.holder_id, 1)


def test_who_is_employed_twice_is_a_member_once(world: World, session: Session) -> None:
    broker = world.broker()
    organisations.employ(session, organisation_id=broker.organisation_ids[0], person_id=broker.person_id)
    assert world.viewer(broker.person_id) == broker

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from marketplace import blocks, introductions
from marketplace.blocks import Block, Side
from marketplace.errors import Conflict, NotFound
from marketplace.people import Viewer
from tests.builders import MONDAY, World
from tests.counting import counted


class Pair:
    """A holder with a broker, and an assistant whom they have invited."""

    def __init__(self, world: World) -> None:
        self.session = world.session
        self.broker = world.broker()
        self.holder = world.holder(broker=self.broker, name="Harriet Webb")
        self.assistant = world.assistant(name="Asha Okoro")
        world.invitation(self.holder, self.assistant)

    @property
    def ids(self) -> dict[str, UUID]:
        assert self.holder.holder_id is not None
        assert self.assistant.assistant_id is not None
        return {"holder_id": self.holder.holder_id, "assistant_id": self.assistant.assistant_id}

    def block(self, viewer: Viewer, by: Side, **other: UUID) -> None:
        blocks.block(self.session, viewer=viewer, by=by, now=MONDAY, **{**self.ids, **other})

    def unblock(self, viewer: Viewer, by: Side, **other: UUID) -> None:
        blocks.unblock(self.session, viewer=viewer, by=by, **{**self.ids, **other})

    def blocked(self) -> bool:
        found = blocks.blocked_assistants(self.session, holder_id=self.ids["holder_id"])
        return self.ids["assistant_id"] in found


@pytest.fixture
def pair(world: World) -> Pair:
    return Pair(world)


@pytest.mark.parametrize("who", ["holder", "broker", "assistant"])
def test_each_side_blocks_and_undoes_it_as_often_as_they_like(pair: Pair, session: Session, who: str) -> None:
    viewer: Viewer = getattr(pair, who)
    by: Side = "assistant" if who == "assistant" else "holder"
    pair.unblock(viewer, by)
    for _ in range(2):
        pair.block(viewer, by)
        assert pair.blocked()
    [kept] = session.exec(select(Block)).all()
    assert (kept.by, kept.blocked_by, kept.blocked_at) == (by, viewer.person_id, MONDAY)
    for _ in range(2):
        pair.unblock(viewer, by)
        assert not pair.blocked()


def test_a_second_time_keeps_who_said_it_first(pair: Pair, session: Session) -> None:
    pair.block(pair.broker, "holder")
    pair.block(pair.holder, "holder")
    assert session.exec(select(Block.blocked_by)).one() == pair.broker.person_id


def test_neither_side_undoes_what_the_other_said(pair: Pair) -> None:
    pair.block(pair.holder, "holder")
    pair.block(pair.assistant, "assistant")
    pair.unblock(pair.holder, "holder")
    assert pair.blocked()
    pair.unblock(pair.assistant, "assistant")
    assert not pair.blocked()


def test_a_holder_may_block_an_assistant_they_never_asked(pair: Pair, world: World) -> None:
    other = world.assistant()
    assert other.assistant_id is not None
    pair.block(pair.holder, "holder", assistant_id=other.assistant_id)
    assert not pair.blocked()


def test_who_is_on_neither_side_finds_nothing_to_block(pair: Pair, world: World, session: Session) -> None:
    pair.block(pair.holder, "holder")
    strangers = (world.holder(), world.broker(), world.assistant(), world.person(), pair.assistant)
    for stranger in strangers:
        for act in (pair.block, pair.unblock):
            with pytest.raises(NotFound):
                act(stranger, "holder")
    for stranger in (world.holder(), world.broker(), world.assistant(), world.person(), pair.holder, pair.broker):
        for act in (pair.block, pair.unblock):
            with pytest.raises(NotFound):
                act(stranger, "assistant")
    assert len(session.exec(select(Block)).all()) == 1


def test_an_assistant_blocks_only_who_has_invited_them(pair: Pair, world: World) -> None:
    never = world.holder(broker=pair.broker)
    assert never.holder_id is not None
    for holder_id in (never.holder_id, uuid4()):
        with pytest.raises(NotFound, match="budget holder"):
            pair.block(pair.assistant, "assistant", holder_id=holder_id)


def test_an_assistant_blocks_nobody_in_anothers_name(pair: Pair, world: World) -> None:
    other = world.assistant()
    with pytest.raises(NotFound):
        pair.block(other, "assistant")


@pytest.mark.parametrize("missing", ["holder_id", "assistant_id"])
def test_who_is_not_there_is_not_found(pair: Pair, missing: str) -> None:
    with pytest.raises(NotFound):
        pair.block(pair.holder, "holder", **{missing: uuid4()})


# --- inviting


@pytest.mark.parametrize(
    ("sides", "sentence"),
    [
        (["holder"], "You asked us not to show you this person."),
        (["assistant"], "This person can't be invited at the moment."),
        (["holder", "assistant"], "You asked us not to show you this person."),
    ],
)
def test_the_blocked_are_not_invited_and_only_who_said_so_is_told_why(
    pair: Pair, sides: list[Side], sentence: str
) -> None:
    for side in sides:
        pair.block(pair.assistant if side == "assistant" else pair.holder, side)
    with pytest.raises(Conflict, match=sentence):
        blocks.refuse(pair.session, **pair.ids)
    for side in sides:
        pair.unblock(pair.assistant if side == "assistant" else pair.holder, side)
    blocks.refuse(pair.session, **pair.ids)


def test_others_may_still_be_invited(pair: Pair, world: World) -> None:
    pair.block(pair.holder, "holder")
    world.invitation(pair.holder, world.assistant())
    world.invitation(world.holder(), pair.assistant)
    assert len(introductions.of_assistant(pair.session, viewer=pair.assistant)) == 2


# --- looking


def shown(pair: Pair, viewer: Viewer) -> list[tuple[str, str, str]]:
    return [(one.by, one.holder, one.assistant) for one in blocks.of_viewer(pair.session, viewer=viewer)]


def test_each_side_sees_its_own_blocks_with_the_others_first_name(pair: Pair, world: World) -> None:
    pair.block(pair.holder, "holder")
    pair.block(pair.assistant, "assistant")
    own = [("holder", "Harriet Webb", "Asha O.")]
    assert shown(pair, pair.holder) == shown(pair, pair.broker) == own
    assert shown(pair, pair.assistant) == [("assistant", "Harriet W.", "Asha Okoro")]
    for stranger in (world.holder(), world.broker(), world.assistant(), world.person()):
        assert shown(pair, stranger) == []


def test_blocks_are_listed_newest_first_in_one_query(pair: Pair, world: World) -> None:
    names = []
    for at in range(3):
        other = world.assistant(name=f"Asha {'ABC'[at]}")
        assert other.assistant_id is not None
        blocks.block(
            pair.session,
            viewer=pair.broker,
            by="holder",
            holder_id=pair.ids["holder_id"],
            assistant_id=other.assistant_id,
            now=MONDAY + timedelta(minutes=at),
        )
        names.insert(0, f"Asha {'ABC'[at]}.")
    with counted(pair.session.connection()) as queries:
        found = blocks.of_viewer(pair.session, viewer=pair.holder)
    assert ([one.assistant for one in found], len(queries)) == (names, 1)
    assert len(blocks.of_viewer(pair.session, viewer=pair.holder, most=2)) == 2

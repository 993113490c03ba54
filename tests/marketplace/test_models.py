"""Scorecards that were learnt: kept, and at most one in use."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from marketplace import models
from marketplace.errors import NotFound
from matching.scorecard import STARTING, Bases, Scorecard
from tests.builders import MONDAY
from tests.conftest import Database


def card(version: str) -> Scorecard:
    return Scorecard(version, Bases(-100, 200), STARTING.tables)


def test_before_anything_was_learnt_the_starting_scorecard_is_in_use(database: Database) -> None:
    with database.session() as session:
        assert models.in_use(session) == STARTING
        assert models.all_of_them(session) == []


def test_one_is_in_use_at_a_time_and_the_way_back_is_open(database: Database) -> None:
    with database.session() as session, session.begin():
        for version in ("one", "two"):
            models.store(session, card(version), figures={"gain": 0.1}, now=MONDAY)
            models.use(session, version=version)
        assert models.in_use(session) == card("two")
        models.use(session, version=STARTING.version)
        assert models.in_use(session) == STARTING
        assert [one.version for one in models.all_of_them(session)] == ["one", "two"]


def test_a_model_nobody_knows_cant_be_used_and_what_was_in_use_stays(database: Database) -> None:
    with database.session() as session, session.begin():
        models.store(session, card("one"), figures={}, now=MONDAY)
        models.use(session, version="one")
    with database.session() as session:
        with pytest.raises(NotFound):
            models.use(session, version="two")
        session.rollback()
        assert models.in_use(session).version == "one"


def test_the_database_forbids_two_in_use(database: Database) -> None:
    with database.session() as session:
        for version in ("one", "two"):
            models.store(session, card(version), figures={}, now=MONDAY)
        with pytest.raises(IntegrityError):
            session.connection().execute(text("UPDATE marketplace_model SET in_use = true"))

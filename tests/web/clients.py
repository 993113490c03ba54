"""Browsers and programs without a socket, signed in at once."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import TypeVar
from uuid import uuid4

from fastapi import FastAPI
from httpx2 import Response
from sqlmodel import Session
from starlette.testclient import TestClient

from marketplace.people import Viewer
from tests.builders import World
from tests.conftest import Database
from web import security, sessions
from web.settings import Settings

Made = TypeVar("Made")

SECRET = "k" * 40
BASE = "http://127.0.0.1:8000"


class Maker:
    """Lets a test build in the database of the application: `make(lambda world: world.deal())` commits."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._world: World | None = None

    def __call__(self, build: Callable[[World], Made]) -> Made:
        with self._database.session() as session, session.begin():
            if self._world is None:
                self._world = World(session)
            self._world.session = session
            return build(self._world)


class Clients:
    """Signed-in browsers: `client_of(viewer)`; `client_of()` isn't signed in.

    A fault of the application comes through as its exception, unless `faults_answered`.
    """

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def __call__(self, viewer: Viewer | None = None, *, faults_answered: bool = False) -> TestClient:
        settings: Settings = self._app.state.settings
        client = TestClient(
            self._app,
            base_url=settings.base_url,
            raise_server_exceptions=not faults_answered,
            follow_redirects=False,
        )
        if viewer is not None:
            client.cookies.set(security.cookie_name(settings), self.token(viewer))
        return client

    def token(self, viewer: Viewer) -> str:
        """A new session's token."""
        session: Session = self._app.state.open_session()
        with session, session.begin():
            return sessions.sign_in(session, person_id=viewer.person_id, now=self._app.state.clock())


def form(client: TestClient, fields: Mapping[str, object] = {}, *, key: str = "") -> dict[str, object]:
    """What a page's form sends for a signed-in client: `fields` and the two hidden ones, a new key unless given."""
    token = next(iter(client.cookies.values()), "")
    csrf = hmac.new(SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()
    return {"csrf_token": csrf, "idempotency_key": key or uuid4().hex, **fields}


def asked(client: TestClient, method: str, path: str, body: object = None, *, key: str = "") -> Response:
    """A request as programs send it, with a new key unless one is given."""
    headers = {"Idempotency-Key": key or uuid4().hex}
    return client.request(method, path, json=body, headers=headers)

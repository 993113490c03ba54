"""The real application on a real socket, with a clock that tests move and mail that tests read."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import httpx
import uvicorn

from tests.builders import Clock
from tests.conftest import Database
from web.app import create_app
from web.database import engine_for, sessions_on
from web.mail import Mail
from web.settings import Settings
from web.worker import Worker, gateway_for


class Postbox:
    """A mailer that keeps what it is given."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    def send(self, mail: Mail) -> None:
        self.mails.append(mail)

    def token(self, email: str) -> str:
        """The token in the newest link that was sent to an address."""
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            texts = [mail.text for mail in self.mails if mail.to == email]
            if texts:
                found = re.search(r"/sign-in/(\S+)", texts[-1])
                assert found is not None
                return found[1]
            time.sleep(0.01)
        raise AssertionError(f"no mail to {email}")


@dataclass
class Api:
    """What a program sees: JSON in and out, a fresh key for each write unless one is given."""

    base: str
    token: str | None = None

    def _send(self, method: str, path: str, *, key: str | None = None, **body: object) -> httpx.Response:
        headers = {"Idempotency-Key": key or uuid4().hex}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        json = body or ({} if method != "GET" else None)
        return httpx.request(method, f"{self.base}/api/v1{path}", headers=headers, json=json, timeout=20)

    def get(self, path: str) -> httpx.Response:
        return self._send("GET", path)

    def post(self, path: str, *, key: str | None = None, **body: object) -> httpx.Response:
        return self._send("POST", path, key=key, **body)

    def put(self, path: str, *, key: str | None = None, **body: object) -> httpx.Response:
        return self._send("PUT", path, key=key, **body)


@dataclass
class Serving:
    """A running service and what a test may reach of it."""

    url: str
    database: Database
    clock: Clock
    post: Postbox
    worker: Worker

    def sign_in(self, email: str) -> Api:
        """Ask for a link, read the mail, spend the link."""
        nobody = Api(self.url)
        assert nobody.post("/sign-in-links", email=email).status_code == 202
        session = nobody.post("/sessions", token=self.post.token(email))
        assert session.status_code == 201, session.text
        return Api(self.url, session.json()["session"])


@contextmanager
def serving(database: Database, *, demo: bool = False, clock: Clock | None = None) -> Iterator[Serving]:
    """The application on a free port of this machine, until the block ends."""
    clock, post = clock or Clock(), Postbox()
    settings = Settings(DATABASE_URL=database.url, secret_key="k" * 40, demo=demo)
    app = create_app(settings, engine=engine_for(database.url), clock=clock, mailer=post, fresh_for=timedelta(0))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    worker = Worker(sessions_on(database.engine), gateway=gateway_for(settings), clock=clock)
    try:
        yield Serving(f"http://127.0.0.1:{port}", database, clock, post, worker)
    finally:
        server.should_exit = True
        thread.join(timeout=20)

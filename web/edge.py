"""The edge of every request: who asks, one transaction, a write done once, committed before the answer is sent.

Nothing below commits. A route that fails, or answers 4xx, leaves nothing behind; nor does one that only reads, unless
it says that it keeps what it showed (`web.dependencies.Kept`).
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.types import Message, Receive

from marketplace.access import viewer_of
from marketplace.people import Viewer
from web import idempotency, security, sessions
from web.database import CONNECTIONS

#: Set in a session's `info` by a route that reads and keeps what it showed.
KEEPS = "keeps"
#: From here on an answer says that something was wrong.
_WRONG = 400
READS = frozenset({"GET", "HEAD", "OPTIONS"})
#: Longest body there is reason to send; files come with their own limit when they come.
MOST_BYTES = 256 * 1024
#: Requests that work at once; the others wait their turn without a thread or a connection. Two connections are
#: left over: for filling the pool of candidates in the midst of a request, and for the health check.
ROOM = CONNECTIONS - 2


class TooLarge(Exception):
    """More was sent than anything here needs."""


class Edge(APIRoute):
    """A route whose request is one transaction, and whose writes by a signed-in person are done once per key."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route as FastAPI would call it, inside its transaction."""
        answer = super().get_route_handler()

        async def handle(incoming: Request) -> Response:
            request = Request(incoming.scope, _limited(incoming.receive))
            writes = request.method not in READS
            if writes:  # all of it before the request gets room, which nobody may hold by sending slowly
                _refuse_declared(request)
                await request.body()
            async with request.app.state.room:
                session: Session = request.app.state.open_session()
                request.state.session, request.state.now = session, request.app.state.clock()
                try:
                    if writes:
                        return await _write(request, session, answer)
                    await run_in_threadpool(_identify, request, session)
                    response = await answer(request)
                    if session.info.get(KEEPS):
                        await run_in_threadpool(_end, session, response)
                    return response
                finally:
                    await request.close()  # files that came with a form
                    await run_in_threadpool(session.close)

        return handle


async def _write(
    request: Request, session: Session, answer: Callable[[Request], Coroutine[Any, Any, Response]]
) -> Response:
    body = await request.body()
    form = await request.form() if _is_form(request) else None
    earlier = await run_in_threadpool(_begin, request, session, body, form)
    if earlier is not None:
        return earlier
    response = await answer(request)
    await run_in_threadpool(_finish, request, session, response)
    return response


def _identify(request: Request, session: Session) -> None:
    """Put who asks into the request's state: the viewer and their session's token, or None twice."""
    token = security.token_of(request)
    viewer = None
    if token is not None:
        person_id = sessions.person_of(session, token=token, now=request.state.now)
        viewer = viewer_of(session, person_id=person_id) if person_id is not None else None
    request.state.viewer, request.state.token = viewer, token if viewer is not None else None


def _begin(request: Request, session: Session, body: bytes, form: FormData | None) -> Response | None:
    """Refuse forgeries, find out who asks, claim the key; the earlier answer when there is one."""
    security.refuse_other_sites(request)
    _identify(request, session)
    viewer: Viewer | None = request.state.viewer
    if viewer is None:
        return None  # nobody's writes are signing in; links are good once by themselves
    if form is not None:
        security.refuse_forged_form(request, form)
    given = form.get("idempotency_key") if form is not None else request.headers.get("idempotency-key")
    key = idempotency.checked(given if isinstance(given, str) else None)
    request.state.key = key
    return idempotency.claim(
        session,
        person_id=viewer.person_id,
        key=key,
        request=idempotency.fingerprint(request.method, request.url.path, body),
        now=request.state.now,
    )


def _finish(request: Request, session: Session, response: Response) -> None:
    viewer: Viewer | None = request.state.viewer
    if viewer is not None and response.status_code < _WRONG:
        idempotency.store(session, person_id=viewer.person_id, key=request.state.key, answer=response)
    _end(session, response)


def _end(session: Session, response: Response) -> None:
    """Commit, unless the answer says what was wrong: then nothing is stored."""
    if response.status_code >= _WRONG:
        session.rollback()
    else:
        session.commit()


def _refuse_declared(request: Request) -> None:
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > MOST_BYTES:
        raise TooLarge


def _limited(receive: Receive) -> Receive:
    """The same, until more has come than we take, whatever length was declared."""
    came = 0

    async def counted() -> Message:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        if came > MOST_BYTES:
            raise TooLarge
        return message

    return counted


def _is_form(request: Request) -> bool:
    kind = request.headers.get("content-type", "")
    return kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data"))

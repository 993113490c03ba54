"""The composition root: settings and parts in, an application out."""

import logging
from asyncio import Semaphore
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from threading import Thread

from fastapi import FastAPI
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.staticfiles import StaticFiles

from marketplace.candidates import FRESH_FOR, Candidates
from matching.warm import warm
from web import api, errors, health, pages
from web.clock import Clock, system_clock
from web.database import sessions_on
from web.edge import ROOM
from web.mail import Mailer, mailer_for
from web.pages.frame import problem_page
from web.security import SecurityHeaders
from web.settings import Settings

log = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"


def _get_ready(candidates: Candidates, clock: Clock) -> None:
    """Machine code and everyone in the pool, so that nobody's first list is slow."""
    warm()
    try:
        candidates.look(now=clock())
    except SQLAlchemyError:
        log.warning("The database is away; assistants are read with the first list instead", exc_info=True)


def create_app(
    settings: Settings,
    *,
    engine: Engine,
    clock: Clock = system_clock,
    mailer: Mailer | None = None,
    fresh_for: timedelta = FRESH_FOR,
) -> FastAPI:
    """The web application on a migrated database; the engine is disposed of when it shuts down.

    What it knows of assistants may be `fresh_for` old.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # meanwhile the pages that need no list are served
        Thread(target=_get_ready, args=(app.state.candidates, clock), daemon=True).start()
        yield
        engine.dispose()

    app = FastAPI(
        title="Alongside",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        lifespan=lifespan,
    )
    open_session = sessions_on(engine)
    app.state.settings = settings
    app.state.clock = clock
    app.state.mailer = mailer or mailer_for(settings)
    app.state.open_session = open_session
    app.state.room = Semaphore(ROOM)
    app.state.candidates = Candidates(open_session, fresh_for=fresh_for)
    app.include_router(api.router())
    app.include_router(pages.router(demo_parts=settings.demo))
    app.include_router(health.routes)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(SecurityHeaders, secure=settings.secure)
    errors.install(app, problem_page)
    return app

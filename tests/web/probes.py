"""Routes of a test's own inside the real application: they store somebody, and then something happens."""

import threading
import time
from datetime import datetime
from typing import cast

import psycopg
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session, col, func, select

from marketplace import people
from marketplace.errors import Conflict
from marketplace.people import Person
from tests.conftest import Database
from web.dependencies import Asking, Kept, Visiting
from web.edge import Edge

STORED = "stored@example.org"


class Probes:
    """Adds the routes under `/api/v1/probe` and `/probe`, for programs and for forms."""

    def __init__(self, app: FastAPI) -> None:
        self.busy = self.busiest = 0
        self.lock = threading.Lock()
        for prefix in ("/api/v1/probe", "/probe"):
            routes = APIRouter(prefix=prefix, route_class=Edge, include_in_schema=False)
            routes.add_api_route("/stores", stores, methods=["POST", "GET"])
            routes.add_api_route("/keeps", stores, methods=["GET"], dependencies=[Kept])
            routes.add_api_route("/moves-on", moves_on, methods=["POST"])
            routes.add_api_route("/answers/{status}", answers, methods=["POST"])
            routes.add_api_route("/refuses", refuses, methods=["POST"])
            routes.add_api_route("/breaks", breaks, methods=["POST", "GET"])
            routes.add_api_route("/loses-its-connection", loses_its_connection, methods=["POST"])
            routes.add_api_route("/works", self.works, methods=["GET"])
            app.include_router(routes)

    def works(self, visiting: Visiting) -> None:
        """Takes a moment, and counts how many do so at once."""
        with self.lock:
            self.busy += 1
            self.busiest = max(self.busiest, self.busy)
        visiting.session.exec(select(1)).one()
        time.sleep(0.01)
        with self.lock:
            self.busy -= 1


def stores(asking: Asking) -> dict[str, str]:
    store(asking.session, asking.now)
    return {"stored": STORED}


def moves_on(asking: Asking) -> Response:
    store(asking.session, asking.now)
    return RedirectResponse("/next", 303)


def answers(status: int, asking: Asking) -> Response:
    store(asking.session, asking.now)
    return Response(b"said", status)


def refuses(asking: Asking) -> None:
    store(asking.session, asking.now)
    raise Conflict("No.")


def breaks(request: Request) -> None:
    store(request.state.session, request.state.now)
    raise RuntimeError("a fault of ours")


def loses_its_connection(asking: Asking) -> None:
    store(asking.session, asking.now)
    driver = asking.session.connection().connection.driver_connection
    cast("psycopg.Connection", driver).close()


def store(session: Session, now: datetime) -> None:
    people.join(session, email=STORED, name="Stored", now=now)


def is_stored(database: Database) -> bool:
    """Whether somebody was stored for good."""
    with database.session() as session:
        found = select(func.count()).select_from(Person).where(col(Person.email) == STORED)
        return session.exec(found).one() == 1

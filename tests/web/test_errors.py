from collections.abc import Iterator
from http import HTTPStatus

import pytest
from fastapi import APIRouter, FastAPI, Request
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.testclient import TestClient

from marketplace.errors import AlreadyBooked, Conflict, Invalid, MarketplaceError, NotFound
from matching.errors import BadProfile, BadQuestion, BadWindow, MatchingError, UnknownPostcode
from payments.errors import AlreadyResolved, BadAmount, KeyReused, NotEnoughMoney, PaymentsError, UnknownAccount
from tests.web.clients import BASE, SECRET
from web.edge import TooLarge
from web.errors import FAULT, Problem, SignInNeeded, field_errors, install, problem_of
from web.idempotency import BadKey, KeyMismatch
from web.security import Forged
from web.settings import Settings

AWAY = "We can't reach our records. Nothing was lost. Try again soon."
#: Every refusal there is, its status, and the field it names, if it names one.
REFUSALS: list[tuple[Exception, int, str | None]] = [
    (MarketplaceError("No."), 409, None),
    (NotFound("need"), 404, None),
    (Invalid("day", "Not that day."), 422, "day"),
    (Conflict("Too late."), 409, None),
    (AlreadyBooked("Taken."), 409, None),
    (MatchingError("hours", "No such hours."), 422, "hours"),
    (UnknownPostcode("ZZ1", "not_found"), 422, "postcode"),
    (BadWindow("start", "Not then."), 422, "start"),
    (BadProfile("rate", "Not so."), 422, "rate"),
    (BadQuestion("k", "Not so many."), 422, "k"),
    (PaymentsError("No."), 409, None),
    (BadAmount("Too much."), 422, None),
    (NotEnoughMoney("Too little.", available=1, needed=2), 409, None),
    (KeyReused("Used."), 409, None),
    (AlreadyResolved("Drawn."), 409, None),
    (UnknownAccount("Gone."), 404, None),
    (SignInNeeded(), 401, None),
    (Forged(), 403, None),
    (TooLarge(), 413, None),
    (KeyMismatch(), 422, None),
    (BadKey("No key."), 400, None),
    (OperationalError("SELECT 1", {}, Exception("secret")), 503, None),
    (InterfaceError("SELECT 1", {}, Exception("secret")), 503, None),
    (PoolTimeout("secret"), 503, None),
    (HTTPException(404), 404, None),
    (HTTPException(405, headers={"Allow": "GET"}), 405, None),
    (HTTPException(418, "I am a teapot."), 418, None),
]


def kinds(tree: type[Exception]) -> Iterator[type[Exception]]:
    yield tree
    for kind in tree.__subclasses__():
        yield from kinds(kind)


def named(refusal: object) -> str:
    return type(refusal).__name__ if isinstance(refusal, Exception) else ""


@pytest.fixture
def client() -> TestClient:
    """An application that refuses everything asked under an address's number."""
    app = FastAPI()
    app.state.settings = Settings(DATABASE_URL="postgresql+psycopg://a@b/c", secret_key=SECRET, base_url=BASE)
    routes = APIRouter()

    @routes.get("/api/refuse/{number}")
    @routes.get("/refuse/{number}")
    def refuse(number: int) -> None:
        raise REFUSALS[number][0] if number < len(REFUSALS) else KeyError("a fault of ours")

    def page(_request: Request, problem: Problem) -> Response:
        return Response(f"page: {problem.detail}", problem.status)

    app.include_router(routes)
    install(app, page)
    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize("tree", [MarketplaceError, MatchingError, PaymentsError])
def test_every_refusal_is_in_the_table(tree: type[Exception]) -> None:
    assert set(kinds(tree)) <= {type(refusal) for refusal, _, _ in REFUSALS}


@pytest.mark.parametrize(("refusal", "status", "field"), REFUSALS, ids=named)
def test_each_refusal_has_its_status_its_sentence_and_its_field(
    refusal: Exception, status: int, field: str | None
) -> None:
    problem = problem_of(refusal)
    assert problem.status == status
    assert problem.detail[0].isupper()
    assert problem.detail[-1] == "."
    assert "secret" not in problem.detail
    assert [error["field"] for error in problem.errors] == ([field] if field else [])
    assert all(error["message"] == problem.detail for error in problem.errors)


@pytest.mark.parametrize("number", range(len(REFUSALS)), ids=[named(refusal) for refusal, _, _ in REFUSALS])
def test_programs_get_problem_details_and_people_a_page(client: TestClient, number: int) -> None:
    problem = problem_of(REFUSALS[number][0])
    program, person = client.get(f"/api/refuse/{number}"), client.get(f"/refuse/{number}")
    assert (program.status_code, person.status_code) == (problem.status, problem.status)
    assert program.headers["content-type"] == "application/problem+json"
    told = program.json()
    assert (told["title"], told["status"], told["detail"]) == (
        problem.status.phrase,
        problem.status.value,
        problem.detail,
    )
    assert told.get("errors", []) == list(problem.errors)
    assert person.text == f"page: {problem.detail}"
    for answer in (program, person):
        assert answer.headers.get("retry-after") == ("5" if problem.status == 503 else None)
        assert answer.headers.get("allow") == ("GET" if problem.status == 405 else None)


def test_a_database_that_is_away_is_said_so_without_its_reasons() -> None:
    assert problem_of(OperationalError("SELECT 1", {}, Exception("password"))).detail == AWAY


def test_a_fault_of_ours_is_answered_and_tells_nothing_about_itself(client: TestClient) -> None:
    number = len(REFUSALS)
    program, person = client.get(f"/api/refuse/{number}"), client.get(f"/refuse/{number}")
    assert program.status_code == person.status_code == 500
    assert program.json() == {"title": "Internal Server Error", "status": 500, "detail": FAULT.detail}
    assert person.text == f"page: {FAULT.detail}"


@pytest.mark.parametrize(("error", "field"), [(Invalid("day", "No."), "day"), (Conflict("No."), None)])
def test_a_form_shows_a_refusal_beside_its_field(error: Exception, field: str | None) -> None:
    assert list(field_errors(error)) == ([{"field": field, "message": "No."}] if field else [])


def test_a_problem_without_fields_has_no_list_of_them() -> None:
    assert b"errors" not in bytes(Problem(HTTPStatus.CONFLICT, "No.").as_json().body)

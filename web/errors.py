"""Every refusal as an answer, in one place: a status, a title, plain sentences, the fields they are about.

Programs get problem details (RFC 9457), people a page. Nothing was stored in any of these cases.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from marketplace.errors import Conflict, Invalid, MarketplaceError, NotFound
from matching.errors import MatchingError
from payments.errors import BadAmount, NotEnoughMoney, PaymentsError, UnknownAccount
from web.edge import TooLarge
from web.idempotency import BadKey, KeyMismatch
from web.security import Forged, protect
from web.words import plain_errors

#: Seconds after which it is worth trying again when the database is away.
RETRY_AFTER = "5"


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong: a status, its sentence, and the fields to change, each with its own sentence."""

    status: HTTPStatus
    detail: str
    errors: Sequence[dict[str, str]] = ()

    def as_json(self) -> JSONResponse:
        """The problem as a program reads it."""
        body: dict[str, Any] = {"title": self.status.phrase, "status": self.status.value, "detail": self.detail}
        if self.errors:
            body["errors"] = list(self.errors)
        return JSONResponse(body, self.status, media_type="application/problem+json")


class SignInNeeded(Exception):
    """Nobody is signed in, and this is for somebody."""


#: Most special first; what is not here is a fault of ours and answers 500.
TABLE: tuple[tuple[type[Exception], HTTPStatus], ...] = (
    (NotFound, HTTPStatus.NOT_FOUND),
    (UnknownAccount, HTTPStatus.NOT_FOUND),
    (Invalid, HTTPStatus.UNPROCESSABLE_ENTITY),
    (MatchingError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (BadAmount, HTTPStatus.UNPROCESSABLE_ENTITY),
    (Conflict, HTTPStatus.CONFLICT),
    (NotEnoughMoney, HTTPStatus.CONFLICT),
    (PaymentsError, HTTPStatus.CONFLICT),
    (MarketplaceError, HTTPStatus.CONFLICT),
)

_SENTENCES: dict[type[Exception], tuple[HTTPStatus, str]] = {
    SignInNeeded: (HTTPStatus.UNAUTHORIZED, "Sign in first."),
    Forged: (HTTPStatus.FORBIDDEN, "This did not come from one of our pages. Go back, open the page again, try again."),
    TooLarge: (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "That is more than we can take at once. Send less."),
    KeyMismatch: (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "This was sent before with other details. Open the page again, or use a new Idempotency-Key.",
    ),
    OperationalError: (HTTPStatus.SERVICE_UNAVAILABLE, "We can't reach our records. Nothing was lost. Try again soon."),
    InterfaceError: (HTTPStatus.SERVICE_UNAVAILABLE, "We can't reach our records. Nothing was lost. Try again soon."),
    PoolTimeout: (HTTPStatus.SERVICE_UNAVAILABLE, "We are very busy. Nothing was lost. Try again soon."),
}

#: What was not foreseen; whoever runs the service finds it in the log.
FAULT = Problem(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "Something went wrong on our side. Nothing was stored, and nothing was lost. Try again, or ask us for help.",
)

#: A page whose address was mistyped; programs hear which part of it is wrong.
NOWHERE = Problem(HTTPStatus.NOT_FOUND, "There is nothing at this address. Check it, or start from the first page.")

#: What the framework says in a few words of its own.
_FRAMEWORK = {
    "Not Found": NOWHERE.detail,
    "Method Not Allowed": "That can't be done at this address.",
    "There was an error parsing the body": "What was sent can't be read. It must be JSON, in UTF-8.",
}

#: The refusals a form shows beside its fields instead of on a page of their own.
REFUSALS = (MarketplaceError, MatchingError, PaymentsError)


def problem_of(error: Exception) -> Problem:
    """What to tell about an error that is not a fault of ours."""
    if isinstance(error, RequestValidationError):
        return Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "Some of that can't be right. Nothing was stored.",
            plain_errors(error.errors()),
        )
    if isinstance(error, HTTPException):
        said = str(error.detail)
        return Problem(HTTPStatus(error.status_code), _FRAMEWORK.get(said, said))
    if isinstance(error, BadKey):
        return Problem(HTTPStatus.BAD_REQUEST, str(error))
    for kind, (status, sentence) in _SENTENCES.items():
        if isinstance(error, kind):
            return Problem(status, sentence)
    status = next(status for kind, status in TABLE if isinstance(error, kind))
    return Problem(status, str(error), field_errors(error))


def field_errors(error: Exception) -> Sequence[dict[str, str]]:
    """The field a refusal is about, where it names one."""
    field = getattr(error, "field", None)
    return [{"field": field, "message": str(error)}] if field else ()


def _is_bad_address(request: Request, error: Exception) -> bool:
    if not isinstance(error, RequestValidationError) or request.url.path.startswith("/api/"):
        return False
    return any(problem["loc"][0] == "path" for problem in error.errors())


def install(app: FastAPI, page: Callable[[Request, Problem], Response]) -> None:
    """Answer each kind of error as a problem to programs and through `page` to people."""

    def told(request: Request, problem: Problem) -> Response:
        return problem.as_json() if request.url.path.startswith("/api/") else page(request, problem)

    def answer(request: Request, error: Exception) -> Response:
        problem = NOWHERE if _is_bad_address(request, error) else problem_of(error)
        response = told(request, problem)
        if problem.status is HTTPStatus.SERVICE_UNAVAILABLE:
            response.headers["retry-after"] = RETRY_AFTER
        if isinstance(error, HTTPException):
            response.headers.update(error.headers or {})
        return response

    def fault(request: Request, _error: Exception) -> Response:
        response = told(request, FAULT)
        protect(response.headers, path=request.url.path, secure=request.app.state.settings.secure)
        return response

    kinds = [RequestValidationError, HTTPException, BadKey, *_SENTENCES, *(kind for kind, _ in TABLE)]
    for kind in kinds:
        app.add_exception_handler(kind, answer)
    app.add_exception_handler(Exception, fault)

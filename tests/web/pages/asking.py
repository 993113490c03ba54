"""A request as a person types it, for the tests of its form."""

from uuid import UUID

from httpx2 import Response
from starlette.testclient import TestClient

from marketplace.people import Viewer
from tests.web.clients import form
from tests.web.pages.markup import boxes

ASKED: dict[str, object] = {
    "title": "Weekday mornings",
    "about": "A calm start.\nThen the radio.",
    "hours.0.day": "weekdays",
    "hours.0.start": "8am",
    "hours.0.end": "12",
    "hours.1.day": "sat",
    "hours.1.start": "10pm",
    "hours.1.end": "6am",
    "rate": "£14.50",
    "starts_on.day": "30",
    "starts_on.month": "11",
    "starts_on.year": "2026",
    "ends_on.day": "",
    "ends_on.month": "",
    "ends_on.year": "",
    "required": ["hoist", "peg_feeding"],
    "wished": ["first_aid"],
    "hours_a_week": "12.5",
    "mostly": ["morning", "weekend"],
    "kind": "sleep_in",
    "people": ["two"],
    "checks": ["dbs_enhanced"],
    "languages": ["pl"],
    "languages_wished": ["cy", "en"],
    "contract": "self_employed",
    "home": ["cat", "parking"],
    "car": "own_car",
    "gender": "woman",
    "gender_reason": "Help with washing",
    "refuses": ["smokes"],
}
#: Outside of the form's own boxes: they are made anew for every page.
HIDDEN = {"csrf_token", "idempotency_key"}


def new_page(holder: Viewer) -> str:
    return f"/holders/{holder.holder_id}/needs/new"


def sent(client: TestClient, path: str, **changes: object) -> Response:
    fields = {**ASKED, **{name.replace("__", "."): value for name, value in changes.items()}}
    return client.post(path, data=form(client, fields))


def need_of(answer: Response) -> UUID:
    """The request that the answer leads to."""
    return UUID(answer.headers["location"].split("?")[0].removeprefix("/needs/"))


def shown(response: Response, path: str) -> dict[str, list[str]]:
    """What the form holds, empty boxes left out."""
    held = {name: values for name, values in boxes(response, path).items() if name not in HIDDEN and any(values)}
    return {name: [value for value in values if value] for name, values in held.items()}


def typed(fields: dict[str, object]) -> dict[str, list[str]]:
    values = {name: list(value) if isinstance(value, list) else [str(value)] for name, value in fields.items()}
    return {name: value for name, value in values.items() if any(value)}

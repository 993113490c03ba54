"""Answers to writes, by key, so that a request sent twice is done once and answered the same.

The key is claimed and the answer stored in the same transaction as the work: two at once wait for each other in
the database, and a crash leaves either both or nothing.
"""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import DateTime, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Field, Session, SQLModel, col, delete, select, update
from starlette.responses import Response

#: Longer than any browser or program tries again.
KEPT = timedelta(days=7)
LONGEST_KEY = 255
_HEADERS = ("content-type", "location")


class KeyMismatch(Exception):
    """The key came before with another request."""


class BadKey(ValueError):
    """There is no key, or it is not one."""


class StoredAnswer(SQLModel, table=True):
    """What was answered to one write of one person; the body is there once the write is done."""

    __tablename__ = "web_stored_answer"

    person_id: UUID = Field(foreign_key="marketplace_person.id", primary_key=True)
    key: str = Field(max_length=LONGEST_KEY, primary_key=True)
    fingerprint: str = Field(max_length=64)
    status: int | None = None
    headers: dict[str, str] = Field(default_factory=dict, sa_type=JSONB)
    body: bytes = Field(default=b"", sa_type=LargeBinary)
    stored_at: datetime = Field(sa_type=DateTime(timezone=True), index=True)


def checked(key: str | None) -> str:
    """The key, when it can be one.

    Raises:
        BadKey: missing, too long, or not printable.
    """
    if not key:
        raise BadKey("Send an Idempotency-Key header: any text of your own that is new for each thing you want done.")
    if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise BadKey(f"The Idempotency-Key must be at most {LONGEST_KEY} plain characters.")
    return key


def fingerprint(method: str, path: str, body: bytes) -> str:
    """What tells one request from another under the same key."""
    return hashlib.sha256(b"\n".join([method.encode(), path.encode(), body])).hexdigest()


def claim(session: Session, *, person_id: UUID, key: str, request: str, now: datetime) -> Response | None:
    """None when this request is the first with its key and is to be done; else the answer it had.

    Raises:
        KeyMismatch: the key belongs to another request.
    """
    row = {"person_id": person_id, "key": key, "fingerprint": request, "stored_at": now, "headers": {}, "body": b""}
    first = insert(StoredAnswer).values(row).on_conflict_do_nothing().returning(col(StoredAnswer.key))
    if session.connection().execute(first).first() is not None:
        return None
    earlier = session.exec(
        select(StoredAnswer).where(StoredAnswer.person_id == person_id, StoredAnswer.key == key)
    ).one()
    if earlier.fingerprint != request or earlier.status is None:
        raise KeyMismatch
    answer = Response(content=earlier.body, status_code=earlier.status, headers=earlier.headers)
    answer.headers["idempotent-replayed"] = "true"
    return answer


def store(session: Session, *, person_id: UUID, key: str, answer: Response) -> None:
    """Keep the answer for the next time the same request comes."""
    kept = {name: answer.headers[name] for name in _HEADERS if name in answer.headers}
    session.exec(
        update(StoredAnswer)
        .where(col(StoredAnswer.person_id) == person_id, col(StoredAnswer.key) == key)
        .values(status=answer.status_code, headers=kept, body=bytes(answer.body))
    )


def forget_old(session: Session, *, now: datetime) -> None:
    """Remove answers that nobody asks for again."""
    session.exec(delete(StoredAnswer).where(col(StoredAnswer.stored_at) < now - KEPT))

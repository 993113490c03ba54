"""Signing in without a password: a link by e-mail, good once and for a quarter of an hour, then a session here.

Only hashes are stored, so that a copy of the database signs nobody in.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import DateTime, func
from sqlmodel import Field, Session, SQLModel, col, delete, select

from marketplace.people import join

LINK_LASTS = timedelta(minutes=15)
SESSION_LASTS = timedelta(days=14)
#: Links to one address within the hour; more would be somebody else's nuisance.
LINKS_AN_HOUR = 5


class SignInLink(SQLModel, table=True):
    """A link that was mailed; spent when used."""

    __tablename__ = "web_sign_in_link"

    token_hash: str = Field(max_length=64, primary_key=True)
    email: str = Field(max_length=254, index=True)
    made_at: datetime = Field(sa_type=DateTime(timezone=True))
    used_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class SignedIn(SQLModel, table=True):
    """One browser or program in which a person is signed in."""

    __tablename__ = "web_signed_in"

    token_hash: str = Field(max_length=64, primary_key=True)
    person_id: UUID = Field(foreign_key="marketplace_person.id", index=True)
    expires_at: datetime = Field(sa_type=DateTime(timezone=True), index=True)


def hashed(token: str) -> str:
    """What is stored of a token; tokens are long and random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_link(session: Session, *, email: str, now: datetime) -> str | None:
    """A new token for a link to `email`; None when the address was sent too many of late."""
    address = email.strip().lower()
    recent = select(func.count()).where(SignInLink.email == address, SignInLink.made_at > now - timedelta(hours=1))
    if session.exec(recent).one() >= LINKS_AN_HOUR:
        return None
    token = secrets.token_urlsafe(32)
    session.add(SignInLink(token_hash=hashed(token), email=address, made_at=now))
    session.flush()
    return token


def redeem(session: Session, *, token: str, now: datetime) -> str | None:
    """Spend a link and sign its owner in, who joins by it when new; the session's token, None when it's no good."""
    found = select(SignInLink).where(SignInLink.token_hash == hashed(token)).with_for_update()
    link = session.exec(found).first()
    if link is None or link.used_at is not None or link.made_at <= now - LINK_LASTS:
        return None
    link.used_at = now
    session.add(link)
    person = join(session, email=link.email, name=link.email.partition("@")[0], now=now)
    return sign_in(session, person_id=person.id, now=now)


def sign_in(session: Session, *, person_id: UUID, now: datetime) -> str:
    """A new session's token; it is shown once and stored only as its hash."""
    token = secrets.token_urlsafe(32)
    session.add(SignedIn(token_hash=hashed(token), person_id=person_id, expires_at=now + SESSION_LASTS))
    session.flush()
    return token


def person_of(session: Session, *, token: str, now: datetime) -> UUID | None:
    """Whose session this is, while it lasts."""
    live = select(SignedIn.person_id).where(SignedIn.token_hash == hashed(token), SignedIn.expires_at > now)
    return session.exec(live).first()


def sign_out(session: Session, *, token: str) -> None:
    """End this session at once, everywhere its cookie may have been copied to."""
    session.exec(delete(SignedIn).where(col(SignedIn.token_hash) == hashed(token)))


def forget_old(session: Session, *, now: datetime) -> None:
    """Remove links and sessions that can no longer be used."""
    session.exec(delete(SignedIn).where(col(SignedIn.expires_at) <= now))
    session.exec(delete(SignInLink).where(col(SignInLink.made_at) <= now - timedelta(days=1)))

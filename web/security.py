"""Cookies, form tokens, requests from other sites, and the headers every answer carries."""

import hashlib
import hmac
from urllib.parse import urlsplit

from fastapi import Request, Response
from starlette.datastructures import FormData, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.sessions import SESSION_LASTS
from web.settings import Settings

#: Own files only, no code inside a page, no frame around it, forms to ourselves only.
POLICY = "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'"
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"


class Forged(Exception):
    """The request did not come from one of our own pages."""


def protect(headers: MutableHeaders, *, path: str, secure: bool) -> None:
    """Add `HEADERS` to an answer, and keep pages about people out of caches."""
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if not path.startswith("/static/"):
        headers.setdefault("cache-control", "no-store")
    if secure:
        headers["strict-transport-security"] = STRICT_TRANSPORT


class SecurityHeaders:
    """ASGI middleware that protects every answer but those to our own faults, which are made outside of it."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        self.secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; headers are added as the answer starts."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                protect(MutableHeaders(scope=message), path=scope["path"], secure=self.secure)
            await send(message)

        await self.app(scope, receive, with_headers)


# --- the session's cookie


def cookie_name(settings: Settings) -> str:
    """A `__Host-` cookie can't be set by another host of the domain; browsers take it over https only."""
    return "__Host-alongside" if settings.secure else "alongside"


def set_cookie(response: Response, settings: Settings, token: str) -> None:
    """Sign this browser in."""
    response.set_cookie(
        cookie_name(settings),
        token,
        max_age=int(SESSION_LASTS.total_seconds()),
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )


def clear_cookie(response: Response, settings: Settings) -> None:
    """Sign this browser out."""
    response.delete_cookie(cookie_name(settings), path="/", secure=settings.secure, httponly=True, samesite="lax")


def token_of(request: Request) -> str | None:
    """The session's token, from the cookie or, for programs, from `Authorization: Bearer`."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return request.cookies.get(cookie_name(request.app.state.settings))


# --- requests that a person did not mean


def refuse_other_sites(request: Request) -> None:
    """Nothing, when the request comes from our own pages or from no page at all.

    Raises:
        Forged: a browser says that another site sent it.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Forged
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise Forged


def csrf_token(request: Request) -> str:
    """What a form of this session carries; it can't be made without our key."""
    settings: Settings = request.app.state.settings
    key = settings.secret_key.get_secret_value().encode()
    return hmac.new(key, (request.state.token or "").encode(), hashlib.sha256).hexdigest()


def refuse_forged_form(request: Request, form: FormData) -> None:
    """Nothing, when the form carries its session's token.

    Raises:
        Forged: no token, or another session's.
    """
    given = form.get("csrf_token")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), csrf_token(request).encode()):
        raise Forged

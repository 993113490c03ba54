"""The mail with the link that signs somebody in."""

from urllib.parse import quote

from web.mail import Mail
from web.settings import Settings

_TEXT = """Hello,

open this page to sign in to Alongside:

{address}

It works once, in the next 15 minutes. If you did not ask for it, do nothing: nobody can sign in without it.

Help: {phone} or {email}
"""


def sign_in_address(settings: Settings, token: str, *, onto: str = "") -> str:
    """Where a link leads; `onto` is the page of ours to show after, as mail may be read on another device."""
    address = f"{settings.base_url.rstrip('/')}/sign-in/{token}"
    return f"{address}?next={quote(onto, safe='')}" if onto else address


def sign_in_mail(settings: Settings, *, to: str, token: str, onto: str = "") -> Mail:
    """The mail, without a name: we may not know whose address it is."""
    address = sign_in_address(settings, token, onto=onto)
    text = _TEXT.format(address=address, phone=settings.help_phone, email=settings.help_email)
    return Mail(to=to, subject="Sign in to Alongside", text=text)

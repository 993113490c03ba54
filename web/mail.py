"""Sending mail: a Protocol in our words, one adapter for a mail server, one that shows mail instead of sending it."""

import smtplib
import ssl
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from web.settings import Settings


@dataclass(frozen=True, slots=True)
class Mail:
    """One message in plain text."""

    to: str
    subject: str
    text: str


class Mailer(Protocol):
    """Whoever takes mail. Called after the commit, never inside a transaction."""

    def send(self, mail: Mail) -> None:
        """Hand the message over.

        Raises:
            OSError: it was not taken.
        """


class ConsoleMailer:
    """Shows mail on the console and keeps the last hundred for `/demo/mail`; nothing leaves this machine."""

    def __init__(self) -> None:
        self._kept: deque[Mail] = deque(maxlen=100)

    def send(self, mail: Mail) -> None:
        """Print and keep the message."""
        self._kept.appendleft(mail)
        print(f"\n--- mail to {mail.to}: {mail.subject}\n{mail.text}\n---", flush=True)

    @property
    def kept(self) -> Sequence[Mail]:
        """Newest first."""
        return list(self._kept)


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Sends through a mail server; `smtp://` upgrades to TLS where offered, `smtps://` starts with it."""

    url: str
    sender: str

    def send(self, mail: Mail) -> None:
        """Send the message, or raise what the server said; no password goes over an open line."""
        at = urlsplit(self.url)
        # without a context of its own smtplib looks at no certificate
        proof, encrypted = ssl.create_default_context(), at.scheme == "smtps"
        with _connected(at, proof) as server:
            server.ehlo()
            if not encrypted and server.has_extn("starttls"):
                server.starttls(context=proof)
                encrypted = True
            if at.username:
                if not encrypted:
                    raise smtplib.SMTPNotSupportedError("The mail server offers no TLS, so it gets no password.")
                server.login(unquote(at.username), unquote(at.password or ""))
            server.send_message(self._message(mail))

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, mail.to, mail.subject
        message.set_content(mail.text)
        return message


def _connected(at: SplitResult, proof: ssl.SSLContext) -> smtplib.SMTP:
    host, port = at.hostname or "127.0.0.1", at.port or 0
    if at.scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=10, context=proof)
    return smtplib.SMTP(host, port, timeout=10)


def mailer_for(settings: Settings) -> Mailer:
    """The adapter the settings ask for."""
    if settings.mail == "smtp":
        return SmtpMailer(settings.smtp_url, settings.mail_from)
    return ConsoleMailer()

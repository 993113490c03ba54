import shutil
import socketserver
import ssl
import subprocess
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from pathlib import Path
from threading import Thread

import pytest

from tests.web.clients import BASE, SECRET
from web.links import sign_in_mail
from web.mail import ConsoleMailer, Mail, SmtpMailer, mailer_for
from web.settings import Settings

MAIL = Mail(to="sam@example.org", subject="Sign in to Alongside – now", text="Hello,\n\n.a line with a dot\nGrüße 🙂\n")


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as our mailer asks for, and writes down what it is told."""

    daemon_threads = True

    def __init__(self, *, offers: str = "", refuses: str = "", certificate: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.offers, self.refuses, self.certificate = offers, refuses, certificate
        self.commands: list[str] = []
        self.messages: list[bytes] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.say("220 ready")
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            self.server.commands.append(line)
            verb = line.upper().split(" ", 1)[0]
            if verb == self.server.refuses:
                self.say("550 no")
            elif verb == "EHLO":
                self.say(f"250-here\r\n250 {self.server.offers or 'SIZE'}")
            elif verb == "STARTTLS":
                self.say("220 go on")
                self.encrypt()
                return  # nobody trusts us, so nothing comes after it
            elif verb == "DATA":
                self.say("354 go on")
                self.server.messages.append(self.data())
                self.say("250 taken")
            else:
                self.say({"QUIT": "221 bye", "AUTH": "235 welcome"}.get(verb, "250 fine"))

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def data(self) -> bytes:
        lines = iter(self.rfile.readline, b".\r\n")
        return b"".join(line.removeprefix(b".") for line in lines)

    def encrypt(self) -> None:
        assert self.server.certificate is not None
        try:
            self.server.certificate.wrap_socket(self.connection, server_side=True).close()
        except OSError as error:  # the client hung up: that is what the test looks for
            self.server.commands.append(type(error).__name__)


@pytest.fixture
def opened() -> Iterator[Callable[[MailServer], MailServer]]:
    """Runs a mail server until the test ends."""
    servers: list[MailServer] = []

    def run(server: MailServer) -> MailServer:
        servers.append(server)
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return server

    yield run
    for server in servers:
        server.shutdown()
        server.server_close()


Opened = Callable[[MailServer], MailServer]


def test_a_mail_arrives_as_it_was_written(opened: Opened) -> None:
    server = opened(MailServer())
    SmtpMailer(f"smtp://127.0.0.1:{server.port}", "Alongside <no-reply@example.org>").send(MAIL)
    [raw] = server.messages
    read = message_from_bytes(raw, policy=policy.default)
    assert (read["To"], read["From"]) == (MAIL.to, "Alongside <no-reply@example.org>")
    assert read["Subject"] == MAIL.subject
    assert read.get_content().replace("\r\n", "\n") == MAIL.text
    # smtplib writes the verb in capitals or not, by the version of Python
    assert "rcpt to:<sam@example.org>" in [command.lower() for command in server.commands]


def test_a_name_and_password_are_shown_to_no_open_line(opened: Opened) -> None:
    server = opened(MailServer(offers="AUTH PLAIN LOGIN"))
    with pytest.raises(OSError, match="no TLS"):
        SmtpMailer(f"smtp://user:secret@127.0.0.1:{server.port}", "a@example.org").send(MAIL)
    assert not any(line.startswith("AUTH") for line in server.commands)
    assert server.messages == []


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate that nobody trusts")
def test_a_server_whose_certificate_nobody_trusts_gets_neither_password_nor_mail(
    opened: Opened, tmp_path: Path
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            *[
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "1",
            ],
            *["-subj", "/CN=127.0.0.1", "-keyout", str(key), "-out", str(certificate)],
        ],
        check=True,
        capture_output=True,
    )
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(certificate, key)
    server = opened(MailServer(offers="STARTTLS", certificate=ours))
    with pytest.raises(ssl.SSLCertVerificationError):
        SmtpMailer(f"smtp://user:secret@127.0.0.1:{server.port}", "a@example.org").send(MAIL)
    assert server.messages == []


@pytest.mark.parametrize("refuses", ["MAIL", "RCPT", "DATA"])
def test_mail_that_was_not_taken_is_not_taken_for_sent(opened: Opened, refuses: str) -> None:
    server = opened(MailServer(refuses=refuses))
    with pytest.raises(OSError, match="no"):
        SmtpMailer(f"smtp://127.0.0.1:{server.port}", "a@example.org").send(MAIL)
    assert server.messages == []


def test_a_server_that_is_not_there_is_an_error() -> None:
    with MailServer() as closed:
        port = closed.port
    with pytest.raises(OSError, match="refused"):
        SmtpMailer(f"smtp://127.0.0.1:{port}", "a@example.org").send(MAIL)


@pytest.mark.parametrize("field", ["to", "subject"])
def test_nobody_slips_another_header_in(opened: Opened, field: str) -> None:
    server = opened(MailServer())
    wrong = {"to": MAIL.to, "subject": MAIL.subject, "text": MAIL.text, field: "a@example.org\r\nBcc: b@example.org"}
    with pytest.raises(ValueError, match=r"newline|linefeed"):
        SmtpMailer(f"smtp://127.0.0.1:{server.port}", "a@example.org").send(Mail(**wrong))
    assert server.messages == []


def test_the_console_shows_mail_and_keeps_the_last_hundred(capsys: pytest.CaptureFixture[str]) -> None:
    mailer = ConsoleMailer()
    for at in range(101):
        mailer.send(Mail(to=f"{at}@example.org", subject="S", text=f"Text {at}"))
    assert (len(mailer.kept), mailer.kept[0].to, mailer.kept[-1].to) == (100, "100@example.org", "1@example.org")
    assert "mail to 7@example.org: S\nText 7" in capsys.readouterr().out


@pytest.mark.parametrize(("mail", "kind"), [("console", ConsoleMailer), ("smtp", SmtpMailer)])
def test_the_settings_choose_who_sends(mail: str, kind: type) -> None:
    chosen = Settings.model_validate({"DATABASE_URL": "postgresql+psycopg://a@b/c", "secret_key": SECRET, "mail": mail})
    assert isinstance(mailer_for(chosen), kind)


def test_the_mail_with_a_link_says_where_it_leads_and_for_how_long() -> None:
    settings = Settings(DATABASE_URL="postgresql+psycopg://a@b/c", secret_key=SECRET, base_url=BASE)
    mail = sign_in_mail(settings, to="sam@example.org", token="abc")
    assert f"{BASE}/sign-in/abc\n" in mail.text
    assert "15 minutes" in mail.text
    assert settings.help_phone in mail.text
    assert (mail.to, mail.subject) == ("sam@example.org", "Sign in to Alongside")

"""What can be set from outside; nothing below `web` reads the environment."""

from functools import cached_property
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

#: Where the demo's people have their mail: a name that is nobody's for ever (RFC 2606).
DEMO_DOMAIN = "demo.alongside.example"
#: The web address may be plain http only here, where nobody else can listen in.
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Settings(BaseSettings):
    """Read from the environment, names as here in capitals with ALONGSIDE_ before them, but for DATABASE_URL."""

    model_config = SettingsConfigDict(env_prefix="ALONGSIDE_", extra="ignore", populate_by_name=True)

    #: The application's own role, neither superuser nor owner of a table.
    database_url: str = Field(validation_alias="DATABASE_URL")
    #: At least 32 characters; form tokens are made with it.
    secret_key: SecretStr = Field(min_length=32)
    base_url: str = "http://127.0.0.1:8000"
    mail: Literal["console", "smtp"] = "console"
    smtp_url: str = "smtp://127.0.0.1:25"
    mail_from: str = "Alongside <no-reply@alongside.example>"
    gateway: Literal["simulated"] = "simulated"
    help_phone: str = "0800 000 0000"
    help_email: str = "help@alongside.example"
    demo: bool = False

    @model_validator(mode="after")
    def _private(self) -> "Settings":
        at = urlsplit(self.base_url)
        if at.scheme != "https" and at.hostname not in LOOPBACK:
            raise ValueError("ALONGSIDE_BASE_URL must start with https://, except on this machine itself.")
        if self.demo and at.hostname not in LOOPBACK:
            raise ValueError("The demo signs anybody in, so it runs on this machine only.")
        return self

    @cached_property
    def secure(self) -> bool:
        """Whether pages come over https, so that cookies may insist on it."""
        return urlsplit(self.base_url).scheme == "https"

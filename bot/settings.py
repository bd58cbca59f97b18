"""Every setting, once, with its help text. Read from the environment; the token is enough."""

import functools
import os
import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsError(Exception):
    """A setting is missing or can't be used; the process does not start."""


# The path of a Unix socket holds 104 bytes on macOS and 108 on Linux; ours stands in the folder.
LONGEST_FOLDER = 86
POSTGRESQL = ("postgresql://", "postgres://")
TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{30,}")


def well_formed(token: SecretStr) -> SecretStr:
    """Refuse what can't be a token, without showing it."""
    if not TOKEN.fullmatch(token.get_secret_value()):
        raise ValueError
    return token


def of_postgresql(url: SecretStr | None) -> SecretStr | None:
    """Refuse an address that isn't PostgreSQL's or can't be read, without showing it."""
    if url and not is_postgresql(url.get_secret_value()):
        raise ValueError
    return url


def is_postgresql(url: str) -> bool:
    """Tell whether an address is one of a PostgreSQL database, and can be read."""
    from storage.database import can_be_read

    return url.startswith(POSTGRESQL) and can_be_read(url)


def short_enough(folder: Path) -> Path:
    """Refuse a folder in which the control socket could not be made."""
    if len(os.fsencode(folder)) > LONGEST_FOLDER:
        raise ValueError
    return folder


class Settings(BaseSettings):
    """The settings of a running bot. Each is an environment variable SAMLENG_…"""

    model_config = SettingsConfigDict(env_prefix="SAMLENG_", frozen=True)

    bot_token: Annotated[SecretStr, AfterValidator(well_formed)] = Field(
        description="The token that @BotFather gave the bot."
    )
    api_url: str = Field(
        "https://api.telegram.org",
        pattern=r"^https?://",
        description="The Bot API server; another one for tests or an own server.",
    )
    data_dir: Annotated[Path, AfterValidator(short_enough)] = Field(
        Path("samleng-data"),
        description="The folder of the database, the key and the files; "
        "its name is shorter than 87 bytes.",
    )
    key_file: Path | None = Field(
        None, description="The secret key, if it shall not lie in the data folder."
    )
    database_url: Annotated[SecretStr | None, AfterValidator(of_postgresql)] = Field(
        None,
        description="postgresql://… if the database shall be a server's, not a file in the folder.",
    )
    webhook_url: str | None = Field(
        None,
        pattern=r"^https?://",
        description="The public https address that leads to our port, if Telegram shall post "
        "updates instead of being asked for them; it ends in /telegram.",
    )
    webhook_port: int = Field(
        8443, ge=0, le=65535, description="The port on the loopback address for such posts."
    )
    rate: float = Field(
        25.0, gt=0, description="Reminders and broadcasts a second; replies aren't counted."
    )
    chat_rate: float = Field(1.0, gt=0, description="Messages a second to one chat, after a burst.")
    chat_burst: float = Field(8.0, ge=1, description="Messages that one chat may get at once.")
    person_rate: float = Field(
        1.0, gt=0, description="Updates a second that are taken from one person, after a burst."
    )
    person_burst: float = Field(
        20.0, ge=1, description="Updates that are taken from one person at once."
    )
    log_level: str = Field(
        "INFO", pattern="^(INFO|WARNING|ERROR)$", description="INFO, WARNING or ERROR."
    )

    @property
    def database(self) -> str | None:
        """The address of the database's server, where it isn't a file."""
        return _address(self.database_url)

    @property
    def bot_id(self) -> int:
        """The bot's own Telegram id, the first part of its token."""
        return int(self.bot_token.get_secret_value().partition(":")[0])


def data_dir() -> Path:
    """Return the data folder for commands that need no token."""
    return _folder().data_dir


class _Folder(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SAMLENG_", extra="ignore")

    data_dir: Path = Settings.model_fields["data_dir"].default
    key_file: Path | None = None
    database_url: Annotated[SecretStr | None, AfterValidator(of_postgresql)] = None


def _folder() -> _Folder:
    try:
        return _Folder()
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from None


class _Rate(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SAMLENG_", extra="ignore")

    rate: Annotated[float, Field(gt=0)] = Settings.model_fields["rate"].default


def rate() -> float:
    """Return the rate for commands that need no token."""
    try:
        return _Rate().rate
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from None


def key_file() -> Path | None:
    """Return the key file for commands that need no token."""
    return _folder().key_file


def database_url() -> str | None:
    """Return the address of the database's server, for commands that need no token."""
    return _address(_folder().database_url)


def _address(url: SecretStr | None) -> str | None:
    return url.get_secret_value() if url else None


@functools.cache
def read() -> Settings:
    """Read the settings, or say in one sentence what is wrong."""
    try:
        return Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from None


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    name = f"SAMLENG_{str(first['loc'][0]).upper()}"
    help_text = Settings.model_fields[str(first["loc"][0])].description
    state = "is missing" if first["type"] == "missing" else "can't be used as it is"
    return f"{name} {state}. {help_text}"

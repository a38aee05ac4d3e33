"""Settings: flags over the environment (`ABDUCE_*`) over `abduce.toml` in the working folder."""

from __future__ import annotations

import hashlib
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit, urlunsplit

import platformdirs
from pydantic import Field, SecretStr, StringConstraints, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from kg import UsageError
from kg.store import LONGEST

SETTINGS_FILE = "abduce.toml"
Device = Literal["auto", "cpu", "cuda"]


class Settings(BaseSettings):
    """What holds where no flag says otherwise.

    There is no flag for a password, because a flag ends up in the shell's history and in the
    list of processes: it comes from `ABDUCE_PASSWORD`, from `abduce.toml`, or from the address.
    The flags of the command line take their help from here.
    """

    model_config = SettingsConfigDict(
        env_prefix="ABDUCE_",
        env_ignore_empty=True,
        toml_file=SETTINGS_FILE,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )

    graph: str | None = None
    """A folder (embedded store) or a Bolt address."""
    user: str | None = None
    """Who to be on a server, with ABDUCE_PASSWORD."""
    password: SecretStr | None = None
    """That user's password."""
    read_user: str | None = None
    """Who to be on a server for everything that only reads."""
    read_password: SecretStr | None = None
    """That user's password."""
    database: str | None = None
    """A database of a server, if not its default one."""
    ca_certificate: Path | None = None
    """A PEM file with the certificate that signed the server's."""
    who: Annotated[str, StringConstraints(strip_whitespace=True)] | None = None
    """Who changes the graph, as its runs say, if not the login name."""
    pack: str | None = None
    """An installed pack, or a pack's folder."""
    device: Device = "auto"
    """Where the model runs."""
    data: Path | None = None
    """Where the corpora lie."""
    query_timeout: float = Field(default=60.0, gt=0, le=LONGEST)
    """Stop a query after so many seconds."""
    query_limit: int = Field(default=10_000, ge=1, le=sys.maxsize)
    """Take so many rows of a query."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 -- the library names it
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 -- the library names it
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags first, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


@dataclass(frozen=True, slots=True)
class Connection:
    """Where a graph is, and as whom to go there. `where` never holds a password."""

    where: str
    user: str | None
    password: SecretStr | None
    read_user: str | None = None
    read_password: SecretStr | None = None
    database: str | None = None
    ca_certificate: Path | None = None
    who: str | None = None

    @property
    def secret(self) -> str | None:
        """The password itself, for the one call that needs it."""
        return self.password.get_secret_value() if self.password else None


def read_settings(**flags: object) -> Settings:
    """Read the settings; a flag that is None was not given.

    Raises:
        UsageError: a setting has a value that it cannot have, or the file is not TOML.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)
        )
        msg = f"settings (flags, ABDUCE_*, {SETTINGS_FILE}): {faults}"
        raise UsageError(msg) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{SETTINGS_FILE} is not TOML: {error}; correct it or move it away"
        raise UsageError(msg) from error


def read_connection(
    graph: str | None = None, user: str | None = None, database: str | None = None
) -> Connection:
    """Return where the graph is, from the flags and the settings.

    A user and a password in the address (`bolt://user:password@host`) are taken out of it.

    Raises:
        UsageError: no graph is named anywhere, or the address cannot be read.
    """
    settings = read_settings(graph=graph, user=user, database=database)
    if not settings.graph:
        msg = (
            "no graph is named: give --graph with a folder or a Bolt address "
            f"(bolt://host:7687), set ABDUCE_GRAPH, or write graph = ... into {SETTINGS_FILE}"
        )
        raise UsageError(msg)
    where, address_user, address_password = _split_address(settings.graph)
    return Connection(
        where=where,
        user=user or address_user or settings.user,
        password=SecretStr(address_password) if address_password else settings.password,
        read_user=settings.read_user,
        read_password=settings.read_password,
        database=settings.database,
        ca_certificate=settings.ca_certificate,
        who=settings.who,
    )


def chosen_pack(flag: str | None) -> str:
    """Return the pack's name from its flag, else from the settings.

    Raises:
        UsageError: no pack is named anywhere.
    """
    pack = read_settings(pack=flag).pack
    if not pack:
        msg = "no pack is named: give --pack, set ABDUCE_PACK, or write pack = ... into"
        raise UsageError(f"{msg} {SETTINGS_FILE}")
    return pack


def shards_folder(where: str | Path) -> Path:
    """Return the folder that keeps the annotation shards of what `build` put into a graph.

    It lies in the graph's own folder; for a server, in the user's state folder, one an address.
    """
    if "://" not in str(where):
        return Path(where) / "shards"
    key = hashlib.sha256(str(where).encode()).hexdigest()[:16]
    return platformdirs.user_state_path("abduce") / "shards" / key


def _split_address(where: str) -> tuple[str, str | None, str | None]:
    scheme, is_address, rest = where.partition("://")
    if not is_address:
        return where, None, None
    try:
        parts = urlsplit(where)
        host = parts.hostname
        port = parts.port
    except ValueError:
        host, port = None, None
    if not host or "@" in rest.partition("/")[2]:
        # The value is not shown: it may hold a password.
        msg = f"the address of the graph is not one of the form {scheme}://host:port; a password "
        msg += "with / @ : in it is better put into ABDUCE_PASSWORD"
        raise UsageError(msg)
    credentials, _, _ = parts.netloc.rpartition("@")
    user, _, password = credentials.partition(":")
    shown_host = f"[{host}]" if ":" in host else host
    place = shown_host if port is None else f"{shown_host}:{port}"
    clean = urlunsplit((parts.scheme, place, parts.path, parts.query, parts.fragment))
    return clean, unquote(user) or None, unquote(password) or None

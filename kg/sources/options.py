"""Options of a curated source: what the caller says of it goes before what its content says."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import ConfigDict, Field, field_validator, model_validator

from kg.errors import PropertyError, UsageError
from kg.models import Model
from kg.store import valid_label

MAX_VERSION = 200
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")


class SourceOptions(Model):
    """Options of a curated source; the text under each is what a person who gives it is told.

    Raises:
        UsageError: a name, a version, a date or a label that cannot be one.
    """

    model_config = ConfigDict(use_attribute_docstrings=True)

    format: str | None = None
    """shards, export, hetionet, kgx, obo, owl, skos, rdf or table; else by content."""
    mapping: Path | None = None
    """TOML: what the columns of a table mean."""
    source: str | None = None
    """The source's name; else what it says."""
    version: str | None = None
    """Its version, which replaces any other one of that name; else what it says."""
    licence: str | None = None
    """Its licence; else what it says."""
    date: str | None = None
    """Its date, as 2016-09-19; else what it says."""
    types: Mapping[str, str] = Field(default_factory=dict)
    """The label of what the source calls FROM; * stands for all others."""

    @field_validator("types", mode="before")
    @classmethod
    def _as_mapping(cls, types: object) -> object:
        """Return a list of texts FROM=TO, as a command line gives it, as a mapping."""
        return dict(map(_label, types)) if isinstance(types, list) else types or {}

    @model_validator(mode="after")
    def _check(self) -> Self:
        name, version, date = self.source, self.version, self.date
        if name is not None and (not name or source_name(name) != name):
            form = "it is made of letters, digits, dots, hyphens and underscores, as in doid"
            raise UsageError(f"{name!r} cannot be the name of a source; {form}")
        if version is not None and not (version.isprintable() and 0 < len(version) <= MAX_VERSION):
            form = f"it is one line of up to {MAX_VERSION} characters, as in 2016-09-01"
            raise UsageError(f"{version[:MAX_VERSION]!r} cannot be the version of a source; {form}")
        if date is not None and not is_date(date):
            form = "it is a year, a month or a day, as in 2016, 2016-09 or 2016-09-19"
            raise UsageError(f"{date[:MAX_VERSION]!r} cannot be the date of a source; {form}")
        for label in self.types.values():
            try:
                valid_label(label)
            except PropertyError as error:
                raise UsageError(str(error)) from error
        return self

    @property
    def describes(self) -> bool:
        """Whether anything but the format is said of the source."""
        return any(value for name, value in self if name != "format")


def source_name(text: str) -> str:
    """Return a text as the name of a source; empty if nothing of it can stand in one."""
    return _NOT_IN_A_NAME.sub("-", text).strip("-._")


def is_date(text: str) -> bool:
    """Whether a text is a year, a month or a day of ISO 8601: `2016`, `2016-09`, `2016-09-19`."""
    if not _DATE.fullmatch(text):
        return False
    try:
        dt.date.fromisoformat(text + "0001-01-01"[len(text) :])
    except ValueError:
        return False
    return True


def _label(given: str) -> tuple[str, str]:
    name, equals, label = (part.strip() for part in given.partition("="))
    if not (name and equals and label):
        raise UsageError(f"--type {given!r}: the form is FROM=TO, as in Compound=Chemical")
    return name, label

"""What the columns of a table mean: a TOML file, checked against the table before it is read."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from kg.curated_models import CURATED_ERROR, SourceName
from kg.domain import Label, RelationName
from kg.errors import UnreadableFileError, nearest_names
from kg.files import open_source, shown
from kg.models import Model, Polarity, Probability
from kg.sources.request import is_date

MAX_MAPPING = 1 << 20


class MappedSource(Model):
    """What the table is: the words of `kg.curated_models.Source`."""

    name: SourceName | None = None
    version: str = ""
    licence: str | None = None
    title: str = ""
    date: str | None = None
    error: Probability = CURATED_ERROR

    @field_validator("date", mode="before")
    @classmethod
    def _day(cls, said: Any) -> Any:
        text = said.isoformat() if isinstance(said, dt.date) else said  # TOML has dates of its own
        if isinstance(text, str) and not is_date(text):
            form = "a year, a month or a day, as in 2016, 2016-09 or 2016-09-19"
            raise ValueError(f"{text!r} is no date; it is {form}")
        return text


class End(Model):
    """Where the subject or the object stands.

    Args:
        column: the column of its id.
        prefix: goes before ids that have none: `DRUGBANK`.
        template: what becomes of the id instead, `{}` being what stands in the column.
        type: its label; or `type_column` is the column that says it, and `types` the label for
            each value there (where a value is not named, it is put in CamelCase).
        name: the column of its name.
    """

    column: str
    prefix: str = ""
    template: str = ""
    type: Label | None = None
    type_column: str | None = None
    types: dict[str, Label] = Field(default_factory=dict)
    name: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.type is None) == (self.type_column is None):
            raise ValueError("give either `type` or `type_column`")
        if self.types and self.type_column is None:
            raise ValueError("`types` is for a `type_column`, and none is given")
        if self.prefix and self.template:
            raise ValueError("give either `prefix` or `template`")
        if self.template and self.template.count("{}") != 1:
            raise ValueError(f"template {self.template!r} must hold {{}} once")
        return self


class MappedPredicate(Model):
    """What a value of the predicate's column means."""

    predicate: RelationName
    polarity: Polarity = Polarity.SUPPORTS


class Relation(Model):
    """The relation of each row.

    Args:
        fixed: the relation of all rows; or `column` is where it stands, and `values` says what
            the values there mean. Rows with a value in `ignore` are left out.
    """

    fixed: RelationName | None = None
    column: str | None = None
    values: dict[str, RelationName | MappedPredicate] = Field(default_factory=dict)
    ignore: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.fixed is None) == (self.column is None):
            raise ValueError("give either `fixed` or `column`")
        if self.column is not None and not self.values:
            raise ValueError("`column` needs `values`: what each value there means")
        if self.column is None and (self.values or self.ignore):
            raise ValueError("`values` and `ignore` are for a `column`, and none is given")
        return self

    def meanings(self) -> dict[str, MappedPredicate]:
        """Return what each value of the column means; of "" where it is fixed."""
        if self.fixed is not None:
            return {"": MappedPredicate(predicate=self.fixed)}
        return {
            value: said if isinstance(said, MappedPredicate) else MappedPredicate(predicate=said)
            for value, said in self.values.items()
        }


class Words(Model):
    """How a relation reads, for the schema: the words of `kg.Signature` and `kg.RelationType`."""

    reading: str = ""
    sign: Literal[-1, 0, 1] = 0
    symmetric: bool = False


class TableMapping(Model):
    """What a table says, row by row."""

    source: MappedSource = MappedSource()
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    quote: str = Field(default='"', max_length=1)
    null: tuple[str, ...] = ("",)
    keep: tuple[str, ...] = ()
    subject: End
    predicate: Relation
    object: End
    relations: dict[RelationName, Words] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _relations_occur(self) -> Self:
        known = sorted({meaning.predicate for meaning in self.predicate.meanings().values()})
        for name in self.relations:
            if name not in known:
                listed = ", ".join(known)
                raise ValueError(f"relations.{name} is the relation of no row; there are {listed}")
        return self

    def columns(self) -> dict[str, str]:
        """Return every column that is named, by the key that names it."""
        named = {
            f"{side}.{key}": getattr(end, key)
            for side, end in (("subject", self.subject), ("object", self.object))
            for key in ("column", "type_column", "name")
        }
        named["predicate.column"] = self.predicate.column
        named |= {f"keep.{number}": column for number, column in enumerate(self.keep)}
        return {key: column for key, column in named.items() if column is not None}


def read_mapping(path: Path) -> TableMapping:
    """Read a mapping.

    Raises:
        UnreadableFileError: it is no TOML, or says what no mapping can say; the message names
            each key, what is wrong with it, and the nearest key where it is not known.
    """
    name = shown(path)
    with open_source(path) as opened:
        data = opened.whole(MAX_MAPPING)
    try:
        return TableMapping.model_validate(tomllib.loads(data.decode("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableFileError(name, "", f"is no TOML: {error}") from error
    except ValidationError as error:
        problems = "; ".join(_problem(dict(problem)) for problem in error.errors())
        raise UnreadableFileError(name, "", f"is no mapping of a table: {problems}") from error


def check_columns(mapping: TableMapping, path: Path, table: str, columns: Iterable[str]) -> None:
    """Look whether a table has every column that a mapping names.

    Raises:
        UnreadableFileError: it does not; the message names the column, those of the table, and
            the nearest of them.
    """
    there = list(columns)
    for key, column in mapping.columns().items():
        if column not in there:
            nearest = nearest_names(column, there, n=1)
            hint = f"; did you mean {nearest[0]!r}?" if nearest else ""
            listed = ", ".join(map(repr, there))
            reason = f"{table} has no column {column!r}{hint} Its columns: {listed}"
            raise UnreadableFileError(shown(path), key, reason.replace("' Its", "'. Its"))


def _problem(problem: dict[str, Any]) -> str:
    place = ".".join(str(part) for part in problem["loc"]) or "the mapping"
    if problem["type"] == "extra_forbidden":
        known = _keys(problem["loc"][:-1])
        nearest = nearest_names(str(problem["loc"][-1]), known, n=1)
        hint = f"did you mean {nearest[0]!r}?" if nearest else f"there are {', '.join(known)}"
        return f"{place} is no key here; {hint}"
    if problem["type"] == "missing":
        return f"{place} is missing"
    return f"{place}: {str(problem['msg']).removeprefix('Value error, ')}"


def _keys(where: tuple[int | str, ...]) -> list[str]:
    tables: dict[str, type[Model]] = {
        "source": MappedSource,
        "subject": End,
        "object": End,
        "predicate": Relation,
        "relations": Words,
    }
    model = tables.get(str(where[0]), TableMapping) if where else TableMapping
    return list(model.model_fields)

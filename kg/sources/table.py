"""Any table of pairs, as CSV, TSV or Parquet: a mapping says what its columns mean.

See `samples/curated` for mappings, and `kg.sources.table_mapping` for all that one can say.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kg.curated_models import Fact, Term
from kg.domain import Domain, EntityType, RelationType, Signature
from kg.errors import UnreadableFileError, UsageError
from kg.files import shown
from kg.identifiers import is_curie
from kg.prefixes import normalise_curie
from kg.sources.asked import Asked, Format, label_of, shown_name
from kg.sources.curated_source import CuratedSource
from kg.sources.details import as_details
from kg.sources.table_mapping import End, TableMapping, check_columns, read_mapping
from kg.sources.table_rows import Row, columns_of, rows_of


def _takes(_path: Path, _head: str) -> bool:
    # Which of its columns is a subject is not to be seen in a table.
    return False


def _read(asked: Asked) -> CuratedSource:
    if asked.options.mapping is None:
        raise UsageError("a table needs a mapping that says what its columns mean (--mapping FILE)")
    mapping = read_mapping(asked.options.mapping)
    for path in asked.paths:
        check_columns(mapping, asked.options.mapping, shown(path), columns_of(path, mapping))
    table = _Table(asked, mapping)
    said = mapping.source
    source = asked.source(
        "table",
        name=said.name or "",
        version=said.version,
        licence=said.licence,
        title=said.title,
        date=said.date,
        error=said.error,
    )
    return CuratedSource(
        source=source,
        domain=table.domain(source.name),
        terms=table.terms,
        facts=table.facts,
        named_by_file=asked.names_by_file(said.name or ""),
    )


class _Table:
    """The rows of one table, in any number of files with the same columns."""

    def __init__(self, asked: Asked, mapping: TableMapping) -> None:
        self._asked = asked
        self._mapping = mapping
        self._meanings = mapping.predicate.meanings()

    def terms(self) -> Iterator[Term]:
        """Yield a term for each entity: its type is that of its first row, its name the first one.

        Those that no row names come last.
        """
        seen: set[str] = set()
        nameless: dict[str, tuple[str, str]] = {}  # the type and the row of each
        for path, row in self._rows():
            if self._ignored(row):
                continue
            for end in (self._mapping.subject, self._mapping.object):
                try:
                    id_ = _id(end, row)
                    name = row.values.get(end.name, "") if end.name else ""
                    if id_ in seen or (id_ in nameless and not name):
                        continue
                    type_, place = nameless.get(id_) or (
                        self._type(end, row),
                        f"{shown_name(path)} {row.where}",
                    )
                except ValueError as error:
                    self._asked.fail(path, row.where, str(error))
                    continue
                if name:
                    nameless.pop(id_, None)
                    seen.add(id_)
                    yield Term(id=id_, type=type_, name=name, row=place)
                else:
                    nameless[id_] = (type_, place)
        for id_, (type_, place) in nameless.items():
            yield Term(id=id_, type=type_, row=place)

    def facts(self) -> Iterator[Fact]:
        """Yield a fact for each row."""
        for path, row in self._rows():
            if self._ignored(row):
                continue
            try:
                yield self._fact(path, row)
            except ValueError as error:
                self._asked.fail(path, row.where, str(error))

    def domain(self, name: str) -> Domain | None:
        """Return the schema that the mapping shows; None where types stand in columns."""
        subject, object_ = self._mapping.subject.type, self._mapping.object.type
        if subject is None or object_ is None:
            return None
        pair = [self._asked.label(label, default=label) for label in (subject, object_)]
        predicates = sorted({meaning.predicate for meaning in self._meanings.values()})
        self._refuse_one_name_for_two(pair, predicates)
        return Domain(
            name=name,
            version=self._mapping.source.version or "1",
            types={label: EntityType() for label in pair},
            relations={predicate: self._relation(predicate, *pair) for predicate in predicates},
        )

    def _refuse_one_name_for_two(self, labels: list[str], predicates: list[str]) -> None:
        by_name = {label.casefold(): label for label in labels}
        for predicate in predicates:
            if label := by_name.get(predicate.casefold()):
                reason = f"the relation {predicate} has the name of the type {label}; call one of "
                reason += "them otherwise (a type also by --type)"
                raise UnreadableFileError(
                    shown(self._asked.options.mapping or self._asked.paths[0]), "predicate", reason
                )

    def _relation(self, predicate: str, subject: str, object_: str) -> RelationType:
        words = self._mapping.relations.get(predicate)
        reading = words.reading if words else ""
        signature = Signature(
            subject=subject,
            object=object_,
            reading=reading or predicate.replace("_", " ").lower(),
        )
        return RelationType(
            sign=words.sign if words else 0,
            symmetric=words.symmetric if words else False,
            signatures=(signature,),
        )

    def _rows(self) -> Iterator[tuple[Path, Row]]:
        for path in self._asked.paths:
            for row in rows_of(path, self._mapping, self._asked):
                yield path, row

    def _ignored(self, row: Row) -> bool:
        relation = self._mapping.predicate
        return relation.column is not None and (
            row.values.get(relation.column, "") in relation.ignore
        )

    def _type(self, end: End, row: Row) -> str:
        if end.type is not None:
            return self._asked.label(end.type, default=end.type)
        said = _value(row, end.type_column or "")
        label = end.types.get(said) or label_of(said)
        if not label:
            raise ValueError(f"{said!r} in column {end.type_column!r} cannot be a type")
        return self._asked.label(said, label, default=label)

    def _fact(self, path: Path, row: Row) -> Fact:
        column = self._mapping.predicate.column
        said = "" if column is None else _value(row, column)
        meaning = self._meanings.get(said)
        if meaning is None:
            known = ", ".join(map(repr, self._meanings))
            reason = f"{said!r} in column {column!r} has no meaning in the mapping"
            raise ValueError(f"{reason}; these have: {known}")
        return Fact(
            subject=_id(self._mapping.subject, row),
            predicate=meaning.predicate,
            object=_id(self._mapping.object, row),
            polarity=meaning.polarity,
            row=f"{shown_name(path)} {row.where}",
            details=as_details({c: row.values[c] for c in self._mapping.keep if c in row.values}),
        )


def _value(row: Row, column: str) -> str:
    value = row.values.get(column)
    if value is None:
        raise ValueError(f"column {column!r} is empty")
    return value


def _id(end: End, row: Row) -> str:
    value = _value(row, end.column)
    if end.template:
        value = end.template.replace("{}", value)
    elif end.prefix and not is_curie(value):
        value = f"{end.prefix}:{value}"
    curie = normalise_curie(value)
    if not is_curie(curie):
        remedy = "say its prefix in the mapping (`prefix = ...`)"
        raise ValueError(f"{value[:200]!r} in column {end.column!r} is no CURIE; {remedy}")
    return curie


TABLE = Format("table", "a table as CSV, TSV or Parquet, by a mapping", _takes, _read)

"""Any table of pairs, as CSV, TSV or Parquet: a mapping says what its columns mean.

See `samples/curated` for mappings, and `kg.sources.table_mapping` for all that one can say.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from kg.curated_models import Fact, Term
from kg.domain import Domain, EntityType, RelationType, Signature
from kg.errors import UnreadableFileError, UsageError
from kg.files import shown
from kg.identifiers import is_curie
from kg.prefixes import normalise_curie
from kg.sources.curated_source import Content
from kg.sources.details import as_details
from kg.sources.request import Format, SourceRequest, label_of, shown_name
from kg.sources.table_mapping import End, TableMapping, check_columns, read_mapping
from kg.sources.table_rows import Row, columns_of, rows_of


def _takes(_path: Path, _head: str) -> bool:
    # Which of its columns is a subject is not to be seen in a table.
    return False


def _read(request: SourceRequest) -> Content:
    if request.options.mapping is None:
        raise UsageError("a table needs a mapping that says what its columns mean (--mapping FILE)")
    mapping = read_mapping(request.options.mapping)
    for path in request.paths:
        check_columns(mapping, request.options.mapping, shown(path), columns_of(path, mapping))
    table = _Table(request, mapping)
    said = mapping.source
    source = request.source(
        "table",
        name=said.name or "",
        version=said.version,
        licence=said.licence,
        title=said.title,
        date=said.date,
        error=said.error,
    )
    domain = table.domain(source.name)
    return Content(
        source=source,
        rows=table.rows(),
        schema=lambda _: domain,
        named_by_file=request.names_by_file(said.name or ""),
    )


class _Table:
    """The rows of one table, in any number of files with the same columns."""

    def __init__(self, request: SourceRequest, mapping: TableMapping) -> None:
        self._request = request
        self._mapping = mapping
        self._meanings = mapping.predicate.meanings()
        self._subject = partial(self._term, mapping.subject)
        self._object = partial(self._term, mapping.object)
        self._named: set[str] = set()
        self._nameless: dict[str, tuple[str, str]] = {}  # the type and the place of each

    def rows(self) -> Iterator[Term | Fact]:
        """Yield a fact for each row, and a term for each entity.

        The type of an entity is that of its first row, its name the first one; those that no row
        names come last.
        """
        for path in self._request.paths:
            for row in rows_of(path, self._mapping, self._request):
                if not self._ignored(row):
                    place = f"{shown_name(path)} {row.where}"
                    for said in (self._subject, self._object, self._fact):
                        try:
                            yield from said(row, place)
                        except ValueError as error:
                            self._request.fail(path, row.where, str(error))
        for id_, (type_, place) in self._nameless.items():
            yield Term(id=id_, type=type_, row=place)

    def domain(self, name: str) -> Domain | None:
        """Return the schema that the mapping shows; None where types stand in columns."""
        subject, object_ = self._mapping.subject.type, self._mapping.object.type
        if subject is None or object_ is None:
            return None
        pair = [self._request.label(label, default=label) for label in (subject, object_)]
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
                    shown(self._request.options.mapping or self._request.paths[0]),
                    "predicate",
                    reason,
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

    def _ignored(self, row: Row) -> bool:
        relation = self._mapping.predicate
        return relation.column is not None and (
            row.values.get(relation.column, "") in relation.ignore
        )

    def _type(self, end: End, row: Row) -> str:
        if end.type is not None:
            return self._request.label(end.type, default=end.type)
        said = _value(row, end.type_column or "")
        label = end.types.get(said) or label_of(said)
        if not label:
            raise ValueError(f"{said!r} in column {end.type_column!r} cannot be a type")
        return self._request.label(said, label, default=label)

    def _term(self, end: End, row: Row, place: str) -> Iterator[Term]:
        """Yield the term at one end of a row if it is named there for the first time."""
        id_ = _id(end, row)
        name = row.values.get(end.name, "") if end.name else ""
        if id_ in self._named or (id_ in self._nameless and not name):
            return
        type_, place = self._nameless.get(id_) or (self._type(end, row), place)
        if name:
            self._nameless.pop(id_, None)
            self._named.add(id_)
            yield Term(id=id_, type=type_, name=name, row=place)
        else:
            self._nameless[id_] = (type_, place)

    def _fact(self, row: Row, place: str) -> Iterator[Fact]:
        column = self._mapping.predicate.column
        said = "" if column is None else _value(row, column)
        meaning = self._meanings.get(said)
        if meaning is None:
            known = ", ".join(map(repr, self._meanings))
            reason = f"{said!r} in column {column!r} has no meaning in the mapping"
            raise ValueError(f"{reason}; these have: {known}")
        yield Fact(
            subject=_id(self._mapping.subject, row),
            predicate=meaning.predicate,
            object=_id(self._mapping.object, row),
            polarity=meaning.polarity,
            row=place,
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

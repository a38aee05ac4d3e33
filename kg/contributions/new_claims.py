"""New claims with one row of a curated source and no paper: nearly all claims of a large source.

Their properties are `properties.claim_properties`, worked out once for all claims of a shape, so
that a statement says once what they share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kg.contributions.claim_edges import LostEndError
from kg.contributions.properties import Entry, PropertyRow, claim_properties
from kg.contributions.states import Triple
from kg.store.names import valid_property, valid_relationship_type
from kg.store.transaction import Transaction

_ROWS = 5000  # a statement
_CREATE = (
    "UNWIND $groups AS g MATCH (a:Entity {id: g[0]}) WITH a, g UNWIND g[1] AS row "
    "MATCH (b:Entity {id: row[0]}) CREATE (a)-[r:%s {%s}]->(b) RETURN count(r) AS n"
)


class EdgeShape(NamedTuple):
    """What the edges of claims with one entry, and no paper behind them, differ in beside ids."""

    source: str  # Source.ref
    polarity: str
    details: bool
    read: bool


class NewClaim(NamedTuple):
    """A claim that the graph does not hold, with one entry: what is not the same for its shape."""

    start: str
    end: str
    claim_id: str
    row: str
    details: str
    read: str


class NewColumns(NamedTuple):
    """Claims as `NewClaim` has them, in columns."""

    start: Sequence[str]
    end: Sequence[str]
    claim_id: Sequence[str]
    row: Sequence[str]
    details: Sequence[str]
    read: Sequence[str]

    @classmethod
    def of(cls, claims: Iterable[NewClaim]) -> NewColumns:
        """Return claims, of which there is one at least, in columns."""
        return cls(*zip(*claims, strict=True))


class NewClaims:
    """New claims by predicate and shape.

    Args:
        errors: systematic error rates (see `properties.claim_properties`).
    """

    def __init__(self, errors: Mapping[str, float]) -> None:
        self._errors = errors
        self._same: dict[EdgeShape, PropertyRow] = {}
        self.by_shape: dict[tuple[str, EdgeShape], list[NewClaim]] = defaultdict(list)

    def add(self, claim: Triple, id_: str, entry: Entry) -> None:
        """Add a claim that the graph does not hold, by what it says and its id."""
        start, predicate, end = claim
        source, row, polarity, details, read = entry
        shape = EdgeShape(source, polarity, bool(details), bool(read))
        self.by_shape[predicate, shape].append(NewClaim(start, end, id_, row, details, read))

    def same(self, shape: EdgeShape) -> PropertyRow:
        """Return the properties that all claims of a shape share."""
        if shape not in self._same:
            entry = Entry(shape.source, "", shape.polarity)
            row = claim_properties("", (), {}, [entry], self._errors)
            varying = ("claim_id", "curated_rows")
            self._same[shape] = {
                name: value
                for name, value in row.items()
                if value is not None and name not in varying
            }
        return self._same[shape]

    @staticmethod
    def varying(shape: EdgeShape, columns: NewColumns) -> dict[str, list[Any]]:
        """Return the other properties of claims of a shape, in columns."""
        found: dict[str, list[Any]] = {
            "claim_id": list(columns.claim_id),
            "curated_rows": [[row] for row in columns.row],
        }
        if shape.details:
            found["curated_details"] = [[details] for details in columns.details]
        if shape.read:
            found["curated_reads"] = [[read] for read in columns.read]
        return found

    def ids(self) -> Iterator[str]:
        """Yield the ids of all of them."""
        for claims in self.by_shape.values():
            yield from (claim.claim_id for claim in claims)

    def create(self, transaction: Transaction) -> None:
        """Create the claims.

        Raises:
            LostEndError: an entity that is an end of one is not there.
        """
        for (predicate, shape), claims in self.by_shape.items():
            statement, same = self._statement(predicate, shape), self.same(shape)
            for at in range(0, len(claims), _ROWS):
                part = claims[at : at + _ROWS]
                groups: dict[str, list[list[str]]] = defaultdict(list)
                for claim in part:
                    groups[claim.start].append(list(claim[1:]))
                sent = [[start, rows] for start, rows in groups.items()]
                if transaction.run(statement, groups=sent, same=same)[0]["n"] != len(part):
                    raise LostEndError(f"an end of a claim {predicate} is not in the graph")

    def _statement(self, predicate: str, shape: EdgeShape) -> str:
        varying = {"claim_id": "row[1]", "curated_rows": "[row[2]]"}
        if shape.details:
            varying["curated_details"] = "[row[3]]"
        if shape.read:
            varying["curated_reads"] = "[row[4]]"
        said = varying | {valid_property(name): f"$same.{name}" for name in self.same(shape)}
        pattern = ", ".join(f"{name}: {value}" for name, value in said.items())
        return _CREATE % (valid_relationship_type(predicate), pattern)

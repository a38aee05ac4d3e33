"""The cache of a run: what it knows of the graph, for as long as nobody else changes it.

Most entities of a batch were in a batch before it, and which ids are merged and how often sources
err is the same for all. To ask for all of it in every transaction would take as long as to write.
The graph's version tells whether anybody else has changed anything since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kg.contributions.claim_edges import has_any
from kg.contributions.schema_store import merged_schema, read_domains
from kg.contributions.states import EntityState
from kg.domain import Domain
from kg.store.transaction import Transaction
from kg.versions import version_within

MOST_STATES = 100_000  # of entities, of about a kilobyte each
MOST_IDS = 5_000_000  # of about 100 bytes each

ANY_ENTITY = "MATCH (e:Entity) RETURN e.id AS id LIMIT 1"
_ERRORS = "MATCH (n:{label}) RETURN n.id AS id, n.error AS error"
_MERGED = "MATCH (m:Merge) RETURN m.absorbed AS absorbed, m.into AS into"


@dataclass(slots=True)
class ErrorRates:
    """Systematic error rates as the graph has them; None where none was learnt."""

    packs: dict[str, float | None] = field(default_factory=dict)  # by ref
    sources: dict[str, float | None] = field(default_factory=dict)  # by name

    @property
    def known(self) -> dict[str, float]:
        """Those of both that are known."""
        both = (*self.packs.items(), *self.sources.items())
        return {name: error for name, error in both if error is not None}

    @classmethod
    def read(cls, transaction: Transaction) -> ErrorRates:
        """Read the error rates of all packs and sources."""
        packs, sources = (
            {row["id"]: row["error"] for row in transaction.run(_ERRORS.format(label=label))}
            for label in ("Pack", "Source")
        )
        return cls(packs, sources)


@dataclass(slots=True)
class Cache:
    """What is known of the graph.

    `version` is the graph's when it was last seen, `generation` counts how often it had to be
    asked anew. `empty` tells whether it had no entity but those in `types`; `claimless` that it had
    no claim, and `fresh` that a predicate had none, but those whose numbers (`claim_number`) are in
    `made`.
    """

    version: int | None = None
    generation: int = 0
    errors: ErrorRates = field(default_factory=ErrorRates)
    schemas: dict[str, str] = field(default_factory=dict)  # TOML by id
    merged: dict[str, str] = field(default_factory=dict)  # absorbed id -> the entity that it is now
    entities: dict[str, EntityState] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    empty: bool = False
    claimless: bool = False
    fresh: dict[str, bool] = field(default_factory=dict)
    made: set[int] = field(default_factory=set)
    _domain: tuple[Domain | None] | None = None

    @property
    def domain(self) -> Domain | None:
        """All schemas of the graph together; None where it keeps none."""
        if self._domain is None:
            self._domain = (merged_schema(self.schemas),)
        return self._domain[0]

    def look(self, transaction: Transaction) -> None:
        """Ask the graph again if anybody else has changed it; the graph has its schema."""
        version = version_within(transaction)
        if version == self.version:
            return
        self.version = version
        self.generation += 1
        self.errors = ErrorRates.read(transaction)
        self.set_schemas(read_domains(transaction))
        rows = transaction.run(_MERGED)
        self.merged = {row["absorbed"]: row["into"] for row in rows if row["into"]}
        self.entities, self.types = {}, {}
        self.empty = self.claimless = not transaction.run(ANY_ENTITY)
        # What others have created since is not known, so every claim is looked for.
        self.fresh = dict.fromkeys(self.fresh, False)

    def set_schemas(self, schemas: Mapping[str, str]) -> None:
        """Note which schemas the graph keeps: TOML by id."""
        self.schemas, self._domain = dict(schemas), None

    def forget(self) -> None:
        """Ask the graph for everything again, the next time."""
        self.version = None

    def is_new(self, transaction: Transaction, predicate: str, number: int) -> bool:
        """Whether it is known that the graph does not hold a claim."""
        if predicate not in self.fresh:
            self.fresh[predicate] = self.claimless or not has_any(transaction, predicate)
        return self.fresh[predicate] and number not in self.made

    def keep(self, states: Mapping[str, EntityState], gone: Iterable[str]) -> None:
        """Keep entities as they have been written, and drop those that are gone."""
        if len(self.entities) + len(states) > MOST_STATES:
            self.entities.clear()
        self.entities |= states
        self.know({id_: state.type for id_, state in states.items()})
        for id_ in gone:
            self.entities.pop(id_, None)
            self.types.pop(id_, None)

    def know(self, types: Mapping[str, str]) -> None:
        """Keep the types of entities that are there."""
        if len(self.types) > MOST_IDS:
            self.types.clear()
            self.empty = False
        self.types.update(types)

    def make(self, claims: Iterable[str]) -> None:
        """Keep the ids of claims that this run has created, once anything is asked by them."""
        if self.fresh:
            self.made.update(map(claim_number, claims))
        else:
            self.claimless = self.claimless and not any(claims)
        if len(self.made) > MOST_IDS:
            self.made.clear()
            self.claimless = False
            self.fresh = dict.fromkeys(self.fresh, False)


def claim_number(claim: str) -> int:
    """Return 64 bits of a claim's id; of a few million claims, two hardly ever have the same."""
    return int(claim[-16:], 16)

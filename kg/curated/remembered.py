"""What a load knows of the graph, for as long as nobody else changes it.

Which ids are merged, of which type an entity is, how often sources err: to ask for all of it in
every transaction would take longer than to write. The graph's version tells whether anybody else
has changed anything since.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.contributions.schema_store import merge_domains, read_domains
from kg.contributions.support import read_errors
from kg.curated.facts import Plain, Redirects
from kg.curated.statements import has_any, read_types
from kg.curated_models import Fact, Source
from kg.domain import Domain, parse_domain
from kg.store.transaction import Transaction

_MOST = 5_000_000  # ids, of about 100 bytes each
ANY_ENTITY = "MATCH (e:Entity) RETURN e.id AS id LIMIT 1"
_VERSION = "MATCH (v:GraphVersion {id: 'graph'}) RETURN v.version AS version"
_MERGED = "MATCH (m:Merge) RETURN m.absorbed AS absorbed, m.into AS into"


@dataclass(slots=True)
class Remembered:
    """What is known of the graph.

    `version` is the graph's when it was last seen. `empty` tells whether it had no entity but those
    that this load has created, `fresh` whether a predicate had no claim but those, whose numbers
    (`facts.number_of`) are in `made`.
    """

    source: Source
    own: Domain | None
    version: int | None = None
    empty: bool = False
    made: set[int] = field(default_factory=set)
    fresh: dict[str, bool] = field(default_factory=dict)
    redirects: Redirects = field(init=False)
    plain: Plain = field(init=False)

    def __post_init__(self) -> None:
        self.redirects = Redirects({}, self.own, None, {})
        self.plain = Plain(self.source.ref, {})

    def look(self, transaction: Transaction) -> None:
        """Ask the graph again if anybody else has changed it."""
        (row,) = transaction.run(_VERSION)
        if row["version"] == self.version and len(self.redirects.types) < _MOST:
            return
        rows = transaction.run(_MERGED)
        merged = {row["absorbed"]: row["into"] for row in rows if row["into"]}
        kept = read_domains(transaction).values() if merged else ()
        domain = merge_domains(map(parse_domain, kept)) if kept else None
        self.redirects = Redirects(merged, self.own, domain, {})
        self.plain = Plain(self.source.ref, read_errors(transaction).rates)
        if row["version"] != self.version:
            self.empty = not transaction.run(ANY_ENTITY)
            # What others have created since is not known, so every claim is looked for.
            self.fresh = dict.fromkeys(self.fresh, False)
            self.version = row["version"]

    def learn(self, transaction: Transaction, facts: Iterable[Fact]) -> None:
        """Ask for the types of the ends of facts that are not known yet."""
        entity, types = self.redirects.entity, self.redirects.types
        ends = {entity(read) for fact in facts for read in (fact.subject, fact.object)}
        types.update(read_types(transaction, ends - types.keys()))

    def is_new(self, transaction: Transaction, predicate: str, number: int) -> bool:
        """Whether it is known that the graph does not hold a claim."""
        if predicate not in self.fresh:
            self.fresh[predicate] = self.empty or not has_any(transaction, predicate)
        return self.fresh[predicate] and number not in self.made

    def forget(self) -> None:
        """Ask the graph for everything again, the next time."""
        self.version = None

    def changed(self, made: Iterable[int]) -> None:
        """Note that this load has changed the graph, and which claims it has created."""
        self.version = (self.version or 0) + 1
        self.made.update(made)
        if len(self.made) > _MOST:
            self.made.clear()
            self.fresh = dict.fromkeys(self.fresh, False)

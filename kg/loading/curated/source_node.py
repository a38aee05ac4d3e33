"""The node of a source: which version of it is in the graph, and whether all of it is."""

from __future__ import annotations

import tomli_w

from kg.contributions.apply import apply
from kg.contributions.delta import Delta, Signed
from kg.contributions.properties import PropertyRow
from kg.contributions.schema_store import domain_id, unused_schemas
from kg.contributions.stored import Stored
from kg.curated_models import Source
from kg.domain import Domain
from kg.errors import StoreError
from kg.store.transaction import Transaction
from kg.versions import count_up

# While it is loaded, a source says which load does it, and which schema it had before.
_UNFINISHED = ("loading", "replaces", "replaced_domain")

_SOURCE = "MATCH (s:Source {id: $id}) RETURN properties(s) AS properties"
_LOADING = "MATCH (s:Source {id: $id}) RETURN s.loading AS loading"


def domain_toml(domain: Domain) -> str:
    """Return a domain schema as TOML, the same text for the same schema."""
    return tomli_w.dumps(domain.model_dump(mode="json", exclude_defaults=True))


def source_row(source: Source, domain: Domain | None) -> PropertyRow:
    """Return the properties of a source's node once all of it is in the graph."""
    row = {"id": source.name, **source.model_dump(mode="json")}
    if domain is not None:
        row["domain"] = domain_id(domain_toml(domain))
    return {name: value for name, value in row.items() if value not in (None, "")}


def begin(
    transaction: Transaction, row: PropertyRow, domain: Domain | None, token: str
) -> str | None:
    """Put the source into the graph as one that is being loaded.

    Args:
        transaction: where.
        row: its properties once it is loaded.
        domain: its schema.
        token: stands for this load; another one that is going on finds it and stops.

    Returns:
        the version that the graph holds, all of it or in part; None if it holds none.
    """
    found = transaction.run(_SOURCE, id=row["id"])
    stored = found[0]["properties"] if found else {}
    before = stored.get("replaces") or stored.get("version")
    held = {name: value for name, value in stored.items() if name not in _UNFINISHED}
    if held != row:
        count_up(transaction)
    old = stored.get("replaced_domain") or stored.get("domain")
    unfinished = {"loading": token, "replaces": before}
    unfinished["replaced_domain"] = old if old != row.get("domain") else None
    if domain is not None:
        _store_schema(transaction, domain)
    transaction.merge_nodes(("Source",), [{**row, **unfinished}], replace=True)
    return str(before) if before else None


def check_alone(transaction: Transaction, name: str, token: str) -> None:
    """Make sure that nobody else loads the source by now.

    Raises:
        StoreError: somebody does, or has taken the source out.
    """
    found = transaction.run(_LOADING, id=name)
    if not found or found[0]["loading"] != token:
        what = "began" if found else "was followed by its being taken out"
        raise StoreError(
            f"another load of the source {name!r} {what} meanwhile, so this one stops; run it "
            "again when the other one is done, if this is the version that is to stay"
        )


def finish(transaction: Transaction, row: PropertyRow, token: str) -> None:
    """Note that all of the source is in the graph, and nothing else of it."""
    check_alone(transaction, row["id"], token)
    (found,) = transaction.run(_SOURCE, id=row["id"])
    transaction.merge_nodes(("Source",), [row], replace=True)
    old = found["properties"].get("replaced_domain")
    if old and unused_schemas(transaction, [old]):
        stored = Stored(transaction)
        kept = stored.cache.schemas
        removed = {old: kept[old]} if old in kept else {}
        apply(stored, Delta(schemas=Signed(removed=removed)))


def _store_schema(transaction: Transaction, domain: Domain) -> None:
    stored, toml = Stored(transaction), domain_toml(domain)
    id_ = domain_id(toml)
    if id_ not in stored.cache.schemas:
        apply(stored, Delta(schemas=Signed(added={id_: toml})))

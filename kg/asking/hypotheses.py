"""Hypotheses in the graph: nodes of their own, so that none is ever taken for a claim."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import partial
from typing import Any

from kg.errors import UnknownNameError
from kg.models import Hypothesis
from kg.store.graph import Graph
from kg.store.transaction import Transaction

# Properties are scalars: what has parts is kept as JSON.
_PARTS = ("subject", "object", "findings", "paths")
# `SET h = ` and not `+=`: a value that is gone (a probability) must not stay from the last time.
_STORE = "UNWIND $rows AS row MERGE (h:Hypothesis {id: row.id}) SET h = row.properties"
_ALL_IDS = "MATCH (h:Hypothesis) RETURN h.id AS id ORDER BY id LIMIT 1000"
_READ = "MATCH (h:Hypothesis {id: $id}) RETURN properties(h) AS hypothesis"
_BATCH = 500


def store_hypotheses(graph: Graph, hypotheses: Iterable[Hypothesis]) -> None:
    """Keep hypotheses in the graph, each with edges to its subject and object.

    One that is there already is replaced: the same triple is the same hypothesis.
    """
    every = list(hypotheses)
    graph.ensure_schema(())
    for start in range(0, len(every), _BATCH):
        part = every[start : start + _BATCH]
        graph.transaction(partial(_store, hypotheses=part))


def read_hypothesis(graph: Graph, id_: str) -> Hypothesis:
    """Return a hypothesis as it was stored.

    Raises:
        UnknownNameError: the graph holds no hypothesis of that id.
    """
    found = graph.read(_READ, id=id_)
    if not found:
        known = [row["id"] for row in graph.read(_ALL_IDS)]
        raise UnknownNameError("hypothesis", id_, known, "`abduce propose` and `check` store them")
    return _hypothesis(found[0]["hypothesis"])


def _store(transaction: Transaction, hypotheses: list[Hypothesis]) -> None:
    transaction.rows(_STORE, [{"id": h.id, "properties": _properties(h)} for h in hypotheses])
    for edge, end in (("SUBJECT", "subject"), ("OBJECT", "object")):
        rows = [{"start": h.id, "end": getattr(h, end).id} for h in hypotheses]
        transaction.merge_edges(edge, rows, start="Hypothesis", end="Entity")


def _properties(hypothesis: Hypothesis) -> dict[str, Any]:
    plain = hypothesis.model_dump(mode="json")
    parts = {name: json.dumps(plain.pop(name), ensure_ascii=False) for name in _PARTS}
    # A hypothesis of no time has no bounds, and a graph keeps no empty ones.
    bounds = {name: plain.pop(name) or None for name in ("as_of", "since")}
    return plain | parts | {name: date for name, date in bounds.items() if date}


def _hypothesis(properties: dict[str, Any]) -> Hypothesis:
    parts = {name: json.loads(properties[name]) for name in _PARTS}
    return Hypothesis.model_validate(properties | parts)

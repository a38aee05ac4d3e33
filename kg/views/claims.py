"""Claims as they stand in the graph, and the sentences behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from kg.identifiers import claim_id
from kg.models import Claim, Evidence, Model, Polarity, Probability
from kg.store.graph import Graph

Direction = Literal["forward", "backward"]

_EVIDENCE_FIELDS = tuple(Evidence.model_fields)
_BETWEEN = """
MATCH (a:Entity {id: $a})-[c]->(b:Entity {id: $b}) WHERE c.claim_id IS NOT NULL
RETURN type(c) AS predicate, properties(c) AS claim
"""
_BEHIND = """
UNWIND $ids AS id MATCH (e:Evidence {claim_id: id})
WHERE $polarity = '' OR e.polarity = $polarity
RETURN id, properties(e) AS evidence
"""
_CLAIMS_A_QUERY = 500


class StoredClaim(Model):
    """A claim edge: what the graph holds of a claim.

    `direction` is seen from the pair that was asked for: `forward` where the claim's subject was
    named first. `n_support` and `n_deny` count pieces of evidence, `n_papers` papers; the years
    are those of the first and last dated paper.
    """

    subject: str
    predicate: str
    object: str
    direction: Direction
    belief: Probability
    n_support: int = 0
    n_deny: int = 0
    n_papers: int = 0
    first_year: int | None = None
    last_year: int | None = None
    curated: bool = False

    @property
    def claim(self) -> Claim:
        """The claim itself."""
        return Claim(subject=self.subject, predicate=self.predicate, object=self.object)


def claims_between(graph: Graph, subject_id: str, object_id: str) -> list[StoredClaim]:
    """Return every claim between two entities, in both directions.

    Sorted: forward first, then the most believed, then by predicate.
    """
    found = _between(graph, subject_id, object_id, "forward")
    if subject_id != object_id:
        found += _between(graph, object_id, subject_id, "backward")
    return sorted(
        found, key=lambda claim: (claim.direction != "forward", -claim.belief, claim.predicate)
    )


def evidence_for(
    graph: Graph, claims: Iterable[Claim], limit: int = 3, polarity: Polarity | None = None
) -> dict[Claim, list[Evidence]]:
    """Return the best evidence of each claim; a claim without any has an empty list.

    Args:
        graph: where the claims are.
        claims: subject, predicate and object each.
        limit: how many pieces of evidence a claim at most.
        polarity: only what supports, or only what denies.

    Best first: stated before hedged, then by confidence; ties by paper and place. Of one
    sentence that several packs read, the best reading is returned.
    """
    by_id = {claim_id(c.subject, c.predicate, c.object): c for c in claims}
    found: dict[str, list[Evidence]] = defaultdict(list)
    for ids in _parts(list(by_id), _CLAIMS_A_QUERY):
        for row in graph.read(_BEHIND, ids=ids, polarity=polarity or ""):
            found[row["id"]].append(_evidence(row["evidence"]))
    return {claim: _best(found[id_], limit) for id_, claim in by_id.items()}


def _between(graph: Graph, start: str, end: str, direction: Direction) -> list[StoredClaim]:
    fields = StoredClaim.model_fields
    return [
        StoredClaim(
            subject=start,
            predicate=row["predicate"],
            object=end,
            direction=direction,
            **{name: value for name, value in row["claim"].items() if name in fields},
        )
        for row in graph.read(_BETWEEN, a=start, b=end)
    ]


def _evidence(properties: dict[str, Any]) -> Evidence:
    return Evidence(**{name: properties[name] for name in _EVIDENCE_FIELDS})


def _best(evidence: Iterable[Evidence], limit: int) -> list[Evidence]:
    ranked = sorted(
        evidence,
        key=lambda e: (e.certainty != "stated", -e.confidence, e.paper, e.start, e.end, e.pack),
    )
    sentences = {(e.paper, e.start, e.end, e.polarity): e for e in reversed(ranked)}
    return [e for e in ranked if sentences[e.paper, e.start, e.end, e.polarity] is e][:limit]


def _parts(items: Sequence[str], size: int) -> list[Sequence[str]]:
    return [items[start : start + size] for start in range(0, len(items), size)]

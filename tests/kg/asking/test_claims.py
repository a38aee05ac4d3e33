"""Claims between two entities, as they stand in a graph."""

from __future__ import annotations

from kg import Polarity, mint_entity_id
from kg.asking import claims_between
from tests.kg.conftest import Load
from tests.kg.written import LOWERS, RAISES, one_claim


def test_claims_both_ways(load: Load) -> None:
    """All claims between two entities are returned with their direction, and no other edge."""
    ends = ("Gene", "PTGIS"), ("Gene", "TNF")
    graph = load(
        [
            one_claim("pmid:1", ends[0], RAISES, ends[1]),
            one_claim("pmid:2", ends[0], "BIND", ends[1], confidence=0.5),
            one_claim("pmid:3", ends[1], LOWERS, ends[0], polarity=Polarity.DENIES),
            one_claim("pmid:4", ends[0], RAISES, ("Disease", "gout")),
        ]
    )
    first, second = (mint_entity_id(*end) for end in ends)
    found = [
        (c.predicate, c.direction, c.n_support, c.n_deny)
        for c in claims_between(graph, first, second)
    ]
    assert found == [
        (RAISES, "forward", 1, 0), ("BIND", "forward", 1, 0), (LOWERS, "backward", 0, 1),
    ]  # fmt: skip
    claim = claims_between(graph, second, first)[0]
    assert (claim.predicate, claim.direction, claim.belief) == (LOWERS, "forward", 0.0)
    assert claim.first_year == 1986
    assert claims_between(graph, first, "MESH:none") == []

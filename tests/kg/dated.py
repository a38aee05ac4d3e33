"""Papers and curated sources of several dates, for tests of what was known when."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from kg import Certainty, Graph, Polarity, load_shards, mint_entity_id
from kg.loading.curated import load_curated
from kg.sources import CuratedSource
from tests.kg.loading.curated.sources import fact, source, term
from tests.kg.written import LOWERS, RAISES, Written, one_claim, shard

FISH_OIL = mint_entity_id("Chemical", "fish oil")
RAYNAUD = mint_entity_id("Disease", "Raynaud's disease")


def dated(curated: CuratedSource, date: str | None) -> CuratedSource:
    """A source of another date."""
    return replace(curated, source=curated.source.model_copy(update={"date": date}))


def fill(graph: Graph, papers: list[Written], sources: list[CuratedSource] = []) -> Graph:  # noqa: B006
    """Load papers, and curated sources."""
    with tempfile.TemporaryDirectory() as folder:
        load_shards(graph, [shard(Path(folder), papers)])
    for curated in sources:
        load_curated(graph, curated)
    return graph


PAPERS = [
    one_claim("pmid:1", date="2014", confidence=0.6),
    one_claim("pmid:2", date="2015-07-01", confidence=0.7, polarity=Polarity.DENIES),
    one_claim("pmid:3", ("Chemical", "Fish oil"), date="2016-05"),
    one_claim("pmid:4", ("Chemical", "Fish oil"), date="2017-01-02", certainty=Certainty.HEDGED),
    one_claim("pmid:5", ("Chemical", "magnesium"), RAISES, date="2016"),
    one_claim("pmid:6", ("Gene", "TNF"), RAISES, date=None),
]
OLD = dated(
    source(
        [term("doid:1", name="vasospasm", parents=["doid:2"]), term("doid:2", name="disease")],
        [fact(FISH_OIL, LOWERS, RAYNAUD, "row 7", denied=True)],
        name="old", domain=None,
    ),
    "2014-06",
)  # fmt: skip
NEW = dated(
    source(
        [
            term("doid:9", name="gout", parents=["doid:2"]),
            term("doid:2", name="illness"),
            term(mint_entity_id("Chemical", "magnesium"), "Chemical", "Mg"),
        ],
        [
            fact(FISH_OIL, LOWERS, RAYNAUD, "row 9"),
            fact(mint_entity_id("Chemical", "magnesium"), LOWERS, RAYNAUD, "row 10"),
        ],
        name="new", domain=None,
    ),
    "2016-02",
)  # fmt: skip

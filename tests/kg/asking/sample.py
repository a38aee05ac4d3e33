"""A small graph with something for every question: papers, two sources, a merge, a hypothesis."""

from __future__ import annotations

from pathlib import Path

from kg import (
    Certainty,
    Graph,
    Hypothesis,
    Paper,
    Polarity,
    Verdict,
    find_entity,
    hypothesis_id,
    load_shards,
)
from kg.asking import store_hypotheses
from kg.curated_models import Fact, Source, Term, TermName
from kg.loading.curated import load_curated
from kg.resolving import merge_entities
from kg.sources import CuratedSource
from tests.kg.written import LOWERS, RAISES, Sentences, Written, one_claim, shard

FISH_OIL, MAGNESIUM, CAFFEINE = (("Chemical", n) for n in ("fish oil", "magnesium", "caffeine"))
RAYNAUD, MIGRAINE = (("Disease", n) for n in ("Raynaud's disease", "migraine"))
PTGIS, TNF = (("Gene", n) for n in ("PTGIS", "TNF"))
MINTED_MIGRAINE = "abduce:Disease/migraine"

TERMS = (
    Term(id="DOID:4", type="Disease", name="disease", row="1"),
    Term(id="DOID:150", type="Disease", name="disease of mental health", parents=("DOID:4",)),
    Term(
        id="DOID:6364",
        type="Disease",
        name="migraine disorder",
        names=(TermName(text="hemicrania"), TermName(text="headache disorder", scope="broad")),
        definition="A disease of the brain with headache.",
        xrefs=("MESH:D008881",),
        parents=("DOID:150",),
    ),
    Term(id="DOID:10", type="Disease", name="hysteria", parents=("DOID:150",)),
)
GONE = Term(id="DOID:99", type="Disease", name="vapours", parents=("DOID:4",))
# A table says of the ends of its rows only that they are.
DRUGS = (
    Term(id="DRUG:1", type="Chemical", name="aspirin"),
    Term(id="DOID:99", type="Disease"),
    Term(id="abduce:Chemical/fish_oil", type="Chemical", name="fish oil"),
)
FACTS = (
    Fact(subject="DRUG:1", predicate="TREATS", object="DOID:6364", row="line 2"),
    Fact(
        subject="DRUG:1", predicate="TREATS", object="DOID:10", polarity=Polarity.DENIES,
        row="line 3",
    ),
    Fact(subject="DRUG:1", predicate="TREATS", object="DOID:99", row="line 4"),
    Fact(
        subject="abduce:Chemical/fish_oil", predicate=LOWERS,
        object="abduce:Disease/raynaud_disease", row="line 5",
    ),
)  # fmt: skip


def papers() -> list[Written]:
    """Nine papers; what each is there for stands beside it."""
    denies, hedged = Polarity.DENIES, Certainty.HEDGED
    retracted = one_claim("pmid:7", CAFFEINE, RAISES, MIGRAINE, date="1995", confidence=0.8)
    return [
        one_claim("pmid:1", FISH_OIL, LOWERS, RAYNAUD, date="1986-07"),
        one_claim("pmid:2", FISH_OIL, LOWERS, RAYNAUD, date="1988", confidence=0.7),
        one_claim("pmid:3", FISH_OIL, LOWERS, RAYNAUD, date="1999-04-01", polarity=denies),
        one_claim("pmid:4", MAGNESIUM, LOWERS, MIGRAINE, date="2010-12", certainty=hedged),
        one_claim("pmid:5", FISH_OIL, RAISES, PTGIS, date="1990"),
        one_claim("pmid:6", MAGNESIUM, LOWERS, PTGIS, date="2001"),
        Written(
            retracted.paper.model_copy(update={"retracted": True}),
            retracted.mentions,
            retracted.evidence,
        ),
        one_claim("pmid:8", CAFFEINE, LOWERS, TNF, date=None),
        _mentioned_together("pmid:9"),
    ]


def fill(graph: Graph, folder: Path) -> Graph:
    """Put all of it into a graph."""
    load_curated(graph, _source("doid", "1", "2020-01-01", (*TERMS, GONE)))
    load_shards(graph, [shard(folder / "shards", papers())])
    load_curated(graph, _source("drugs", "2020", "2020", DRUGS, FACTS, licence="CC0-1.0"))
    load_curated(graph, _source("doid", "2", "2021-01-01", TERMS))  # without the vapours
    merge_entities(graph, MINTED_MIGRAINE, "DOID:6364", "by hand", "one disease")
    store_hypotheses(graph, [_hypothesis(graph)])
    return graph


def _source(
    name: str,
    version: str,
    date: str,
    terms: tuple[Term, ...],
    facts: tuple[Fact, ...] = (),
    licence: str | None = None,
) -> CuratedSource:
    source = Source(name=name, version=version, date=date, licence=licence, format="test")
    return CuratedSource(source, None, lambda: iter(terms), lambda: iter(facts))


def _mentioned_together(id_: str) -> Written:
    written = Sentences(f"On {id_}.\n")
    written.name(*FISH_OIL)
    written.text += " and "
    written.name(*MIGRAINE)
    written.text += "."
    paper = Paper(id=id_, title=f"On {id_}.", text=written.text, date="2005", source="written")
    return Written(paper, tuple(written.mentions))


def _hypothesis(graph: Graph) -> Hypothesis:
    subject, object_ = find_entity(graph, "fish oil"), find_entity(graph, "migraine")
    return Hypothesis(
        id=hypothesis_id(subject.id, LOWERS, object_.id),
        subject=subject,
        predicate=LOWERS,
        object=object_,
        reading="lowers or treats",
        score=0.5,
        probability_reason="nothing calibrates it",
        verdict=Verdict.NOVEL,
    )

"""The direction of a merged claim follows from the schemas that stand, and not from their order."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import pytest

from kg import Domain, Graph, load_shards, mint_entity_id, parse_domain
from kg.curated_models import Fact, Source, Term
from kg.forgetting import forget_papers, forget_source
from kg.loading.curated import load_curated
from kg.resolving import merge_entities, undo_merge
from kg.sources import CuratedSource
from tests.kg.written import one_claim, shard

Change = Callable[[Graph], object]

DISEASES = ["migraine", "spasm", "vertigo"]
IDS = {name: mint_entity_id("Disease", name) for name in DISEASES}
DRUG = mint_entity_id("Chemical", "caffeine")


def _toml(name: str, *, symmetric: bool, forward: bool) -> str:
    ends = ("Chemical", "Disease") if forward else ("Disease", "Chemical")
    return f"""
name = "{name}"
version = "1"
[types.Chemical]
[types.Disease]
[relations.RESEMBLES]
symmetric = {str(symmetric).lower()}
signatures = [{{subject = "Disease", object = "Disease", reading = "resembles"}}]
[relations.MEETS]
signatures = [{{subject = "{ends[0]}", object = "{ends[1]}", reading = "meets"}}]
"""


def _base() -> CuratedSource:
    """All entities, and no schema: what is loaded first, and stays."""
    terms = [Term(id=id_, type="Disease", name=name) for name, id_ in IDS.items()]
    terms.append(Term(id=DRUG, type="Chemical", name="caffeine"))
    facts = [Fact(subject=DRUG, predicate="MEETS", object=IDS["spasm"], row="1")]
    return CuratedSource(
        Source(name="base", version="1"), None, lambda: iter(terms), lambda: iter(facts)
    )


def _source(name: str, domain: Domain | None) -> CuratedSource:
    """Rows in both directions, which the source's own schema puts in order, if it has one."""
    pairs = [*permutations(IDS.values(), 2)]
    facts = [
        Fact(subject=one, predicate="RESEMBLES", object=other, row=f"{number}")
        for number, (one, other) in enumerate(pairs)
    ]
    facts += [
        Fact(subject=id_, predicate="MEETS", object=DRUG, row=f"drug {number}")
        for number, id_ in enumerate(IDS.values())
    ]
    return CuratedSource(
        Source(name=name, version="1"), domain, lambda: iter(()), lambda: iter(facts)
    )


@dataclass(frozen=True)
class Part:
    """Something that comes into a graph and can be taken out again."""

    come: Change
    go: Change


def _curated(name: str, domain: Domain | None) -> Part:
    return Part(
        lambda graph: load_curated(graph, _source(name, domain)),
        lambda graph: forget_source(graph, name),
    )


def _papers(folder: Path, toml: str) -> Part:
    domain = parse_domain(toml)
    papers = []
    for number, pair in enumerate(permutations(DISEASES, 2)):
        one, other = (("Disease", name) for name in pair)
        ids = [(IDS[name], "Disease") for name in pair]
        if domain.orient("RESEMBLES", *ids)[0] != ids[0][0]:
            one, other = other, one
        papers.append(one_claim(f"pmid:{domain.name}{number}", one, "RESEMBLES", other))
    made = shard(folder / domain.name, papers, domain.name, toml)
    return Part(
        lambda graph: load_shards(graph, [made]),
        lambda graph: forget_papers(graph, [item.paper.id for item in papers]),
    )


def _merge(absorbed: str, into: str) -> Part:
    return Part(
        lambda graph: merge_entities(graph, IDS[absorbed], IDS[into], "person", ""),
        lambda graph: undo_merge(graph, IDS[absorbed]),
    )


@pytest.fixture
def parts(tmp_path: Path) -> dict[str, Part]:
    """Schemas that disagree, each with what is read by it, and merges; in an order that works."""
    every = {
        "b": _toml("b", symmetric=False, forward=True),
        "c": _toml("c", symmetric=True, forward=False),
        "d": _toml("d", symmetric=False, forward=False),
    }
    return {
        "directed source": _curated("one", parse_domain(every["b"])),
        "symmetric source": _curated("two", parse_domain(every["c"])),
        "source without": _curated("three", None),
        "symmetric papers": _papers(tmp_path, every["c"].replace('"c"', '"a"')),
        "directed papers": _papers(tmp_path, every["d"]),
        "merge": _merge("migraine", "vertigo"),
        "another merge": _merge("vertigo", "spasm"),
    }


@pytest.mark.parametrize("seed", range(4))
def test_histories_with_schemas_that_disagree(
    graph: Graph, parts: dict[str, Part], seed: int
) -> None:
    """Whatever comes and goes in whatever order, the graph is that of what is left."""
    rng = random.Random(seed)  # noqa: S311  (no secret)
    load_curated(graph, _base())
    there: set[str] = set()
    # Merges come early and mostly stay, so that schemas come and go after them.
    for name in ["merge", *rng.choices([*parts], [3, 3, 1, 3, 3, 0, 1], k=11)]:
        (parts[name].go if name in there else parts[name].come)(graph)
        there ^= {name}
    lived = graph.dump()
    graph.clear()
    load_curated(graph, _base())
    for name, part in parts.items():
        if name in there:
            part.come(graph)
    assert lived == graph.dump(), sorted(there)


@pytest.mark.parametrize("late", ["symmetric source", "symmetric papers"])
def test_a_schema_that_comes_later(graph: Graph, parts: dict[str, Part], late: str) -> None:
    """A schema that wins turns what was merged before it came, and its going turns it back."""
    load_curated(graph, _base())
    parts["directed papers"].come(graph)
    parts["merge"].come(graph)
    before, directed = graph.dump(), _directions(graph)
    parts[late].come(graph)
    assert len(_directions(graph)) < len(directed)
    parts[late].go(graph)
    assert graph.dump() == before


def _directions(graph: Graph) -> set[tuple[str, str]]:
    """The directions of the claims that sentences on migraine come to, as it was merged."""
    rows = graph.read("""
        MATCH (e:Evidence) WHERE e.read_subject IS NOT NULL OR e.read_object IS NOT NULL
        RETURN e.subject AS subject, e.object AS object
    """)
    return {(row["subject"], row["object"]) for row in rows if row["subject"] != row["object"]}

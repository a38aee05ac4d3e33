"""Loading curated sources."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg import Domain, Graph, load_shards, parse_domain
from kg.archive import NodeRecord, Record, one_by_one
from kg.curated_models import Term
from kg.loading.curated import CuratedSummary, fact_loading, fresh_rows, load_curated, term_loading
from kg.versions import graph_version
from tests.kg.loading.curated.sources import (
    DISEASES,
    DRUGS,
    FACTS,
    fact,
    source,
    term,
    whole,
)
from tests.kg.written import library, one_claim, shard


def edges(graph: Graph, type_: str) -> list[tuple[str, str]]:
    rows = graph.read(f"MATCH (a)-[r:{type_}]->(b) RETURN a.id AS start, b.id AS end")
    return sorted((row["start"], row["end"]) for row in rows)


def edge(graph: Graph, start: str, type_: str, end: str) -> dict[str, object]:
    query = (
        f"MATCH (:Entity {{id: $s}})-[r:{type_}]->(:Entity {{id: $e}}) RETURN properties(r) AS p"
    )
    (row,) = graph.read(query, s=start, e=end)
    found: dict[str, object] = row["p"]
    return found


def entity(graph: Graph, id_: str) -> dict[str, object]:
    (row,) = graph.read("MATCH (e:Entity {id: $id}) RETURN properties(e) AS p", id=id_)
    found: dict[str, object] = row["p"]
    return found


def dumped(records: list[Record]) -> list[str]:
    """Records as `Graph.dump` has them."""
    lines = []
    for record in records:
        if isinstance(record, NodeRecord):
            line = {"labels": sorted(record.labels), "properties": record.properties}
        else:
            line = {
                "type": record.type,
                "start": record.start,
                "end": record.end,
                "properties": record.properties,
            }
        lines.append(json.dumps(line, sort_keys=True, ensure_ascii=False))
    return lines


def test_everything_a_source_says_is_in_the_graph(graph: Graph) -> None:
    """Terms become entities, parents IS_A, facts claims with their source, version and row."""
    summary = load_curated(graph, whole())
    assert summary == CuratedSummary(
        source="drugs@1",
        terms=6,
        facts=8,
        denied=2,
        entities=6,
        claims=6,
        is_a=3,
        added=6,
        added_facts=7,
    )
    assert edges(graph, "IS_A") == [("D:1", "D:0"), ("D:2", "D:0"), ("D:3", "D:2")]
    assert entity(graph, "C:1")["name"] == "aspirin"
    assert entity(graph, "C:1")["synonyms"] == ["aspirin proper"]
    treats = edge(graph, "C:2", "TREATS", "D:1")
    assert treats["curated_sources"] == ["drugs@1"]
    assert treats["curated_rows"] == ["row 2"]
    assert treats["curated_details"] == ['{"stage": 3}']
    assert (treats["n_support"], treats["n_deny"], treats["belief"]) == (1, 0, 0.999)
    denied = edge(graph, "C:1", "TREATS", "D:3")
    assert (denied["n_support"], denied["n_deny"], denied["belief"]) == (0, 1, 0.0)
    assert edge(graph, "D:1", "RESEMBLES", "D:2")["curated_rows"] == ["row 5", "row 6"]
    (node,) = graph.read("MATCH (s:Source) RETURN properties(s) AS p")
    assert node["p"].keys() == {"id", "name", "version", "licence", "error", "domain"}


def test_the_same_source_again_changes_nothing(graph: Graph) -> None:
    """Loaded twice, the graph and its version are what they were after the first time."""
    load_curated(graph, whole())
    before, version = graph.dump(), graph_version(graph)
    summary = load_curated(graph, whole())
    assert graph.dump() == before
    assert graph_version(graph) == version
    assert summary == CuratedSummary(
        source="drugs@1", terms=6, facts=8, denied=2, entities=6, claims=6, is_a=3
    )


def test_the_rows_of_an_empty_graph_are_those_that_a_load_writes(graph: Graph) -> None:
    """`fresh_rows` gives, without a server, what `load_curated` puts into an empty graph."""
    load_curated(graph, whole())
    assert sorted(dumped(list(one_by_one(fresh_rows(whole()))))) == sorted(graph.dump())


def test_another_version_shows_what_changed(graph: Graph) -> None:
    """Of another version, what is new is added, what is gone retired, and the summary says so."""
    load_curated(graph, whole())
    newer = source(
        [
            DISEASES[0],
            term("D:1", name="migraine disorder", parents=["D:0"]),
            term("D:2", name="headache"),
            term("D:4", name="tension headache", parents=["D:2"]),
            *DRUGS,
        ],
        [FACTS[0], FACTS[4], fact("C:2", "TREATS", "D:4", "row 9")],
        version="2",
    )
    summary = load_curated(graph, newer)
    assert summary.replaced == "1"
    changes = [(c.change, c.id, c.before, c.after, c.what) for c in summary.changes]
    assert sorted(changes) == [
        ("added", "D:4", "", "tension headache", ()),
        ("changed", "D:2", "headache", "headache", ("parents",)),
        ("renamed", "D:1", "migraine", "migraine disorder", ("name", "synonyms")),
        ("retired", "D:3", "cluster headache", "", ()),
    ]
    counts = (summary.added, summary.retired, summary.renamed, summary.changed)
    assert counts == (1, 1, 1, 1)
    assert (summary.added_facts, summary.removed_facts) == (1, 5)
    assert edges(graph, "IS_A") == [("D:1", "D:0"), ("D:4", "D:2")]
    assert edges(graph, "TREATS") == [("C:1", "D:2"), ("C:2", "D:4")]
    assert edges(graph, "CAUSES") == []
    assert entity(graph, "D:3")["retired"] is True
    assert edge(graph, "D:1", "RESEMBLES", "D:2")["curated_sources"] == ["drugs@2"]


def test_back_to_a_version_gives_its_graph(graph: Graph) -> None:
    """A version, another one, the first one again: the graph of the first one."""
    load_curated(graph, whole())
    before = graph.dump()
    load_curated(graph, source(DISEASES[:2], version="2"))
    assert graph.dump() != before
    load_curated(graph, whole())
    assert graph.dump() == before


def test_a_file_that_changed_under_the_same_version(graph: Graph) -> None:
    """What a source says no more is taken out even where its version has stayed the same."""
    load_curated(graph, whole())
    load_curated(graph, source([*DISEASES, *DRUGS], FACTS[:2]))
    assert edges(graph, "TREATS") == [("C:1", "D:2"), ("C:2", "D:1")]
    assert edges(graph, "RESEMBLES") == []


def test_a_retired_term_does_not_break_the_edges_of_papers(graph: Graph, tmp_path: Path) -> None:
    """An entity that papers speak of keeps its mentions and claims when its term is retired."""
    load_shards(graph, [shard(tmp_path, library(10))])
    papers = graph.dump()
    (minted,) = graph.read("MATCH (e:Disease) RETURN e.id AS id ORDER BY id LIMIT 1")
    biomedicine = source([term(minted["id"], name="a disease")], domain=None)
    load_curated(graph, biomedicine)
    assert entity(graph, minted["id"])["name"] == "a disease"
    summary = load_curated(graph, source([], version="2", domain=None))
    assert summary.retired == 1
    assert entity(graph, minted["id"])["retired"] is True
    kinds = ("MENTIONS", "NEGATIVE_CORRELATION", "POSITIVE_CORRELATION", "REPORTED_IN")
    counts = graph.counts().relationships
    assert all(
        counts[kind] == sum(f'"type": "{kind}"' in line for line in papers) for kind in kinds
    )


def test_papers_and_a_source_behind_one_claim(graph: Graph, tmp_path: Path) -> None:
    """A claim of papers and of a source has both behind it, in either order of loading."""
    ends = ("abduce:Chemical/fish_oil", "abduce:Disease/raynaud")
    papers = shard(tmp_path, [one_claim("pmid:1"), one_claim("pmid:2")])
    load_shards(graph, [papers])
    (row,) = graph.read("MATCH (:Chemical)-[c]->(:Disease) RETURN properties(c) AS p")
    (found,) = graph.read("MATCH (d:Disease) RETURN d.id AS id")
    ends = (ends[0], found["id"])
    terms = [term(ends[0], "Chemical", "fish oil"), term(ends[1], "Disease", "Raynaud")]
    curated = source(terms, [fact(ends[0], "NEGATIVE_CORRELATION", ends[1])], domain=None)
    load_curated(graph, curated)
    after = edge(graph, ends[0], "NEGATIVE_CORRELATION", ends[1])
    assert (after["n_support"], after["n_papers"]) == (3, 2)
    assert after["belief"] > row["p"]["belief"]
    both = graph.dump()
    load_curated(graph, source(terms, version="2", domain=None))
    assert edge(graph, ends[0], "NEGATIVE_CORRELATION", ends[1]) == row["p"]
    graph.clear()
    load_curated(graph, curated)
    load_shards(graph, [papers])
    assert graph.dump() == both


def test_what_cannot_be_is_refused_and_listed(graph: Graph) -> None:
    """Wrong labels, unknown ends and parents, cycles and doubles are listed; the rest is loaded."""
    terms: list[Term] = [
        *DISEASES,
        *DRUGS,
        term("X:1", "no label"),
        term("X:2", "Entity"),
        term("D:1", name="again"),
        term("S:1", parents=["S:1"]),
        term("R:1", parents=["R:2", "D:0"]),
        term("R:2", parents=["R:3"]),
        term("R:3", parents=["R:1"]),
        term("P:1", parents=["NOBODY:1"]),
        term("L:1", name="x" * 100_000),
        term("\ud800"),
        term(""),
    ]
    facts = [
        *FACTS,
        fact("C:1", "TREATS", "NOBODY:2"),
        fact("C:1", "no type", "D:1"),
        fact("C:1", "IS_A", "D:1"),
        fact("C:1", "TREATS", "D:1", "\udfff"),
    ]
    summary = load_curated(graph, source(terms, facts))
    reasons = "\n".join(failure.reason for failure in summary.failed)
    assert len(summary.failed) == 15
    expected: tuple[str, ...] = (
        "cannot be a label",
        "the graph uses the name",
        "already",
        "of itself",
        "cycle",
    )
    expected += ("NOBODY:1", "100,000", "surrogate", "empty", "NOBODY:2", "relationship type")
    for said in expected:
        assert said in reasons
    assert summary.terms == 11
    assert summary.facts == len(FACTS)
    assert ("R:1", "D:0") in edges(graph, "IS_A")
    assert not {("R:1", "R:2"), ("R:2", "R:3"), ("S:1", "S:1")} & set(edges(graph, "IS_A"))
    before = graph.dump()
    assert load_curated(graph, source(terms, facts)).failed == summary.failed
    assert graph.dump() == before


def test_the_type_of_an_entity_stays(graph: Graph) -> None:
    """A second source that gives an entity another type is refused; its facts still count."""
    load_curated(graph, whole())
    summary = load_curated(
        graph,
        source(
            [term("C:1", "Chemical"), term("D:1")],
            [fact("C:1", "TREATS", "D:1")],
            name="other",
            domain=None,
        ),
    )
    (failure,) = summary.failed
    assert "of type Chemical here and of Drug in the graph" in failure.reason
    assert summary.terms == 1
    assert edge(graph, "C:1", "TREATS", "D:1")["curated_sources"] == [
        "drugs@1", "drugs@1", "other@1",
    ]  # fmt: skip


def test_parents_that_the_graph_knows(graph: Graph) -> None:
    """A term may be a kind of what another source has; two sources may say the same."""
    load_curated(graph, whole())
    more = source([term("E:1", parents=["D:3"]), term("D:3", parents=["D:2"])], name="more")
    assert load_curated(graph, more).failed == ()
    query = "MATCH (:Entity {id: 'D:3'})-[r:IS_A]->(:Entity) RETURN r.sources AS sources"
    assert graph.read(query) == [{"sources": ["drugs@1", "more@1"]}]
    load_curated(graph, source(name="more", version="2"))
    assert graph.read(query) == [{"sources": ["drugs@1"]}]
    assert ("E:1", "D:3") not in edges(graph, "IS_A")


def test_merged_ids_lead_to_their_entity(graph: Graph) -> None:
    """After a merge, a source's terms and facts go to the entity; the edge says what was read."""
    load_curated(graph, source([term("D:0"), term("D:1"), *DRUGS]))
    graph.write("MATCH (e:Entity {id: 'D:1'}) DETACH DELETE e")
    graph.write(
        "CREATE (:Merge {id: 'merge:D:1', absorbed: 'D:1', into: 'D:0', type: 'Disease'}) "
        "WITH 1 AS one MATCH (e:Entity {id: 'D:0'}) SET e.absorbed = ['D:1']"
    )
    graph.write("MATCH (v:GraphVersion) SET v.version = v.version + 1")
    facts = [fact("C:1", "TREATS", "D:1"), fact("D:0", "RESEMBLES", "D:1")]
    summary = load_curated(graph, source([term("D:1", parents=["D:0"])], facts, name="more"))
    assert summary.failed == ()
    assert edge(graph, "C:1", "TREATS", "D:0")["curated_reads"] == ["C:1\tD:1"]
    assert edges(graph, "RESEMBLES") == [("D:0", "D:0")]
    assert edges(graph, "IS_A") == []
    assert len(json.loads(json.dumps(entity(graph, "D:0")["terms"]))) == 2


def test_a_schema_goes_with_its_version(graph: Graph) -> None:
    """A schema that no version of a source uses any more goes; one that another uses stays."""
    load_curated(graph, whole())
    load_curated(graph, source(name="other"))
    other: Domain = parse_domain(
        'name = "x"\nversion = "1"\n[types.A]\n[relations.R]\n'
        'signatures = [{ subject = "A", object = "A", reading = "" }]'
    )
    load_curated(graph, source(version="2", domain=other))
    assert graph.counts().nodes["Domain"] == 2
    load_curated(graph, source(name="other", version="2", domain=other))
    assert graph.counts().nodes["Domain"] == 1


@pytest.mark.parametrize("size", [1, 3])
def test_the_size_of_batches_does_not_matter(
    graph: Graph, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batches of any size give the same graph, claims over several batches included."""
    load_curated(graph, whole())
    before = graph.dump()
    graph.clear()
    monkeypatch.setattr(term_loading, "TERMS", size)
    monkeypatch.setattr(fact_loading, "FACTS", size)
    monkeypatch.setattr(fact_loading, "WINDOW", size)
    summary = load_curated(graph, whole())
    assert graph.dump() == before
    assert (summary.claims, summary.added_facts) == (6, 7)


def test_a_fact_said_of_itself(graph: Graph) -> None:
    """A fact of an entity with itself is a loop, loaded once."""
    looped = source(DISEASES, [fact("D:1", "RESEMBLES", "D:1")])
    load_curated(graph, looped)
    load_curated(graph, looped)
    assert edges(graph, "RESEMBLES") == [("D:1", "D:1")]

"""Loading: the same shards give the same graph, in any order, and what is unsound stays out."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import Failure, Graph, Polarity, load_shards, mint_entity_id, open_graph, write_shard
from kg.derived import by_use
from kg.loading import batches as loading
from tests.kg.written import PACK, Written, by_hand, library, one_claim, rows_by_hand, shard

FISH_OIL = mint_entity_id("Chemical", "fish oil")
RAYNAUD = mint_entity_id("Disease", "Raynaud's disease")


def test_the_shape(graph: Graph, tmp_path: Path) -> None:
    """One paper with one claim gives the nodes, edges and properties of the graph's shape."""
    summary = load_shards(graph, [shard(tmp_path / "s", [one_claim("pmid:1")])])
    assert summary.model_dump() == {
        "papers": 1, "mentions": 2, "entities": 2, "claims": 1, "evidence": 1, "failed": (),
    }  # fmt: skip
    rows = graph.read(
        "MATCH (c:Chemical)-[r:NEGATIVE_CORRELATION]->(d:Disease) "
        "MATCH (e:Evidence {claim_id: r.claim_id})-[:REPORTED_IN]->(p:Paper)-[m:MENTIONS]->(c) "
        "MATCH (e)-[:SUBJECT]->(c) MATCH (e)-[:OBJECT]->(d) "
        "RETURN c.name AS name, c.n_papers AS n, r.belief AS belief, r.n_support AS support, "
        "r.n_deny AS deny, r.n_papers AS papers, r.first_year AS first, r.last_year AS last, "
        "r.curated AS curated, e.quote AS quote, e.start AS start, e.end AS end, p.text AS text, "
        "m.n AS mentions, m.names AS names, p.packs AS packs, e.polarity AS polarity"
    )
    assert len(rows) == 1
    (row,) = rows
    assert row["text"][row["start"] : row["end"]] == row["quote"]
    assert (row["name"], row["n"], row["mentions"], row["names"]) == (
        "fish oil",
        1,
        1,
        ["fish oil"],
    )
    assert row["belief"] == pytest.approx(0.855)
    assert (row["support"], row["deny"], row["papers"]) == (1, 0, 1)
    assert (row["first"], row["last"], row["curated"]) == (1986, 1986, False)
    assert (row["packs"], row["polarity"]) == ([PACK], "supports")


def test_twice(graph: Graph, tmp_path: Path) -> None:
    """Loading the same shards again changes nothing, and says the same of them."""
    folder = shard(tmp_path / "s", library(40))
    first = load_shards(graph, [folder])
    before = graph.dump()
    assert load_shards(graph, [folder]) == first
    assert graph.dump() == before


def test_order_and_batches(graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In other shards, another order and other batches, the same papers give the same graph."""
    papers = library(60)
    load_shards(graph, [shard(tmp_path / "one", papers)])
    expected = graph.dump()
    graph.clear()
    random.Random(5).shuffle(papers)  # noqa: S311  (no secret)
    monkeypatch.setattr(loading, "BATCH_PAPERS", 7)
    for part in range(4):
        shard(tmp_path / "many", papers[part::4], f"part{part}")
        load_shards(graph, [tmp_path / "many"], keys=[f"part{part}"])
    assert graph.dump() == expected


def test_both_servers(embedded_graph: Graph, neo4j_graph: Graph, tmp_path: Path) -> None:
    """The embedded store and Neo4j hold the same graph after the same load."""
    folder = shard(tmp_path / "s", library(50))
    summaries = [load_shards(graph, [folder]) for graph in (embedded_graph, neo4j_graph)]
    assert summaries[0] == summaries[1]
    assert embedded_graph.dump() == neo4j_graph.dump()


def test_made_by_hand(graph: Graph, tmp_path: Path) -> None:
    """Plain Parquet files without metadata load as written shards do, but for the schema."""
    papers = library(30)
    load_shards(graph, [shard(tmp_path / "s", papers, domain="")])
    expected = graph.dump()
    graph.clear()
    summary = load_shards(graph, [by_hand(tmp_path / "h", rows_by_hand(papers))])
    assert summary.failed == ()
    assert graph.dump() == expected


def test_evidence_that_comes_later(graph: Graph, tmp_path: Path) -> None:
    """Mentions and evidence of papers that the graph has are loaded without their papers."""
    papers = library(20)
    load_shards(graph, [shard(tmp_path / "s", papers, domain="")])
    expected = graph.dump()
    graph.clear()
    rows = rows_by_hand(papers)
    for kind in ("papers", "mentions", "evidence"):
        folder = by_hand(tmp_path / kind, {kind: rows[kind]})
        assert load_shards(graph, [folder]).failed == ()
    assert graph.dump() == expected


def test_two_packs_read_one_paper(graph: Graph, tmp_path: Path) -> None:
    """What two packs read in one paper is joined: two readings, one paper, one mention a place."""
    first, second = one_claim("pmid:1"), one_claim("pmid:1", pack="other@2")
    load_shards(graph, [shard(tmp_path / "a", [first])])
    load_shards(graph, [shard(tmp_path / "b", [second])])
    (row,) = graph.read(
        "MATCH (p:Paper)-[m:MENTIONS]->(e:Chemical)-[r:NEGATIVE_CORRELATION]->() "
        "RETURN p.packs AS packs, m.n AS n, e.n_papers AS papers, r.n_support AS support, "
        "r.n_papers AS claim_papers"
    )
    expected = {"packs": ["other@2", PACK], "n": 1, "papers": 1, "support": 2, "claim_papers": 1}
    assert row == expected


def test_name_is_that_of_most_papers(graph: Graph, tmp_path: Path) -> None:
    """An entity is called what most papers call it; its other spellings are synonyms."""
    spellings = ["fish-oil", "Fish oil", "Fish oil", "FISH OIL"]
    papers = [one_claim(f"pmid:{n}", ("Chemical", s)) for n, s in enumerate(spellings)]
    load_shards(graph, [shard(tmp_path / "s", papers)])
    (row,) = graph.read("MATCH (e:Chemical) RETURN e.name AS name, e.synonyms AS synonyms")
    assert row == {"name": "Fish oil", "synonyms": ["FISH OIL", "fish-oil"]}


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 3), min_size=1))
def test_the_choice_of_a_name(forms: dict[str, int]) -> None:
    """The first form is one of those in most papers, and the choice ignores the order."""
    assert forms[by_use(forms)[0]] == max(forms.values())
    assert by_use(forms) == by_use(dict(reversed(forms.items())))


def test_a_date_that_comes_later(graph: Graph, tmp_path: Path) -> None:
    """Where a second source dates a paper, the years of its claims follow, in either order."""
    undated, dated = one_claim("pmid:1", date=None), one_claim("pmid:1", date="1990-05")
    load_shards(graph, [shard(tmp_path / "a", [undated])])
    load_shards(graph, [shard(tmp_path / "b", [dated])])
    after = graph.dump()
    assert graph.read("MATCH ()-[r:NEGATIVE_CORRELATION]->() RETURN r.first_year AS y") == [
        {"y": 1990}
    ]
    graph.clear()
    load_shards(graph, [tmp_path / "b"])
    load_shards(graph, [tmp_path / "a"])
    assert graph.dump() == after


def test_denial_and_support_meet(graph: Graph, tmp_path: Path) -> None:
    """Belief comes from all stored evidence of a claim, not from that of the last batch."""
    for n, polarity in enumerate([Polarity.SUPPORTS, Polarity.DENIES, Polarity.SUPPORTS]):
        paper = one_claim(f"pmid:{n}", polarity=polarity, date=f"{1980 + n}")
        load_shards(graph, [shard(tmp_path / str(n), [paper])])
    (row,) = graph.read(
        "MATCH ()-[r:NEGATIVE_CORRELATION]->() RETURN r.n_support AS s, r.n_deny AS d, "
        "r.n_papers AS p, r.first_year AS first, r.last_year AS last, r.belief AS belief"
    )
    assert (row["s"], row["d"], row["p"], row["first"], row["last"]) == (2, 1, 3, 1980, 1982)
    assert 0.4 < row["belief"] < 0.855


QUOTE = one_claim("pmid:1").evidence[0].quote
BAD_EVIDENCE: list[tuple[dict[str, Any], str]] = [
    ({"quote": "Fish oil is fine."}, "the quote"),
    ({"quote": QUOTE.replace("oil", "oiI")}, "the quote"),
    ({"quote": None}, "no span"),
    ({"start": 500, "end": 600}, "no span"),
    ({"start": 9, "end": 9, "quote": ""}, "no span"),
    ({"start": -30, "end": -1}, "no span"),
    ({"start": None}, "no span"),
    ({"subject": "MESH:D1"}, "no sound mention"),
    ({"object": "MESH:D1"}, "no sound mention"),
    ({"subject": ""}, "names no subject"),
    ({"object": None}, "names no object"),
    ({"confidence": 1.5}, "confidence is 1.5"),
    ({"confidence": -0.1}, "confidence is -0.1"),
    ({"confidence": float("nan")}, "confidence is nan"),
    ({"confidence": None}, "confidence is None"),
    ({"polarity": "perhaps"}, "denies or supports"),
    ({"certainty": "sure"}, "hedged or stated"),
    ({"predicate": "treats"}, "UPPER_SNAKE"),
    ({"predicate": None}, "UPPER_SNAKE"),
    ({"predicate": "A]->() DETACH DELETE x //"}, "UPPER_SNAKE"),
    ({"predicate": "MENTIONS"}, "the graph uses"),
    ({"predicate": "CHEMICAL"}, "the graph uses"),
    ({"pack": ""}, "names no pack"),
]
BAD_MENTIONS: list[tuple[dict[str, Any], str]] = [
    ({"text": "cod oil"}, "the text"),
    ({"text": None}, "no span"),
    ({"end": 10_000}, "no span"),
    ({"type": "chemical"}, "CamelCase"),
    ({"type": None}, "CamelCase"),
    ({"type": "Paper"}, "the graph uses"),
    ({"type": "Mentions"}, "the graph uses"),
    ({"type": "Negative"}, "an entity has one type"),
    ({"confidence": 2.0}, "confidence is 2.0"),
    ({"pack": None}, "names no pack"),
]


def spoiled(kind: str, cases: list[tuple[dict[str, Any], str]]) -> dict[str, list[dict[str, Any]]]:
    """A good paper pmid:0, and for each case one paper whose first row of that kind is spoiled."""
    rows = rows_by_hand([one_claim("pmid:0")])
    for number, (changes, _) in enumerate(cases, start=1):
        paper = rows_by_hand([one_claim(f"pmid:{number}")])
        paper[kind][0] |= changes
        for each in rows:
            rows[each] += paper[each]
    return rows


def test_refused_evidence(graph: Graph, tmp_path: Path) -> None:
    """Unsound evidence is listed with its file, paper and reason; the papers and the rest load."""
    folder = by_hand(tmp_path / "s", spoiled("evidence", BAD_EVIDENCE))
    summary = load_shards(graph, [folder])
    for number, (changes, reason) in enumerate(BAD_EVIDENCE, start=1):
        (failure,) = [f for f in summary.failed if f.where.startswith(f"pmid:{number} ")]
        assert failure.path == str(folder / "evidence.parquet"), changes
        assert reason in failure.reason, changes
    papers = 1 + len(BAD_EVIDENCE)
    assert (summary.papers, summary.mentions, summary.evidence) == (papers, 2 * papers, 1)
    assert graph.counts().nodes["Evidence"] == 1


def test_refused_mentions(graph: Graph, tmp_path: Path) -> None:
    """An unsound mention is listed, and so is the evidence that needs it; the rest loads."""
    folder = by_hand(tmp_path / "s", spoiled("mentions", BAD_MENTIONS))
    summary = load_shards(graph, [folder])
    for number, (changes, reason) in enumerate(BAD_MENTIONS, start=1):
        failures = [f for f in summary.failed if f.where.startswith(f"pmid:{number} ")]
        by_path = {Path(failure.path).name: failure.reason for failure in failures}
        assert reason in by_path["mentions.parquet"], changes
        assert "no sound mention" in by_path["evidence.parquet"], changes
    papers = 1 + len(BAD_MENTIONS)
    assert (summary.papers, summary.mentions, summary.evidence) == (papers, papers + 1, 1)


def test_wrong_sha256(graph: Graph, tmp_path: Path) -> None:
    """A paper whose hash is not that of its text is refused with all its rows."""
    rows = rows_by_hand([one_claim("pmid:1"), one_claim("pmid:2")])
    rows["papers"][0]["sha256"] = "0" * 64
    summary = load_shards(graph, [by_hand(tmp_path, rows)])
    assert {failure.where for failure in summary.failed} == {"pmid:1"}
    assert (summary.papers, summary.evidence) == (1, 1)
    assert graph.read("MATCH (p:Paper) RETURN p.id AS id") == [{"id": "pmid:2"}]


def test_duplicate_id_in_the_graph(graph: Graph, tmp_path: Path) -> None:
    """A paper whose id the graph has with another text is refused, and the stored one stays."""
    load_shards(graph, [shard(tmp_path / "a", [one_claim("pmid:1")])])
    before = graph.dump()
    other = one_claim("pmid:1", ("Chemical", "magnesium"))
    summary = load_shards(graph, [shard(tmp_path / "b", [other])])
    (failure,) = summary.failed
    assert failure.where == "pmid:1"
    assert "another text" in failure.reason
    assert graph.dump() == before


def test_duplicate_id_in_one_load(graph: Graph, tmp_path: Path) -> None:
    """Of two texts under one id in one load the first one stays."""
    papers = [one_claim("pmid:1"), one_claim("pmid:1", ("Chemical", "magnesium"))]
    summary = load_shards(graph, [by_hand(tmp_path, rows_by_hand(papers))])
    assert any("another text" in failure.reason for failure in summary.failed)
    assert summary.papers == 1
    (row,) = graph.read("MATCH (p:Paper) RETURN p.sha256 AS sha256")
    assert row["sha256"] == papers[0].paper.sha256


def test_one_entity_two_types(graph: Graph, tmp_path: Path) -> None:
    """An entity keeps its first type; mentions of it under another type are refused."""
    rows = rows_by_hand([one_claim("pmid:1"), one_claim("pmid:2")])
    rows["mentions"][2]["type"] = "Gene"
    summary = load_shards(graph, [by_hand(tmp_path / "s", rows)])
    assert "an entity has one type" in summary.failed[0].reason
    assert len(summary.failed) == 2  # the mention, and the evidence that needs it
    (row,) = graph.read("MATCH (e:Entity {id: $id}) RETURN labels(e) AS l", id=FISH_OIL)
    assert set(row["l"]) == {"Entity", "Chemical"}


def test_paper_that_is_nowhere(graph: Graph, tmp_path: Path) -> None:
    """Mentions and evidence of a paper that neither shards nor graph have are one failure."""
    rows = rows_by_hand([one_claim("pmid:1"), one_claim("pmid:2")])
    del rows["papers"][0]
    summary = load_shards(graph, [by_hand(tmp_path, rows)])
    (failure,) = summary.failed
    assert (failure.where, summary.papers) == ("pmid:1", 1)
    assert "3 mentions and evidence" in failure.reason


def test_odd_characters(graph: Graph, tmp_path: Path) -> None:
    """NUL, astral characters, quotes and backslashes in names and texts come back as they were."""
    odd = "f\u0000sh 'oil' \\ \"🐟\" \u2028 ` {x}"
    paper = one_claim("pmid:1", ("Chemical", odd))
    assert load_shards(graph, [shard(tmp_path / "s", [paper])]).failed == ()
    (row,) = graph.read(
        "MATCH (p:Paper)-[m:MENTIONS]->(e:Chemical) "
        "RETURN p.text AS text, e.name AS name, m.names AS names"
    )
    assert row == {"text": paper.paper.text, "name": odd, "names": [odd]}


def test_progress(embedded_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress counts papers up to the number there is."""
    monkeypatch.setattr(loading, "BATCH_PAPERS", 4)
    seen: list[tuple[int, int | None]] = []
    folder = shard(tmp_path / "s", library(10))
    load_shards(embedded_graph, [folder], on_progress=lambda done, of: seen.append((done, of)))
    assert seen == [(4, 10), (8, 10), (10, 10)]


def test_schema_that_does_not_fit(embedded_graph: Graph, tmp_path: Path) -> None:
    """A shard whose schema is none, or contradicts the graph's, is listed; its rows still load."""
    clash = (
        'name = "odd"\nversion = "1"\n[types.Bind]\n[relations.FITS]\n'
        'signatures = [{ subject = "Bind", object = "Bind", reading = "fits" }]\n'
    )
    shard(tmp_path, [one_claim("pmid:1")], "a")
    shard(tmp_path, [one_claim("pmid:2")], "b", domain="not = a schema")
    shard(tmp_path, [one_claim("pmid:3")], "c", domain=clash)
    summary = load_shards(embedded_graph, [tmp_path])
    assert [f.where for f in summary.failed] == ["domain schema", "domain schema"]
    assert summary.papers == 3


@settings(max_examples=8, deadline=None)
@given(st.data())
def test_any_split_into_loads(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """However a library is dealt out over loads, with repetitions, the graph is the same."""
    papers = library(12, seed=3)
    hands = data.draw(st.lists(st.lists(st.sampled_from(range(12))), max_size=3))
    folder = tmp_path_factory.mktemp("any")
    with open_graph(folder / "whole", create=True) as whole:
        load_shards(whole, [shard(folder / "all", papers)])
        expected = whole.dump()
    with open_graph(folder / "dealt", create=True) as dealt:
        for number, hand in enumerate([*hands, list(range(12))]):
            part = shard(folder / str(number), [papers[at] for at in dict.fromkeys(hand)])
            load_shards(dealt, [part])
        assert dealt.dump() == expected


def test_failures_are_ours(embedded_graph: Graph, tmp_path: Path) -> None:
    """A file that is no shard is a failure of the load, which goes on."""
    (tmp_path / "noise.parquet").write_bytes(b"PAR1 but not really PAR1")
    shard(tmp_path, library(3))
    summary = load_shards(embedded_graph, [tmp_path])
    assert [type(failure) for failure in summary.failed] == [Failure]
    assert summary.papers == 3


def test_two_loads_at_once(graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two loads into one graph at the same time give the graph of one after the other."""
    papers = library(48, seed=8)
    load_shards(graph, [shard(tmp_path / "all", papers)])
    expected = graph.dump()
    graph.clear()
    load_shards(graph, [shard(tmp_path / "first", papers[:1])])
    monkeypatch.setattr(loading, "BATCH_PAPERS", 4)
    halves = [shard(tmp_path / f"half{n}", papers[n::2]) for n in range(2)]
    with ThreadPoolExecutor() as pool:
        summaries = list(pool.map(lambda half: load_shards(graph, [half]), halves))
    assert [summary.failed for summary in summaries] == [(), ()]
    assert graph.dump() == expected


def test_a_retraction_that_comes_later(graph: Graph, tmp_path: Path) -> None:
    """A paper that a later load says is retracted weighs nothing any more; counts still have it."""
    paper = one_claim("pmid:1")
    load_shards(graph, [shard(tmp_path / "a", [paper, one_claim("pmid:2", confidence=0.3)])])
    claim = "MATCH ()-[r:NEGATIVE_CORRELATION]->() RETURN r.belief AS b, r.n_papers AS n"
    (before,) = graph.read(claim)
    retracted = replace(paper, paper=paper.paper.model_copy(update={"retracted": True}))
    load_shards(graph, [shard(tmp_path / "b", [retracted])])
    (after,) = graph.read(claim)
    assert (before["n"], after["n"]) == (2, 2)
    assert after["b"] == pytest.approx(1 - (0.05 + 0.95 * 0.7))
    expected = graph.dump()
    graph.clear()
    load_shards(graph, [tmp_path / "b"])
    load_shards(graph, [tmp_path / "a"])
    assert graph.dump() == expected


def test_the_error_of_a_pack(graph: Graph, tmp_path: Path) -> None:
    """A pack's error rate, once a shard says it, weighs all that the pack has read, also before."""

    def written(name: str, papers: list[Written], error: float | None) -> Path:
        evidence = [row for paper in papers for row in paper.evidence]
        mentions = [(p.paper.id, PACK, mention) for p in papers for mention in p.mentions]
        errors = None if error is None else {PACK: error}
        ids = [paper.paper for paper in papers]
        write_shard(tmp_path / name, "a", ids, mentions, evidence, "", pack_errors=errors)
        return tmp_path / name

    folders = [
        written("unsaid", [one_claim("pmid:1")], None),
        written("good", [one_claim("pmid:2", ("Chemical", "caffeine"))], 0.1),
        written("bad", [one_claim("pmid:3", ("Chemical", "magnesium"))], 0.4),
    ]
    load_shards(graph, folders)
    expected = graph.dump()
    beliefs = graph.read("MATCH ()-[r:NEGATIVE_CORRELATION]->() RETURN DISTINCT r.belief AS b")
    assert beliefs == [{"b": pytest.approx((1 - 0.4) * 0.9)}]
    assert graph.read("MATCH (p:Pack) RETURN p.id AS id, p.error AS e") == [{"id": PACK, "e": 0.4}]
    for order in permutations(folders):
        graph.clear()
        for folder in order:
            load_shards(graph, [folder])
        assert graph.dump() == expected


def test_texts_too_long_for_an_index(graph: Graph, tmp_path: Path) -> None:
    """A name, an id or a pack that no index holds is refused and listed; the rest loads."""
    rows = rows_by_hand([one_claim(f"pmid:{n}") for n in range(4)])
    long_name = one_claim("pmid:9", ("Chemical", "x" * 100_000))
    for kind, listed in rows_by_hand([long_name]).items():
        rows[kind] += listed
    rows["mentions"][2]["entity"] = "X:" + "9" * 9000
    rows["evidence"][2]["pack"] = "p" * 9000
    rows["papers"][3]["paper"] = "pmid:3" + "0" * 9000
    summary = load_shards(graph, [by_hand(tmp_path / "s", rows)])
    long = [failure for failure in summary.failed if "bytes long" in failure.reason]
    assert {failure.where.split(":")[1].split(" ")[0][:1] for failure in long} == set("1239")
    assert all(len(failure.where) < 300 for failure in summary.failed)
    assert summary.papers == 4
    assert summary.evidence == 1

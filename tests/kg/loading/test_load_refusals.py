"""What is unsound in shards stays out, is listed with its place, and the rest is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kg import Failure, Graph, load_shards, mint_entity_id
from tests.kg.written import by_hand, library, one_claim, rows_by_hand, shard

FISH_OIL = mint_entity_id("Chemical", "fish oil")


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


def test_failures_are_ours(embedded_graph: Graph, tmp_path: Path) -> None:
    """A file that is no shard is a failure of the load, which goes on."""
    (tmp_path / "noise.parquet").write_bytes(b"PAR1 but not really PAR1")
    shard(tmp_path, library(3))
    summary = load_shards(embedded_graph, [tmp_path])
    assert [type(failure) for failure in summary.failed] == [Failure]
    assert summary.papers == 3


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


@pytest.mark.parametrize("date", ["May 2016", "2016-13", "20160101", "16", "2016-02-30", "0000"])
def test_a_paper_whose_date_is_none(embedded_graph: Graph, tmp_path: Path, date: str) -> None:
    """It is loaded without a date, and that is said; no question takes it for a paper of then."""
    folder = shard(tmp_path / "s", [one_claim("pmid:1", date=date)])
    (failure,) = load_shards(embedded_graph, [folder]).failed
    assert (failure.where, date in failure.reason) == ("pmid:1", True)
    assert embedded_graph.read("MATCH (p:Paper) RETURN p.date AS date") == [{"date": None}]
    assert load_shards(embedded_graph, [folder]).papers == 1


def test_white_space_around_a_date(embedded_graph: Graph, tmp_path: Path) -> None:
    """It is no part of the date."""
    folder = shard(tmp_path / "s", [one_claim("pmid:1", date=" 2016-05 ")])
    assert load_shards(embedded_graph, [folder]).failed == ()
    assert embedded_graph.read("MATCH (p:Paper) RETURN p.date AS date") == [{"date": "2016-05"}]

"""What several papers say together: names, dates, denials, retractions, errors of packs."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import Graph, Polarity, load_shards
from kg.contributions.properties import by_use
from kg.loading import write_shard
from tests.kg.written import PACK, Written, one_claim, shard


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

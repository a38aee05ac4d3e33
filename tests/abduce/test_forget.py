"""`abduce forget`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import abduce

if TYPE_CHECKING:
    from tests.abduce.conftest import RunAbduce


def test_papers_are_named_as_people_name_them(
    run_abduce: RunAbduce, shards: Path, tmp_path: Path
) -> None:
    """A bare PubMed id, a CURIE in capitals and a link each take their paper out."""
    run_abduce("load", shards, "--graph", "graph")
    link = "https://pubmed.ncbi.nlm.nih.gov/3"
    done = run_abduce("forget", "1", "PMID:2", link, "--graph", "graph", "--json")
    assert done.code == 0
    (summary,) = done.rows
    assert summary["forgotten"] == ["pmid:1", "pmid:2", "pmid:3"]
    with abduce.open_graph(tmp_path / "graph") as graph:
        assert len(abduce.query(graph, "MATCH (p:Paper) RETURN p.id AS id")) == 6


def test_an_unknown_paper_is_named(run_abduce: RunAbduce, shards: Path) -> None:
    """A paper that the graph does not hold is named; the others go, and the code is 1."""
    run_abduce("load", shards, "--graph", "graph")
    done = run_abduce("forget", "pmid:1", "pmid:77", "--graph", "graph")
    assert done.code == 1
    assert "not in the graph: pmid:77" in done.err


def test_nothing_forgotten_says_so(run_abduce: RunAbduce, shards: Path) -> None:
    """Where nothing was forgotten it says so, and ends with 1; so does forgetting twice."""
    run_abduce("load", shards, "--graph", "graph")
    assert run_abduce("forget", "pmid:1", "--graph", "graph").code == 0
    done = run_abduce("forget", "pmid:1", "--graph", "graph")
    assert (done.code, "nothing was forgotten" in done.err) == (1, True)


def test_a_list_of_retractions(run_abduce: RunAbduce, shards: Path, tmp_path: Path) -> None:
    """Of Retraction Watch's table the retracted papers that the graph holds go, and it is done."""
    run_abduce("load", shards, "--graph", "graph")
    (tmp_path / "rw.csv").write_text(
        "Record ID,RetractionDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature\n"
        "1,1/2/2020 0:00,10.1/x,1,Retraction\n2,1/2/2020 0:00,,2,Correction\n"
        '3,1/2/2020 0:00,"10.1/a,b",99,Retraction\n'
    )
    done = run_abduce("forget", "--retracted", "rw.csv", "--graph", "graph", "--json")
    assert done.code == 0
    (summary,) = done.rows
    assert summary["forgotten"] == ["pmid:1"]
    assert summary["unknown"] == ["doi:10.1/x", "doi:10.1/a,b", "pmid:99"]


def test_an_unknown_source(run_abduce: RunAbduce, shards: Path) -> None:
    """A curated source that the graph does not have is wrong use, and ends with 2."""
    run_abduce("load", shards, "--graph", "graph")
    done = run_abduce("forget", "--source", "hetionet", "--graph", "graph")
    assert (done.code, "no curated source" in done.err) == (2, True)


def test_what_to_forget_is_said_once(run_abduce: RunAbduce, shards: Path) -> None:
    """Nothing named, or papers and a source at once, is wrong use."""
    run_abduce("load", shards, "--graph", "graph")
    assert run_abduce("forget", "--graph", "graph").code == 2
    assert run_abduce("forget", "pmid:1", "--source", "x", "--graph", "graph").code == 2

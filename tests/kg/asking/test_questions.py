"""The ready questions: what each answers, on both servers, and that its heading is whole."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from kg import Certainty, Graph, Polarity, load_shards
from kg.asking import Question, ask, list_questions
from tests.kg.asking.expected import EXPECTED
from tests.kg.asking.sample import fill
from tests.kg.written import LOWERS, Written, library, one_claim, shard

EVERY = list_questions()
NAMES = [question.name for question in EVERY]
GIVEN = {
    "entity": "migraine", "subject": "fish oil", "object": "migraine", "one": "fish oil",
    "other": "magnesium", "start": "fish oil", "end": "migraine", "paper": "pmid:1",
    "since": "1990", "year": 1999,
}  # fmt: skip


def test_there_are_at_least_25() -> None:
    """The library holds at least 25 questions, and each has rows to be held against."""
    assert len(EVERY) >= 25
    assert sorted(EXPECTED) == NAMES


@pytest.mark.parametrize("question", EVERY, ids=NAMES)
def test_a_heading_says_what_the_query_takes(question: Question) -> None:
    """A heading documents exactly the parameters of its query, in lines that fit."""
    query = "\n".join(line for line in question.cypher.splitlines() if not line.startswith("//"))
    assert question.about.endswith(".")
    assert {p.name for p in question.parameters} == set(re.findall(r"\$(\w+)", query))
    assert all(len(line) <= 100 for line in question.cypher.splitlines())


@pytest.mark.parametrize("question", EVERY, ids=NAMES)
def test_what_must_be_given_has_an_example(question: Question) -> None:
    """A parameter that must be given shows an example of a value."""
    assert all(p.example for p in question.parameters if p.default is None)


def test_every_question_answers_rightly(
    every_graph: Graph, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    """Each question gives the rows that follow from known papers, in the columns that it names."""
    fill(every_graph, tmp_path)
    for name, cases in EXPECTED.items():
        assert any(asked.rows for asked in cases), name
        for asked in cases:
            with subtests.test(name, **asked.parameters):
                rows = ask(every_graph, name, **asked.parameters).rows
                assert [tuple(row[c] for c in asked.columns) for row in rows] == asked.rows
                columns = [column.name for column in _question(name).columns]
                assert all(list(row) == columns for row in rows)


def test_a_deep_hierarchy(every_graph: Graph) -> None:
    """All that stands above or below a thing is told, however deep, and also in a circle."""
    every_graph.ensure_schema(["Disease"])
    ids = [f"DOID:{number:02}" for number in range(40)]
    rows = [{"id": id_, "name": id_, "n_papers": 0} for id_ in ids]
    above = [{"start": id_, "end": parent} for parent, id_ in pairwise(ids)]
    every_graph.merge_nodes(["Entity", "Disease"], rows)
    every_graph.merge_edges("IS_A", [*above, {"start": ids[1], "end": ids[2]}])
    up = ask(every_graph, "ancestors", entity=ids[-1]).rows
    assert [(row["steps"], row["entity"]) for row in up] == list(enumerate(ids[-2::-1], start=1))
    down = ask(every_graph, "descendants", entity=ids[0]).rows
    assert [(row["steps"], row["entity"]) for row in down] == list(enumerate(ids[1:], start=1))


def test_both_servers_give_the_same_rows(
    embedded_graph: Graph, neo4j_graph: Graph, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    """Of papers that say many things, both servers tell the same in the same order."""
    parts = [
        shard(tmp_path / "one", [*library(120), *_of_one_name()[::2]]),
        shard(tmp_path / "other", _of_one_name()[1::2]),
    ]
    for graph, order in ((embedded_graph, parts), (neo4j_graph, parts[::-1])):
        for folder in order:  # what comes in the order of loading shows
            load_shards(graph, [folder])
    for question in EVERY:
        if question.name == "runs":
            continue  # the times differ
        with subtests.test(question.name):
            given = _given(question)
            rows = ask(embedded_graph, question.name, **given).rows
            assert rows == ask(neo4j_graph, question.name, **given).rows


def _of_one_name() -> list[Written]:
    """Papers about a chemical and a gene that have one name, which rows do not tell apart."""
    return [
        one_claim(
            f"pmid:{1000 + number}",
            ("Gene" if number % 2 else "Chemical", "MK-801"),
            LOWERS,
            ("Chemical", f"drug {number // 2}"),
            date="2001",
            confidence=0.6 + number % 3 / 10,
            certainty=Certainty.HEDGED,
            polarity=Polarity.DENIES if number % 5 == 0 else Polarity.SUPPORTS,
        )
        for number in range(40)
    ]


def _question(name: str) -> Question:
    return next(question for question in EVERY if question.name == name)


def _given(question: Question) -> dict[str, Any]:
    if question.name == "in-common":
        return {"one": "pmid:1", "other": "pmid:2"}
    return {p.name: GIVEN[p.name] for p in question.parameters if p.default is None}

"""`abduce ask`; what each question answers is tested in tests/kg/asking."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import abduce
from kg import UnknownNameError
from kg.asking import list_questions

if TYPE_CHECKING:
    from tests.abduce.conftest import RunAbduce


def test_without_a_name_all_are_listed(run_abduce: RunAbduce) -> None:
    """`abduce ask` lists every question with what it answers, without any graph."""
    done = run_abduce("ask", "--json")
    assert done.code == 0
    assert [row["name"] for row in done.rows] == [q.name for q in list_questions()]
    assert {"about", "parameters", "columns"} <= set(done.rows[0])
    assert list_questions()[0].name in run_abduce("ask").out


def test_explain_shows_the_file(run_abduce: RunAbduce) -> None:
    """`--explain` prints the question as it is written: heading and Cypher, ready to be copied."""
    done = run_abduce("ask", "papers-about", "--explain")
    assert done.code == 0
    question = next(q for q in list_questions() if q.name == "papers-about")
    assert done.out.strip() == question.cypher.strip()


@pytest.mark.usefixtures("place")
def test_an_answer_says_who_was_meant(run_abduce: RunAbduce, shards: Path) -> None:
    """Rows go to standard output, and whom a name was taken for to standard error."""
    assert run_abduce("load", shards).code == 0
    done = run_abduce("ask", "papers_about", "--param", "entity=Fish-Oil", "--json")
    assert done.code == 0
    assert [row["paper"] for row in done.rows] == ["pmid:3", "pmid:2", "pmid:1"]
    assert "fish oil (abduce:Chemical/fish_oil, Chemical)" in done.err


@pytest.mark.usefixtures("place")
def test_values_are_taken_letter_by_letter(run_abduce: RunAbduce, shards: Path) -> None:
    """A name that looks like a number stays as it is written; JSON's quotes are taken off."""
    assert run_abduce("load", shards).code == 0
    for name in ("1E5", "007", "1.10", "true", "null"):
        done = run_abduce("ask", "papers-about", "--param", f"entity={name}")
        assert (done.code, f"no entity is called '{name}'" in done.err) == (2, True)
    assert run_abduce("ask", "papers-about", "--param", 'entity="fish oil"').code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("evidense",), "nearest: evidence"),
        (("papers-about",), "needs entity"),
        (("papers-about", "--param", "entity=fish oyl"), "nearest: fish oil"),
        (("papers-about", "--param", "entity=fish oil", "--param", "limt=3"), "nearest: limit"),
        (("papers-about", "--param", "entity=fish oil", "--param", "as_of=May"), "2015-06"),
        (("papers-about", "--param", "entity=fish oil", "--param", "limit=many"), "whole number"),
        (("papers-about", "--param", "entity=fish oil", "--param", "limit=-1"), "whole number"),
        (("papers-about", "--param", "entity=fish oil", "--param", "limit=0"), "from 1"),
        (("neighbourhood", "--param", "entity=fish oil", "--param", "least_belief=x"), "a number"),
        (("hubs", "--param", "type=Desease"), "nearest: Disease"),
        (("hubs", "--param", "type=Paper"), "no entity type is called 'Paper'"),
        (("strongest-claims", "--param", "relation=TREAT"), "TREATS"),
        (("strongest-claims", "--param", "relation=MENTIONS"), "no relation is called 'MENTIONS'"),
        (("new-since", "--param", "since=1999", "--timeout", "0"), "greater than 0"),
        (
            ("papers-about", "--param", "entity=fish oil", "--since", "2000", "--as-of", "1999"),
            "nothing is both since 2000 and as of 1999",
        ),
        (("claims-of-paper", "--param", "paper=pmid:99"), "no paper"),
    ],
)
def test_wrong_use_says_what_is_right(
    run_abduce: RunAbduce, small_graph: Path, arguments: tuple[str, ...], said: str
) -> None:
    """A question, parameter or value that cannot be ends with 2 and names what could be."""
    done = run_abduce("ask", *arguments, "--graph", small_graph)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_dates_have_flags_of_their_own(run_abduce: RunAbduce, small_graph: Path) -> None:
    """`--as-of` and `--since` narrow a question that has dates; one that has none refuses them.

    What a limit cuts off is said.
    """
    asked = ("ask", "papers-about", "--param", "entity=Raynaud disease", "--graph", small_graph)
    done = run_abduce(*asked, "--since", "1984", "--as-of", "1986-01", "--json")
    assert [row["date"] for row in done.rows] == ["1985", "1984"]
    assert "only what was said since 1984, as of 1986-01; left out for want of a" in done.err
    done = run_abduce(*asked, "--param", "limit=1", "--json")
    assert len(done.rows) == 1
    assert "there may be more" in done.err
    assert run_abduce("ask", "hubs", "--as-of", "1986", "--graph", small_graph).code == 2


def test_a_relation_may_be_an_alias(run_abduce: RunAbduce, small_graph: Path) -> None:
    """A relation may be given by the name that its schema calls it between two types."""
    done = run_abduce(
        "ask", "strongest-claims", "--param", "relation=treats", "--graph", small_graph, "--json"
    )
    assert {row["relation"] for row in done.rows} == {"NEGATIVE_CORRELATION"}


def test_nothing_found_ends_with_1(run_abduce: RunAbduce, small_graph: Path) -> None:
    """A question without an answer says so and ends with 1."""
    done = run_abduce("ask", "retracted", "--graph", small_graph)
    assert (done.code, done.out) == (1, "")
    assert "nothing found" in done.err


HOSTILE = [
    "x'}) DETACH DELETE e //",
    'x"}) DETACH DELETE e //',
    "x`}) DETACH DELETE e //",
    "}) RETURN 1 UNION MATCH (n) DETACH DELETE n //",
    "\\' OR 1=1 //",
    "$limit",
    "{{limit}}",
    "NEGATIVE_CORRELATION|POSITIVE_CORRELATION*1..9]->() DETACH DELETE (n) //",
    "Entity) DETACH DELETE (n) //",
    "*:* OR id:*",
    "fish~2 AND (",
    '+-&|!(){}[]^"~*?:\\/',
    "\u2028fish oil\u0000",
]  # fmt: skip


@pytest.mark.usefixtures("place")
def test_no_value_becomes_cypher(run_abduce: RunAbduce, shards: Path) -> None:
    """Whatever stands in a parameter, a name or a type is data, and changes nothing.

    `find`, every ready question, `propose` and `query` are given texts that would end a string, a
    pattern, a comment or a search in Lucene's language.
    """
    assert run_abduce("load", shards).code == 0
    with abduce.open_graph() as graph:
        before = graph.dump()
    for text in HOSTILE[:4] + HOSTILE[-4:]:
        assert "Traceback" not in run_abduce("find", "--type", text, "--", text).err
        assert run_abduce("propose", "--relation", text, "--entity", text).code == 2
        done = run_abduce("query", "RETURN $x AS x", "--param", f'x="{text}"', "--json")
        assert "Traceback" not in done.err
    with abduce.open_graph() as graph:
        for question in list_questions():
            for parameter in question.parameters:
                for text in HOSTILE:
                    _ask(graph, question.name, {**_whole(question.name), parameter.name: text})
        for text in HOSTILE:
            abduce.find(graph, text)
            with pytest.raises(UnknownNameError):
                abduce.find(graph, text, types=[text])
        assert graph.dump() == before


def _whole(name: str) -> dict[str, object]:
    given = {"paper": "pmid:1", "since": "1980", "year": 1980}
    question = next(q for q in list_questions() if q.name == name)
    return {
        p.name: "pmid:1" if p.type == "paper" else given.get(p.name, "fish oil")
        for p in question.parameters
        if p.default is None
    }


def _ask(graph: object, name: str, parameters: dict[str, object]) -> None:
    from kg import Graph, PropertyError, UsageError

    assert isinstance(graph, Graph)
    try:
        rows = abduce.ask(graph, name, **parameters).rows
    except (UsageError, PropertyError):
        return  # refused, as no entity, paper, relation, type or number
    assert all(isinstance(row, dict) for row in rows)

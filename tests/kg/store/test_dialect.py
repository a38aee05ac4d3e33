"""Queries are said to ArcadeDB so that it binds every relationship that they use."""

from __future__ import annotations

import pytest

from kg.store.embedded.dialect import original_place, translate

USE = "WITH * WHERE (r IS NULL OR r IS NOT NULL) "


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("MATCH (s)-[r:T]->(o) MATCH (e:E {c: r.c}) ", "RETURN e"),
        ("MATCH (s)<-[ r ]-(o), (e:E {c: r . c}) ", "return *"),
        (
            "MATCH (s)-[r:T]->(o) OPTIONAL MATCH (e {c: r.c}) WHERE e.q ENDS WITH 'x' ",
            "WITH e LIMIT 1",
        ),
        ("CALL { MATCH (s)-[r]-(o) /* { */ MATCH (e {c: r.c}) ", "RETURN e } RETURN e"),
    ],
)
def test_a_relationship_used_in_a_map_is_used_behind_it(before: str, after: str) -> None:
    """A condition that always holds names the relationship behind the MATCH that uses it."""
    assert translate(before + after) == before + USE + after


@pytest.mark.parametrize(
    ("before", "kept", "after"),
    [
        ("MATCH (a)-[r:R]->() ", "r", "DELETE r"),
        ("MATCH (a)-[r]->(b) WHERE b.x IN ['DELETE'] ", "b", "detach delete b"),
        ("MATCH (a)-[r]->() WITH * ", "r", "DELETE r"),
        ("MATCH (a)-[r]->(`b c`) ", "r, `b c`", "DELETE r, `b c`"),
        ("MATCH p = (a)-[r]->() ", "*", "DELETE nodes(p)[0]"),
        ("MATCH (a)-[r]->() ", "*", "DELETE r RETURN a"),
        ("MATCH (a) CALL { WITH a MATCH (a)-[r:DELETE]->() ", "*", "DELETE r } RETURN a"),
    ],
)
def test_all_is_found_before_some_is_deleted(before: str, kept: str, after: str) -> None:
    """The rows of a clause that deletes are sorted before it, by nothing."""
    once = "" if kept == "*" else f"WITH {kept} "
    assert translate(before + after) == f"{before}{once}WITH {kept} ORDER BY true {after}"


@pytest.mark.parametrize(
    "cypher",
    [
        "MATCH (a) WITH collect(a) AS every FOREACH (x IN every | SET x.y = 1 DELETE x)",
        "MATCH (delete) RETURN delete.id AS delete ORDER BY delete",
        "MATCH (n {delete: 1})-[:DELETE|R]->() WHERE NOT delete RETURN {delete: n.delete} AS x",
        "DETACH DELETE",
        "MATCH (s)-[r:T]->(o) MATCH (e:E) WHERE e.c = r.c RETURN e",
        "MATCH (n)-[:T]->(r) MATCH (e:E {c: r.c}) RETURN e",
        "MATCH (s)-[r:T]->(o) WHERE s.q = '{c: r.c}' RETURN s // {c: r.c}",
        "MATCH (s)-[r:T]->(o) WHERE EXISTS { MATCH (e {c: s.c}) } RETURN s",
        "MATCH (s)-[r:T {c: $c}]->(o) RETURN [x IN [1] | {c: r.c}] AS x",
        "MATCH (s",
        "",
    ],
)
def test_other_queries_stay_as_they_are(cypher: str) -> None:
    """A query without such a use is sent letter by letter."""
    assert translate(cypher) == cypher


@pytest.mark.parametrize(
    "cypher",
    [
        "MATCH (s)-[r:T]->(o) MATCH (e:E {c: r.c})\n RETURN e XXX",
        "MATCH (s)-[r:T]->(o) MATCH (e:E {c: r.c}) RETURN e XXX",
        "MATCH (n) DELETE n\nWITH 1 AS x MATCH (m) DETACH DELETE m XXX",
        "XXX MATCH (n) DELETE n",
        "RETURN XXX",
    ],
)
def test_a_place_is_that_of_the_query_as_it_was_written(cypher: str) -> None:
    """What the server says of a place in what was sent is told of what was written."""

    def place(text: str) -> tuple[int, int]:
        before = text.partition("XXX")[0]
        return before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1

    assert original_place(cypher, *place(translate(cypher))) == place(cypher)

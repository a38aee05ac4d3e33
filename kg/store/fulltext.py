"""The full-text index over the names of entities: how each server makes it, how both are asked.

Both are asked in the same Cypher. Neo4j makes the index in Cypher too; ArcadeDB refuses that, and
makes it in its SQL, over HTTP.
"""

from __future__ import annotations

from kg.store.names import valid_property

INDEX = "entity_names"
PROPERTY = "name_grams"  # see `kg.lexicon.name_grams`

IN_CYPHER = (
    f"CREATE FULLTEXT INDEX {INDEX} IF NOT EXISTS FOR (e:Entity) ON EACH [e.{PROPERTY}] "
    "OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}}"
)
_ON_PIECES = (
    f"CREATE INDEX {INDEX} IF NOT EXISTS ON Entity ({PROPERTY}) FULL_TEXT METADATA "
    '{"analyzer": "org.apache.lucene.analysis.core.WhitespaceAnalyzer"}'
)
IN_SQL = (f"CREATE PROPERTY Entity.{PROPERTY} IF NOT EXISTS STRING", _ON_PIECES)


def search(parameter: str) -> str:
    """Return the Cypher that yields entities `e` with a `score`, `$most` of them at most.

    The words in the parameter are joined by "or": the more and the rarer the words that an entity
    has, the better.
    """
    return (
        f"CALL db.index.fulltext.queryNodes('{INDEX}', ${valid_property(parameter)}, "
        "{limit: $most}) YIELD node AS e, score"
    )

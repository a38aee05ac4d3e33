"""Read-only check: whether a query only reads, as the server's own parser says, before it runs.

ArcadeDB's HTTP endpoint for queries refuses whatever is not idempotent after parsing it and
before running it. It is asked as a user who may read nothing, so a query that passes stops at
the first record that it touches: the question costs half a millisecond. A query that touches none
(it counts to a billion) would run to its end there, and is stopped: by then it has passed.
"""

from __future__ import annotations

from collections.abc import Iterable

from kg.errors import WriteRefusedError
from kg.store.embedded.command import post
from kg.store.embedded.engine import PARSER
from kg.store.embedded.time_limit import TimeLimit

_NOT_IDEMPOTENT = "QueryNotIdempotentException"
# Parsing takes milliseconds; should it not be over by then, the reader's rights still refuse.
_SECONDS = 0.5


def refuse_write(port: int, password: str, cypher: str, parameters: Iterable[str]) -> None:
    """Ask the server on that HTTP port; `parameters` are the names of those that will be given.

    Raises:
        WriteRefusedError: the query writes, or changes the schema or the users.
        OSError: the server is away.
    """
    with TimeLimit(port, (PARSER, password), cypher, _SECONDS) as limit:
        question = {
            "language": "opencypher",
            "command": limit.cypher,
            "params": dict.fromkeys(parameters),
            "limit": 1,
        }
        answer = post("query", port, (PARSER, password), question)
    if _NOT_IDEMPOTENT in str(answer.get("exception", "")):
        raise WriteRefusedError(
            "the query writes, changes the schema or the server, or calls a procedure that does "
            "more than read, and only reading is allowed here; nothing was changed "
            "(to write, use --write)"
        )

"""Whether a query only reads, as the server's own parser says, before it runs.

ArcadeDB's HTTP endpoint for queries refuses whatever is not idempotent after parsing it and
before running it. It is asked as a user who may read nothing, so a query that passes stops at
the first record that it touches: the question costs half a millisecond, whatever the query.
"""

from __future__ import annotations

import base64
import http.client
import json
from collections.abc import Iterable

from kg.errors import WriteRefusedError
from kg.store.embedded.engine import DATABASE, HOST, JUDGE

_SECONDS = 10.0
_NOT_IDEMPOTENT = "QueryNotIdempotentException"


def refuse_write(port: int, password: str, cypher: str, parameters: Iterable[str]) -> None:
    """Ask the server on that HTTP port; `parameters` are the names of those that will be given.

    Raises:
        WriteRefusedError: the query writes, or changes the schema or the users.
        OSError: the server is away.
    """
    if _NOT_IDEMPOTENT in _ask(port, password, cypher, parameters):
        raise WriteRefusedError(
            "the query writes, changes the schema or the server, or calls a procedure that does "
            "more than read, and only reading is allowed here; nothing was changed "
            "(to write, use --write)"
        )


def _ask(port: int, password: str, cypher: str, parameters: Iterable[str]) -> str:
    """Return the name of what the server threw, "" if nothing."""
    credentials = base64.b64encode(f"{JUDGE}:{password}".encode()).decode("ascii")
    question = {
        "language": "opencypher",
        "command": cypher,
        "params": dict.fromkeys(parameters),
        "limit": 1,
    }
    connection = http.client.HTTPConnection(HOST, port, timeout=_SECONDS)
    try:
        connection.request(
            "POST",
            f"/api/v1/query/{DATABASE}",
            json.dumps(question),
            {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"},
        )
        answer = json.loads(connection.getresponse().read() or b"{}")
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from error
    finally:
        connection.close()
    return str(answer.get("exception", ""))

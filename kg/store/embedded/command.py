"""What only ArcadeDB's HTTP endpoint can be asked: to parse a query, and commands in its SQL."""

from __future__ import annotations

import base64
import http.client
import json
from collections.abc import Mapping
from typing import Any, Literal

from kg.errors import StoreError
from kg.store.embedded.engine import DATABASE, HOST, WRITER

_SECONDS = 10.0
_INDEXING_SECONDS = 600.0  # an index over what is there already takes a second for 40,000 names


def run_sql(port: int, password: str, statement: str) -> None:
    """Run a statement of ArcadeDB's SQL as the user that may write.

    Raises:
        StoreError: what the server said.
        OSError: the server is away.
    """
    question = {"language": "sql", "command": statement}
    answer = post("command", port, (WRITER, password), question, _INDEXING_SECONDS)
    if "exception" in answer:
        raise StoreError(f"{answer.get('detail', answer['exception'])} (in {statement!r})")


def post(
    path: Literal["command", "query", "server"],
    port: int,
    credentials: tuple[str, str],
    question: Mapping[str, Any],
    seconds: float = _SECONDS,
) -> dict[str, Any]:
    """Send a question and return the answer; what the server threw is in its `exception`.

    Raises:
        OSError: the server is away.
    """
    user = base64.b64encode(":".join(credentials).encode()).decode("ascii")
    connection = http.client.HTTPConnection(HOST, port, timeout=seconds)
    try:
        connection.request(
            "POST",
            f"/api/v1/{path}" + ("" if path == "server" else f"/{DATABASE}"),
            json.dumps(question),
            {"Authorization": f"Basic {user}", "Content-Type": "application/json"},
        )
        answer: dict[str, Any] = json.loads(connection.getresponse().read() or b"{}")
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from error
    finally:
        connection.close()
    return answer

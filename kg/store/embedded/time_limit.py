"""Query timeout: a time limit for one query, which ArcadeDB does not take from the driver.

It passes over the limit that a Bolt transaction is begun with, and goes on with a query whose
client has gone (both measured). But its HTTP endpoint lists the queries that run, and stops one by
its id within milliseconds, also for a user who may only read. A query is known in that list by a
comment in front of it, which the server does not count in the places of its errors.
"""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from kg.store.embedded.command import post

Credentials = tuple[str, str]

MARK = re.compile(r"/\*abduce [0-9a-f]{32}\*/ ")
_AGAIN_SECONDS = 0.1


class TimeLimit:
    """Stops a query when its time is up, or when whoever asked it has left.

    Args:
        port: the HTTP port of the server.
        credentials: of the user who asks the query.
        cypher: the query.
        seconds: how long it may take.
    """

    def __init__(self, port: int, credentials: Credentials, cypher: str, seconds: float) -> None:
        self._ask: Callable[[str], dict[str, Any]] = lambda command: post(
            "server", port, credentials, {"command": command}
        )
        self._mark = f"/*abduce {uuid.uuid4().hex}*/ "
        self._over = threading.Event()
        self._seconds = seconds
        self._thread = threading.Thread(target=self._wait, daemon=True)
        self.cypher = self._mark + cypher

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()
        if kind is not None:  # Ctrl-C, for one: nobody waits for the rows any more
            self._stop()

    def _wait(self) -> None:
        if self._over.wait(self._seconds):
            return
        while True:  # it may be between two steps, in which no query is listed
            self._stop()
            if self._over.wait(_AGAIN_SECONDS):
                return

    def _stop(self) -> None:
        try:
            listed = self._ask("list queries").get("result", ())
            for query in listed:
                if query["text"].startswith(self._mark):
                    self._ask(f"terminate query {query['id']}")
        except OSError:
            return  # the server is away, and the query with it

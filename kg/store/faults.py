"""Error translation: the driver's errors in ours, with what the server said and where in the query.

No message holds a password: the driver never repeats one, and addresses are shown without user
information.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from neo4j import exceptions

from kg.errors import (
    AbduceError,
    AuthenticationError,
    GraphNotFoundError,
    QueryError,
    QueryTimeoutError,
    StoreError,
    StoreUnavailableError,
    WriteRefusedError,
)

_PLACES = (
    re.compile(r"line (?P<line>\d+), column (?P<column>\d+)(?: \(offset: \d+\))?"),
    re.compile(r"line (?P<line>\d+):(?P<before>\d+)"),
)
_REFUSED = (
    "Neo.ClientError.Statement.AccessMode",
    "Neo.ClientError.Security.Forbidden",
)
_STOPPED = (
    "Neo.ClientError.Transaction.LockClientStopped",
    "Neo.ClientError.Transaction.Terminated",
    "Neo.ClientError.Transaction.TransactionTimedOut",
    "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration",
    "Neo.TransientError.Transaction.LockClientStopped",
    "Neo.TransientError.Transaction.Terminated",
)
_TOO_LARGE = ("OutOfMemoryError", "TransactionMemoryLimit", "StackOverFlowError")
GONE = (exceptions.ServiceUnavailable, exceptions.SessionExpired, exceptions.IncompleteCommit)


def is_gone(error: BaseException) -> bool:
    """Whether the error says that the server went away, so that the same call may go elsewhere."""
    return isinstance(error, GONE)


def is_conflict(error: BaseException) -> bool:
    """Whether two transactions met, so that the same one may succeed when it runs again."""
    return isinstance(error, exceptions.Neo4jError | exceptions.DriverError) and (
        error.is_retryable() and not is_gone(error) and not _is_too_large(error)
    )


def _is_too_large(error: BaseException) -> bool:
    """Whether a query needs more memory than the server gives it, which Neo4j calls transient."""
    code = (error.code or "") if isinstance(error, exceptions.Neo4jError) else ""
    return code.startswith("Neo.TransientError.General.") and code.endswith(_TOO_LARGE)


def _as_written(line: int, column: int) -> tuple[int, int]:
    return line, column


@dataclass(frozen=True)
class Sent:
    """How a query was sent where that is not as it was written, and how its server counts.

    Args:
        prefix: what stood before it on its first line.
        unseen: its beginning that the server did not count lines and columns in.
        first_column: the number of the first column in `line 1, column 1`.
        written: from line and column of what was sent to those of what was written.
    """

    prefix: str = ""
    unseen: str = ""
    first_column: int = 1
    written: Callable[[int, int], tuple[int, int]] = _as_written


def explain(
    error: Exception,
    address: str,
    query: str = "",
    sent: Sent | None = None,
    seconds: float | None = None,
) -> AbduceError:
    """Return our error for one of the driver's.

    Args:
        error: what the driver raised.
        address: where the server stands, without user information.
        query: the Cypher that was sent, if any.
        sent: how it was sent, if not as it is.
        seconds: how long it was allowed to take.
    """
    match error:
        case exceptions.AuthError() | exceptions.TokenExpired():
            return _not_let_in(address)
        case exceptions.Forbidden() if not query:
            return _not_let_in(address)
        case _ if is_gone(error):
            return StoreUnavailableError(
                f"no graph server answers at {address}: start it, or correct the address"
            )
        case exceptions.Neo4jError():
            return _stopped(error, seconds) or _server_said(error, address, query, sent or Sent())
        case _:
            return StoreError(f"the graph server at {address} cannot be used: {error}")


def _not_let_in(address: str) -> AuthenticationError:
    return AuthenticationError(
        f"the graph server at {address} refused the user or the password: give the right ones "
        "(ABDUCE_USER and ABDUCE_PASSWORD)"
    )


def _stopped(error: exceptions.Neo4jError, seconds: float | None) -> AbduceError | None:
    if error.code not in _STOPPED:
        return None
    if seconds is None:
        return QueryTimeoutError(
            f"the server has stopped the query, and nothing was changed: {error.message}"
        )
    return QueryTimeoutError(
        f"the query takes longer than {seconds:g} s, and the server has stopped it; nothing was "
        "changed: ask for less, or give it more time (--timeout, ABDUCE_QUERY_TIMEOUT)"
    )


def _server_said(error: exceptions.Neo4jError, address: str, query: str, sent: Sent) -> AbduceError:
    code, message = error.code or "", error.message or type(error).__name__
    if code == "Neo.ClientError.Database.DatabaseNotFound":
        return GraphNotFoundError("graph", address, (), message)
    if code in _REFUSED or "is not allowed to" in message:
        return WriteRefusedError(
            f"the query writes, and only reading is allowed here: {message}; "
            "nothing was changed (to write, use --write)"
        )
    if _is_too_large(error):
        return QueryError(f"the query needs more memory than the server gives it: {message}")
    if "No space left on device" in message:
        return StoreError(f"the disk of the graph at {address} is full: {message}")
    return QueryError(_with_place(message, query, sent))


def _with_place(message: str, query: str, sent: Sent) -> str:
    for form in _PLACES:
        found = form.search(message)
        if found is None:
            continue
        line = int(found["line"])
        if line == 0:  # Neo4j's way to say that it is about no place
            return message.replace(found[0], "").rstrip(" (-)")
        groups = found.groupdict()
        first = sent.first_column if groups.get("column") else 0
        column = int(groups.get("column") or groups["before"]) + 1 - first
        if line == 1:
            column = max(1, column - len(sent.prefix)) + len(sent.unseen.rpartition("\n")[2])
        line, column = sent.written(line + sent.unseen.count("\n"), column)
        said = message[: found.start()].rstrip(" (-") or message.splitlines()[0]
        said = re.sub(r"\s+(at|\()$", "", said)
        rest = message[found.end() :].splitlines()[0].strip(" )-") if found["line"] else ""
        if rest:
            said = f"{said}: {rest}"
        return f"{said} (line {line}, column {column})" + _shown(query, line, column)
    return message


def _shown(query: str, line: int, column: int) -> str:
    lines = query.splitlines()
    if not 1 <= line <= len(lines):
        return ""
    return f"\n  {lines[line - 1]}\n  {' ' * (column - 1)}^"

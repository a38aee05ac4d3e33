"""Write queries: Cypher of a user's own, in turn with all other changes and counted as one."""

from __future__ import annotations

from typing import Any

from kg.errors import QueryError
from kg.runs import running
from kg.store.graph import Graph
from kg.store.names import Row
from kg.store.transaction import Transaction
from kg.versions import count_up, exclusive_write

# Neo4j makes no index in a transaction that also writes.
_SCHEMA = "Neo.ClientError.Transaction.ForbiddenDueToTransactionType"


def change(graph: Graph, cypher: str, /, **parameters: Any) -> list[Row]:
    """Run one statement that may write, and return its rows.

    Nobody else changes the graph meanwhile, the graph's version counts up in the same
    transaction, and the change is logged as a run. A statement that changes the schema (an
    index) is no change of what the graph holds and counts nothing.

    Raises:
        QueryError: the query is wrong; the message says where (line, column).
        QueryTimeoutError: it takes longer than `graph` allows (`Graph.within`).
    """

    def work(transaction: Transaction) -> list[Row]:
        rows = transaction.run(cypher, **parameters)
        count_up(transaction)
        return rows

    with running(graph, "query"):
        try:
            return exclusive_write(graph, work, cypher, half_restored=True)
        except QueryError as error:
            if getattr(error.__cause__, "code", "") != _SCHEMA:
                raise
            return graph.write(cypher, **parameters)

"""Which facts the names of one graph let in; what no graph can hold `kg.sources` has refused."""

from __future__ import annotations

from kg.curated_models import Fact
from kg.errors import PropertyError
from kg.loading.schema_names import SchemaNames


class PredicateCheck:
    """Tells facts whose predicate a graph may hold from the others.

    Args:
        names: which relationship types the graph may hold; new ones are added.
    """

    def __init__(self, names: SchemaNames) -> None:
        self._names = names
        self._refused: dict[str, str] = {}  # why, by predicate; empty of those that may be

    def sorted_out(self, facts: list[Fact]) -> tuple[list[Fact], list[tuple[str, str]]]:
        """Return the facts that can be there, and of the others where they stand and why."""
        reasons = {predicate: self._reason(predicate) for predicate in {f.predicate for f in facts}}
        if not any(reasons.values()):
            return facts, []
        refused = [(f.row, reasons[f.predicate]) for f in facts if reasons[f.predicate]]
        return [f for f in facts if not reasons[f.predicate]], refused

    def _reason(self, predicate: str) -> str:
        if predicate not in self._refused:
            try:
                self._names.relationship(predicate)
                self._refused[predicate] = ""
            except PropertyError as error:
                self._refused[predicate] = str(error)
        return self._refused[predicate]

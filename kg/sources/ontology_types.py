"""Which label the terms of an ontology get; `ontology_types.toml` says it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from kg.sources.request import SourceRequest, label_of

_TABLE = Path(__file__).with_name("ontology_types.toml")


@dataclass(frozen=True, slots=True)
class OntologyTypes:
    """The labels of one ontology's terms.

    Args:
        ontology: its name (`chmo`); the label of terms of no known prefix comes from it.
    """

    request: SourceRequest
    ontology: str
    _known: dict[tuple[str, str, tuple[str, ...]], str] = field(default_factory=dict)

    def label(self, curie: str, namespace: str = "", kinds: Iterable[str] = ()) -> str:
        """Return the label of a term.

        Args:
            curie: its id.
            namespace: the namespace that it names.
            kinds: IRIs of its types; they count only where the caller names one of them.
        """
        prefix = "" if "://" in curie else curie.partition(":")[0]
        key = (prefix, namespace, tuple(re.split(r"[#/]", kind)[-1] for kind in kinds))
        if key not in self._known:
            self._known[key] = self._choose(*key)
        return self._known[key]

    def _choose(self, prefix: str, namespace: str, kinds: tuple[str, ...]) -> str:
        by_namespace, by_prefix = _table()["namespace"], _table()["prefix"]
        named = by_namespace.get(namespace) or by_prefix.get(prefix)
        default = named or label_of(self.ontology) or "Concept"
        nearest = (*kinds, namespace, prefix, self.ontology, default)
        return self.request.label(*nearest, default=default)


@cache
def _table() -> dict[str, dict[str, str]]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))

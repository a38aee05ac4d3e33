"""The entity type that the terms of an ontology get; the built-in schema says it.

It goes by the namespace that a term names, else by the prefix of its id. A term of neither gets the
name of its ontology in CamelCase. `--type` goes before all of these: `--type CHMO=Technique`,
`--type '*=Thing'`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.base_schema import type_of_namespace, type_of_prefix
from kg.sources.request import SourceRequest, label_of


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
        named = type_of_namespace().get(namespace) or type_of_prefix().get(prefix)
        default = named or label_of(self.ontology) or "Concept"
        nearest = (*kinds, namespace, prefix, self.ontology, default)
        return self.request.label(*nearest, default=default)

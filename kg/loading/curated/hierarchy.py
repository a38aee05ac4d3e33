"""The terms of a source, looked through before they are loaded: which are sound, and what is IS_A.

What a term is a kind of goes through no cycle within one source. Two sources may well disagree,
each without a cycle of its own; which of them came first must not matter, so both are kept.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from kg.curated_models import Term
from kg.errors import PropertyError
from kg.loading.curated.summary import Refusals
from kg.loading.schema_names import SchemaNames

Known = Callable[[set[str]], set[str]]


@dataclass(slots=True)
class Hierarchy:
    """The sound terms of a source.

    `places` numbers their ids in the order of the source; `refused` holds the numbers of the rows
    that are not sound, `not_above` the parents that a term cannot have, by its id.
    """

    rows: int = 0
    places: dict[str, int] = field(default_factory=dict)
    refused: set[int] = field(default_factory=set)
    not_above: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    parented: list[str] = field(default_factory=list)  # ids of terms that keep a parent
    is_a: int = 0  # how many parents they keep

    def sound(self, terms: Iterable[Term]) -> Iterator[Term]:
        """Yield the terms that can be loaded, with the parents that they can have."""
        for number, term in enumerate(terms):
            if number not in self.refused:
                yield self._with_sound_parents(term)

    def _with_sound_parents(self, term: Term) -> Term:
        out = self.not_above.get(term.id)
        if not out:
            return term
        kept = tuple(parent for parent in term.parents if parent not in out)
        return term.model_copy(update={"parents": kept})


def look_through(
    terms: Iterable[Term], names: SchemaNames, known: Known, refusals: Refusals
) -> Hierarchy:
    """Return which terms of a source are sound, and which parents they can have.

    Args:
        terms: the source's.
        names: which labels the graph may hold; new ones are added.
        known: tells which ids the graph has an entity for.
        refusals: where what is refused is listed.
    """
    found = Hierarchy()
    parents: dict[str, tuple[tuple[str, ...], str]] = {}
    for number, term in enumerate(terms):
        found.rows += 1
        reason = _type_refused(term, names)
        if reason is None and term.id in found.places:
            reason = f"another row says what {term.id} is already; the first one stays"
        if reason is not None:
            found.refused.add(number)
            refusals.refuse(term.row, reason)
            continue
        found.places[term.id] = len(found.places)
        if term.parents:
            parents[term.id] = (tuple(dict.fromkeys(term.parents)), term.row)
    _keep_parents(found, parents, known, refusals)
    return found


def _type_refused(term: Term, names: SchemaNames) -> str | None:
    try:
        names.label(term.type)
    except PropertyError as error:
        return str(error)
    return None


def _keep_parents(
    found: Hierarchy,
    parents: dict[str, tuple[tuple[str, ...], str]],
    known: Known,
    refusals: Refusals,
) -> None:
    strangers = {above for every, _ in parents.values() for above in every} - found.places.keys()
    elsewhere = known(strangers) if strangers else set()
    rings = _rings(found.places, parents)
    for id_, (every, row) in parents.items():
        for above in every:
            reason = _parent_refused(id_, above, found.places, elsewhere, rings)
            if reason is not None:
                found.not_above[id_].add(above)
                refusals.refuse(row, f"{id_} IS_A {above}: {reason}")
        kept = len(every) - len(found.not_above.get(id_, ()))
        found.is_a += kept
        if kept:
            found.parented.append(id_)


def _parent_refused(
    id_: str, above: str, places: dict[str, int], elsewhere: set[str], rings: dict[str, int]
) -> str | None:
    if id_ == above:
        return "nothing is a kind of itself"
    if above not in places:
        if above in elsewhere:
            return None
        return "neither the source nor the graph says what the parent is"
    if id_ in rings and rings[id_] == rings.get(above):
        return "this is part of a cycle, and of what is a kind of what there is none"
    return None


def _rings(
    places: dict[str, int], parents: dict[str, tuple[tuple[str, ...], str]]
) -> dict[str, int]:
    """Return, of each id that is in a cycle, which cycle: a strongly connected component."""
    below, above = array("q"), array("q")
    for id_, (every, _) in parents.items():
        for parent in every:
            if parent in places and parent != id_:
                below.append(places[id_])
                above.append(places[parent])
    if not below:
        return {}
    ends = (np.asarray(below), np.asarray(above))
    size = len(places)
    matrix = sparse.csr_array((np.ones(len(below), np.int8), ends), shape=(size, size))
    _, labels = csgraph.connected_components(matrix, directed=True, connection="strong")
    shared = np.bincount(labels)[labels] > 1
    ids = list(places)
    return {ids[place]: int(labels[place]) for place in np.flatnonzero(shared)}

"""Curated sources, made up for tests."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from kg import Domain, Polarity, parse_domain
from kg.curated_models import Fact, Source, Term, TermName
from kg.sources import CuratedSource

DOMAIN: Domain = parse_domain(
    """
    name = "drugs"
    version = "1"
    [types.Drug]
    [types.Disease]
    [types.Gene]
    [relations.TREATS]
    symmetric = false
    opposite = "CAUSES"
    signatures = [{ subject = "Drug", object = "Disease", reading = "treats" }]
    [relations.CAUSES]
    symmetric = false
    signatures = [{ subject = "Drug", object = "Disease", reading = "causes" }]
    [relations.RESEMBLES]
    signatures = [{ subject = "Disease", object = "Disease", reading = "resembles" }]
    """
)


def term(id_: str, type_: str = "Disease", name: str = "", parents: Sequence[str] = ()) -> Term:
    """A term with a synonym."""
    name = name or id_.lower()
    synonym = TermName(text=f"{name} proper")
    return Term(id=id_, type=type_, name=name, names=(synonym,), parents=tuple(parents), row=id_)


def fact(
    subject: str,
    predicate: str,
    object_: str,
    row: str = "row 1",
    *,
    denied: bool = False,
    **details: object,
) -> Fact:
    """A fact."""
    return Fact(
        subject=subject,
        predicate=predicate,
        object=object_,
        polarity=Polarity.DENIES if denied else Polarity.SUPPORTS,
        row=row,
        details=json.dumps(details) if details else "",
    )


def source(
    terms: Iterable[Term] = (),
    facts: Iterable[Fact] = (),
    *,
    name: str = "drugs",
    version: str = "1",
    domain: Domain | None = DOMAIN,
    error: float = 0.001,
) -> CuratedSource:
    """A source of these terms and facts."""
    kept_terms, kept_facts = list(terms), list(facts)
    return CuratedSource(
        source=Source(name=name, version=version, licence="CC0-1.0", error=error),
        domain=domain,
        terms=lambda: iter(kept_terms),
        facts=lambda: iter(kept_facts),
    )


DISEASES = [
    term("D:0", name="disease"),
    term("D:1", name="migraine", parents=["D:0"]),
    term("D:2", name="headache", parents=["D:0"]),
    term("D:3", name="cluster headache", parents=["D:2"]),
]
DRUGS = [term("C:1", "Drug", "aspirin"), term("C:2", "Drug", "triptan")]
FACTS = [
    fact("C:1", "TREATS", "D:2", "row 1"),
    fact("C:2", "TREATS", "D:1", "row 2", stage=3),
    fact("C:1", "TREATS", "D:3", "row 3", denied=True),
    fact("C:1", "CAUSES", "D:2", "row 4"),
    fact("D:2", "RESEMBLES", "D:1", "row 5"),
    fact("D:1", "RESEMBLES", "D:2", "row 6"),
    fact("C:1", "TREATS", "D:1", "row 7"),
    fact("C:1", "TREATS", "D:1", "row 8", denied=True),
]


def whole(version: str = "1") -> CuratedSource:
    """A small source that has some of everything."""
    return source([*DISEASES, *DRUGS], FACTS, version=version)

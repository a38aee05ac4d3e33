"""The words of curated knowledge: what an ontology, a database or a table says.

A source is read into terms (what it says of one entity) and facts (what it says of two).
"""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pydantic import Field, StringConstraints

from kg.models import Model, Polarity, Probability

# The probability that a row of a curated source is wrong, where the source does not say: curated
# facts stand above read ones (`kg.contributions.belief.MOST_READ`).
CURATED_ERROR = 0.001

SourceName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Scope = Literal["preferred", "exact", "broad", "narrow", "related"]


class Source(Model):
    """A curated source in one version. One version of a source is in a graph at a time.

    `date` is ISO 8601, as precise as known; `error` is the share of its rows that are wrong.
    """

    name: SourceName
    version: str = Field(min_length=1)
    licence: str | None = None
    title: str = ""
    date: str | None = None
    format: str = ""
    error: Probability = CURATED_ERROR

    @property
    def ref(self) -> str:
        """Name and version: `doid@releases/2016-09-01`."""
        return f"{self.name}@{self.version}"


class TermName(Model):
    """Another name of a term; `language` is a BCP 47 tag, empty where the source does not say.

    `preferred` is the main name in another language. Only preferred and exact names mean the same.
    """

    text: str
    scope: Scope = "exact"
    language: str = ""


class Term(Model):
    """What one source says of one entity; `id` is its CURIE, normalised, and `type` a label.

    `parents` are the terms that it is a kind of; `alternatives` are ids that the source itself has
    merged into this one; `row` says where it stood.
    """

    id: str
    type: str
    name: str = ""
    language: str = ""
    names: tuple[TermName, ...] = ()
    definition: str = ""
    xrefs: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    obsolete: bool = False
    replaced_by: str = ""
    details: str = ""  # what else the row says, as JSON
    row: str = ""


class Fact(NamedTuple):
    """What one row of a source says of two entities; it denies the claim where the source does.

    `row` says where it stood ("edges.sif.gz line 12"), `details` what else it says, as JSON. No
    model, since millions of them are made, and each would take four times as long.
    """

    subject: str
    predicate: str
    object: str
    row: str
    polarity: Polarity = Polarity.SUPPORTS
    details: str = ""


def source_name(ref: str) -> str:
    """Return the name in a source's `ref`."""
    return ref.partition("@")[0]

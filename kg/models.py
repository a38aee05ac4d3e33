"""The words of the domain: what flows between readers, extractor, graph and reasoning.

All models are frozen. All offsets count characters (not bytes) of the paper's own text,
half-open: `text[start:end]`.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Probability = Annotated[float, Field(ge=0.0, le=1.0)]
Offset = Annotated[int, Field(ge=0)]


class Model(BaseModel):
    """Base of all models: frozen, and a field that it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Polarity(StrEnum):
    """Whether a sentence says that a claim holds, or that it does not."""

    SUPPORTS = "supports"
    DENIES = "denies"


class Certainty(StrEnum):
    """Whether a sentence states a claim, or merely supposes it."""

    STATED = "stated"
    HEDGED = "hedged"


class Verdict(StrEnum):
    """What all checks together say of a hypothesis."""

    KNOWN = "known"
    SUPPORTED = "supported"
    NOVEL = "novel"
    CONTRADICTED = "contradicted"
    INVALID = "invalid"
    UNKNOWN = "unknown"


class FindingStatus(StrEnum):
    """What one check says: `unknown` when it could not run, never `fine` in that case."""

    FINE = "fine"
    KNOWN = "known"
    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    INVALID = "invalid"
    UNKNOWN = "unknown"


class Section(Model):
    """A stretch of a paper's text that is read on its own, with its heading."""

    start: Offset
    end: Offset
    heading: str = ""


class Paper(Model):
    """A document. `id` is a CURIE (see `kg.paper_id`); `date` is ISO 8601, as precise as known."""

    id: str
    title: str = ""
    text: str
    date: str | None = None
    source: str = ""
    licence: str | None = None
    retracted: bool = False
    sections: tuple[Section, ...] = ()

    @property
    def sha256(self) -> str:
        """The SHA-256 of the text in UTF-8, in hex: what tells two texts under one id apart."""
        return text_sha256(self.text)


class Passage(Model):
    """What goes through the encoder at once: `paper_text[start:end] == text`.

    `sentences` are offsets in the paper's text; they cover the passage in order.
    """

    paper: str
    start: Offset
    end: Offset
    text: str
    sentences: tuple[tuple[int, int], ...]

    @model_validator(mode="after")
    def _spans_its_text(self) -> Self:
        if self.end - self.start != len(self.text):
            msg = f"passage of {self.paper}: offsets span {self.end - self.start} characters, "
            raise ValueError(msg + f"the text has {len(self.text)}")
        return self


class Mention(Model):
    """A span of a paper's text that names an entity; `entity` is empty until it is linked."""

    start: Offset
    end: Offset
    type: str
    text: str
    confidence: Probability
    entity: str = ""


class Relation(Model):
    """What the extractor read between two entities of one passage, before it becomes evidence.

    `start` and `end` are those of the sentence that carries it best.
    """

    subject: str
    predicate: str
    object: str
    confidence: Probability
    start: Offset
    end: Offset


class Entity(Model):
    """A concept: a node of the graph."""

    id: str
    name: str
    type: str
    synonyms: tuple[str, ...] = ()


class Claim(Model):
    """Subject, predicate, object: an edge of the graph. Subject and object are entity ids."""

    subject: str
    predicate: str
    object: str


class Evidence(Model):
    """One sentence of one paper that supports or denies a claim, or merely supposes it."""

    paper: str
    subject: str
    predicate: str
    object: str
    polarity: Polarity
    certainty: Certainty
    confidence: Probability
    start: Offset
    end: Offset
    quote: str
    pack: str

    @property
    def claim(self) -> Claim:
        """The claim that this sentence is about."""
        return Claim(subject=self.subject, predicate=self.predicate, object=self.object)


class CuratedEvidence(Model):
    """One row of a curated source that supports or denies a claim.

    `row` says where it stood ("edges.sif.gz line 12"), `details` what else it says, as JSON;
    `title` is the source's full name. Subject and object are the entities of the graph today.
    """

    source: str
    version: str
    licence: str | None = None
    title: str = ""
    row: str
    subject: str
    predicate: str
    object: str
    polarity: Polarity
    details: str = ""

    @property
    def claim(self) -> Claim:
        """The claim that this row is about."""
        return Claim(subject=self.subject, predicate=self.predicate, object=self.object)

    @property
    def place(self) -> str:
        """Source, version, licence and row, in words."""
        licence = f" ({self.licence})" if self.licence else ""
        return f"{self.title or self.source} {self.version}{licence}, {self.row}"


class Failure(Model):
    """Something that could not be used, listed so that the rest could go on."""

    path: str
    where: str
    reason: str


class Quote(Model):
    """A sentence to show: letter by letter what stands in the paper at the offsets."""

    paper: str
    start: Offset
    end: Offset
    text: str


class Finding(Model):
    """What one check says, with the sentences or triples that made it say so."""

    check: str
    status: FindingStatus
    message: str
    sources: tuple[str, ...] = ()


class PathEdge(Model):
    """One step of a path, as the graph holds it (`subject` and `object` are entity ids)."""

    subject: str
    predicate: str
    object: str
    reading: str
    belief: Probability


class Path(Model):
    """A way through the graph from the subject of a hypothesis to its object.

    `contribution` is the share of the hypothesis' score that comes from this path, same unit.
    `quotes[i]` are the sentences, and the rows of curated sources, behind `edges[i]`.
    """

    nodes: tuple[Entity, ...]
    edges: tuple[PathEdge, ...]
    contribution: float
    quotes: tuple[tuple[Quote | CuratedEvidence, ...], ...]


class Hypothesis(Model):
    """A claim that the graph does not hold, with what speaks for it and against it.

    `probability` is None where nothing calibrates the score; `probability_reason` says why. With
    `as_of` or `since` (ISO 8601, as precise as given) it rests on what was said in that time.
    """

    id: str
    subject: Entity
    predicate: str
    object: Entity
    reading: str
    score: float
    probability: Probability | None = None
    probability_reason: str = ""
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    paths: tuple[Path, ...] = ()
    as_of: str = ""
    since: str = ""


def text_sha256(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hex."""
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()

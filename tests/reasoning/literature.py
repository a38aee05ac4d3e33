"""Graphs from hand-written papers, loaded through annotation shards as real ones are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kg import (
    Certainty,
    Domain,
    Evidence,
    Graph,
    Mention,
    Paper,
    Polarity,
    load_shards,
    mint_entity_id,
    parse_domain,
)
from kg.loading import write_shard

PACK = "test@1"
ROOT = Path(__file__).parent.parent.parent
DOMAIN_TOML = (ROOT / "extraction/packs/biomedicine/domain.toml").read_text(encoding="utf-8")
DOMAIN: Domain = parse_domain(DOMAIN_TOML)
TYPES = {
    "fish oil": "Chemical",
    "olive oil": "Chemical",
    "nifedipine": "Chemical",
    "caffeine": "Chemical",
    "magnesium": "Chemical",
    "prostacyclin": "Chemical",
    "blood viscosity": "Disease",
    "platelet aggregation": "Disease",
    "vasospasm": "Disease",
    "Raynaud": "Disease",
    "gout": "Disease",
    "migraine": "Disease",
    "PTGIS": "Gene",
}


@dataclass(frozen=True)
class Said:
    """One paper of one sentence about one claim; subject and object are names in TYPES."""

    subject: str
    predicate: str
    object: str
    polarity: Polarity = Polarity.SUPPORTS
    certainty: Certainty = Certainty.STATED
    confidence: float = 0.9
    date: str | None = None


def entity_id(name: str) -> str:
    """The id under which a name of TYPES is loaded."""
    return mint_entity_id(TYPES[name], name)


def load(graph: Graph, folder: Path, said: Iterable[Said], *, schema: bool = True) -> None:
    """Load one paper for each thing said; with `schema` false, the graph keeps no schema."""
    papers, mentions, evidence = [], [], []
    for number, item in enumerate(said):
        paper, marked, read = _paper(number, item)
        papers.append(paper)
        mentions.extend(marked)
        evidence.append(read)
    write_shard(folder, "one", papers, mentions, evidence, DOMAIN_TOML if schema else "")
    summary = load_shards(graph, [folder])
    assert not summary.failed, summary.failed


def _paper(number: int, said: Said) -> tuple[Paper, list[tuple[str, str, Mention]], Evidence]:
    title = f"Report {number}."
    verb = f"{said.certainty} {said.polarity} {said.predicate.lower()}"
    quote = f"{said.subject} {verb} {said.object}."
    paper = Paper(id=f"pmid:{number + 1}", title=title, text=f"{title} {quote}", date=said.date)
    start = len(title) + 1
    places = (
        (start, said.subject),
        (start + len(quote) - 1 - len(said.object), said.object),
    )
    mentions = [
        (
            paper.id,
            PACK,
            Mention(
                start=at,
                end=at + len(name),
                type=TYPES[name],
                text=name,
                confidence=0.9,
                entity=entity_id(name),
            ),
        )
        for at, name in places
    ]
    ends = [(entity_id(name), TYPES[name]) for name in (said.subject, said.object)]
    subject, object_ = DOMAIN.orient(said.predicate, ends[0], ends[1])
    read = Evidence(
        paper=paper.id,
        subject=subject,
        predicate=said.predicate,
        object=object_,
        polarity=said.polarity,
        certainty=said.certainty,
        confidence=said.confidence,
        start=start,
        end=start + len(quote),
        quote=quote,
        pack=PACK,
    )
    return paper, mentions, read


# Swanson's first discovery, and noise around it: nothing joins fish oil to Raynaud directly.
SWANSON = (
    Said("fish oil", "NEGATIVE_CORRELATION", "blood viscosity"),
    Said("fish oil", "NEGATIVE_CORRELATION", "platelet aggregation"),
    Said("blood viscosity", "POSITIVE_CORRELATION", "Raynaud"),
    Said("platelet aggregation", "POSITIVE_CORRELATION", "Raynaud"),
    Said("caffeine", "POSITIVE_CORRELATION", "blood viscosity"),
    Said("nifedipine", "NEGATIVE_CORRELATION", "Raynaud"),
    Said("nifedipine", "NEGATIVE_CORRELATION", "vasospasm"),
    Said("vasospasm", "POSITIVE_CORRELATION", "Raynaud"),
    Said("olive oil", "ASSOCIATION", "blood viscosity"),
    Said("PTGIS", "ASSOCIATION", "platelet aggregation"),
    Said("prostacyclin", "ASSOCIATION", "PTGIS"),
    Said("caffeine", "ASSOCIATION", "migraine"),
    Said("gout", "ASSOCIATION", "migraine"),
)

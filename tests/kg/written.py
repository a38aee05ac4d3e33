"""Papers with mentions and evidence, written for tests, and their shards."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kg import Certainty, Evidence, Mention, Paper, Polarity, mint_entity_id, parse_domain
from kg.loading import write_shard

ROOT = Path(__file__).parent.parent.parent
DOMAIN_TOML = (ROOT / "extraction/packs/biomedicine/domain.toml").read_text(encoding="utf-8")
DOMAIN = parse_domain(DOMAIN_TOML)
PACK = "test@1"
LOWERS, RAISES = "NEGATIVE_CORRELATION", "POSITIVE_CORRELATION"
# The same entity under several spellings, so that names have something to choose from.
NAMES = {
    "Chemical": [
        "fish oil",
        "Fish oil",
        "fish-oil",
        "magnesium",
        "Mg",
        "caffeine",
        "ß 蛋白 🐟",
    ],
    "Disease": ["Raynaud's disease", "Raynaud disease", "migraine", "Migraine", "vasospasm"],
    "Gene": ["PTGIS", "TNF", "TNF alpha"],
}


@dataclass(frozen=True)
class Written:
    """A paper, and what a pack read in it."""

    paper: Paper
    mentions: tuple[Mention, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    pack: str = PACK


@dataclass
class Sentences:
    """The text of a paper while it is written, and its annotations."""

    text: str = ""
    mentions: list[Mention] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)

    def name(self, type_: str, name: str) -> str:
        """Write a name and mark it; return the entity's id."""
        start, entity = len(self.text), mint_entity_id(type_, name)
        self.text += name
        mention = Mention(
            start=start, end=len(self.text), type=type_, text=name, confidence=0.9, entity=entity
        )
        self.mentions.append(mention)
        return entity


def one_claim(
    id_: str,
    subject: tuple[str, str] = ("Chemical", "fish oil"),
    predicate: str = LOWERS,
    object_: tuple[str, str] = ("Disease", "Raynaud's disease"),
    *,
    polarity: Polarity = Polarity.SUPPORTS,
    certainty: Certainty = Certainty.STATED,
    confidence: float = 0.9,
    date: str | None = "1986-07",
    pack: str = PACK,
) -> Written:
    """A paper of a title and one sentence, which is about one claim."""
    written = Sentences(f"On {id_}.\n")
    start = len(written.text)
    ends = [written.name(*subject)]
    written.text += " has to do with "
    ends.append(written.name(*object_))
    written.text += "."
    evidence = Evidence(
        paper=id_,
        subject=ends[0],
        predicate=predicate,
        object=ends[1],
        polarity=polarity,
        certainty=certainty,
        confidence=confidence,
        start=start,
        end=len(written.text),
        quote=written.text[start:],
        pack=pack,
    )
    paper = Paper(id=id_, title=f"On {id_}.", text=written.text, date=date, source="written")
    return Written(paper, tuple(written.mentions), (evidence,), pack)


def library(n: int, seed: int = 0) -> list[Written]:
    """Some papers with one claim each, about few entities, so that claims and names meet."""
    rng = random.Random(seed)  # noqa: S311  (no secret)
    return [
        one_claim(
            f"pmid:{number}",
            _name(rng, "Chemical"),
            rng.choice([LOWERS, RAISES]),
            _name(rng, rng.choice(["Disease", "Gene"])),
            polarity=rng.choice([Polarity.SUPPORTS, Polarity.SUPPORTS, Polarity.DENIES]),
            certainty=rng.choice(list(Certainty)),
            confidence=round(rng.random(), 4),
            date=rng.choice([None, "1988", "1999-04-01", "2010-12"]),
        )
        for number in range(1, n + 1)
    ]


def shard(
    folder: Path, papers: Iterable[Written], key: str = "a", domain: str = DOMAIN_TOML
) -> Path:
    """Write papers as one shard; return its folder."""
    every = list(papers)
    write_shard(
        folder,
        key,
        [item.paper for item in every],
        [(item.paper.id, item.pack, mention) for item in every for mention in item.mentions],
        [evidence for item in every for evidence in item.evidence],
        domain,
    )
    return folder


def rows_by_hand(papers: Sequence[Written]) -> dict[str, list[dict[str, Any]]]:
    """The rows of shards as another program would write them: the required columns alone."""
    return {
        "papers": [
            {
                "paper": item.paper.id,
                "title": item.paper.title,
                "text": item.paper.text,
                "date": item.paper.date,
                "source": item.paper.source,
                "sha256": item.paper.sha256,
            }
            for item in papers
        ],
        "mentions": [
            {"paper": item.paper.id, "pack": item.pack, **mention.model_dump()}
            for item in papers
            for mention in item.mentions
        ],
        "evidence": [row.model_dump(mode="json") for item in papers for row in item.evidence],
    }


def by_hand(folder: Path, rows: dict[str, list[dict[str, Any]]]) -> Path:
    """Write rows as three plain Parquet files without metadata; return their folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, kept in rows.items():
        pq.write_table(pa.Table.from_pylist(kept), folder / f"{kind}.parquet")
    return folder


def _name(rng: random.Random, type_: str) -> tuple[str, str]:
    return type_, rng.choice(NAMES[type_])

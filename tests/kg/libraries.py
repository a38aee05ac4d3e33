"""Any set of papers, for property tests: few names and sentences, so that everything meets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

from kg import Certainty, Evidence, Paper, Polarity
from kg.loading import write_shard
from tests.kg.written import DOMAIN_TOML, LOWERS, RAISES, Sentences, Written

PACKS = ("test@1", "other@2")
SMALL_TOML = """
name = "small"
version = "3"
[types.Chemical]
[types.Disease]
[relations.NEGATIVE_CORRELATION]
signatures = [{ subject = "Chemical", object = "Disease", reading = "lowers" }]
"""
DOMAINS = (DOMAIN_TOML, SMALL_TOML, "")
SUBJECTS = (("Chemical", "fish oil"), ("Chemical", "Fish-Oil"), ("Chemical", "magnesium"))
OBJECTS = (("Disease", "migraine"), ("Disease", "Migraine"), ("Gene", "TNF"))


@dataclass(frozen=True)
class Reading:
    """A paper as one pack read it, and the shard that it stands in."""

    written: Written
    domain: str
    error: float | None
    in_first: bool
    in_second: bool


@st.composite
def readings(draw: st.DrawFn, most: int = 6) -> list[Reading]:
    """Papers of up to two sentences, each read by one or two packs, in the first set or second."""
    found: list[Reading] = []
    for number in range(1, draw(st.integers(1, most)) + 1):
        ends = st.tuples(st.sampled_from(SUBJECTS), st.sampled_from(OBJECTS))
        sentences = draw(st.lists(ends, min_size=0, max_size=2))
        for pack in draw(st.lists(st.sampled_from(PACKS), min_size=1, unique=True)):
            written = _read(draw, f"pmid:{number}", sentences, pack)
            domain = draw(st.sampled_from(DOMAINS))
            error = draw(st.sampled_from([None, None, 0.02, 0.2]))
            where = draw(st.sampled_from([(True, False), (False, True), (True, True)]))
            found.append(Reading(written, domain, error, *where))
    return found


def shards(folder: Path, kept: Iterable[Reading]) -> Path:
    """Write readings, one shard for each pack, schema and error rate; return their folder."""
    groups: dict[tuple[str, str, float | None], list[Written]] = defaultdict(list)
    for reading in kept:
        groups[reading.written.pack, reading.domain, reading.error].append(reading.written)
    folder.mkdir(parents=True, exist_ok=True)
    for number, ((pack, domain, error), papers) in enumerate(groups.items()):
        write_shard(
            folder,
            f"shard{number}",
            [item.paper for item in papers],
            [(item.paper.id, pack, mention) for item in papers for mention in item.mentions],
            [row for item in papers for row in item.evidence],
            domain,
            packs=[pack],
            pack_errors=None if error is None else {pack: error},
        )
    return folder


def _read(
    draw: st.DrawFn, id_: str, sentences: list[tuple[tuple[str, str], tuple[str, str]]], pack: str
) -> Written:
    text, evidence = Sentences(f"On {id_}.\n"), []
    for subject, object_ in sentences:
        start = len(text.text)
        first = text.name(*subject)
        text.text += " has to do with "
        second = text.name(*object_)
        text.text += ". "
        evidence.append(
            Evidence(
                paper=id_,
                subject=first,
                predicate=draw(st.sampled_from([LOWERS, RAISES])),
                object=second,
                polarity=draw(st.sampled_from(Polarity)),
                certainty=draw(st.sampled_from(Certainty)),
                confidence=draw(st.sampled_from([0.25, 0.5, 0.9])),
                start=start,
                end=len(text.text),
                quote=text.text[start:],
                pack=pack,
            )
        )
    paper = Paper(
        id=id_,
        title=f"On {id_}.",
        text=text.text,
        date=draw(st.sampled_from([None, "1988", "2010-12", "1999-04-01"])),
        source="written",
        retracted=draw(st.booleans()),
    )
    return Written(paper, tuple(text.mentions), tuple(evidence), pack)

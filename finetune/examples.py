"""Training examples: annotated papers as pieces, spans, entities and labelled pairs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from extraction import EncodedText, EntitySpans, encode_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Tokenizer

    from extraction import Labels
    from finetune.corpora import AnnotatedPaper

NO_RELATION = -1


@dataclass(frozen=True, slots=True)
class Example:
    """One paper for training.

    Attributes:
        encoded: the T pieces of its text.
        spans: gold mentions as (first piece, last piece, type index).
        entities: the E entities with their mentions as pieces.
        gold: for each pair of indexes into `entities` that is asked about, its predicate's index,
            or NO_RELATION.
    """

    encoded: EncodedText
    spans: tuple[tuple[int, int, int], ...]
    entities: tuple[EntitySpans, ...]
    gold: dict[tuple[int, int], int]


def make_example(paper: AnnotatedPaper, tokenizer: Tokenizer, labels: Labels) -> Example:
    """Turn an annotated paper into an example; mentions are widened to whole wordpieces."""
    encoded = encode_text(tokenizer, paper.text)
    spans = []
    mentions: dict[str, list[tuple[int, int]]] = {}
    types: dict[str, str] = {}
    for mention in paper.mentions:
        pieces = encoded.piece_span(mention.start, mention.end)
        if pieces is None:
            continue
        spans.append((*pieces, labels.types.index(mention.type)))
        for concept in mention.concepts:
            mentions.setdefault(concept, []).append(pieces)
            types.setdefault(concept, mention.type)
    concepts = tuple(mentions)
    entities = tuple(
        EntitySpans(labels.types.index(types[concept]), tuple(mentions[concept]))
        for concept in concepts
    )
    known = {
        frozenset((relation.subject, relation.object)): labels.predicates.index(relation.predicate)
        for relation in paper.relations
    }
    gold = {
        (one, other): known.get(frozenset((concepts[one], concepts[other])), NO_RELATION)
        for one, other in combinations(range(len(concepts)), 2)
        if labels.allows(types[concepts[one]], types[concepts[other]])
    }
    return Example(encoded, tuple(spans), entities, gold)


def related_types(papers: Sequence[AnnotatedPaper], least: int) -> tuple[tuple[str, str], ...]:
    """Pairs of types, sorted, between which at least `least` relations are annotated."""
    counts: dict[tuple[str, str], int] = {}
    for paper in papers:
        types = {concept: m.type for m in paper.mentions for concept in m.concepts}
        for relation in paper.relations:
            if relation.subject in types and relation.object in types:
                one, other = sorted((types[relation.subject], types[relation.object]))
                counts[one, other] = counts.get((one, other), 0) + 1
    return tuple(sorted(pair for pair, count in counts.items() if count >= least))

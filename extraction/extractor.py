"""The joint extractor: passages in, linked mentions and relations with their sentences out."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, islice
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import numpy as np

from extraction.devices import Device, choose_device
from extraction.linking import link_mentions
from extraction.loading import load_reader
from extraction.pack import Pack, load_pack
from extraction.tokens import EntitySpans
from kg import Mention, Model, Passage, Relation

if TYPE_CHECKING:
    from pathlib import Path

    from extraction.calibration import Calibration
    from extraction.reading import PairReading, Reading

Item = TypeVar("Item")

Linker: TypeAlias = Callable[[Passage, Sequence[Mention]], Sequence[str]]
"""Gives an entity id to each mention of a passage; offsets are those of the paper's text."""

BATCH = 32  # passages at once on a GPU
LOOKAHEAD = 8 * BATCH  # passages among which those of like length are put into one batch
DIGITS = 4
"""Confidences are rounded to this many digits, so that they do not depend on the batch."""


class Annotation(Model):
    """What was read in one passage; all offsets count characters of the paper's text."""

    passage: Passage
    mentions: tuple[Mention, ...]
    relations: tuple[Relation, ...]


class Extractor:
    """A pack, loaded and ready to read; `device` and `precision` say what was chosen and why."""

    def __init__(
        self,
        pack: Pack | str,
        device: str = "auto",
        link: Linker | None = None,
        encoder_folder: Path | None = None,
    ) -> None:
        """Load the pack's weights onto a device.

        Args:
            pack: a pack, or the name or folder of one.
            device: auto, cpu or cuda.
            link: how mentions become entities; default: `link_mentions` on each passage.
            encoder_folder: where the encoder's files lie, if not where `resolve_encoder` looks.

        Raises:
            UnknownNameError: no such pack or device.
            PackError: the pack, or its encoder, cannot be used.
        """
        self.pack = load_pack(pack) if isinstance(pack, str) else pack
        self.device: Device = choose_device(device)
        self.reader = load_reader(self.pack, self.device, encoder_folder)
        self.precision = self.reader.precision
        self._link = link or _link_within

    def calibrated(self, calibration: Calibration) -> Extractor:
        """The same extractor with other thresholds and curves; it shares the weights."""
        other = copy.copy(self)
        other.pack = self.pack.model_copy(update={"calibration": calibration})
        return other

    def annotate(self, passages: Iterable[Passage]) -> Iterator[Annotation]:
        """Read passages, in order; streams, and holds few of them at a time."""
        size = 1 if self.device.name == "cpu" else LOOKAHEAD
        for chunk in _chunks(passages, size):
            readings = self._read(chunk)
            for passage, reading in zip(chunk, readings, strict=True):
                yield self._annotation(passage, reading)

    def relate(
        self, passage: Passage, entities: Mapping[str, Sequence[Mention]]
    ) -> tuple[Relation, ...]:
        """Relations between given entities of a passage: entity id to its mentions there.

        A mention that does not stand on any wordpiece is left out, and with it an entity that
        has no other. An entity has the type of its first mention.
        """
        [reading] = self._read([passage])
        return self._relations(passage, reading, entities)

    def _read(self, passages: Sequence[Passage]) -> list[Reading]:
        order = sorted(range(len(passages)), key=lambda index: len(passages[index].text))
        readings: dict[int, Reading] = {}
        for batch in _chunks(order, BATCH):
            read = self.reader.read([passages[index].text for index in batch])
            readings.update(zip(batch, read, strict=True))
        return [readings[index] for index in range(len(passages))]

    def _annotation(self, passage: Passage, reading: Reading) -> Annotation:
        mentions = self._mentions(passage, reading)
        ids = self._link(passage, mentions)
        linked = tuple(
            mention.model_copy(update={"entity": entity})
            for mention, entity in zip(mentions, ids, strict=True)
        )
        entities: dict[str, list[Mention]] = {}
        for mention in linked:
            entities.setdefault(mention.entity, []).append(mention)
        return Annotation(
            passage=passage,
            mentions=linked,
            relations=self._relations(passage, reading, entities),
        )

    def _mentions(self, passage: Passage, reading: Reading) -> list[Mention]:
        calibration, types = self.pack.calibration, self.pack.labels.types
        mentions = []
        for span in reading.spans([calibration.mention_thresholds[label] for label in types]):
            start = int(reading.encoded.offsets[span.first, 0])
            end = int(reading.encoded.offsets[span.last, 1])
            label = types[span.type_index]
            mentions.append(
                Mention(
                    start=passage.start + start,
                    end=passage.start + end,
                    type=label,
                    text=passage.text[start:end],
                    confidence=round(calibration.mentions[label](span.probability), DIGITS),
                )
            )
        return mentions

    def _relations(
        self, passage: Passage, reading: Reading, entities: Mapping[str, Sequence[Mention]]
    ) -> tuple[Relation, ...]:
        placed = {
            entity: (mentions[0].type, pieces)
            for entity, mentions in entities.items()
            if (pieces := _pieces(passage, reading, mentions))
        }
        ids = list(placed)
        spans = [
            EntitySpans(self.pack.labels.types.index(label), pieces)
            for label, pieces in placed.values()
        ]
        pairs = [
            (one, other)
            for one, other in combinations(range(len(ids)), 2)
            if self.pack.labels.allows(placed[ids[one]][0], placed[ids[other]][0])
        ]
        least = self.pack.calibration.relation_threshold
        return tuple(
            self._relation(passage, reading, read, [(ids[i], spans[i]) for i in read.pair])
            for read in reading.pairs(spans, pairs, least)
        )

    def _relation(
        self,
        passage: Passage,
        reading: Reading,
        read: PairReading,
        ends: list[tuple[str, EntitySpans]],
    ) -> Relation:
        labels = self.pack.labels
        (one, one_spans), (other, other_spans) = ends
        first = (one, labels.types[one_spans.type_index])
        second = (other, labels.types[other_spans.type_index])
        index = best_predicate(self.pack, read.predicates, first[1], second[1])
        predicate = labels.predicates[index]
        subject, object_ = self.pack.domain.orient(predicate, first, second)
        raw = read.related * float(read.predicates[index])
        start, end = _sentence(passage, reading, read.context, one_spans, other_spans)
        return Relation(
            subject=subject,
            predicate=predicate,
            object=object_,
            confidence=round(self.pack.calibration.relations[predicate](raw), DIGITS),
            start=start,
            end=end,
        )


def best_predicate(
    pack: Pack, probabilities: np.ndarray[tuple[int], np.dtype[np.float32]], one: str, other: str
) -> int:
    """Index of the likeliest predicate that the schema knows between two types."""
    domain, predicates = pack.domain, pack.labels.predicates
    fits = [
        index
        for index, predicate in enumerate(predicates)
        if domain.signature(predicate, one, other) or domain.signature(predicate, other, one)
    ]
    candidates = fits or range(len(predicates))
    return max(candidates, key=lambda index: float(probabilities[index]))


def _chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _link_within(passage: Passage, mentions: Sequence[Mention]) -> Sequence[str]:
    shift = passage.start
    return link_mentions(
        passage.text,
        [
            mention.model_copy(update={"start": mention.start - shift, "end": mention.end - shift})
            for mention in mentions
        ],
    )


def _pieces(
    passage: Passage, reading: Reading, mentions: Sequence[Mention]
) -> tuple[tuple[int, int], ...]:
    spans = [
        reading.encoded.piece_span(mention.start - passage.start, mention.end - passage.start)
        for mention in mentions
    ]
    return tuple(span for span in spans if span is not None)


def _sentence(
    passage: Passage,
    reading: Reading,
    context: np.ndarray[tuple[int], np.dtype[np.float32]],
    one: EntitySpans,
    other: EntitySpans,
) -> tuple[int, int]:
    """The sentence that carries a relation best, as offsets in the paper's text.

    A sentence that names both entities goes before one that names one of them, that before any
    other; among equals the one to which the pair pays the most attention, then the first.
    """
    offsets = reading.encoded.offsets
    middles = passage.start + offsets.mean(axis=1)

    def rank(sentence: tuple[int, int]) -> tuple[int, float, int]:
        inside = (middles >= sentence[0]) & (middles < sentence[1])
        named = sum(any(inside[first] for first, _ in end.mentions) for end in (one, other))
        return named, float(context[inside].sum()), -sentence[0]

    return max(passage.sentences, key=rank)

"""Reading texts with the joint model: raw probabilities of spans and of pairs of entities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import torch

from extraction.devices import Device, choose_precision
from extraction.spans import ScoredSpan, decode_spans
from extraction.tokens import EncodedText, EntitySpans, encode_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from extraction.joint import JointModel, TextStates

    Floats: TypeAlias = NDArray[np.float32]

# Rows are padded to a multiple of this, whatever else is in the batch: it keeps the number of
# shapes low, for each of which kernels are compiled.
ROW_MULTIPLE = 16
PAIRS_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class PairReading:
    """What the model says of one pair of entities in a text of T pieces.

    Attributes:
        pair: the two, as indexes into the entities that were asked about.
        related: probability that they are related.
        predicates: (R,) float32, probability of each predicate, given that they are.
        context: (T,) float32, attention that the pair pays to each piece; sums to 1.
    """

    pair: tuple[int, int]
    related: float
    predicates: Floats
    context: Floats


@dataclass(frozen=True, slots=True)
class Reading:
    """One text after the encoder's pass; `states` is None for a text without pieces."""

    model: JointModel
    encoded: EncodedText
    states: TextStates | None

    def spans(self, thresholds: Sequence[float]) -> list[ScoredSpan]:
        """Mentions that do not overlap, with at least the probability asked of their type."""
        if self.states is None:
            return []
        with torch.inference_mode():
            logits = self.model.span_logits(self.encoded, self.states)
            return decode_spans(logits.softmax(-1), thresholds)

    def pairs(
        self,
        entities: Sequence[EntitySpans],
        pairs: Sequence[tuple[int, int]],
        least: float = 0.0,
    ) -> Iterator[PairReading]:
        """Read pairs of entities, given as indexes; yields those with `least` or more in order.

        Pairs are scored some at a time, and only what is yielded is kept: a passage that lists
        hundreds of names has tens of thousands of pairs.
        """
        if self.states is None or not pairs:
            return
        with torch.inference_mode():
            pooled = self.model.pool(self.states, entities)
        for first in range(0, len(pairs), PAIRS_AT_ONCE):
            part = pairs[first : first + PAIRS_AT_ONCE]
            with torch.inference_mode():
                scores = self.model.pair_scores(self.encoded, self.states, entities, part, pooled)
                related = scores.related.sigmoid().cpu()
                for row in torch.nonzero(related >= least).flatten().tolist():
                    yield PairReading(
                        part[row],
                        float(related[row]),
                        scores.predicate[row].softmax(-1).cpu().numpy(),
                        scores.context[row].cpu().numpy(),
                    )


class JointReader:
    """A joint model with its tokenizer on a device."""

    def __init__(self, model: JointModel, tokenizer: Tokenizer, device: Device) -> None:
        self.device = device
        self.precision = choose_precision(device)
        self.model = model.to(device.name)
        self._tokenizer = tokenizer

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """Encode texts, all in one batch.

        On the CPU it is one by one, so that no text's reading depends on its neighbours.
        """
        encoded = [encode_text(self._tokenizer, text) for text in texts]
        full = [text for text in encoded if len(text)]
        batches = [full] if self.device.name != "cpu" and full else [[text] for text in full]
        self.model.eval()
        states = iter([state for batch in batches for state in self._encode(batch)])
        return [Reading(self.model, text, next(states) if len(text) else None) for text in encoded]

    def _encode(self, texts: Sequence[EncodedText]) -> list[TextStates]:
        half = self.precision.name == "bfloat16"
        with (
            torch.inference_mode(),
            torch.autocast(self.device.name, dtype=torch.bfloat16, enabled=half),
        ):
            return self.model.encode(texts, ROW_MULTIPLE)

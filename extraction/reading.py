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
    from collections.abc import Sequence

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
    """What the model says of P pairs of entities in a text of T pieces.

    Attributes:
        related: (P,) float32, probability that the two are related.
        predicates: (P, R) float32, probability of each predicate, given that they are.
        context: (P, T) float32, attention that the pair pays to each piece; rows sum to 1.
    """

    related: Floats
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
        self, entities: Sequence[EntitySpans], pairs: Sequence[tuple[int, int]]
    ) -> PairReading:
        """Read pairs of entities, given as indexes into `entities`."""
        n_predicates = self.model.n_predicates
        related = np.zeros(len(pairs), dtype=np.float32)
        predicates = np.zeros((len(pairs), n_predicates), dtype=np.float32)
        context = np.zeros((len(pairs), len(self.encoded)), dtype=np.float32)
        states = self.states
        if states is None:
            return PairReading(related, predicates, context)
        for first in range(0, len(pairs), PAIRS_AT_ONCE):
            part = slice(first, first + PAIRS_AT_ONCE)
            with torch.inference_mode():
                scores = self.model.pair_scores(self.encoded, states, entities, pairs[part])
                related[part] = scores.related.sigmoid().cpu().numpy()
                predicates[part] = scores.predicate.softmax(-1).cpu().numpy()
                context[part] = scores.context.cpu().numpy()
        return PairReading(related, predicates, context)


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

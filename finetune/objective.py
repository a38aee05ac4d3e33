"""The multi-task objective of the joint model, as one module with a forward pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from extraction import JointModel
    from finetune.batches import TrainingText

ROW_MULTIPLE = 64


class Losses(NamedTuple):
    """Scalars: per gold mention, per pair of entities, per related pair."""

    spans: Tensor
    related: Tensor
    predicate: Tensor

    def total(self, relation_weight: float) -> Tensor:
        """The loss that is minimised. The two parts of a relation are brought to one scale."""
        return self.spans + relation_weight * (2 * self.related + self.predicate)


class Objective(nn.Module):
    """Losses of a batch. A module, so that it can be wrapped for many devices."""

    def __init__(self, model: JointModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, batch: Sequence[TrainingText]) -> Losses:
        """Encode a batch as accelerate's precision says; the heads run in float32."""
        states = self.model.encode([text.encoded for text in batch], ROW_MULTIPLE)
        device = states[0].hidden.device
        zero = torch.zeros((), device=device)
        spans, related, predicate = zero, zero, zero
        mentions = pairs = positives = 0
        with torch.autocast(device.type, enabled=False):
            for text, state in zip(batch, states, strict=True):
                example = text.example
                spans = spans + self.model.span_loss(text.encoded, state, example.spans)
                mentions += len(example.spans)
                if example.gold:
                    one, other = self.model.relation_loss(
                        text.encoded, state, text.entities, example.gold
                    )
                    related, predicate = related + one, predicate + other
                    pairs += len(example.gold)
                    positives += sum(index >= 0 for index in example.gold.values())
        return Losses(
            spans / max(mentions, 1), related / max(pairs, 1), predicate / max(positives, 1)
        )

"""Span head: a type, or none, for every span of wordpieces up to a greatest width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

NONE = 0  # class 0 is "no mention"; class k + 1 is entity type k


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """A decoded span: pieces [first, last], index of its type, probability in [0, 1]."""

    first: int
    last: int
    type_index: int
    probability: float


class SpanHead(nn.Module):
    """Scores spans from their first and last piece, their mean, their width and word borders.

    Every span is scored on its own, so mentions may nest or start inside a word; the features
    of the word border keep it from cutting words where that is not meant.
    """

    def __init__(
        self, hidden: int, size: int, n_types: int, max_width: int, dropout: float
    ) -> None:
        super().__init__()
        self.max_width = max_width
        self.first = nn.Linear(hidden, size)
        self.last = nn.Linear(hidden, size)
        self.inside = nn.Linear(hidden, size)
        self.width = nn.Embedding(max_width, size)
        self.border = nn.Embedding(4, size)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(size)
        self.out = nn.Linear(size, n_types + 1)
        # Fewer than one span in 200 is a mention: start from there.
        nn.init.constant_(self.out.bias[NONE : NONE + 1], 6.0)

    def forward(self, hidden: Tensor, starts_word: Tensor) -> Tensor:
        """Logits (T, W, C + 1) float32 from hidden states (T, H) and word starts (T,) int64.

        Entry [t, w] is the span of pieces [t, t + w]; spans past the end hold no meaning and
        have a logit of 0 for "no mention" and about minus infinity for every type.
        """
        length = hidden.shape[0]
        hidden = self.dropout(hidden)
        steps = torch.arange(self.max_width, device=hidden.device)
        first = torch.arange(length, device=hidden.device)
        last = first[:, None] + steps  # (T, W)
        valid = last < length
        last = last.clamp(max=length - 1)
        inside = functional.pad(self.inside(hidden).float().cumsum(0), (0, 0, 1, 0))  # (T + 1, S)
        mean = (inside[last + 1] - inside[first][:, None]) / (steps[:, None] + 1)
        ends_word = functional.pad(starts_word[1:], (0, 1), value=1)
        border = 2 * starts_word[:, None] + ends_word[last]  # (T, W)
        summed = (
            self.first(hidden).float()[:, None]
            + self.last(hidden).float()[last]
            + mean
            + self.width.weight
            + self.border(border)
        )  # (T, W, S)
        logits: Tensor = self.out(self.norm(functional.gelu(summed))).float()
        outside = torch.zeros_like(logits[0, 0])
        outside[1:] = -1e4
        return torch.where(valid[..., None], logits, outside)


def span_loss(logits: Tensor, gold: Sequence[tuple[int, int, int]]) -> Tensor:
    """Summed cross entropy over all spans; gold holds (first, last, type index) in pieces."""
    target = torch.zeros(logits.shape[:2], dtype=torch.long, device=logits.device)
    for first, last, type_index in gold:
        if last - first < logits.shape[1]:
            target[first, last - first] = type_index + 1
    return functional.cross_entropy(logits.flatten(0, 1), target.flatten(), reduction="sum")


def decode_spans(probabilities: Tensor, thresholds: Sequence[float]) -> list[ScoredSpan]:
    """Greedy choice of spans that do not overlap, the most probable first.

    Args:
        probabilities: (T, W, C + 1) float32, softmax of the head's logits.
        thresholds: for each of the C types, the least probability of a mention.

    Returns:
        The spans in reading order.
    """
    best, type_index = probabilities[..., 1:].max(-1)
    floor = torch.tensor(list(thresholds), device=best.device)[type_index]
    firsts, widths = torch.nonzero(best >= floor, as_tuple=True)
    found = [
        ScoredSpan(first, first + width, kind, probability)
        for first, width, kind, probability in zip(
            firsts.tolist(),
            widths.tolist(),
            type_index[firsts, widths].tolist(),
            best[firsts, widths].tolist(),
            strict=True,
        )
    ]
    taken = [False] * probabilities.shape[0]
    chosen = []
    for span in sorted(found, key=lambda span: (-span.probability, span.first, span.last)):
        if not any(taken[span.first : span.last + 1]):
            taken[span.first : span.last + 1] = [True] * (span.last + 1 - span.first)
            chosen.append(span)
    return sorted(chosen, key=lambda span: span.first)

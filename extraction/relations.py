"""Relation head: whether two entities of a passage are related, and how (after ATLOP).

Zhou et al. 2021, "Document-Level Relation Extraction with Adaptive Thresholding and Localized
Context Pooling", https://arxiv.org/abs/2010.11304: equation 1 (log-sum-exp over mentions),
equations 6 to 8 (localized context), equations 2 and 3 (grouped bilinear). Instead of the
adaptive threshold, "related at all" is one logit of its own and the predicate a softmax given
that, so both can be calibrated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from extraction.tokens import EncodedText, EntitySpans

N_FEATURES = 8


@dataclass(frozen=True, slots=True)
class PooledEntities:
    """What is known of E entities before any two of them are looked at.

    Attributes:
        types: (E,) int64, index of each one's type.
        states: (E, H) float32, log-sum-exp over its mentions.
        attention: (E, A, T) float32, averaged over its mentions; each row sums to 1.
    """

    types: Tensor
    states: Tensor
    attention: Tensor


@dataclass(frozen=True, slots=True)
class PairScores:
    """What the head says of P pairs of entities.

    Attributes:
        related: (P,) float32, logit of "there is a relation".
        predicate: (P, R) float32, logits of the predicate, given that there is one.
        context: (P, T) float32, localized context: weight of each piece, each row sums to 1.
    """

    related: Tensor
    predicate: Tensor
    context: Tensor


class RelationHead(nn.Module):
    """Scores unordered pairs of entities; swapping the two gives the same scores."""

    def __init__(
        self,
        hidden: int,
        size: int,
        block: int,
        n_types: int,
        n_predicates: int,
        dropout: float,
    ) -> None:
        super().__init__()
        self.block = block
        self.kind = nn.Embedding(n_types, hidden)
        self.entity = nn.Linear(2 * hidden, size)
        self.context = nn.Linear(hidden, size)
        self.bilinear = nn.Linear(size * block, size)
        self.features = nn.Linear(N_FEATURES, size)
        self.types = nn.Embedding(n_types * n_types, size)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(size)
        self.out = nn.Linear(size, 1 + n_predicates)
        self.n_types = n_types
        nn.init.normal_(self.kind.weight, std=0.02)
        nn.init.normal_(self.types.weight, std=0.02)

    def forward(
        self,
        hidden: Tensor,
        entities: PooledEntities,
        pairs: Sequence[tuple[int, int]],
        features: Tensor,
    ) -> PairScores:
        """Score pairs of entities.

        Args:
            hidden: (T, H) states of the pieces.
            entities: the E entities, pooled.
            pairs: P pairs of indexes into `entities`.
            features: (P, N_FEATURES) float32, see `pair_features`.
        """
        kinds, attention = entities.types, entities.attention
        states = entities.states + self.kind(kinds)  # (E, H)
        first, second = torch.tensor(pairs, device=hidden.device).T  # (P,), (P,)
        weights = (attention[first] * attention[second]).mean(1)  # (P, T)
        weights = weights / (weights.sum(-1, keepdim=True) + 1e-12)
        context = weights.to(hidden.dtype) @ hidden  # (P, H)
        left = self._side(states[first], context)
        right = self._side(states[second], context)
        low, high = (
            torch.minimum(kinds[first], kinds[second]),
            torch.maximum(kinds[first], kinds[second]),
        )
        joined = (
            self._bilinear(left, right)
            + self._bilinear(right, left)
            + self.context(context).float()
            + self.features(features).float()
            + self.types(low * self.n_types + high)
        )
        logits = self.out(self.dropout(self.norm(functional.gelu(joined)))).float()
        return PairScores(logits[:, 0], logits[:, 1:], weights)

    def _side(self, state: Tensor, context: Tensor) -> Tensor:
        joined = torch.cat([state, context.to(state.dtype)], -1)
        return torch.tanh(self.entity(self.dropout(joined))).float()  # (P, S)

    def _bilinear(self, left: Tensor, right: Tensor) -> Tensor:
        groups = left.shape[-1] // self.block
        left = left.view(-1, groups, self.block)
        right = right.view(-1, groups, self.block)
        product = (left[..., :, None] * right[..., None, :]).flatten(1)  # (P, S * block)
        mixed: Tensor = self.bilinear(self.dropout(product))
        return mixed.float()


def pair_features(
    encoded: EncodedText, entities: Sequence[EntitySpans], pairs: Sequence[tuple[int, int]]
) -> list[list[float]]:
    """Where the mentions of two entities stand to each other: (P, N_FEATURES) floats in [0, 1].

    Symmetric in the pair: shared sentences, least distance, mention counts, title, overlap.
    """
    segments = {
        index: {int(encoded.segments[first]) for first, _ in entities[index].mentions}
        for index in {end for pair in pairs for end in pair}
    }
    rows = []
    for one, other in pairs:
        left, right = entities[one].mentions, entities[other].mentions
        shared = len(segments[one] & segments[other])
        apart = min(abs(a - b) for a in segments[one] for b in segments[other])
        distance = min(max(a[0] - b[1], b[0] - a[1], 0) for a in left for b in right)
        few, many = sorted((len(left), len(right)))
        rows.append(
            [
                float(shared > 0),
                min(shared, 5) / 5,
                min(apart, 5) / 5,
                min(distance, 64) / 64,
                min(few, 8) / 8,
                min(many, 8) / 8,
                float(0 in segments[one] and 0 in segments[other]),
                float(0 in segments[one] or 0 in segments[other]),
            ]
        )
    return rows


def relation_loss(scores: PairScores, gold: Sequence[int]) -> tuple[Tensor, Tensor]:
    """Summed losses (related or not, predicate); gold holds a predicate index, or -1 for none."""
    target = torch.tensor(gold, device=scores.related.device)
    positive = target >= 0
    related = functional.binary_cross_entropy_with_logits(
        scores.related, positive.float(), reduction="sum"
    )
    predicate = functional.cross_entropy(
        scores.predicate[positive], target[positive], reduction="sum"
    )
    return related, predicate


def pool_mentions(hidden: Tensor, entity: EntitySpans) -> Tensor:
    """State (H,) of an entity: log-sum-exp over its mentions, each the mean of its pieces."""
    mentions = torch.stack([hidden[first : last + 1].mean(0) for first, last in entity.mentions])
    return mentions.logsumexp(0)

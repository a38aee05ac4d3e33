"""The joint model: one encoder pass, then a span head and a relation head."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from extraction.encoders import last_attention
from extraction.relations import (
    PairScores,
    PooledEntities,
    RelationHead,
    pair_features,
    pool_mentions,
    relation_loss,
)
from extraction.spans import SpanHead, span_loss
from extraction.tokens import N_SHAPES, windows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

    from extraction.pack import JointSettings
    from extraction.tokens import EncodedText, EntitySpans


@dataclass(frozen=True, slots=True)
class TextStates:
    """What the encoder makes of one text of T pieces.

    Attributes:
        hidden: (T, H), mean over the windows that hold a piece.
        attention: for each window (start, weights), weights (A, w, w) of the last layer.
    """

    hidden: Tensor
    attention: tuple[tuple[int, Tensor], ...]


class JointModel(nn.Module):
    """Encoder with two heads; `encoder` is a BERT-like model, with or without LoRA around it."""

    def __init__(
        self, encoder: nn.Module, settings: JointSettings, n_types: int, n_predicates: int
    ) -> None:
        super().__init__()
        hidden = int(encoder.config.hidden_size)  # type: ignore[union-attr, arg-type]
        self.settings = settings
        self.encoder = encoder
        self.n_predicates = n_predicates
        self.shape = nn.Embedding(N_SHAPES, hidden)
        nn.init.zeros_(self.shape.weight)
        self.spans = SpanHead(
            hidden, settings.span_size, n_types, settings.max_width, settings.dropout
        )
        self.relations = RelationHead(
            hidden,
            settings.relation_size,
            settings.block,
            n_types,
            n_predicates,
            settings.dropout,
        )

    def head_state(self) -> dict[str, Tensor]:
        """All weights but the encoder's."""
        return {k: v for k, v in self.state_dict().items() if not k.startswith("encoder.")}

    def load_heads(self, state: dict[str, Tensor]) -> None:
        """Load what `head_state` gave, in any float format.

        Raises:
            RuntimeError: a weight is missing, unknown, or of another shape.
        """
        own = self.head_state()
        if own.keys() != state.keys():
            msg = f"weights differ in {', '.join(sorted(own.keys() ^ state.keys()))}"
            raise RuntimeError(msg)
        with torch.no_grad():
            for name, weight in own.items():
                weight.copy_(state[name])

    def encode(self, texts: Sequence[EncodedText], row_multiple: int) -> list[TextStates]:
        """Run texts through the encoder as one batch; each needs at least one piece.

        Rows are padded to the longest window, rounded up to `row_multiple`: kernels are compiled
        for each shape, so it pays to have few.
        """
        rows = [
            (index, start, end)
            for index, text in enumerate(texts)
            for start, end in windows(
                len(text), self.settings.window - 2, self.settings.window_overlap
            )
        ]
        hidden, attention = self._run(texts, rows, row_multiple)
        gathered: list[list[tuple[int, Tensor, Tensor]]] = [[] for _ in texts]
        for row, (index, start, end) in enumerate(rows):
            inner = slice(1, 1 + end - start)  # without [CLS] and [SEP]
            gathered[index].append((start, hidden[row, inner], attention[row, :, inner, inner]))
        return [_stitch(len(text), parts) for text, parts in zip(texts, gathered, strict=True)]

    def span_logits(self, text: EncodedText, states: TextStates) -> Tensor:
        """Logits (T, W, C + 1) of all spans, see `SpanHead`."""
        starts = torch.from_numpy(text.shapes % 2).to(states.hidden.device)
        logits: Tensor = self.spans(states.hidden, starts)
        return logits

    def pool(self, states: TextStates, entities: Sequence[EntitySpans]) -> PooledEntities:
        """Pool the mentions of E >= 1 entities."""
        hidden = states.hidden
        return PooledEntities(
            torch.tensor([entity.type_index for entity in entities], device=hidden.device),
            torch.stack([pool_mentions(hidden, entity) for entity in entities]).float(),
            torch.stack([_attention(states, entity) for entity in entities]),
        )

    def pair_scores(
        self,
        text: EncodedText,
        states: TextStates,
        entities: Sequence[EntitySpans],
        pairs: Sequence[tuple[int, int]],
        pooled: PooledEntities | None = None,
    ) -> PairScores:
        """Scores of P >= 1 pairs of entities, see `RelationHead`.

        `pooled` is what `pool` gives, where the same entities are asked about again and again.
        """
        pooled = pooled or self.pool(states, entities)
        features = torch.tensor(pair_features(text, entities, pairs), device=states.hidden.device)
        scores: PairScores = self.relations(states.hidden, pooled, pairs, features)
        return scores

    def span_loss(
        self, text: EncodedText, states: TextStates, gold: Sequence[tuple[int, int, int]]
    ) -> Tensor:
        """Summed loss of all spans; `gold` holds (first piece, last piece, type index)."""
        return span_loss(self.span_logits(text, states), gold)

    def relation_loss(
        self,
        text: EncodedText,
        states: TextStates,
        entities: Sequence[EntitySpans],
        gold: Mapping[tuple[int, int], int],
    ) -> tuple[Tensor, Tensor]:
        """Summed losses (related or not, predicate) of pairs of entities.

        `gold` gives each pair of indexes its predicate's index, or -1 where it has none.
        """
        scores = self.pair_scores(text, states, entities, tuple(gold))
        return relation_loss(scores, tuple(gold.values()))

    def _run(
        self, texts: Sequence[EncodedText], rows: Sequence[tuple[int, int, int]], row_multiple: int
    ) -> tuple[Tensor, Tensor]:
        longest = max(end - start for _, start, end in rows) + 2
        longest = min(-(-longest // row_multiple) * row_multiple, self.settings.window)
        settings = self.settings
        ids = np.full((len(rows), longest), settings.pad_id, dtype=np.int64)
        shapes = np.zeros_like(ids)
        mask = np.zeros_like(ids)
        for row, (index, start, end) in enumerate(rows):
            length = end - start
            ids[row, 0], ids[row, length + 1] = settings.first_id, settings.last_id
            ids[row, 1 : length + 1] = texts[index].ids[start:end]
            shapes[row, 1 : length + 1] = texts[index].shapes[start:end]
            mask[row, : length + 2] = 1
        device = self.shape.weight.device
        words = self.encoder.get_input_embeddings()(torch.from_numpy(ids).to(device))  # type: ignore[operator]
        blocked = torch.from_numpy((mask == 0)[:, None, None, :]).to(device)
        bias = torch.zeros(blocked.shape, device=device).masked_fill(blocked, -1e4)
        seen: list[Tensor] = []
        hook = last_attention(self.encoder).register_forward_hook(
            lambda _module, _inputs, output: seen.append(output[1])
        )
        try:
            output: Any = self.encoder(
                inputs_embeds=words + self.shape(torch.from_numpy(shapes).to(device)),
                attention_mask=None if mask.all() else bias.to(words.dtype),
            )
        finally:
            hook.remove()
        return output.last_hidden_state.float(), seen[0].float()


def _stitch(length: int, parts: list[tuple[int, Tensor, Tensor]]) -> TextStates:
    attention = tuple((start, weights) for start, _, weights in parts)
    if len(parts) == 1:
        return TextStates(parts[0][1], attention)
    width = parts[0][1].shape[1]
    total = parts[0][1].new_zeros(length, width)
    count = parts[0][1].new_zeros(length, 1)
    for start, hidden, _ in parts:
        total[start : start + len(hidden)] += hidden
        count[start : start + len(hidden)] += 1
    return TextStates(total / count, attention)


def _attention(states: TextStates, entity: EntitySpans) -> Tensor:
    """Attention (A, T) float32 of an entity, averaged over its mentions and their windows."""
    length = len(states.hidden)
    heads = states.attention[0][1].shape[0]
    total = torch.zeros(heads, length, device=states.hidden.device)
    for first, last in entity.mentions:
        for start, weights in states.attention:
            low, high = max(first, start) - start, min(last + 1 - start, weights.shape[1])
            if low < high:
                padding = (start, length - start - weights.shape[1])
                mean = weights[:, low:high].mean(1).float()
                total = total + nn.functional.pad(mean, padding)
    return total / (total.sum(-1, keepdim=True) + 1e-12)

"""Wordpieces of a passage with what the joint model needs beside them: shape, segment, windows.

The default encoder is uncased, so case is given back to it as an orthography id per wordpiece
(gene symbols and abbreviations differ from words mostly by case).
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    Ints: TypeAlias = NDArray[np.int64]  # (T,)
    Offsets: TypeAlias = NDArray[np.int64]  # (T, 2): start and end characters of each wordpiece

N_CASES = 8
N_SHAPES = 2 * N_CASES
_SENTENCE_ENDS = frozenset(".?!")


@dataclass(frozen=True, slots=True)
class EncodedText:
    """A text as T wordpieces, without special tokens.

    Attributes:
        ids: (T,) int64, vocabulary ids.
        shapes: (T,) int64 in [0, N_SHAPES), orthography; odd numbers start a word.
        segments: (T,) int64, running number of the rough sentence that a piece is in.
        offsets: (T, 2) int64, start and end of each piece in characters of the text.
    """

    ids: Ints
    shapes: Ints
    segments: Ints
    offsets: Offsets

    def __len__(self) -> int:
        return len(self.ids)

    def piece_span(self, start: int, end: int) -> tuple[int, int] | None:
        """The pieces [first, last] that characters [start, end) cover, widened to whole pieces."""
        first = bisect.bisect_right(self.offsets[:, 1], start)
        last = bisect.bisect_left(self.offsets[:, 0], end) - 1
        return (first, last) if first <= last else None


@dataclass(frozen=True, slots=True)
class EntitySpans:
    """An entity of one passage: its type index and its mentions as pieces [first, last]."""

    type_index: int
    mentions: tuple[tuple[int, int], ...]


def encode_text(tokenizer: Tokenizer, text: str) -> EncodedText:
    """Tokenize without truncation; an empty text gives zero pieces."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    offsets = encoding.offsets  # rebuilt on every access by the tokenizers library: read once
    shapes = np.zeros(len(offsets), dtype=np.int64)
    segments = np.zeros(len(offsets), dtype=np.int64)
    segment, previous_end, previous = 0, 0, ""
    for index, (start, end) in enumerate(offsets):
        piece = text[start:end]
        gap = start > previous_end
        if gap and previous in _SENTENCE_ENDS and previous and not piece.islower():
            segment += 1
        starts_word = gap or index == 0
        shapes[index] = 2 * _case(piece) + int(starts_word)
        segments[index] = segment
        previous_end, previous = end, piece
    return EncodedText(
        ids=np.asarray(encoding.ids, dtype=np.int64),
        shapes=shapes,
        segments=segments,
        offsets=np.asarray(offsets, dtype=np.int64).reshape(-1, 2),
    )


def windows(length: int, size: int, overlap: int) -> list[tuple[int, int]]:
    """Cut [0, length) into equally spread windows of at most `size` that share `overlap` or more.

    Zhou et al. 2021 (ATLOP, https://arxiv.org/abs/2010.11304) encode long documents as
    overlapping windows and average them where they overlap; so do we, for any number of windows.
    """
    if length <= size:
        return [(0, length)]
    count = -(-(length - overlap) // (size - overlap))
    starts = [round(index * (length - size) / (count - 1)) for index in range(count)]
    return [(start, start + size) for start in starts]


def _case(piece: str) -> int:
    if piece.isdigit():
        return 1
    if not any(character.isalnum() for character in piece):
        return 2
    if piece.islower():
        return 3
    if piece.isupper():
        return 4 if len(piece) > 1 else 5
    if piece[0].isupper() and piece[1:].islower():
        return 6
    return 7

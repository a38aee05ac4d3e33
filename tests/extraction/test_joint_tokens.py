"""Wordpieces, their shapes, and windows over them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.encoders import CARRIED, load_tokenizer, resolve_encoder
from extraction.tokens import EncodedText, encode_text, windows


@pytest.fixture(scope="module")
def encoded() -> EncodedText:
    """A text with abbreviations, a variant and three sentences."""
    tokenizer = load_tokenizer(resolve_encoder(CARRIED[0].encoder))
    return encode_text(tokenizer, "TP53 binds p21. It does not vs. BRCA1-V600E. Then it stops.")


@given(length=st.integers(0, 5000), size=st.integers(2, 600), overlap=st.integers(0, 599))
def test_windows_cover_everything(length: int, size: int, overlap: int) -> None:
    """Windows are no longer than allowed, cover every piece in order, and overlap enough."""
    overlap = min(overlap, size - 1)
    spans = windows(length, size, overlap)
    assert spans[0][0] == 0
    assert spans[-1][1] == length
    assert all(end - start <= size for start, end in spans)
    assert all(
        left[1] - right[0] >= overlap and left[0] < right[0]
        for left, right in itertools.pairwise(spans)
    )


def test_odd_shapes_start_words(encoded: EncodedText) -> None:
    """A piece starts a word exactly if white space stands before it."""
    text = "TP53 binds p21. It does not vs. BRCA1-V600E. Then it stops."
    for (start, _), shape in zip(encoded.offsets.tolist(), encoded.shapes.tolist(), strict=True):
        assert shape % 2 == int(start == 0 or text[start - 1] == " ")


def test_case_is_seen_though_the_encoder_ignores_it(encoded: EncodedText) -> None:
    """A word in capitals has another shape than one in small letters."""
    shapes = dict(zip(map(tuple, encoded.offsets.tolist()), encoded.shapes.tolist(), strict=True))
    assert shapes[5, 10] != shapes[16, 18]


def test_segments_follow_sentence_ends(encoded: EncodedText) -> None:
    """A full stop before a capital ends a segment."""
    assert encoded.segments[0] == 0
    assert encoded.segments[-1] >= 2
    assert (encoded.segments[1:] >= encoded.segments[:-1]).all()


def test_character_spans_become_piece_spans(encoded: EncodedText) -> None:
    """Characters are found as the pieces that hold them; white space alone is in no piece."""
    span = encoded.piece_span(5, 10)
    assert span is not None
    assert encoded.offsets[span[0], 0] == 5
    assert encoded.offsets[span[1], 1] == 10
    assert encoded.piece_span(4, 5) is None
    assert encoded.piece_span(6, 9) == span


def test_an_empty_text_has_no_pieces() -> None:
    """Nothing gives nothing, of the right shape."""
    tokenizer = load_tokenizer(resolve_encoder(CARRIED[0].encoder))
    empty = encode_text(tokenizer, " \n ")
    assert len(empty) == 0
    assert empty.offsets.shape == (0, 2)

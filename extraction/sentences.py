"""Where sentences begin and end, letter by letter."""

from __future__ import annotations

from itertools import pairwise

from sentencex import get_sentence_boundaries

# White space of several bytes in UTF-8: in front of a full stop it makes `sentencex` panic.
_WIDE = {ord(sign): " " for sign in map(chr, range(0x80, 0x3001)) if sign.isspace()}


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return the offsets of the sentences of a text, in order.

    Each one begins and ends with a character that is not white space; between them stands white
    space only. An empty line ends a sentence. The rules are those of `sentencex` for English.
    """
    found = get_sentence_boundaries("en", text.translate(_WIDE))
    ends = {boundary["end_index"] for boundary in found}
    spans = (trim(text, *span) for span in pairwise(sorted({0, *ends, len(text)})))
    return tuple(span for span in spans if span is not None)


def trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the span without the white space at its ends, None if there is nothing else."""
    piece = text[start:end]
    inner = piece.strip()
    if not inner:
        return None
    start += len(piece) - len(piece.lstrip())
    return start, start + len(inner)

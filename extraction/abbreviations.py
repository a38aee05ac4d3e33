"""Short forms and what they stand for in one paper (Schwartz & Hearst 2003).

A Simple Algorithm for Identifying Abbreviation Definitions in Biomedical Text,
https://psb.stanford.edu/psb-online/proceedings/psb03/schwartz.pdf
"""

from __future__ import annotations

import re

from abbreviation_extractor import extract_abbreviation_definition_pairs

_REMARK = re.compile(r"[,;].*", re.DOTALL)  # "(SLE, n = 5)" defines SLE
_PIECES = re.compile(r"(\s+|[-/])")


def find_definitions(text: str) -> dict[str, str]:
    """Return the long form of each short form that a text defines; the first definition counts."""
    encodable = text.encode("utf-8", errors="replace").decode("utf-8")
    definitions: dict[str, str] = {}
    for pair in extract_abbreviation_definition_pairs(encodable):
        short = _REMARK.sub("", pair.abbreviation).strip()
        if short:
            definitions.setdefault(short, pair.definition)
    return definitions


def expand(name: str, definitions: dict[str, str]) -> str:
    """Replace a name that is a defined short form, or the parts of it that are."""
    if name in definitions:
        return definitions[name]
    return "".join(definitions.get(piece, piece) for piece in _PIECES.split(name))


def initials(name: str) -> str:
    """Return the first letters of a name's words, case folded; "" for a single word."""
    words = [word for word in re.split(r"[\s-]+", name) if word]
    return "".join(word[0] for word in words).casefold() if len(words) > 1 else ""

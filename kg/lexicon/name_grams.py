"""Character trigrams: names as a full-text index keeps them, so that misspelt ones are found.

Neo4j's Lucene finds words that are one or two letters off; ArcadeDB's goes through every word of
the index for that (135 ms over 47,000 names), and neither joins words that lost their space. So the
index holds pieces of names instead, the same on both servers: a slip of the pen spoils at most four
of a name's trigrams, and the others find it (Ukkonen 1992, https://doi.org/10.1016/0304-3975(92)
90143-4, on q-grams as a filter for edit distance).
"""

from __future__ import annotations

from collections.abc import Iterable

from kg.lexicon.normalise import normalise_name

GRAM = 3
_SPACE = "_"  # no normalised name holds it
_LONGEST_WHOLE = 200  # characters; Lucene cuts a word at 255


def name_grams(names: Iterable[str], ids: Iterable[str] = ()) -> str | None:
    """Return what the full-text index holds of an entity: words with spaces between them.

    Of each name its trigrams (`__f`, `_fi`, `fis`, `ish`), and the whole of it (`_fish_oil_`) for
    those who spell it as it is; of each id the whole alone. None where no name has a letter or
    digit.
    """
    normal = {name for name in map(normalise_name, names) if name}
    identifiers = {whole for whole in map(normalise_name, ids) if whole}
    words = {gram for name in normal for gram in grams(name)}
    words |= {whole_name(name) for name in normal | identifiers}
    return " ".join(sorted(words)) or None


def grams(normal: str) -> list[str]:
    """Return the different trigrams of a normalised name, in the order of the name."""
    padded = f"{_SPACE * 2}{normal.replace(' ', _SPACE)}{_SPACE}"
    return list(dict.fromkeys(padded[at : at + GRAM] for at in range(len(padded) - GRAM + 1)))


def whole_name(normal: str) -> str:
    """Return the word that stands for a whole normalised name."""
    return f"{_SPACE}{normal.replace(' ', _SPACE)[:_LONGEST_WHOLE]}{_SPACE}"

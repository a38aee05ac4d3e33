"""Normalisation of names: the form under which spellings of one name are equal."""

from __future__ import annotations

import re
import unicodedata

_SEPARATORS = re.compile(r"[\W_]+")
_POSSESSIVE = re.compile(r"['\u2019]s?(?=\W|$)")


def normalise_name(name: str) -> str:
    """Return the form under which two spellings of one name are equal.

    Compatibility forms (NFKC), case, possessives, hyphens, punctuation and spaces do not count.
    Empty when the name has no letter or digit.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return _SEPARATORS.sub(" ", _POSSESSIVE.sub("", folded)).strip()


def plain_letters(normal: str) -> str:
    """Return a normalised name without what keyboards lack: accents, and Greek letters by name.

    `sjögren` and `sjogren` are alike then.
    """
    if normal.isascii():
        return normal
    apart = unicodedata.normalize("NFD", normal)
    return "".join(_plain(letter) for letter in apart if not unicodedata.combining(letter))


def _plain(letter: str) -> str:
    return unicodedata.name(letter, "").partition("GREEK SMALL LETTER ")[2].lower() or letter

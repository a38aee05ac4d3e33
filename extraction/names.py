"""One form for the spellings of one name: plurals, British words, Greek letters, numerals.

What is done here is safe across papers: two names that come out equal are one concept as far as
spelling can tell. `kg.normalise_name` then removes case, possessives and punctuation.
"""

from __future__ import annotations

import functools
import re
import unicodedata

import simplemma

_FIRST_GREEK, _LAST_GREEK = 0x3B1, 0x3C9


def _greek_letters() -> dict[int, str]:
    table = {}
    for point in range(_FIRST_GREEK, _LAST_GREEK + 1):
        name = unicodedata.name(chr(point)).split()[-1].lower()
        table[point] = table[ord(chr(point).upper())] = name
    return table


_GREEK = _greek_letters()
_GREEK_NAME = "|".join(sorted(set(_GREEK.values()), key=len, reverse=True))
_WORD = re.compile(r"[^\W\d_]+")
# "IL-6", "IL 6" and "IL6"; "Bcl-2" and "Bcl2", but not "Type 2": only symbols lose their gap.
_SYMBOL_NUMBER = re.compile(r"\b([A-Z]{1,6}|[A-Z]{1,6}\d|[A-Z][a-z]{1,2}(?=-))[- ](?=\d)")
_SYMBOL_GREEK = re.compile(rf"\b([A-Z][A-Z0-9]{{1,5}})[- ](?=(?:{_GREEK_NAME})\d?\b)")
_GREEK_NUMBER = re.compile(rf"({_GREEK_NAME})[- ](?=\d\b)")
# I to X after another word of the name; V and X alone are more often letters than numbers.
_ROMAN = re.compile(r"(?<=\w[\s-])(?:VIII|VII|VI|IV|IX|III|II|I)(?![\w+-])")
_ROMAN_VALUES = {
    "I": "1", "II": "2", "III": "3", "IV": "4", "VI": "6", "VII": "7", "VIII": "8", "IX": "9",
}  # fmt: skip
_PLURAL_ENDINGS = ("s", "a", "i", "ae", "men", "mice", "ren", "eet")
_NOT_PLURAL = ("ss", "us", "is", "as", "aas")
_AMERICAN = {"ae": "e", "oe": "e", "our": "or", "sulph": "sulf"}
_BRITISH = re.compile("|".join(_AMERICAN))
_LEAST_WORD = 4  # shorter words ending in s are rarely plurals: gas, Ras, Fas
_LEAST_UNKNOWN = 6  # so that a symbol in small letters (kras) is not taken for a plural


def canonical_name(name: str) -> str:
    """Return the form of a name that its spellings share, before `kg.normalise_name`.

    Words lose their plural ("fish oils" is "fish oil") and their British spelling, symbols do not
    (AIDS, PTGS, Fas); Greek letters are spelled out, roman numerals inside a name become digits,
    and a symbol loses the gap before its number ("IL-6" is "IL6").
    """
    text = unicodedata.normalize("NFKC", name).translate(_GREEK)
    text = _WORD.sub(lambda match: _singular(match[0]), text)
    text = _ROMAN.sub(lambda match: _ROMAN_VALUES[match[0]], text)
    text = _SYMBOL_GREEK.sub(r"\1", _SYMBOL_NUMBER.sub(r"\1", text))
    return _GREEK_NUMBER.sub(r"\1", text)


def _singular(word: str) -> str:
    if word.islower() or (len(word) > _LEAST_WORD and word[1:].islower()):
        return _lemma(word.lower())
    is_symbols_plural = len(word) > 2 and word[-1] == "s" and word[:-1].isupper()  # noqa: PLR2004
    return word[:-1] if is_symbols_plural else word


@functools.lru_cache(maxsize=100_000)
def _lemma(word: str) -> str:
    return _american(_without_plural(word))


def _without_plural(word: str) -> str:
    if len(word) < _LEAST_WORD or not word.endswith(_PLURAL_ENDINGS):
        return word
    lemma = simplemma.lemmatize(word, lang="en")
    if lemma != word or simplemma.is_known(word, lang="en"):
        return lemma.lower()
    if len(word) < _LEAST_UNKNOWN or word.endswith(_NOT_PLURAL) or not word.endswith("s"):
        return word
    return word[:-3] + "y" if word.endswith("ies") else word[:-1]


def _american(word: str) -> str:
    """One spelling for "tumour" and "tumor": the shorter one, where the dictionary has it."""
    word = word.replace("aem", "em")  # of blood: no other English word has it
    if len(word) < _LEAST_UNKNOWN or _BRITISH.search(word) is None:
        return word
    shorter = _BRITISH.sub(lambda match: _AMERICAN[match[0]], word)
    return shorter if simplemma.is_known(shorter, lang="en") else word

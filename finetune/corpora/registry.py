"""The registry of corpus formats, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

from finetune.corpora.annotated import AnnotatedPaper
from finetune.corpora.pubtator import read_pubtator
from kg import Domain

ReadCorpus: TypeAlias = Callable[[Path, Domain], Iterator[AnnotatedPaper]]
"""Reads a file, names turned into those of the domain schema.

It raises `kg.UnreadableFileError` where the file cannot be read as text, and `kg.BadRecordError`,
with the line, where a record is not of the format.
"""

CORPORA: dict[str, ReadCorpus] = {
    "pubtator": read_pubtator,
}
DEFAULT_FORMAT = next(iter(CORPORA))
"""What a file is taken for where nobody says its format."""

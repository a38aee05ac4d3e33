"""Papers out of files: one file per format."""

from extraction.readers.papers import read_papers
from extraction.readers.reader import MAX_WORDS, Draft, Reader
from extraction.readers.registry import READERS

__all__ = [
    "Draft",
    "MAX_WORDS",
    "READERS",
    "Reader",
    "read_papers",
]

"""Papers out of files: one file per format."""

from extraction.readers.papers import read_papers
from extraction.readers.reader import MAX_WORDS, Draft, Reader
from extraction.readers.registry import READERS

__all__ = ["MAX_WORDS", "READERS", "Draft", "Reader", "read_papers"]

"""Annotated corpora: one file per annotation format."""

from finetune.corpora.annotated import AnnotatedPaper, GoldMention, GoldRelation
from finetune.corpora.pubtator import read_pubtator

CORPORA = {"pubtator": read_pubtator}
"""The reader of each annotation format: (path, domain schema) to annotated papers."""

__all__ = [
    "AnnotatedPaper",
    "CORPORA",
    "GoldMention",
    "GoldRelation",
    "read_pubtator",
]

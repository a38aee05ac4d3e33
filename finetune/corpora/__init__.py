"""Annotated corpora: one file per annotation format."""

from finetune.corpora.annotated import AnnotatedPaper, GoldMention, GoldRelation
from finetune.corpora.registry import CORPORA, DEFAULT_FORMAT, ReadCorpus

__all__ = [
    "AnnotatedPaper",
    "CORPORA",
    "DEFAULT_FORMAT",
    "GoldMention",
    "GoldRelation",
    "ReadCorpus",
]

"""Annotated corpora: one file per annotation format."""

from finetune.corpora.annotated import AnnotatedPaper, GoldMention, GoldRelation
from finetune.corpora.pubtator import read_pubtator

__all__ = ["AnnotatedPaper", "GoldMention", "GoldRelation", "read_pubtator"]

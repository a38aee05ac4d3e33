"""What every corpus format is read into: a text, its mentions with concept ids, its relations."""

from __future__ import annotations

from kg import Model


class GoldMention(Model):
    """An annotated span [start, end) of the text; a mention may stand for several concepts."""

    start: int
    end: int
    type: str
    concepts: tuple[str, ...]


class GoldRelation(Model):
    """An annotated relation between two concepts of one paper, its ends in the file's order."""

    subject: str
    predicate: str
    object: str


class AnnotatedPaper(Model):
    """A paper as annotators left it; types and predicates are the domain schema's names."""

    id: str
    title: str
    text: str
    mentions: tuple[GoldMention, ...]
    relations: tuple[GoldRelation, ...]

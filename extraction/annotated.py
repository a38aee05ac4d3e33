"""What extraction says of whole papers and texts."""

from __future__ import annotations

from kg import Evidence, Failure, Mention, Model, Paper


class TextAnnotation(Model):
    """All that was read in one paper; offsets count characters of `paper.text`.

    `mentions` are linked and in the order of the text; `evidence` names claims between them.
    `failed` lists the passages that could not be read.
    """

    paper: Paper
    mentions: tuple[Mention, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    passages: int = 0
    failed: tuple[Failure, ...] = ()

"""Annotated PubTator files, as BioRED (ids joined by ",") and BC5CDR (by "|") write them.

    PMID|t|title
    PMID|a|abstract
    PMID <tab> start <tab> end <tab> text <tab> type <tab> ids
    PMID <tab> relation <tab> id <tab> id [<tab> novelty]

Offsets count characters of title, one separator, abstract. Papers are parted by empty lines.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from finetune.corpora.annotated import AnnotatedPaper, GoldMention, GoldRelation
from kg import BadRecordError, Domain, UnknownNameError, UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HEAD = re.compile(r"^([^|\t]+)\|([ta])\|(.*)$")
_SPAN_FIELDS = (5, 6, 7)  # the seventh, in BC5CDR, names the parts of a joined mention
_RELATION_FIELDS = (4, 5)
# A variant's id may hold "|" itself (c|SUB|A|12|G), and so "|" joins ids only between two of
# MeSH's or the Gene database's form.
_JOINED_BY_BAR = re.compile(r"(?<=[A-Z0-9])\|(?=[A-Z]?\d{3,})")
_VARIANT = re.compile(r"^[a-z]\|")

_Line = tuple[int, str]


def read_pubtator(path: Path, domain: Domain) -> Iterator[AnnotatedPaper]:
    """Read an annotated PubTator file, names turned into those of the domain schema.

    Raises:
        UnreadableFileError: the file is absent, unreadable, or not UTF-8.
        BadRecordError: a line is not of a known form, or a span does not hold its text; says
            the line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError(str(path), "", f"cannot be read: {error}") from error
    block: list[_Line] = []
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            block.append((number, line))
        elif block:
            yield _paper(str(path), block, domain)
            block = []


def split_concepts(field: str) -> tuple[str, ...]:
    """The concept ids of one mention; "-" and nothing mean that it has none."""
    joined = field if _VARIANT.match(field) else _JOINED_BY_BAR.sub(",", field)
    parts = [part.strip() for part in joined.split(",")]
    return tuple(dict.fromkeys(part for part in parts if part not in {"", "-"}))


def _paper(path: str, block: list[_Line], domain: Domain) -> AnnotatedPaper:
    paper, title, abstract = _heads(path, block)
    text = f"{title} {abstract}"
    mentions: list[GoldMention] = []
    relations: list[GoldRelation] = []
    for number, line in block[2:]:
        fields = line.split("\t")
        try:
            if len(fields) in _SPAN_FIELDS and fields[1].isdigit():
                mentions.append(_mention(fields, text, domain))
            else:
                relations.append(_relation(fields, domain))
        except (ValueError, UnknownNameError) as error:
            raise BadRecordError(path, f"line {number}", str(error)) from error
    return AnnotatedPaper(
        id=paper,
        title=title,
        text=text,
        mentions=tuple(mentions),
        relations=tuple(relations),
    )


def _heads(path: str, block: list[_Line]) -> tuple[str, str, str]:
    """The paper's id, title and abstract, from its first two lines."""
    title = _HEAD.match(block[0][1])
    abstract = _HEAD.match(block[1][1]) if len(block) > 1 else None
    if not title or not abstract or (title[2], abstract[2]) != ("t", "a"):
        reason = "a paper starts with the lines ID|t|title and ID|a|abstract"
        raise BadRecordError(path, f"line {block[0][0]}", reason)
    return title[1], title[3], abstract[3]


def _mention(fields: list[str], text: str, domain: Domain) -> GoldMention:
    start, end = int(fields[1]), int(fields[2])
    if text[start:end] != fields[3]:
        msg = f"the text at {start} to {end} is {text[start:end]!r}, the line says {fields[3]!r}"
        raise ValueError(msg)
    return GoldMention(
        start=start,
        end=end,
        type=domain.type_named(fields[4]),
        concepts=split_concepts(fields[5] if len(fields) > _SPAN_FIELDS[0] else ""),
    )


def _relation(fields: list[str], domain: Domain) -> GoldRelation:
    if len(fields) not in _RELATION_FIELDS:
        msg = f"{len(fields)} tab-separated fields; a mention has 6, a relation 4 or 5"
        raise ValueError(msg)
    return GoldRelation(
        subject=fields[2], predicate=domain.relation_named(fields[1]), object=fields[3]
    )

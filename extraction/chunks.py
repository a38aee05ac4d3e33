"""Papers in chunks, and the key of a chunk's shard.

Where a chunk ends is decided by the papers' ids, not by counting: a paper that comes or goes
changes its own chunk and no other, so that a growing folder is read again only where it grew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from importlib.metadata import version

from extraction.pack import ADAPTER_FILE, DOMAIN_FILE, HEADS_FILE, PACK_FILE, Pack
from extraction.parsing import PARSER
from kg import Paper

MEAN_CHUNK = 50
"""Papers in a chunk on average: some ten seconds on two cores, what a kill can cost."""

MAX_CHUNK = 100

# Raised whenever the same papers and the same pack give other rows than before.
_FORMAT = 1
_LIBRARIES = ("abbreviation-extractor", "sentencex", "simplemma", "spacy")
_PACK_FILES = (PACK_FILE, DOMAIN_FILE, HEADS_FILE, ADAPTER_FILE)


def chunked(papers: Iterable[Paper]) -> Iterator[list[Paper]]:
    """Yield papers in chunks of at most `MAX_CHUNK`."""
    chunk: list[Paper] = []
    for paper in papers:
        chunk.append(paper)
        if len(chunk) == MAX_CHUNK or _ends_chunk(paper.id):
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def pack_digest(pack: Pack) -> str:
    """Return the SHA-256 of all that decides what a pack reads: files and versions of code."""
    digest = hashlib.sha256()
    for name in _PACK_FILES:
        digest.update(hashlib.sha256((pack.folder / name).read_bytes()).digest())
    code = [_FORMAT, PARSER, *(f"{name} {version(name)}" for name in _LIBRARIES)]
    digest.update(json.dumps(code).encode())
    return digest.hexdigest()


def chunk_key(digest: str, papers: Iterable[Paper]) -> str:
    """Return the key of a chunk's shard: the same papers and pack always have the same one.

    Args:
        digest: of the pack, see `pack_digest`.
        papers: the chunk. Their sources do not count: a folder may be moved.
    """
    rows = [
        [paper.id, paper.sha256, paper.title, paper.date, paper.licence, paper.retracted]
        + [[section.start, section.end] for section in paper.sections]
        for paper in papers
    ]
    return hashlib.sha256(json.dumps([digest, rows]).encode()).hexdigest()[:32]


def _ends_chunk(paper: str) -> bool:
    number = int.from_bytes(hashlib.blake2b(paper.encode(), digest_size=8).digest())
    return number % MEAN_CHUNK == 0

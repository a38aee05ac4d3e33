"""Reading one text, on the same way as whole corpora."""

from __future__ import annotations

import functools
from pathlib import Path

from extraction.annotated import TextAnnotation
from extraction.annotator import Annotator
from extraction.chunks import pack_digest
from extraction.pack import Pack, load_pack
from extraction.readers.papers import unusable
from extraction.readers.reader import Draft
from kg import Paper, UsageError, paper_id


def extract_text(
    text: str, pack: Pack | str | Path = "biomedicine", title: str = "", *, device: str = "auto"
) -> TextAnnotation:
    """Read one text: its mentions, linked, and the evidence in its sentences.

    Args:
        text: an abstract, a section or a sentence.
        pack: a pack, or the name or folder of one; the one used last stays loaded.
        title: stands before the text in `paper.text`, parted by one space.
        device: auto, cpu or cuda.

    Raises:
        UsageError: the text is empty or longer than a paper may be.
        UnknownNameError: no such pack or device.
        PackError: the pack, or its encoder, cannot be used.
    """
    whole = f"{title} {text}" if title else text
    reason = unusable(Draft(where="", raw_id="", title=title, text=whole))
    if reason:
        raise UsageError(f"the text cannot be read: {reason}")
    paper = Paper(id=paper_id("", whole), title=title, text=whole)
    [annotation] = annotator_for(pack, device).annotate([paper])
    return annotation


def annotator_for(pack: Pack | str | Path, device: str = "auto") -> Annotator:
    """Return an annotator, loaded once a process for each pack and device."""
    loaded = pack if isinstance(pack, Pack) else load_pack(pack)
    return _annotator(loaded.folder, pack_digest(loaded), device)


@functools.lru_cache(maxsize=2)
def _annotator(folder: Path, digest: str, device: str) -> Annotator:  # noqa: ARG001
    # The digest is part of the key: a pack trained anew in the same folder is loaded again.
    return Annotator(load_pack(folder), device)

"""The whole way from papers to annotations: passages, extractor, linking, assertion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from extraction.abbreviations import find_definitions
from extraction.annotated import TextAnnotation
from extraction.assertion import Assertion
from extraction.evidence import make_evidence
from extraction.extractor import Annotation, Extractor
from extraction.linking import link_mentions
from extraction.overlap import merge_annotations
from extraction.pack import Pack
from extraction.passages import split_passages
from kg import Failure, Mention, Paper, Passage


class Annotator:
    """Annotates papers with one pack; `extractor.device` says where it runs and why.

    Args:
        pack: a pack, or the name or folder of one.
        device: auto, cpu or cuda.

    Raises:
        UnknownNameError: no such pack or device.
        PackError: the pack, or its encoder, cannot be used.
    """

    def __init__(self, pack: Pack | str | Path, device: str = "auto") -> None:
        self._definitions: dict[str, dict[str, str]] = {}
        given = str(pack) if isinstance(pack, Path) else pack
        self.extractor = Extractor(given, device, link=self._link)
        self._assertion = Assertion()

    @property
    def pack(self) -> Pack:
        """The pack that it reads with."""
        return self.extractor.pack

    def annotate(self, papers: Sequence[Paper]) -> Iterator[TextAnnotation]:
        """Annotate papers, in order.

        A passage on which the model fails is listed in its paper's annotation; the paper's other
        passages, and the other papers, are read.
        """
        self._definitions = {paper.id: find_definitions(paper.text) for paper in papers}
        parts = [split_passages(paper) for paper in papers]
        read = self._read([passage for passages in parts for passage in passages])
        for paper, passages in zip(papers, parts, strict=True):
            yield self._annotation(paper, [next(read) for _ in passages])

    def _annotation(
        self, paper: Paper, results: Sequence[Annotation | _FailedPassage]
    ) -> TextAnnotation:
        good = [result for result in results if isinstance(result, Annotation)]
        mentions, relations = merge_annotations(good)
        pack = self.pack
        evidence = make_evidence(paper, mentions, relations, pack.domain, self._assertion, pack.ref)
        failed = (r.failure(paper) for r in results if isinstance(r, _FailedPassage))
        return TextAnnotation(
            paper=paper,
            mentions=mentions,
            evidence=evidence,
            passages=len(results),
            failed=tuple(failed),
        )

    def _read(self, passages: Sequence[Passage]) -> Iterator[Annotation | _FailedPassage]:
        """Read passages together; when that fails, the rest one by one to find the culprit."""
        done = 0
        try:
            for annotation in self.extractor.annotate(passages):
                yield annotation
                done += 1
        except Exception:  # noqa: BLE001 - whatever the model raises must not end the batch
            for passage in passages[done:]:
                yield self._read_alone(passage)

    def _read_alone(self, passage: Passage) -> Annotation | _FailedPassage:
        try:
            return next(self.extractor.annotate([passage]))
        except Exception as error:  # noqa: BLE001 - listed as a failure of its paper
            return _FailedPassage(passage, error)

    def _link(self, passage: Passage, mentions: Sequence[Mention]) -> list[str]:
        """Link in a passage with the short forms that its whole paper defines."""
        shift = passage.start
        moved = [
            mention.model_copy(update={"start": mention.start - shift, "end": mention.end - shift})
            for mention in mentions
        ]
        return link_mentions(passage.text, moved, self._definitions.get(passage.paper))


class _FailedPassage:
    """A passage, and what the model raised on it."""

    def __init__(self, passage: Passage, error: Exception) -> None:
        self._passage = passage
        self._error = error

    def failure(self, paper: Paper) -> Failure:
        """Return the failure as summaries list it."""
        kind = type(self._error).__name__
        return Failure(
            path=paper.source,
            where=f"{paper.id} {self._passage.start}:{self._passage.end}",
            reason=f"the model failed on this passage ({kind}: {self._error}); the rest is read",
        )

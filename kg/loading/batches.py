"""Papers in batches of one transaction each, each prepared while the one before it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from kg.loading.checks import CheckedPaper, Origins, check_paper
from kg.loading.schema_names import SchemaNames
from kg.loading.shard_reading import Shards, read_sets
from kg.models import Failure

# A transaction holds whole papers: at least this many rows or characters (but for the last), at
# most so many papers. Measured best on both servers between 1,000 and 5,000 rows; the embedded
# store keeps in its heap what a transaction has written.
BATCH_ROWS = 3000
BATCH_PAPERS = 400
BATCH_CHARACTERS = 4_000_000


class Batch(NamedTuple):
    """Papers that can be loaded, and what could not be used on the way to them."""

    papers: list[CheckedPaper]
    failures: list[Failure]


class Batches:
    """Reads shards, checks their papers, and deals them out.

    Args:
        shards: what was found.
        names: which types and predicates the graph may hold.
        origins: what files say beside their rows.
        stored_text: asks the graph for the text of a paper, where the rows bring none.
    """

    def __init__(
        self,
        shards: Shards,
        names: SchemaNames,
        origins: Origins,
        stored_text: Callable[[str], str | None],
    ) -> None:
        self._shards = shards
        self._names = names
        self._origins = origins
        self._stored_text = stored_text
        self._failures: list[Failure] = []
        # Of papers that may not be in the graph yet: those of this batch and of the one before,
        # which is still being written.
        self._texts: dict[str, str] = {}
        self._texts_before: dict[str, str] = {}

    def __iter__(self) -> Iterator[Batch]:
        batch: list[CheckedPaper] = []
        weight = 0.0
        for paper in self._checked():
            batch.append(paper)
            self._texts[paper.id] = paper.text
            weight += paper.weight / BATCH_ROWS + len(paper.text) / BATCH_CHARACTERS
            if weight >= 1 or len(batch) >= BATCH_PAPERS:
                yield self._dealt(batch)
                batch, weight = [], 0.0
        if batch or self._failures:
            yield self._dealt(batch)

    def _dealt(self, papers: list[CheckedPaper]) -> Batch:
        failures, self._failures = self._failures, []
        self._texts_before, self._texts = self._texts, {}
        return Batch(papers, failures)

    def _checked(self) -> Iterator[CheckedPaper]:
        for rows in read_sets(self._shards, self._fail):
            text = None if rows.papers else self._text(rows.id)
            checked = check_paper(rows, text, self._names, self._origins, self._failures)
            if checked is not None:
                yield checked

    def _fail(self, failure: Failure) -> None:
        self._failures.append(failure)  # to the batch that is being dealt now

    def _text(self, paper: str) -> str | None:
        stored = self._stored_text(paper)
        return stored or self._texts.get(paper) or self._texts_before.get(paper)

"""How many papers there will be, counted beside the work, so that a bar can show the time left."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from extraction.readers import read_papers

OnProgress = Callable[[int, int | None], None]
"""Called with how many papers are done, and of how many (None while that is not known)."""


class PaperCount:
    """Counts papers in a thread of its own, a hundred times faster than they are extracted.

    `total` is None until all are counted.
    """

    def __init__(self, paths: Sequence[str | os.PathLike[str]], limit: int | None) -> None:
        self.total: int | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._count, args=(paths, limit), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _count(self, paths: Sequence[str | os.PathLike[str]], limit: int | None) -> None:
        # What cannot be read is listed by the run itself.
        papers = read_papers(paths, limit=limit, on_failure=lambda _failure: None)
        count = 0
        for _ in papers:
            if self._stop.is_set():
                return
            count += 1
        self.total = count

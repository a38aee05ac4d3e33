"""Writes to a graph until it is killed; says after each batch that it is stored.

Usage: python writer.py FOLDER NAME [HOLD]. With HOLD, it opens the graph, says so, and waits.
"""

from __future__ import annotations

import itertools
import sys
import time
from pathlib import Path

from kg import open_graph

BATCH = 50


def main() -> None:
    """Write batches of nodes for ever, or hold the graph open."""
    folder, name, *hold = sys.argv[1:]
    with open_graph(Path(folder), create=True) as graph:
        print("open", flush=True)  # noqa: T201
        if hold:
            time.sleep(3600)
        graph.ensure_schema(["Chemical"])
        for batch in itertools.count():
            ids = [f"{name}:{batch}:{n}" for n in range(BATCH)]
            graph.merge_nodes(["Entity", "Chemical"], [{"id": id_, "name": id_} for id_ in ids])
            graph.merge_edges("NEXT", [{"start": a, "end": b} for a, b in itertools.pairwise(ids)])
            print(batch, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()

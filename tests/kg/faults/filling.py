"""Loads papers into an embedded graph until that ends, well or with an error of ours.

Usage: python -m tests.kg.faults.filling FOLDER SHARDS LARGEST. LARGEST is how many bytes a file of
the graph may have, 0 for any number: a disk that is full says so, and a file that may not grow is
the next best thing where no small disk can be made.
"""

from __future__ import annotations

import resource
import signal
import sys
from pathlib import Path

from kg import StoreError, load_shards, open_graph


def main() -> int:
    """Load, and print the fingerprint of the graph, or the error."""
    folder, shards, largest = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    if largest:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
    try:
        with open_graph(folder, create=True) as graph:
            summary = load_shards(graph, [shards])
            assert not summary.failed, summary.failed
            print(graph.fingerprint())  # noqa: T201
    except StoreError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Two files of one name in two folders are hardly two versions of one source."""

from __future__ import annotations

from pathlib import Path

from kg.errors import UsageError
from kg.runs import files_of
from kg.sources import CuratedSource
from kg.store.graph import Graph

_VERSION = "MATCH (s:Source {id: $name}) RETURN s.version AS version"


def refuse_namesake(graph: Graph, curated: CuratedSource) -> None:
    """Refuse to replace a source by another one that has nothing but the name of its file.

    `a/data.csv` and `b/data.csv` are both called data, where neither the mapping nor the caller
    says otherwise. A file that changed where it stands is a new version. The folders are those of
    the log: of a source that came with an export nobody knows them.

    Raises:
        UsageError: the graph holds a source of that name from other folders.
    """
    name = curated.source.name
    found = graph.read(_VERSION, name=name) if curated.named_by_file else []
    if not found or found[0]["version"] == curated.source.version:
        return
    before = files_of(graph, f"{name}@{found[0]['version']}")
    folders = {str(path.absolute().parent) for path in curated.files}
    if before and folders.isdisjoint(str(Path(file).parent) for file in before):
        raise UsageError(
            f"{curated.files[0]} would be called {name!r} after its file, and replace the source "
            f"of that name, which came from {before[0]}; say --source ANOTHER to keep both, or "
            f"--source {name} if it is a new version of that one"
        )

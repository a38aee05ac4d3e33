"""Papers in; a graph of what they claim; hypotheses from its gaps, explained and checked.

>>> import abduce
>>> abduce.__all__  # doctest: +NORMALIZE_WHITESPACE
['ask', 'build', 'check', 'explain', 'export', 'extract', 'extract_text', 'find', 'forget',
 'forget_source', 'keep_apart', 'kept_apart', 'load', 'merge', 'merges', 'open_graph', 'propose',
 'query', 'resolve', 'restore', 'runs', 'undo_apart', 'undo_merge']
"""

from abduce.api import (
    build,
    check,
    explain,
    extract,
    extract_text,
    load,
    open_graph,
    propose,
    query,
)
from abduce.graph_api import (
    ask,
    export,
    find,
    forget,
    forget_source,
    keep_apart,
    kept_apart,
    merge,
    merges,
    resolve,
    restore,
    runs,
    undo_apart,
    undo_merge,
)

__all__ = [
    "ask",
    "build",
    "check",
    "explain",
    "export",
    "extract",
    "extract_text",
    "find",
    "forget",
    "forget_source",
    "keep_apart",
    "kept_apart",
    "load",
    "merge",
    "merges",
    "open_graph",
    "propose",
    "query",
    "resolve",
    "restore",
    "runs",
    "undo_apart",
    "undo_merge",
]

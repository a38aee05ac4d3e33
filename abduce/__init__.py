"""Papers in; a graph of what they claim; hypotheses from its gaps, explained and checked.

>>> import abduce
>>> abduce.__all__  # doctest: +NORMALIZE_WHITESPACE
['build', 'check', 'explain', 'export', 'extract', 'extract_text', 'forget', 'forget_source',
 'load', 'open_graph', 'propose', 'query', 'restore', 'runs']
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
from abduce.graph_api import export, forget, forget_source, restore, runs

__all__ = [
    "build",
    "check",
    "explain",
    "export",
    "extract",
    "extract_text",
    "forget",
    "forget_source",
    "load",
    "open_graph",
    "propose",
    "query",
    "restore",
    "runs",
]

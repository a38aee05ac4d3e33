"""Papers in; a graph of what they claim; hypotheses from its gaps, explained and checked.

>>> import abduce
>>> abduce.__all__  # doctest: +NORMALIZE_WHITESPACE
['build', 'check', 'explain', 'export', 'extract', 'extract_text', 'load', 'open_graph', 'propose',
 'query', 'restore']
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
from abduce.graph_api import export, restore

__all__ = [
    "build",
    "check",
    "explain",
    "export",
    "extract",
    "extract_text",
    "load",
    "open_graph",
    "propose",
    "query",
    "restore",
]

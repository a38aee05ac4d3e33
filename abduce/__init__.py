"""Papers in; a graph of what they claim; hypotheses from its gaps, explained and checked.

>>> import abduce
>>> abduce.__all__
['build', 'check', 'explain', 'extract', 'extract_text', 'load', 'open_graph', 'propose', 'query']
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

__all__ = [
    "build",
    "check",
    "explain",
    "extract",
    "extract_text",
    "load",
    "open_graph",
    "propose",
    "query",
]

"""Papers in; a graph of what they claim; hypotheses from its gaps, explained and checked.

>>> import abduce
>>> read = abduce.extract_text("Metformin treats type 2 diabetes.", "biomedicine")
>>> [mention.text for mention in read.mentions]
['Metformin', 'type 2 diabetes']
>>> abduce.__all__  # doctest: +NORMALIZE_WHITESPACE
['ask', 'build', 'candidates', 'check', 'evaluate', 'examine', 'explain', 'export', 'extract',
 'extract_text', 'find', 'forget', 'forget_source', 'keep_distinct', 'list_distinct', 'load',
 'merge', 'merges', 'open_graph', 'propose', 'query', 'resolve', 'restore', 'runs', 'train',
 'undo_distinct', 'undo_merge']
"""

from typing import TYPE_CHECKING

from abduce.api import open_graph

if TYPE_CHECKING:
    from abduce.api import (
        build,
        candidates,
        export,
        find,
        forget,
        keep_distinct,
        load,
        merge,
        query,
        undo_distinct,
    )
    from abduce.doctor import examine
    from extraction import extract, extract_text
    from finetune import evaluate, train
    from kg.archive import restore
    from kg.asking import ask
    from kg.forgetting import forget_source
    from kg.resolving import list_distinct, resolve, undo_merge
    from kg.resolving import list_merges as merges
    from kg.runs import list_runs as runs
    from reasoning import check, explain, propose
else:

    def __getattr__(name: str) -> object:
        """Import a verb when it is first asked for, so that `import abduce` is light."""
        from abduce.verbs import VERBS as _VERBS

        if name not in _VERBS:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = _VERBS[name].load()
        return globals()[name]


__all__ = [
    "ask",
    "build",
    "candidates",
    "check",
    "evaluate",
    "examine",
    "explain",
    "export",
    "extract",
    "extract_text",
    "find",
    "forget",
    "forget_source",
    "keep_distinct",
    "list_distinct",
    "load",
    "merge",
    "merges",
    "open_graph",
    "propose",
    "query",
    "resolve",
    "restore",
    "runs",
    "train",
    "undo_distinct",
    "undo_merge",
]

"""Opening files: plain or packed, in bounded memory, whatever they hold."""

from kg.files.opening import Line, Source, open_source, shown, undecodable

__all__ = [
    "Line",
    "Source",
    "open_source",
    "shown",
    "undecodable",
]

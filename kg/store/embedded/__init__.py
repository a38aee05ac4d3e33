"""The embedded store: ArcadeDB inside the process, shared with other processes over loopback."""

from kg.store.embedded.connection import EmbeddedConnection, open_embedded

__all__ = [
    "EmbeddedConnection",
    "open_embedded",
]

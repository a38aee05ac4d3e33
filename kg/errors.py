"""Every error that Abduce raises on purpose.

AbduceError                     base: catch this to catch all of ours
├── UsageError                  the caller asked for something that cannot be (exit code 2)
│   └── UnknownNameError        no pack, entity, relation, type or graph has that name
│       └── GraphNotFoundError  no graph stands at that place
├── InputError                  a file or a record that cannot be used; the batch goes on
│   ├── UnreadableFileError     the file as a whole: absent, no permission, not the format
│   ├── BadRecordError          one record in an otherwise good file
│   └── ShardError              a shard that does not hold what it promises
│       └── QuoteMismatchError  a quote that does not stand at its offsets
├── PackError                   a pack that cannot be used: incomplete, wrong version
│   └── EncoderError            the pack's encoder is absent, or its weights have another hash
├── RecipeError                 a training recipe or its data cannot be used
├── MissingExtraError           an optional package is not installed
└── StoreError                  the graph store said no
    ├── StoreUnavailableError   no server answers there, or it went away
    ├── AuthenticationError     the server refused the user or the password
    ├── QueryError              the query is wrong, or it failed while it ran
    │   ├── WriteRefusedError   a write in a read-only query
    │   └── QueryTimeoutError   the query took longer than it may
    └── PropertyError           a value or a name that a graph cannot hold

A message says the value, the form expected, where in the data it stood, and what to do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import ClassVar


class AbduceError(Exception):
    """Base of all our errors. `exit_code` is what a command ends with when it stops on one."""

    exit_code: ClassVar[int] = 1


class UsageError(AbduceError):
    """The caller asked for something that cannot be."""

    exit_code: ClassVar[int] = 2


class UnknownNameError(UsageError):
    """No thing of that kind has that name; `nearest` holds up to five that look like it."""

    def __init__(self, kind: str, name: str, known: Iterable[str], hint: str = "") -> None:
        self.kind = kind
        self.name = name
        self.nearest = nearest_names(name, known)
        parts = [f"no {kind} is called {name!r}"]
        if self.nearest:
            parts.append("nearest: " + ", ".join(self.nearest))
        if hint:
            parts.append(hint)
        super().__init__("; ".join(parts))


class GraphNotFoundError(UnknownNameError):
    """No graph stands at that place."""


class InputError(AbduceError):
    """A file or a record that cannot be used.

    Args:
        path: the file, as the user gave it or as it was found in a folder.
        where: the place inside it ("line 12", "pmid:123", "record 4"); "" for the whole file.
        reason: what is wrong, and what to do.
    """

    def __init__(self, path: str, where: str, reason: str) -> None:
        self.path = path
        self.where = where
        self.reason = reason
        super().__init__(": ".join(part for part in (path, where, reason) if part))


class UnreadableFileError(InputError):
    """The file as a whole cannot be used."""


class BadRecordError(InputError):
    """One record of an otherwise good file cannot be used."""


class ShardError(InputError):
    """A shard does not hold what it promises."""


class QuoteMismatchError(ShardError):
    """A quote does not stand, letter by letter, at its offsets in the paper's text."""


class PackError(AbduceError):
    """A pack that cannot be used."""


class EncoderError(PackError):
    """The encoder of a pack is absent, or its weights have another hash than the pack names."""


class RecipeError(AbduceError):
    """A training recipe, or the data that it names, cannot be used."""


class MissingExtraError(AbduceError):
    """An optional package is absent; the message ends with the line that installs it."""

    def __init__(self, package: str, purpose: str, extra: str) -> None:
        super().__init__(f"{purpose} needs the package {package!r}: pip install 'abduce[{extra}]'")


class StoreError(AbduceError):
    """The graph store could not do what was asked."""


class StoreUnavailableError(StoreError):
    """No server answers at the address, or it went away."""


class AuthenticationError(StoreError):
    """The server refused the user or the password (neither is repeated in the message)."""


class QueryError(StoreError):
    """The query is wrong, or it failed while it ran."""

    exit_code: ClassVar[int] = 2


class WriteRefusedError(QueryError):
    """A query that writes was sent where only reading is allowed."""


class QueryTimeoutError(QueryError):
    """The query took longer than it may; the server has stopped it, and nothing was changed."""

    exit_code: ClassVar[int] = 1


class PropertyError(StoreError):
    """A property value, label or relationship type that a graph cannot hold."""


def nearest_names(name: str, known: Iterable[str], n: int = 5) -> tuple[str, ...]:
    """Return up to `n` of the known names that look most like `name`, best first."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    close = difflib.get_close_matches(name.casefold(), by_folded, n=n, cutoff=0.5)
    return tuple(by_folded[folded] for folded in close)

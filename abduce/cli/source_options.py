"""What `load` may be told of a source: its format, its names, its types."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Sources = Annotated[
    list[Path],
    typer.Argument(
        metavar="PATH...",
        help="Shards that `extract` wrote; ontologies, databases or a table; or a folder that "
        "`export` wrote. Also .gz and .xz, and folders.",
    ),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help="shards, export, hetionet, kgx, obo, owl, skos, rdf or table; else by content.",
    ),
]
Mapping = Annotated[
    Path | None,
    typer.Option("--mapping", metavar="FILE", help="TOML: what the columns of a table mean."),
]
SourceName = Annotated[
    str | None,
    typer.Option("--source", metavar="NAME", help="The source's name; else what it says."),
]
SourceVersion = Annotated[
    str | None,
    typer.Option(
        "--source-version",
        metavar="VERSION",
        help="Its version, which replaces any other one of that name; else what it says.",
    ),
]
Licence = Annotated[str | None, typer.Option("--licence", help="Its licence; else what it says.")]
Date = Annotated[
    str | None, typer.Option("--date", help="Its date, as 2016-09-19; else what it says.")
]
Types = Annotated[
    list[str] | None,
    typer.Option(
        "--type",
        metavar="FROM=TO",
        help="The label of what the source calls FROM; * stands for all others.",
    ),
]


def read_labels(types: list[str]) -> dict[str, str]:
    """Return the label of each type that was given as FROM=TO.

    Raises:
        UsageError: one has not that form.
    """
    from kg import UsageError

    labels = {}
    for given in types:
        name, equals, label = (part.strip() for part in given.partition("="))
        if not (name and equals and label):
            raise UsageError(f"--type {given!r}: the form is FROM=TO, as in Compound=Chemical")
        labels[name] = label
    return labels

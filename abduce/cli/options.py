"""The flags and arguments that several commands share, so that they are the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

Paths = Annotated[
    list[Path],
    typer.Argument(
        metavar="PATH...",
        help="Papers: PubTator, JSON lines, plain text or JATS XML, also .gz and .xz; or folders.",
    ),
]
Graph = Annotated[
    str | None,
    typer.Option(
        "--graph",
        metavar="WHERE",
        help="A folder (embedded store) or a Bolt address. Else ABDUCE_GRAPH.",
    ),
]
User = Annotated[
    str | None,
    typer.Option(
        "--user",
        help="Who to be on a server. Else ABDUCE_USER; the password is ABDUCE_PASSWORD.",
    ),
]
Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="NAME",
        help="A database of a server, if not its default one. Else ABDUCE_DATABASE.",
    ),
]
PackName = Annotated[
    str | None,
    typer.Option(
        "--pack", metavar="NAME", help="An installed pack, or a pack's folder. Else ABDUCE_PACK."
    ),
]
DeviceName = Annotated[
    Literal["auto", "cpu", "cuda"] | None,
    typer.Option("--device", help="Where the model runs. Else ABDUCE_DEVICE, else auto."),
]
Limit = Annotated[
    int | None, typer.Option("--limit", min=1, help="Read so many papers and no more.")
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="Only what was said by the end of DATE: 2016, 2016-05 or 2016-05-17. "
        "Papers and sources without a date are left out, and counted.",
    ),
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="DATE", help="Only what was said on DATE or later."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]

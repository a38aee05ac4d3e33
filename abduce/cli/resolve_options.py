"""What `resolve` may be told: what to list, what a person has decided, and why."""

from __future__ import annotations

from typing import Annotated

import typer

DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be merged, and merge nothing.")
]
Candidates = Annotated[
    bool, typer.Option("--candidates", help="List all that may be one thing, and merge nothing.")
]
Merges = Annotated[bool, typer.Option("--merges", help="List the merges that the graph records.")]
KeptApart = Annotated[
    bool, typer.Option("--kept-apart", help="List what was said not to be one thing.")
]
Merge = Annotated[
    tuple[str, str] | None,
    typer.Option(
        "--merge", metavar="A B", help="Merge A into B, by id or name: your own decision."
    ),
]
Undo = Annotated[
    str | None, typer.Option("--undo", metavar="ID", help="Take back the merge of this id.")
]
Apart = Annotated[
    tuple[str, str] | None,
    typer.Option(
        "--apart", metavar="A B", help="A and B are not one thing: do not merge, do not ask."
    ),
]
UndoApart = Annotated[
    tuple[str, str] | None,
    typer.Option("--undo-apart", metavar="A B", help="Take back that A and B are not one thing."),
]
Never = Annotated[bool, typer.Option("--never", help="With --undo: no rule merges the two again.")]
Why = Annotated[
    str,
    typer.Option("--why", metavar="TEXT", help="The reason, for --merge, --apart and --never."),
]

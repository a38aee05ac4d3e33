"""Flags and arguments that several commands share, so that they are the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from pydantic import Field

from abduce.settings import Settings
from kg import Model

if TYPE_CHECKING:
    from kg import Graph


def setting_help(name: str) -> str:
    """Return the help of the flag of a setting: what it is, and what holds without the flag."""
    field = Settings.model_fields[name]
    default = "" if field.default is None else f", else {_shown(field.default)}"
    return f"{field.description} Else ABDUCE_{name.upper()}{default}."


def _shown(default: Any) -> str:
    return default if isinstance(default, str) else f"{default:,.0f}"


class GraphOptions(Model):
    """Options of every command on a graph: which one, and as whom to go there."""

    graph: str | None = Field(default=None, description=setting_help("graph"))
    user: str | None = Field(default=None, description=setting_help("user"))
    database: str | None = Field(default=None, description=setting_help("database"))

    def open(self, *, create: bool = False) -> Graph:
        """Open the graph; see `abduce.open_graph`."""
        import abduce

        return abduce.open_graph(self.graph, user=self.user, database=self.database, create=create)


Papers = Annotated[
    list[Path],
    typer.Argument(
        metavar="PATH...",
        help="Papers: PubTator, JSON lines, plain text or JATS XML, also .gz and .xz; or folders.",
    ),
]
PackName = Annotated[str | None, typer.Option("--pack", metavar="NAME", help=setting_help("pack"))]
DeviceName = Annotated[
    Literal["auto", "cpu", "cuda"] | None, typer.Option("--device", help=setting_help("device"))
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

"""`abduce load`: annotation shards, curated sources and exports into a graph."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abduce.cli.options import Database, Graph, Json, User

if TYPE_CHECKING:
    from kg.curated import CuratedSummary
    from kg.exporting import RestoreSummary

_SHOWN = 20  # changed terms; --json has all


def load(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...",
            help="Shards that `extract` wrote; ontologies, databases or a table; or a folder that "
            "`export` wrote. Also .gz and .xz, and folders.",
        ),
    ],
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="shards, export, hetionet, kgx, obo, owl, skos, rdf or table; else by content.",
        ),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", metavar="FILE", help="TOML: what the columns of a table mean."),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="NAME", help="The source's name; else what it says."),
    ] = None,
    version: Annotated[
        str | None,
        typer.Option(
            "--source-version",
            metavar="VERSION",
            help="Its version, which replaces any other one of that name; else what it says.",
        ),
    ] = None,
    licence: Annotated[
        str | None, typer.Option("--licence", help="Its licence; else what it says.")
    ] = None,
    date: Annotated[
        str | None, typer.Option("--date", help="Its date, as 2016-09-19; else what it says.")
    ] = None,
    types: Annotated[
        list[str] | None,
        typer.Option(
            "--type",
            metavar="FROM=TO",
            help="The label of what the source calls FROM; * stands for all others.",
        ),
    ] = None,
    graph: Graph = None,
    user: User = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Load shards, curated sources or an export; what is there already is not doubled."""
    import abduce
    from abduce.cli.progress import progress_bar
    from abduce.cli.summary import show_summary
    from kg import LoadSummary, UnreadableFileError
    from kg.curated import CuratedSummary, kind_of

    labels = _labels(types or [])
    # Before a folder is made for a graph that nothing would come into.
    if not any(path.exists() or path.is_symlink() for path in paths):
        raise UnreadableFileError(str(paths[0]), "", "there is no such file or folder")
    kind = format_ or kind_of(paths, mapping)
    with (
        abduce.open_graph(graph, user=user, database=database, create=True) as opened,
        progress_bar("rows") as bar,
    ):
        summary = abduce.load(
            opened,
            paths,
            format=kind,
            mapping=mapping,
            source=source,
            version=version,
            licence=licence,
            date=date,
            types=labels,
            on_progress=bar,
        )
    if isinstance(summary, LoadSummary):
        show_summary(summary, summary.failed, summary.papers, as_json=as_json)
    elif isinstance(summary, CuratedSummary):
        _show_curated(summary, as_json=as_json)
    else:
        _show_restored(summary, as_json=as_json)


def _labels(types: list[str]) -> dict[str, str]:
    from kg import UsageError

    labels = {}
    for given in types:
        name, equals, label = (part.strip() for part in given.partition("="))
        if not (name and equals and label):
            raise UsageError(f"--type {given!r}: the form is FROM=TO, as in Compound=Chemical")
        labels[name] = label
    return labels


def _show_curated(summary: CuratedSummary, *, as_json: bool) -> None:
    from abduce.cli.console import list_failures, print_fields, print_json, say

    if as_json:
        print_json(summary.model_dump(mode="json"))
    else:
        fields = summary.model_dump(mode="json", exclude={"changes"}, exclude_none=True)
        print_fields({**fields, "failed": len(summary.failed)})
        _list_changes(summary)
    list_failures(summary.failed)
    if not (summary.terms or summary.facts):
        say("nothing came of it: no term and no fact could be loaded")
    elif summary.failed:
        say(f"{len(summary.failed)} could not be used, see above; the rest is done")
    if summary.failed or not (summary.terms or summary.facts):
        raise typer.Exit(1)


def _list_changes(summary: CuratedSummary) -> None:
    from abduce.cli.console import say

    for change in summary.changes[:_SHOWN]:
        names = dict.fromkeys(name for name in (change.before, change.after) if name)
        say(f"{change.change} {change.id}: {' -> '.join(names)}")
    if len(summary.changes) > _SHOWN:
        say(f"and {len(summary.changes) - _SHOWN:,} more changes; --json lists all")


def _show_restored(summary: RestoreSummary, *, as_json: bool) -> None:
    from abduce.cli.console import print_fields, print_json

    fields = summary.model_dump(mode="json")
    if as_json:
        print_json(fields)
    else:
        totals = {kind: sum(fields[kind].values()) for kind in ("nodes", "edges")}
        print_fields({**fields, **totals})

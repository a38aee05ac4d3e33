"""`abduce build`: from papers to a graph."""

from __future__ import annotations

from typing import Annotated

import typer

from abduce.cli.options import DeviceName, GraphOptions, Json, Limit, PackName, Papers


def build(
    paths: Papers,
    pack: PackName = None,
    *,
    at: GraphOptions,
    limit: Limit = None,
    device: DeviceName = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Forget what was read before, and read all again.")
    ] = False,
    as_json: Json = False,
) -> None:
    import abduce
    from abduce.cli.device import chosen_device
    from abduce.cli.progress import progress_bar
    from abduce.cli.summary import show_summary
    from abduce.settings import chosen_pack
    from extraction import load_pack

    loaded = load_pack(chosen_pack(pack))
    runs_on = chosen_device(device)
    with (
        at.open(create=True) as opened,
        progress_bar("papers") as bar,
    ):
        summary = abduce.build(
            paths,
            loaded,
            opened,
            limit=limit,
            device=runs_on,
            fresh=fresh,
            on_progress=bar,
        )
    show_summary(summary, summary.failed, summary.papers, as_json=as_json)

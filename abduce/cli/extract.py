"""`abduce extract`: from papers to annotation shards."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from abduce.cli.options import DeviceName, Json, Limit, PackName, Papers


def extract(
    paths: Papers,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder of the shards.")],
    pack: PackName = None,
    limit: Limit = None,
    device: DeviceName = None,
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
    with progress_bar("papers") as bar:
        summary = abduce.extract(
            paths,
            loaded,
            out,
            limit=limit,
            device=runs_on,
            on_progress=bar,
        )
    show_summary(summary, summary.failed, summary.papers, as_json=as_json)

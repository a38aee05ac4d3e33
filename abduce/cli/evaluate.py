"""`abduce evaluate`: measure a pack on annotated papers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from abduce.cli.options import DeviceName, Json, PackName


def evaluate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Annotated papers.")],
    pack: PackName = None,
    format_: Annotated[
        str | None, typer.Option("--format", metavar="FORMAT", help="How the papers are annotated.")
    ] = None,
    device: DeviceName = None,
    as_json: Json = False,
) -> None:
    import finetune
    from abduce.cli.console import print_fields, print_json
    from abduce.cli.device import chosen_device
    from abduce.cli.scores import flat
    from abduce.settings import chosen_pack

    evaluation = finetune.evaluate(
        files, chosen_pack(pack), format=format_, device=chosen_device(device)
    )
    scores = evaluation.model_dump(mode="json")
    if as_json:
        print_json(scores)
    else:
        print_fields(dict(flat(scores)))

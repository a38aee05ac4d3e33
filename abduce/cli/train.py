"""`abduce train`: make a pack from a recipe."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from abduce.cli.options import DeviceName, Json, setting_help


def train(
    recipe: Annotated[
        str, typer.Argument(metavar="RECIPE", help="A packaged recipe's name, or a TOML file.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Folder of the pack that is made; else pack-RECIPE."
        ),
    ] = None,
    device: DeviceName = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help=setting_help("data")),
    ] = None,
    as_json: Json = False,
) -> None:
    import finetune
    from abduce.cli.console import print_fields, print_json
    from abduce.cli.scores import flat
    from abduce.settings import read_settings

    settings = read_settings(device=device, data=data)
    trained = finetune.train(
        recipe,
        out or Path(f"pack-{Path(recipe).stem}"),
        device=settings.device,
        data=settings.data,
    )
    if as_json:
        print_json(trained.model_dump(mode="json"))
    else:
        print_fields({"pack": trained.folder, **dict(flat(trained.evaluation.model_dump()))})

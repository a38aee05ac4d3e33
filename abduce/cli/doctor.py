"""`abduce doctor`: what was found on this machine, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from abduce.cli.options import Json

if TYPE_CHECKING:
    from abduce.doctor import Report


def doctor(as_json: Json = False) -> None:
    from abduce.cli.console import print_fields, print_json, say
    from abduce.doctor import examine

    report = examine()
    if as_json:
        print_json(report.model_dump(mode="json"))
    else:
        print_fields(_in_words(report))
    for part in report.missing:
        kind = "missing" if part.required else "not here (optional)"
        say(f"{kind}: {part.what}, for {part.needed_for}: {part.install}")
    if not report.is_well:
        raise typer.Exit(1)


def _in_words(report: Report) -> dict[str, str]:
    encoders = [f"{e.name}, sha256 {e.sha256}, from {e.source}" for e in report.encoders]
    packs = [f"{pack.name} {pack.version}, on {pack.encoder}" for pack in report.packs]
    java = report.java
    return {
        "abduce": f"{report.abduce} on Python {report.python}",
        "device": f"{report.device.name}: {report.device.reason}",
        "encoders": "; ".join(encoders) or "none",
        "packs": "; ".join(packs) or "none",
        "store": f"{report.store.name} {report.store.version or '(absent)'}",
        "Java": f"{java.version}, from {java.source}" if java else "none",
        "Neo4j": _neo4j_in_words(report),
    }


def _neo4j_in_words(report: Report) -> str:
    if report.neo4j.address is not None:
        return f"runs at {report.neo4j.address}"
    return f"installed in {report.neo4j.home}" if report.neo4j.installed else "not installed"

"""Console output: results to standard output, everything else to standard error."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

import typer
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

# What a terminal would obey instead of showing it; a paper's text may hold anything.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def results() -> Console:
    """Standard output, for what was asked for; 80 columns wide in a pipe."""
    return Console(file=sys.stdout, highlight=False, markup=False, emoji=False)


def messages() -> Console:
    """Standard error, for progress and everything that is said along the way."""
    return Console(file=sys.stderr, highlight=False, markup=False, emoji=False)


def shown(value: object) -> str:
    """Return a value as a person reads it, with nothing in it that a terminal obeys."""
    if isinstance(value, (str, PurePath)):
        text = str(value)
    elif isinstance(value, float):
        text = f"{value:.4g}"
    else:
        text = json.dumps(_plain(value), ensure_ascii=False)
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


def say(message: str) -> None:
    """Tell the user something, on standard error."""
    messages().print(shown(message), soft_wrap=True)


def print_json(value: object) -> None:
    """Print a value as one line of JSON, on standard output.

    NaN and infinities, which JSON does not have, become the strings "NaN", "Infinity" and
    "-Infinity". A lone surrogate, which UTF-8 does not have, becomes JSON's own escape of it.
    """
    typer.echo(
        json.dumps(_plain(value), ensure_ascii=False, allow_nan=False).encode(
            "utf-8", "backslashreplace"
        )
    )


def print_rows(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows as a table, or one value a line where a table would not fit."""
    console = results()
    table = Table(*rows[0], box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for row in rows:
        table.add_row(*(Text(shown(value), overflow="fold") for value in row.values()))
    if Measurement.get(console, console.options, table).maximum < console.width:
        console.print(table)
        return
    for number, row in enumerate(rows, start=1):
        if number > 1:
            console.print()
        print_fields(row)


def print_fields(fields: Mapping[str, Any]) -> None:
    """Print names and values, one a line, the values in one column."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in fields.items():
        table.add_row(shown(name), Text(shown(value), overflow="fold"))
    results().print(table)


def list_failures(failures: Iterable[Any]) -> None:
    """List what could not be used, on standard error: file, place, reason."""
    for failure in failures:
        say(": ".join(part for part in (failure.path, failure.where, failure.reason) if part))


def _plain(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value

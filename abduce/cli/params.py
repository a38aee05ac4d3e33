"""Query parameters and the time limit, as `query` and `ask` take them: `--param`, `--timeout`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Annotated, Any

import typer

from abduce.cli.options import setting_help

Params = Annotated[
    list[str] | None,
    typer.Option("--param", metavar="K=V", help="A value for $K, as JSON or as text; repeat."),
]

Timeout = Annotated[
    float | None,
    typer.Option("--timeout", metavar="SECONDS", help=setting_help("query_timeout")),
]


def read_params(given: Iterable[str] | None) -> dict[str, Any]:
    """Return what was given, by name: as JSON where it is JSON, else as text.

    Raises:
        UsageError: one has not the form NAME=VALUE.
    """
    return dict(_parameter(text) for text in given or ())


def read_texts(given: Iterable[str] | None) -> dict[str, str]:
    """Return what was given, by name, each as it was written: an entity may be called `1E5`.

    Only a text in JSON's quotes is taken out of them.

    Raises:
        UsageError: one has not the form NAME=VALUE.
    """
    every = [_split(text) for text in given or ()]
    read = [(name, value, _as_json(value)) for name, value in every]
    return {name: found if isinstance(found, str) else value for name, value, found in read}


def _parameter(text: str) -> tuple[str, Any]:
    name, value = _split(text)
    return name, _as_json(value)


def _split(text: str) -> tuple[str, str]:
    from kg import UsageError

    name, equals, value = text.partition("=")
    if not equals or not name:
        msg = f"--param {text!r} has not the form NAME=VALUE, as in --param 'name=\"fish oil\"'"
        raise UsageError(msg)
    return name, value


def _as_json(value: str) -> Any:
    try:
        return json.loads(value)
    except (json.JSONDecodeError, RecursionError):
        return value

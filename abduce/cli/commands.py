"""Registration of commands (lazy loading): a command's file is imported when it is called.

The table of verbs says which commands there are and what each does. A command is the function of
its name in the file of its name; those of a group are in the group's file.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any, get_origin

import typer
from typer.core import TyperCommand, TyperGroup

from abduce.verbs import VERBS, command_summaries

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from kg import Model

# Of fields whose flag is not called as they are, or whose value is not shown as its type.
_FLAGS = {"version": "--source-version", "types": "--type"}
_METAVARS = {
    "graph": "WHERE",
    "database": "NAME",
    "format": "FORMAT",
    "mapping": "FILE",
    "source": "NAME",
    "version": "VERSION",
    "types": "FROM=TO",
}


class Commands(TyperGroup):
    """Command group whose help comes from the table; a command is imported when it is called."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name, summary in command_summaries().items():
            self.add_command(TyperCommand(name, help=summary))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the name of a command, the command itself, and what it is given."""
        name, found, rest = super().resolve_command(ctx, args)
        return name, found and load_command(found.name or ""), rest


@functools.cache
def load_command(name: str) -> Any:
    """Import the file of a command, and return the command as Typer runs it."""
    module = import_module(f"abduce.cli.{name}")
    app: typer.Typer = getattr(module, "app", None) or typer.Typer(add_completion=False)
    for verb in VERBS.values():
        *group, own = verb.command.split() or [""]
        if (group or [own])[0] == name:
            command = _command(module, own)
            text = "\n\n".join(filter(None, (verb.summary, inspect.getdoc(command))))
            app.command(own, help=text)(flattened(command))
    return typer.main.get_command(app)


def flattened(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command that takes flags alone: the fields of each parameter that is a model."""
    models: dict[str, type[Model]] = {}
    parameters: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(command, eval_str=True).parameters.items():
        if hasattr(parameter.annotation, "model_fields"):
            models[name] = parameter.annotation
            parameters.extend(_flags(models[name].model_fields))
        else:
            parameters.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY))

    def run(**given: Any) -> None:
        for name, model in models.items():
            fields = {field: given.pop(field) for field in model.model_fields}
            given[name] = model(**{f: value for f, value in fields.items() if value is not None})
        command(**given)

    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__doc__ = command.__doc__
    return run


def _command(module: ModuleType, name: str) -> Callable[..., None]:
    command: Callable[..., None] = getattr(module, name.replace("-", "_"))
    return command


def _flags(fields: Mapping[str, FieldInfo]) -> Iterator[inspect.Parameter]:
    for name, field in fields.items():
        flag = typer.Option(
            _FLAGS.get(name, f"--{name}"), metavar=_METAVARS.get(name), help=field.description
        )
        yield inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[_on_a_command_line(field.annotation), flag],
        )


def _on_a_command_line(annotation: Any) -> Any:
    """Return the type of a flag: a mapping is given as texts FROM=TO, one flag for each."""
    return list[str] | None if get_origin(annotation) is Mapping else annotation

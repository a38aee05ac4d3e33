"""Parameterised queries: ready questions, each a `.cypher` file whose heading says what it answers.

    // What it answers, in a sentence.
    //
    // Parameters:
    //   entity: entity -- what it is. Example: fish oil
    //   limit: integer = 50 -- how many rows at most
    // Columns:
    //   paper -- what stands in it
    MATCH ...

A parameter with `= VALUE` may be left out. `:CLAIMS` in the query stands for the relationship
types of all claims.
"""

from __future__ import annotations

import functools
import re
from importlib.resources import files
from typing import Literal, get_args

from kg.errors import UnknownNameError, UsageError
from kg.models import Model

ParameterType = Literal[
    "entity", "integer", "number", "paper", "relation", "since", "text", "type", "until"
]  # `kg.asking.parameters` says what each takes

_PARAMETER = re.compile(
    r"(?P<name>[a-z_]+): (?P<type>[a-z]+)(?: = (?P<default>\S+))? -- (?P<about>.+?)"
    r"(?:\. Example: (?P<example>.+))?"
)
_COLUMN = re.compile(r"(?P<name>[a-z_]+) -- (?P<about>.+)")
_PARAMETERS, _COLUMNS = "Parameters:", "Columns:"
_SUFFIX = ".cypher"


class Parameter(Model):
    """What a question is asked with; `default` is None where it must be given."""

    name: str
    type: ParameterType
    about: str
    default: str | None = None
    example: str = ""


class Column(Model):
    """What a question answers with."""

    name: str
    about: str


class Question(Model):
    """A ready question; `cypher` is its file, heading and all."""

    name: str
    about: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    cypher: str


@functools.cache
def list_questions() -> tuple[Question, ...]:
    """Return all ready questions, by name."""
    folder = files("kg.asking") / "questions"
    texts = {
        path.name.removesuffix(_SUFFIX): path.read_text(encoding="utf-8")
        for path in folder.iterdir()
        if path.name.endswith(_SUFFIX)
    }
    return tuple(parse_question(name, texts[name]) for name in sorted(texts))


def find_question(name: str) -> Question:
    """Return the question of that name; hyphens, underscores and spaces are alike in it.

    Raises:
        UnknownNameError: there is none; the message holds the nearest names.
    """
    every = {question.name: question for question in list_questions()}
    folded = "-".join(name.strip().casefold().replace("_", " ").replace("-", " ").split())
    if folded not in every:
        raise UnknownNameError("question", name, every, "`abduce ask` lists all")
    return every[folded]


def parse_question(name: str, text: str) -> Question:
    """Read the heading of a question.

    Raises:
        UsageError: the heading has not the form that this module's docstring shows.
    """
    lines = [line[2:] for line in text.splitlines() if line.startswith("//")]
    about, parameters, columns = _parts(name, lines)
    return Question(
        name=name,
        about=" ".join(line.strip() for line in about if line.strip()),
        parameters=tuple(_parameter(name, line) for line in parameters),
        columns=tuple(
            Column(**_matched(_COLUMN, name, line, "NAME -- WHAT IT IS")) for line in columns
        ),
        cypher=text,
    )


def _parts(name: str, lines: list[str]) -> tuple[list[str], list[str], list[str]]:
    stripped = [line.strip() for line in lines]
    try:
        first, second = stripped.index(_PARAMETERS), stripped.index(_COLUMNS)
    except ValueError as error:
        raise _wrong(name, f"its heading lacks {_PARAMETERS!r} or {_COLUMNS!r}") from error
    about, columns = stripped[:first], stripped[second + 1 :]
    if not any(about) or not columns:
        raise _wrong(name, "its heading does not say what it answers, or in which columns")
    return about, stripped[first + 1 : second], columns


def _parameter(name: str, line: str) -> Parameter:
    found = _matched(_PARAMETER, name, line, "NAME: TYPE [= DEFAULT] -- WHAT IT IS. Example: X")
    if found["type"] not in get_args(ParameterType):
        known = ", ".join(get_args(ParameterType))
        raise _wrong(name, f"{line!r} is of no known type: {known}")
    if found.get("default") == '""':
        found["default"] = ""
    return Parameter.model_validate(found)


def _matched(form: re.Pattern[str], name: str, line: str, expected: str) -> dict[str, str]:
    found = form.fullmatch(line)
    if found is None:
        raise _wrong(name, f"{line!r} has not the form {expected}")
    return {key: value for key, value in found.groupdict().items() if value is not None}


def _wrong(name: str, what: str) -> UsageError:
    return UsageError(f"the question {name!r} cannot be read: {what}")

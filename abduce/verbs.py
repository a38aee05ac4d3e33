"""Table of verbs (the public operations): what `import abduce` and the command line are made from.

Nothing of the other folders is imported before a verb is first used.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, get_type_hints

if TYPE_CHECKING:
    from pydantic import BaseModel

Access = Literal["reads", "writes", "no graph"]


@dataclass(frozen=True, slots=True)
class Verb:
    """Public operation: a function of `import abduce`, most often a command too.

    Args:
        name: of the function in `import abduce`.
        summary: what it does, in one line.
        function: where it stands, as `module:function`.
        access: what it does to the graph that is its first argument, if it has one.
        command: its command, "" for none; of two words, the first one is a group.
        options: the model of its keyword options, as `module:class`, where it has one.
    """

    name: str
    summary: str
    function: str
    access: Access
    command: str = ""
    options: str = ""

    def load(self) -> Callable[..., Any]:
        """Import the function."""
        function: Callable[..., Any] = _imported(self.function)
        return function

    def input_model(self) -> type[BaseModel]:
        """Return the model of what the verb is given besides a graph and callbacks.

        Its fields are the parameters of the function and the fields of its options. A pack or a
        recipe is given by its name, and what a function takes as an iterable is a list.
        """
        from pydantic import create_model

        from kg import Model

        function = self.load()
        fields: dict[str, Any] = {}
        for name, given in inspect.signature(function).parameters.items():
            if name in _NOT_INPUT or (given.kind is given.VAR_KEYWORD and self.options):
                continue
            if given.kind is given.VAR_KEYWORD:
                fields[name] = (dict[str, Any], {})
            else:
                default = ... if given.default is given.empty else given.default
                fields[name] = (_type_of(function, name), default)
        base: type[Model] = _imported(self.options) if self.options else Model
        return create_model(self.name, __base__=base, **fields)


VERBS = {
    verb.name: verb
    for verb in (
        Verb(
            "build",
            "Read papers and put what they claim into a graph; killed, it goes on where it was.",
            "abduce.api:build",
            "writes",
            "build",
        ),
        Verb(
            "extract",
            "Read papers and write what they say as Parquet files; killed, it goes on where it "
            "was.",
            "extraction:extract",
            "no graph",
            "extract",
        ),
        Verb(
            "extract_text",
            "Read one text: its mentions, linked, and the evidence in its sentences.",
            "extraction:extract_text",
            "no graph",
        ),
        Verb(
            "load",
            "Load shards, curated sources or an export; what is there already is not doubled.",
            "abduce.api:load",
            "writes",
            "load",
            "kg.sources:SourceOptions",
        ),
        Verb(
            "restore",
            "Fill an empty graph with an export; killed and run again, it goes on.",
            "kg.archive:restore",
            "writes",
        ),
        Verb(
            "forget",
            "Take papers out: then the graph is the one that never had them. Their files stay.",
            "abduce.api:forget",
            "writes",
            "forget",
        ),
        Verb(
            "forget_source",
            "Take a curated source out: then the graph is the one that never had it.",
            "kg.forgetting:forget_source",
            "writes",
        ),
        Verb(
            "runs",
            "List what changed the graph: every load, build, forget and resolve, the last first.",
            "kg.runs:list_runs",
            "reads",
            "runs",
        ),
        Verb(
            "query",
            "Ask the graph in Cypher; it only reads, unless --write is given.",
            "abduce.api:query",
            "reads",
            "query",
        ),
        Verb(
            "find",
            "Find entities by id, name or synonym, also where they are misspelt; the likeliest "
            "first.",
            "abduce.api:find",
            "reads",
            "find",
        ),
        Verb(
            "ask",
            "Ask a ready question of the graph, or list the questions that there are.",
            "kg.asking:ask",
            "reads",
            "ask",
        ),
        Verb(
            "propose",
            "Propose hypotheses, with the paths and sentences behind each, and what checks say.",
            "reasoning:propose",
            "writes",
            "propose",
        ),
        Verb(
            "check",
            "Check one claim: is it known, opposed, denied, or of types that cannot be so related?",
            "reasoning:check",
            "writes",
            "check",
        ),
        Verb(
            "explain",
            "Explain a hypothesis that `propose` or `check` stored in the graph.",
            "reasoning:explain",
            "reads",
            "explain",
        ),
        Verb(
            "resolve",
            "Merge what is surely one thing, by rules that say why, and list what may be.",
            "kg.resolving:resolve",
            "writes",
            "resolve run",
        ),
        Verb(
            "candidates",
            "List all that may be one thing, the likeliest first, and merge nothing.",
            "abduce.api:candidates",
            "reads",
            "resolve candidates",
        ),
        Verb(
            "merges",
            "List the merges that the graph records, each with its rule and reason.",
            "kg.resolving:list_merges",
            "reads",
            "resolve merges",
        ),
        Verb(
            "merge",
            "Merge one entity into another, as you decide.",
            "abduce.api:merge",
            "writes",
            "resolve merge",
        ),
        Verb(
            "undo_merge",
            "Take a merge back: the graph becomes what it would be without it.",
            "kg.resolving:undo_merge",
            "writes",
            "resolve undo",
        ),
        Verb(
            "keep_distinct",
            "Say that two entities are not one thing: no rule merges them, no list asks again.",
            "abduce.api:keep_distinct",
            "writes",
            "resolve distinct",
        ),
        Verb(
            "undo_distinct",
            "Take back that two entities are not one thing.",
            "abduce.api:undo_distinct",
            "writes",
            "resolve undo-distinct",
        ),
        Verb(
            "list_distinct",
            "List what was said not to be one thing, each with the reason that was given.",
            "kg.resolving:list_distinct",
            "reads",
            "resolve list-distinct",
        ),
        Verb(
            "export",
            "Write the whole graph into a folder; `abduce load` of that folder gives the same "
            "graph.",
            "abduce.api:export",
            "reads",
            "export",
        ),
        Verb(
            "train",
            "Train a pack as a recipe says, and measure it.",
            "finetune:train",
            "no graph",
            "train",
        ),
        Verb(
            "evaluate",
            "Measure a pack: entities, relations from given entities and end to end, calibration.",
            "finetune:evaluate",
            "no graph",
            "evaluate",
        ),
        Verb(
            "examine",
            "Show what was found on this machine, and the lines that install what is missing.",
            "abduce.doctor:examine",
            "no graph",
            "doctor",
        ),
    )
}

# Commands that hold others. Those of `neo4j` are of this machine alone, and no verbs.
GROUPS = {
    "resolve": "Merge what is surely one thing and list what may be; each merge can be undone.",
    "neo4j": "Run a Neo4j on this machine, without Docker or Java.",
}

_NOT_INPUT = ("graph", "on_progress", "on_snapshot")


def command_summaries() -> dict[str, str]:
    """Return what each command does, by its name, in the order of the help."""
    named = {verb.command.split()[0]: verb.summary for verb in VERBS.values() if verb.command}
    return named | GROUPS


def _imported(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


def _type_of(function: Callable[..., Any], parameter: str) -> Any:
    """Return the type of a parameter, as what is sent to a program from outside can have it."""

    class Alone:
        __annotations__ = {parameter: inspect.unwrap(function).__annotations__[parameter]}

    sent = {"Pack": str, "Recipe": str, "Iterable": list, "Sequence": list}
    return get_type_hints(Alone, vars(import_module(function.__module__)), sent)[parameter]

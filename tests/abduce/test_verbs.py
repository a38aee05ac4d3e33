"""`import abduce`: the verbs, their table, and the examples in their documentation."""

from __future__ import annotations

import doctest
import inspect
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from pydantic import ValidationError

import abduce
import abduce.api
from abduce.api import SourceKeywords
from abduce.cli.commands import load_command
from abduce.verbs import VERBS, Verb
from kg import Graph, LoadSummary
from kg.sources import SourceOptions
from tests.abduce.conftest import FISH_OIL, RAYNAUD
from tests.test_house_imports import exported

# What each verb that only reads is given here.
_READING: dict[str, Callable[[Graph, Path], object]] = {
    "ask": lambda graph, _: abduce.ask(graph, "merges").rows,
    "candidates": lambda graph, _: abduce.candidates(graph),
    "explain": lambda graph, _: abduce.explain(
        graph, graph.read("MATCH (h:Hypothesis) RETURN h.id AS id")[0]["id"]
    ),
    "export": abduce.export,
    "find": lambda graph, _: abduce.find(graph, "fish oil"),
    "list_distinct": lambda graph, _: abduce.list_distinct(graph),
    "merges": lambda graph, _: abduce.merges(graph),
    "query": lambda graph, _: abduce.query(graph, "RETURN 1 AS one"),
    "runs": lambda graph, _: abduce.runs(graph),
}


def test_the_examples_run() -> None:
    """Every example in the documentation of the verbs gives what it says."""
    for module in (abduce, abduce.api):
        failed, tried = doctest.testmod(module, optionflags=doctest.ELLIPSIS)
        assert (failed, tried > 0) == (0, True)


@pytest.mark.parametrize("name", abduce.__all__)
def test_a_verb_is_documented_and_typed(name: str) -> None:
    """Each verb has a documentation, and a type for every argument and for what it returns."""
    verb = getattr(abduce, name)
    signature = inspect.signature(verb)
    assert verb.__doc__
    assert signature.return_annotation is not inspect.Signature.empty
    for parameter in signature.parameters.values():
        assert parameter.annotation is not inspect.Parameter.empty


def test_the_table_is_what_can_be_imported() -> None:
    """`import abduce` has the verbs of the table, `open_graph`, and nothing else."""
    assert sorted([*VERBS, "open_graph"]) == abduce.__all__
    with pytest.raises(AttributeError, match="no attribute 'lode'"):
        getattr(abduce, "lode")  # noqa: B009  (which a type checker would refuse)


def test_a_verb_is_found_in_a_new_process() -> None:
    """The first verb that a new Python asks for is there, and a name that is none is an error."""
    code = "import abduce; print(abduce.find.__name__, hasattr(abduce, 'fund'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "find False\n"


@pytest.mark.parametrize("verb", VERBS.values(), ids=lambda verb: verb.name)
def test_the_table_names_what_a_folder_exports(verb: Verb) -> None:
    """A verb is a function of `abduce`, or one that another folder exports; types name the same."""
    module, _, name = verb.function.partition(":")
    assert module.startswith("abduce.") or name in exported(module)
    assert getattr(abduce, verb.name) is verb.load()
    source = inspect.getsource(abduce)
    alias = name if name == verb.name else f"{name} as {verb.name}"
    assert f"from {module} import" in source
    assert alias in source


@pytest.mark.parametrize("verb", VERBS.values(), ids=lambda verb: verb.name)
def test_a_verb_has_a_model_of_its_input(verb: Verb) -> None:
    """The model has what the function takes besides a graph and callbacks, and a JSON schema."""
    model = verb.input_model()
    taken = set(inspect.signature(verb.load()).parameters)
    if verb.options:
        taken = taken - {"options"} | set(SourceOptions.model_fields)
    assert set(model.model_fields) == taken - {"graph", "on_progress", "on_snapshot"}
    assert model.model_json_schema(mode="validation")["title"] == verb.name
    with pytest.raises(ValidationError):
        model.model_validate({"no such": "input"})


def test_input_is_validated() -> None:
    """What is needed must be there, packs are given by name, and lists are lists."""
    build = VERBS["build"].input_model()
    given = build(paths=["a.txt"], pack="biomedicine", fresh=True).model_dump(exclude_unset=True)
    assert given == {"paths": ["a.txt"], "pack": "biomedicine", "fresh": True}
    for wrong in ({"paths": ["a.txt"]}, {"paths": "a.txt", "pack": "p"}):
        with pytest.raises(ValidationError):
            build.model_validate(wrong)
    loaded: Any = VERBS["load"].input_model()(paths=["t.tsv"], types={"Compound": "Chemical"})
    assert loaded.types == {"Compound": "Chemical"}


def test_the_words_about_a_source_are_the_same_everywhere() -> None:
    """The options of a source are the keywords of `load`, and the flags of its command."""
    names = set(SourceOptions.model_fields)
    assert set(get_type_hints(SourceKeywords)) == names
    assert names <= {parameter.name for parameter in load_command("load").params}


@pytest.mark.parametrize(
    "verb", [v for v in VERBS.values() if v.command and v.name != "ask"], ids=lambda verb: verb.name
)
def test_a_command_takes_what_its_verb_takes(verb: Verb) -> None:
    """A command has a flag or an argument for each input of its verb, by the same name."""
    command = load_command(verb.command.split()[0])
    for name in verb.command.split()[1:]:
        command = command.commands[name]
    flags = {parameter.name.rstrip("_") for parameter in command.params}
    # `build` keeps its shards where `extract` and `load` do not look; --param gives a query's.
    told = {"cypher", "params", "shards"}
    assert set(verb.input_model().model_fields) - told <= flags


def test_what_reads_changes_nothing(small_graph: Path, tmp_path: Path) -> None:
    """No verb that is said to read only changes the graph or makes a run; all are tried."""
    assert {*_READING} == {verb.name for verb in VERBS.values() if verb.access == "reads"}
    with abduce.open_graph(small_graph) as graph:
        abduce.check(graph, FISH_OIL, "TREATS", RAYNAUD)
        before, runs = graph.dump(), abduce.runs(graph)
        for name, read in _READING.items():
            read(graph, tmp_path / "out")
            assert (name, graph.dump(), abduce.runs(graph)) == (name, before, runs)


def test_from_shards_to_a_checked_hypothesis(shards: Path, tmp_path: Path) -> None:
    """Load, ask, propose, explain and check, in Python."""
    with abduce.open_graph(tmp_path / "graph", create=True) as graph:
        summary = abduce.load(graph, [shards])
        assert isinstance(summary, LoadSummary)
        assert summary.papers == 9
        name = "MATCH (e:Entity {id: $id}) RETURN e.name AS name"
        assert abduce.query(graph, name, id=FISH_OIL) == [{"name": "fish oil"}]
        (hypothesis, *_) = abduce.propose(graph, "TREATS", entity="Raynaud disease", top=1)
        assert (hypothesis.subject.id, hypothesis.object.id) == (FISH_OIL, RAYNAUD)
        assert abduce.explain(graph, hypothesis.id).paths == hypothesis.paths
        assert abduce.check(graph, FISH_OIL, "TREATS", RAYNAUD).id == hypothesis.id

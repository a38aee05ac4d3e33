"""`import abduce`: the verbs, and the examples in their documentation."""

from __future__ import annotations

import doctest
import inspect
from pathlib import Path

import pytest

import abduce
import abduce.api
from kg import LoadSummary
from tests.abduce.conftest import FISH_OIL, RAYNAUD


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

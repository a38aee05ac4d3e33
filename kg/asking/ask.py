"""Running a parameterised query: asking a ready question."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kg.asking.parameters import Values, relationship_types
from kg.asking.question import ParameterType, Question, find_question
from kg.graph_schema import RELATIONSHIPS
from kg.models import Entity, Model
from kg.snapshot.as_of import read_left_out
from kg.snapshot.snapshot import LeftOut
from kg.snapshot.window import Window, window
from kg.store.graph import Graph
from kg.store.names import Row, valid_relationship_type

_CLAIMS = re.compile(r":CLAIMS\b")
_NO_CLAIM = "NO_CLAIM"  # the name of no relationship


class Answer(Model):
    """What a question gave.

    `entities` are those that were recognised by their names, by parameter; `cypher` is what was
    sent and `parameters` with what. Where it was asked of a time, `window` is that time and
    `left_out` what was left out for want of a (clear) date.
    """

    question: Question
    parameters: dict[str, Any]
    entities: dict[str, Entity]
    cypher: str
    rows: list[Row]
    window: Window | None = None
    left_out: LeftOut | None = None


def ask(graph: Graph, name: str, /, **parameters: Any) -> Answer:
    """Ask a ready question.

    Args:
        graph: where to ask.
        name: the question's name (`list_questions`).
        parameters: text, or values of the type that each parameter has. An entity is given by
            id, name or synonym, a relation and a type by name or alias.

    Raises:
        UnknownNameError: no such question, parameter, entity, paper, relation or type.
        UsageError: a parameter is missing, or has another form; nothing is both since a date and
            as of an earlier one.
        QueryTimeoutError: the graph is too large for this question with these parameters.
    """
    question = find_question(name)
    values = Values(graph)
    read = values.read(question, parameters)
    frame = _window(question, parameters)
    cypher = claim_types_named(graph, question)
    return Answer(
        question=question,
        parameters=read,
        entities=values.entities,
        cypher=cypher,
        rows=graph.read(cypher, **read),
        window=frame,
        left_out=None if frame is None else read_left_out(graph, frame),
    )


def _window(question: Question, given: Mapping[str, Any]) -> Window | None:
    """Return the time that a question is asked of; its parameters are known to be dates."""
    bounds: dict[ParameterType, str] = {
        parameter.type: str(given.get(parameter.name) or "") for parameter in question.parameters
    }
    return window(as_of=bounds.get("until"), since=bounds.get("since"))


def claim_types_named(graph: Graph, question: Question) -> str:
    """Return the Cypher of a question for a graph: `:CLAIMS` becomes its claims' types."""
    if not _CLAIMS.search(question.cypher):
        return question.cypher
    types = relationship_types(graph) - set(RELATIONSHIPS)
    named = "|".join(sorted(map(valid_relationship_type, types))) or _NO_CLAIM
    return _CLAIMS.sub(f":{named}", question.cypher)

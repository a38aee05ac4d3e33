"""Parameter parsing: what people give a question becomes the values of its parameters.

Values are parameters of the query and never part of its text, whatever stands in them.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from typing import Any

from kg.asking.question import Parameter, ParameterType, Question
from kg.contributions.schema_store import graph_domain
from kg.dates import days_of
from kg.errors import UnknownNameError, UsageError
from kg.graph_schema import LABELS, RELATIONSHIPS
from kg.identifiers import paper_id
from kg.lexicon.exact_match import find_entity
from kg.models import Entity
from kg.store.graph import Graph
from kg.store.names import Row

_LABELS = "CALL db.labels() YIELD label RETURN label"
_TYPES = "CALL db.relationshipTypes() YIELD relationshipType AS type RETURN type"
_PAPERS = "MATCH (p:Paper) RETURN p.id AS id ORDER BY id LIMIT 1000"
_PAPER = "MATCH (p:Paper {id: $id}) RETURN p.id AS id"


class Values:
    """Reads values for one graph; `entities` are those that it has recognised by their names."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.entities: dict[str, Entity] = {}  # by parameter
        self._readers: Mapping[ParameterType, Callable[[Parameter, str], Any]] = {
            "entity": self._entity,
            "integer": _integer,
            "number": _number,
            "paper": self._paper,
            "relation": self._relation,
            "since": _since,
            "text": lambda _, text: text,
            "type": self._type,
            "until": _until,
        }

    def read(self, question: Question, given: Mapping[str, Any]) -> Row:
        """Return the value of every parameter.

        Raises:
            UnknownNameError: a parameter, an entity, a paper, a type or a relation that is none.
            UsageError: a parameter is missing, or its value has not the form that is expected.
        """
        known = {parameter.name: parameter for parameter in question.parameters}
        for name in given:
            if name not in known:
                hint = f"`abduce ask {question.name} --explain` says which there are"
                raise UnknownNameError(f"parameter of {question.name}", name, known, hint)
        return {
            name: self._value(question, parameter, given.get(name, parameter.default))
            for name, parameter in known.items()
        }

    def _value(self, question: Question, parameter: Parameter, value: Any) -> Any:
        if value is None:
            example = parameter.example or "..."
            raise UsageError(
                f"the question {question.name!r} needs {parameter.name} ({parameter.type}, "
                f"{parameter.about}): --param '{parameter.name}={example}'"
            )
        text = value if isinstance(value, str) else str(value)
        if text == "" and parameter.default == "":
            return ""
        return self._readers[parameter.type](parameter, text)

    def _entity(self, parameter: Parameter, text: str) -> str:
        found = self.entities[parameter.name] = find_entity(self._graph, text)
        return found.id

    def _paper(self, _: Parameter, text: str) -> str:
        for id_ in dict.fromkeys((text, paper_id(text, text))):
            if self._graph.read(_PAPER, id=id_):
                return id_
        known = [row["id"] for row in self._graph.read(_PAPERS)]
        raise UnknownNameError("paper", text, known)

    def _relation(self, _: Parameter, text: str) -> str:
        if text in relationship_types(self._graph).difference(RELATIONSHIPS):
            return text
        return graph_domain(self._graph).patterns(text)[0].predicate

    def _type(self, _: Parameter, text: str) -> str:
        return find_type(self._graph, text)


def find_type(graph: Graph, text: str) -> str:
    """Return the type that a text stands for: a label of entities, or an alias of its schema.

    Raises:
        UnknownNameError: there is none; the message holds the nearest names.
    """
    labels = {row["label"] for row in graph.read(_LABELS)}
    if text in labels.difference(LABELS):
        return text
    return graph_domain(graph).type_named(text)


def relationship_types(graph: Graph) -> set[str]:
    """Return the types of relationships that a graph has, or once had."""
    return {row["type"] for row in graph.read(_TYPES)}


def _since(parameter: Parameter, text: str) -> str:
    """Return the first day of a date; a paper's own first day is compared with it."""
    return _days(parameter, text)[0]


def _until(parameter: Parameter, text: str) -> str:
    """Return a text behind every date that ends with this one or before, `2016-06-99`.

    A query compares the paper's date with `-99-99` behind it: what is only known to be of 2016
    ends with 2016, and so is not known to be there as of June.
    """
    last = dt.date.fromisoformat(_days(parameter, text)[1])
    following = last + dt.timedelta(days=1) if last < dt.date.max else None
    if following is None or following.year > last.year:
        return f"{last.year:04}-99-99"
    return f"{last.isoformat()[:7]}-99" if following.day == 1 else last.isoformat()


def _days(parameter: Parameter, text: str) -> tuple[str, str]:
    days = days_of(text) if "T" not in text else None
    if days is None:
        raise _wrong(parameter, text, "a date: 2015, 2015-06 or 2015-06-30")
    return days


def _integer(parameter: Parameter, text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        raise _wrong(parameter, text, "a whole number") from None
    if not 1 <= number < 2**31:
        raise _wrong(parameter, text, "a whole number from 1 to 2147483647")
    return number


def _number(parameter: Parameter, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise _wrong(parameter, text, "a number")
    return number


def _wrong(parameter: Parameter, text: str, expected: str) -> UsageError:
    return UsageError(f"{parameter.name}={text!r} is not {expected}")

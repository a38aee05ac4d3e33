"""Asking: ready questions, each a file with a heading, and what people ask them with."""

from kg.asking.ask import Answer, ask
from kg.asking.changing import change
from kg.asking.library import find_question, list_questions
from kg.asking.question import Column, Parameter, Question, parse_question
from kg.asking.values import find_type

__all__ = [
    "Answer",
    "Column",
    "Parameter",
    "Question",
    "ask",
    "change",
    "find_question",
    "find_type",
    "list_questions",
    "parse_question",
]

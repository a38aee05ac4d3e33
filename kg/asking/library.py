"""The ready questions that come with Abduce: one file each in `questions/`."""

from __future__ import annotations

import functools
from importlib.resources import files

from kg.asking.question import Question, parse_question
from kg.errors import UnknownNameError

_SUFFIX = ".cypher"


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

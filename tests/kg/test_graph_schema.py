"""What a graph can hold stands in one place: the Cypher of the house knows no other names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.graph_schema import (
    LABELS,
    MAX_NAME,
    RELATIONSHIPS,
    is_label,
    is_property,
    is_relationship,
    is_text,
    n_bytes,
)

ROOT = Path(__file__).parents[2]
NODE = re.compile(r"\(\w*((?::[A-Za-z]\w*)+)")
EDGE = re.compile(r"\[\w*:((?:[A-Za-z]\w*\|?)+)")


def texts() -> Iterator[tuple[str, str]]:
    """Each text in the code of `kg` that is no docstring, with its place."""
    for path in sorted((ROOT / "kg").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        prose = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            if node.body and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and id(node) not in prose:
                yield f"{path.relative_to(ROOT)}:{node.lineno}", str(node.value)


def named(pattern: re.Pattern[str], split: str) -> dict[str, str]:
    """The names that a pattern finds in Cypher, each with a place where it stands."""
    return {
        name: place
        for place, text in texts()
        for found in pattern.findall(text)
        for name in found.strip(split).split(split)
    }


@pytest.mark.parametrize(
    ("pattern", "split", "known"), [(NODE, ":", LABELS), (EDGE, "|", RELATIONSHIPS)]
)
def test_cypher_names_what_the_schema_has(
    pattern: re.Pattern[str], split: str, known: tuple[str, ...]
) -> None:
    """Each label and each relationship type in a Cypher text of `kg` is one of the schema."""
    found = named(pattern, split)
    assert {name: place for name, place in found.items() if name not in known} == {}
    assert len(found) >= len(known) - 1  # the pattern does find them


@pytest.mark.parametrize(
    ("is_one", "good", "bad"),
    [
        (is_label, ["Gene", "A" * MAX_NAME], ["gene", "Big Gene", "A" * (MAX_NAME + 1), "", "G\n"]),
        (is_relationship, ["IS_A", "X1_2"], ["is_a", "A__B", "_A", "A_", "A" * (MAX_NAME + 1)]),
        (is_property, ["n_papers", "_x"], ["n-papers", "1x", "a`b", "x" * (MAX_NAME + 1), "x\n"]),
    ],
)
def test_names_have_a_form(is_one: object, good: list[str], bad: list[str]) -> None:
    """Names are made of ASCII letters, digits and underscores, and are 128 characters at most."""
    assert callable(is_one)
    assert all(map(is_one, good))
    assert not any(map(is_one, bad))


def test_sizes_are_bytes() -> None:
    """A size is one of UTF-8 in bytes, also of half a surrogate pair, which is no text."""
    assert [n_bytes(text) for text in ("a", "ü", "蛋", "\ud800")] == [1, 2, 3, 3]
    assert [is_text(text) for text in ("a", "蛋", "\ud800")] == [True, True, False]

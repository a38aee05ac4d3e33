"""The folders: who may import what from whom, and what each of them exports.

abduce -> reasoning -> extraction -> kg
          finetune  -> extraction -> kg      (abduce imports finetune too)
"""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "kg": set[str](),
    "extraction": {"kg"},
    "finetune": {"extraction", "kg"},
    "reasoning": {"extraction", "kg"},
    "abduce": {"reasoning", "finetune", "extraction", "kg"},
}
# Scripts around the house use what a user can use.
SCRIPTS = {"samples": set(MAY_IMPORT), "benchmarks": set(MAY_IMPORT)}


def exported(package: str) -> list[str]:
    """The names in the `__all__` of a folder or of a room in it, read without importing it."""
    door = ROOT.joinpath(*package.split("."), "__init__.py")
    if not door.is_file():
        return []
    tree = ast.parse(door.read_text(encoding="utf-8"))
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
                return list(ast.literal_eval(value))
            case _:
                pass
    return []


def faults(source: str, folder: str, allowed: set[str]) -> list[str]:
    """What in a module of a folder imports against the arrow, or past an `__init__`."""
    tree = ast.parse(source)
    found: list[str] = []
    whole: dict[str, str] = {}  # the name under which a folder is known here -> the folder
    for node in ast.walk(tree):
        for target, name, known_as in _imports(node):
            top, _, inside = target.partition(".")
            if top not in MAY_IMPORT or top == folder:
                continue
            if top not in allowed:
                found.append(f"line {_line(node)}: {folder} may not import {top}")
            elif inside and not exported(target):
                found.append(f"line {_line(node)}: {target} is no door of {top}")
            elif name is not None and name not in exported(target):
                found.append(f"line {_line(node)}: {target} does not export {name}")
            elif name is None:
                whole[known_as] = target
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=known_as), attr=attribute) if (
                known_as in whole and attribute not in exported(whole[known_as])
            ):
                found.append(f"line {node.lineno}: {whole[known_as]} does not export {attribute}")
            case _:
                pass
    return found


def _imports(node: ast.AST) -> Iterator[tuple[str, str | None, str]]:
    """Yield (module, name in it or None, the name that it gets here) for one statement."""
    match node:
        case ast.Import(names=names):
            for alias in names:
                yield alias.name, None, alias.asname or alias.name
        case ast.ImportFrom(module=str(module), level=0, names=names):
            for alias in names:
                yield module, alias.name, alias.asname or alias.name
        case ast.Call(func=function, args=[ast.Constant(value=str(module)), *_]) if ast.unparse(
            function
        ).rpartition(".")[2] in {"import_module", "__import__"}:
            yield module, None, module
        case _:
            return


def _line(node: ast.AST) -> int:
    return node.lineno if isinstance(node, (ast.stmt, ast.expr)) else 0


@pytest.mark.parametrize("folder", [*MAY_IMPORT, *SCRIPTS])
def test_imports_follow_the_arrow(folder: str) -> None:
    """A folder imports only from those to its right, and only what an `__init__` there exports.

    A room, which is a package in a folder whose `__init__` has an `__all__`, is a door too.
    """
    allowed = {**MAY_IMPORT, **SCRIPTS}[folder]
    found = [
        f"{path.relative_to(ROOT)}, {fault}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for fault in faults(path.read_text(encoding="utf-8"), folder, allowed)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "source",
    [
        "import abduce",
        "from reasoning import propose",
        "from kg.models import Paper",
        "import kg.models",
        "from kg import _digest",
        "import kg\nkg.nothing_of_the_kind",
        "def late():\n    from finetune import train",
        "import typing\nif typing.TYPE_CHECKING:\n    from kg.store.graph import Graph",
        "from kg.store import dump",
        "import importlib\nimportlib.import_module('abduce.api')",
    ],
)
def test_an_import_against_the_arrow_is_found(source: str) -> None:
    """The test of the arrow sees every way of importing that the arrow forbids."""
    assert faults(source, "extraction", MAY_IMPORT["extraction"])


@pytest.mark.parametrize(
    "source", ["from kg import Paper", "import kg\nkg.Paper", "from extraction.pack import Pack"]
)
def test_an_import_along_the_arrow_is_let_through(source: str) -> None:
    """The test of the arrow forbids nothing that the arrow allows."""
    assert faults(source, "extraction", MAY_IMPORT["extraction"]) == []


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_all_is_what_is_public(folder: str) -> None:
    """`__all__` is sorted, holds every public name of the `__init__`, and each of them is there."""
    names = exported(folder)
    assert names == sorted(set(names))
    assert names == sorted(_public(folder))
    package = importlib.import_module(folder)
    assert [name for name in names if not hasattr(package, name)] == []


def _public(folder: str) -> set[str]:
    """The public names that an `__init__` takes from the house's modules, or defines."""
    tree = ast.parse((ROOT / folder / "__init__.py").read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module), names=aliases) if (
                module.split(".")[0] in MAY_IMPORT
            ):
                names |= {alias.asname or alias.name for alias in aliases}
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case _:
                pass
    return {name for name in names if not name.startswith("_")}


DOORS = sorted(
    path.parent.relative_to(ROOT).as_posix()
    for folder in MAY_IMPORT
    for path in (ROOT / folder).rglob("__init__.py")
)


MOST_NAMES = 65


@pytest.mark.parametrize("folder", DOORS)
def test_an_init_is_short_and_explicit(folder: str) -> None:
    """An `__init__` has at most 65 names, one a line if it has several, and no star-import."""
    text = (ROOT / folder / "__init__.py").read_text(encoding="utf-8")
    names = exported(folder.replace("/", "."))
    assert len(names) <= MOST_NAMES
    assert len(names) < 2 or all(f'\n    "{name}",\n' in text for name in names)
    assert "import *" not in text


@pytest.mark.parametrize("folder", ["abduce", "extraction", "kg", "reasoning"])
def test_importing_a_folder_is_light(folder: str) -> None:
    """Importing a folder does not import torch, transformers or spaCy."""
    assert heavy_after(f"import {folder}") == []


def test_importing_the_verbs_is_light() -> None:
    """`import abduce` alone imports neither pydantic nor the database driver."""
    assert heavy_after("import abduce", ("neo4j", "pydantic", "pyarrow")) == []


def test_help_is_light() -> None:
    """`abduce --help` imports nothing that takes long."""
    run_help = "import sys; sys.argv = ['abduce', '--help']\nfrom abduce.cli.main import app\n"
    run_help += "app(standalone_mode=False)"
    assert heavy_after(run_help, ("neo4j", "pydantic", "pyarrow", "numpy")) == []


def heavy_after(code: str, more: tuple[str, ...] = ()) -> list[str]:
    """Which heavy packages a new Python has imported after some code."""
    code += "\nimport sys; print('\\nloaded', *sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    loaded = set(done.stdout.rpartition("loaded")[2].split())
    return sorted(loaded & {"torch", "transformers", "spacy", *more})

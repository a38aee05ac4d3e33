"""The wheel, in an empty virtual environment away from the checkout.

The environment is empty but for the dependencies: one `.pth` line lets it see the installed
packages of the Python that runs the tests. To install the dependencies again would add nothing
but minutes: that `pyproject.toml` names all of them is proved by `make setup`, which starts from
nothing else. What a wheel can get wrong is what is tested: which files are in it, its entry
point, and its data files, with the checkout out of reach.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("kg", "extraction", "finetune", "reasoning", "abduce")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs' folder of a new virtual environment with the wheel in it."""
    folder = tmp_path_factory.mktemp("environment")
    run = [sys.executable, "-m", "venv", "--without-pip", str(folder)]
    subprocess.run(run, check=True, capture_output=True)
    scheme = {"base": str(folder), "platbase": str(folder)}
    own = Path(sysconfig.get_path("purelib", "venv", vars=scheme))
    (own / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    install = ["-m", "pip", "--python", str(folder / "bin" / "python"), "install", "--quiet"]
    subprocess.run(
        [sys.executable, *install, "--no-index", "--no-deps", "--ignore-installed", str(wheel)],
        check=True,
        capture_output=True,
    )
    return folder / "bin"


def run(environment: Path, cwd: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the environment, with nothing of ours in the variables around it."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ABDUCE_", "PYTHON", "VIRTUAL_ENV"))
    }
    program = str(environment / command[0])
    return subprocess.run(
        [program, *command[1:]], cwd=cwd, env=clean, capture_output=True, text=True, check=False
    )


def test_the_wheel_holds_the_packages_and_nothing_else(wheel: Path) -> None:
    """The wheel holds the five packages with their type marks, packs and recipes; no tests."""
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)
    assert {f"{package}/py.typed" for package in PACKAGES} <= set(names)
    for name in ("domain.toml", "pack.toml", "heads.safetensors"):
        assert f"extraction/packs/biomedicine/{name}" in names
    assert any(name.startswith("finetune/recipes/") for name in names)
    # A word of its own: `shortest-paths.cypher` is no test.
    assert [name for name in names if re.search(r"(^|[/_.-])tests?([/_.-]|$)", name)] == []


def test_the_wheel_may_not_be_uploaded(wheel: Path) -> None:
    """The wheel's metadata forbids its upload to a public index, and name its licence."""
    archive = zipfile.ZipFile(wheel)
    (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
    metadata = archive.read(name).decode()
    assert "Classifier: Private :: Do Not Upload" in metadata
    assert "License-Expression: Apache-2.0" in metadata


def test_the_command_runs_from_the_wheel(environment: Path, tmp_path: Path) -> None:
    """`abduce --help` runs from the wheel, and shows its commands."""
    done = run(environment, tmp_path, "abduce", "--help")
    assert done.returncode == 0, done.stderr
    assert "propose" in done.stdout


def test_the_packages_come_from_the_wheel(environment: Path, tmp_path: Path) -> None:
    """What runs in the environment is the wheel's code, not the checkout's."""
    code = f"import {', '.join(PACKAGES)}; print(*(p.__file__ for p in ({', '.join(PACKAGES)})))"
    done = run(environment, tmp_path, "python", "-c", code)
    assert done.returncode == 0, done.stderr
    places = done.stdout.split()
    assert [place for place in places if not Path(place).is_relative_to(environment.parent)] == []


def test_doctor_is_content_with_the_wheel(environment: Path, tmp_path: Path) -> None:
    """`abduce doctor` finds the shipped pack and its encoder from the wheel."""
    done = run(environment, tmp_path, "abduce", "doctor", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert [(pack["name"], pack["encoder_found"]) for pack in report["packs"]] == [
        ("biomedicine", True)
    ]


def test_a_graph_is_built_with_the_wheel(environment: Path, tmp_path: Path) -> None:
    """The wheel builds a graph from a text and answers a query about it."""
    (tmp_path / "paper.txt").write_text(
        "Metformin lowers blood glucose in patients with type 2 diabetes.", encoding="utf-8"
    )
    build = ["abduce", "build", "paper.txt", "--pack", "biomedicine", "--graph", "graph", "--json"]
    done = run(environment, tmp_path, *build)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["papers"] == 1
    count = "MATCH (paper:Paper) RETURN count(paper) AS papers"
    done = run(environment, tmp_path, "abduce", "query", count, "--graph", "graph", "--json")
    assert json.loads(done.stdout) == {"papers": 1}

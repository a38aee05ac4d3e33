"""The README and its neighbours: commands run, settings are all told, links lead somewhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from abduce.settings import Settings

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
# What the set-up does (CI runs `make` itself), and what needs the network.
SKIPPED = re.compile(r"\s*(make|git clone|cd)\b")


def readme_script(text: str) -> str:
    """The commands of all bash blocks, in their order."""
    lines = [line for block in BLOCK.findall(text) for line in block.splitlines()]
    return "\n".join(line for line in lines if not SKIPPED.match(line))


def test_every_command_of_the_readme_runs(tmp_path: Path) -> None:
    """The README's commands, one after the other in a new folder with the samples, all succeed.

    So does its Python, on the graph that they made.
    """
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (python,) = PYTHON.findall(text)
    script = f"{readme_script(text)}\npython - <<'END'\n{python}END\n"
    assert "abduce " in script
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    programs = str(Path(sys.executable).parent)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ABDUCE_")}
    done = subprocess.run(
        ["bash", "-euxo", "pipefail", "-c", script],
        cwd=tmp_path,
        env={**clean, "PATH": f"{programs}{os.pathsep}{clean['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def test_the_readme_begins_with_the_two_commands() -> None:
    """The first block of the README is `make demo` and `make test`."""
    first = BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))[0]
    assert re.findall(r"^make (\w+)", first, re.MULTILINE) == ["demo", "test"]


def test_every_make_target_of_the_documents_is_there() -> None:
    """Every `make` target that README and CONTRIBUTING name is in the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z0-9-]+):", makefile, re.MULTILINE))
    for name in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        named = set(re.findall(r"(?:`|^)make ([a-z0-9-]+)", text, re.MULTILINE))
        assert named - targets == set(), name


def test_every_setting_is_told() -> None:
    """Each setting stands in the README by its name in the file and by its variable."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"`{name}`" in text
        assert f"`ABDUCE_{name.upper()}`" in text


def test_every_link_leads_to_a_file() -> None:
    """Each link of a document that does not lead into the web leads to a file or a folder."""
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "samples" / "README.md"]
    for document in documents:
        for target in LINK.findall(document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"

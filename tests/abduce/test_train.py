"""`abduce train`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import finetune
from tests.abduce.test_evaluate import ANNOTATED

if TYPE_CHECKING:
    from tests.abduce.conftest import RunAbduce

RECIPES = Path(finetune.__file__).parent / "recipes"


def small_recipe(folder: Path) -> Path:
    """The packaged recipe, but for one epoch over twelve copies of one abstract."""
    copies = "".join(re.sub(r"(?m)^1(?=[|\t])", str(n), ANNOTATED) for n in range(1, 13))
    (folder / "biored").mkdir()
    for name in ("train", "dev"):
        (folder / "biored" / f"{name}.pubtator").write_text(copies, encoding="utf-8")
    text = (RECIPES / "biomedicine.toml").read_text(encoding="utf-8")
    recipe = folder / "small.toml"
    recipe.write_text(re.sub(r"(?m)^epochs = .*", "epochs = 1", text), encoding="utf-8")
    return recipe


def test_a_pack_is_trained_and_can_be_used(run_abduce: RunAbduce, tmp_path: Path) -> None:
    """`train` makes a pack from a recipe and its data, and `extract` reads with that pack."""
    recipe = small_recipe(tmp_path)
    done = run_abduce("train", recipe, "--out", "made", "--data", tmp_path, "--json")
    assert done.code == 0, done.err
    assert Path(done.rows[0]["folder"]) == Path("made")
    assert len(done.rows[0]["losses"]) == 1
    (tmp_path / "paper.txt").write_text("Metformin and glucose.", encoding="utf-8")
    done = run_abduce("extract", "paper.txt", "--pack", "made", "--out", "out", "--json")
    assert done.rows[0]["papers"] == 1


def test_without_data_the_message_says_how_to_give_it(run_abduce: RunAbduce) -> None:
    """Without a folder of data, the error names the flag and the variable."""
    done = run_abduce("train", "biomedicine", "--out", "made")
    assert (done.code, done.out) == (1, "")
    assert "--data" in done.err
    assert "ABDUCE_DATA" in done.err


def test_an_unknown_recipe_ends_with_2(run_abduce: RunAbduce, tmp_path: Path) -> None:
    """An unknown recipe is wrong use; the nearest is named, and nothing is made."""
    done = run_abduce("train", "biomedicin", "--out", "made", "--data", tmp_path)
    assert done.code == 2
    assert "biomedicine" in done.err
    assert not (tmp_path / "made").exists()

"""Loading data sets: where corpora lie, and reading the files that a recipe names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from extraction import DOMAIN_FILE, PACKS
from finetune.corpora import CORPORA
from kg import RecipeError, parse_domain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from finetune.corpora import AnnotatedPaper
    from finetune.recipe import Recipe
    from kg import Domain

DATA_VARIABLE = "ABDUCE_DATA"


def data_folder(given: Path | None) -> Path:
    """Return the folder that recipes' files are relative to: as given, else from ABDUCE_DATA.

    Raises:
        RecipeError: neither is set, or it is no folder.
    """
    named = given or (Path(os.environ[DATA_VARIABLE]) if os.environ.get(DATA_VARIABLE) else None)
    if named is None:
        msg = f"no data folder: give --data DIR or set {DATA_VARIABLE} to where the corpora lie"
        raise RecipeError(msg)
    if not named.is_dir():
        msg = f"the data folder {named} is not a folder: give --data DIR or set {DATA_VARIABLE}"
        raise RecipeError(msg)
    return named


def read_corpora(
    recipe: Recipe, domain: Domain, folder: Path
) -> tuple[list[AnnotatedPaper], list[AnnotatedPaper]]:
    """Read the training and the development papers of a recipe.

    Raises:
        RecipeError: a file is absent, or a split holds no paper.
        BadRecordError: a line of a file is not of its format.
    """
    train: list[AnnotatedPaper] = []
    dev: list[AnnotatedPaper] = []
    for corpus in recipe.corpora:
        for split, names in ((train, corpus.train), (dev, corpus.dev)):
            for path in _files(recipe, corpus.name, folder, names):
                split.extend(CORPORA[corpus.format](path, domain))
    for name, split in (("train", train), ("dev", dev)):
        if not split:
            msg = f"recipe {recipe.name}: its {name} files hold no paper"
            raise RecipeError(msg)
    return train, dev


def _files(recipe: Recipe, corpus: str, folder: Path, names: Sequence[str]) -> list[Path]:
    for name in names:
        if not (folder / name).is_file():
            msg = (
                f"recipe {recipe.name}: corpus {corpus} needs {name}, which is not in {folder}; "
                f"give --data DIR or set {DATA_VARIABLE}"
            )
            raise RecipeError(msg)
    return [folder / name for name in names]


def read_domain(recipe: Recipe) -> tuple[str, Domain]:
    """Read the domain schema that a recipe names: an installed pack's, or a folder's.

    Raises:
        RecipeError: there is no domain.toml.
        PackError: it is not a domain schema.
    """
    installed = PACKS / recipe.domain / DOMAIN_FILE
    path = installed if installed.is_file() else Path(recipe.domain) / DOMAIN_FILE
    if not path.is_file():
        msg = f"recipe {recipe.name}: domain {recipe.domain!r} is no installed pack or folder "
        raise RecipeError(msg + f"with a {DOMAIN_FILE}")
    toml = path.read_text(encoding="utf-8")
    return toml, parse_domain(toml, str(path))

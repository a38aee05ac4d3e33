"""Training recipes: one TOML each, with settings, seed, the score reached and the published one."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError

from extraction import EncoderName, JointSettings
from finetune.corpora import CORPORA, DEFAULT_FORMAT
from kg import Model, RecipeError, UnknownNameError

RECIPES = Path(__file__).parent / "recipes"


def _registered(format_: str) -> str:
    if format_ not in CORPORA:
        msg = f"{format_!r} is no corpus format; there are: {', '.join(sorted(CORPORA))}"
        raise ValueError(msg)
    return format_


class Corpus(Model):
    """Annotated files, relative to the data folder, and what their makers allow."""

    name: str
    licence: str
    format: Annotated[str, AfterValidator(_registered)] = DEFAULT_FORMAT
    train: tuple[str, ...] = Field(min_length=1)
    dev: tuple[str, ...] = Field(min_length=1)


class Lora(Model):
    """Low-rank adaptation of all linear layers of the encoder (Hu et al. 2021)."""

    rank: int = Field(gt=0)
    alpha: int = Field(gt=0)
    dropout: float = Field(ge=0, lt=1)


class Loop(Model):
    """The training loop; rates are AdamW's peak rates, decaying linearly to zero.

    Attributes:
        relation_warmup_epochs: the relation loss grows linearly from 0 over these.
        ema: decay of the moving average of the weights, which is what is kept.
        mask_mentions: probability that an entity's mentions are replaced by [MASK].
        drop_mentions: probability that the relation head does not see a mention.
    """

    epochs: int = Field(gt=0)
    batch: int = Field(gt=0)
    adapter_rate: float = Field(gt=0)
    head_rate: float = Field(gt=0)
    warmup: float = Field(ge=0, le=1)
    weight_decay: float = Field(ge=0)
    relation_weight: float = Field(ge=0)
    relation_warmup_epochs: float = Field(ge=0)
    ema: float = Field(ge=0, lt=1)
    mask_mentions: float = Field(ge=0, le=1)
    drop_mentions: float = Field(ge=0, le=1)


class Recipe(Model):
    """All that `abduce train` needs; `reached` and `published` are for the reader."""

    name: str
    version: str
    description: str = ""
    domain: str = Field(description="folder of a domain.toml, or the name of an installed pack")
    seed: int
    encoder: EncoderName
    corpora: tuple[Corpus, ...] = Field(min_length=1)
    model: JointSettings
    lora: Lora
    loop: Loop
    reached: dict[str, float | str] = Field(default_factory=dict)
    published: dict[str, float | str] = Field(default_factory=dict)


def packaged_recipes() -> tuple[str, ...]:
    """Names of the recipes that come with Abduce, sorted."""
    return tuple(sorted(path.stem for path in RECIPES.glob("*.toml")))


def load_recipe(name_or_path: str | Path) -> Recipe:
    """Read a recipe by the name of a packaged one, or by its path.

    Raises:
        UnknownNameError: there is no such recipe and no such file.
        RecipeError: the file is not a recipe.
    """
    path = Path(name_or_path)
    if str(name_or_path) in packaged_recipes():
        path = RECIPES / f"{name_or_path}.toml"
    elif not path.is_file():
        hint = "give a packaged recipe's name or a TOML file"
        raise UnknownNameError("recipe", str(name_or_path), packaged_recipes(), hint)
    try:
        return Recipe.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        msg = f"recipe {path}: {error}"
        raise RecipeError(msg) from error

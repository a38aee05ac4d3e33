"""The training pipeline, from a recipe to a pack: data, training, calibration, scores."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from extraction import (
    DOMAIN_FILE,
    EncoderName,
    Extractor,
    Labels,
    PackFile,
    Scores,
    load_pack,
    load_tokenizer,
    resolve_encoder,
)
from finetune.calibration import fit_calibration, identity_calibration
from finetune.data import data_folder, read_corpora, read_domain
from finetune.evaluation import Evaluation, score_predictions
from finetune.examples import make_example, related_types
from finetune.packing import write_pack_file
from finetune.recipe import Recipe, load_recipe
from kg import Model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from finetune.corpora import AnnotatedPaper

LEAST_RELATIONS = 10
"""A pair of types with fewer annotated relations in training is not asked about."""


class Trained(Model):
    """What training made: the pack's folder, how it scores on dev, the loss of each epoch."""

    folder: Path
    evaluation: Evaluation
    losses: tuple[float, ...]


def train(
    recipe: str | Path | Recipe,
    out: Path,
    device: str = "auto",
    data: Path | None = None,
) -> Trained:
    """Train a pack as a recipe says and write its folder; goes on where it was interrupted.

    Args:
        recipe: a packaged recipe's name, a TOML file, or a recipe.
        out: folder of the pack; also holds the checkpoint until all is done.
        device: auto, cpu or cuda.
        data: the folder that the recipe's files are relative to; default: ABDUCE_DATA.

    Raises:
        UnknownNameError: no such recipe, domain or device.
        RecipeError: recipe, data folder or corpus cannot be used.
        EncoderError: the encoder is absent, or another one.
    """
    # Imported here: it imports torch, peft, accelerate and transformers.
    from finetune.run import CHECKPOINT, TrainingRun

    chosen = recipe if isinstance(recipe, Recipe) else load_recipe(recipe)
    domain_toml, domain = read_domain(chosen)
    train_papers, dev_papers = read_corpora(chosen, domain, data_folder(data))
    labels = Labels(
        types=tuple(domain.types),
        predicates=tuple(domain.relations),
        pairs=related_types(train_papers, LEAST_RELATIONS),
    )
    out.mkdir(parents=True, exist_ok=True)
    (out / DOMAIN_FILE).write_text(domain_toml, encoding="utf-8")
    tokenizer = load_tokenizer(resolve_encoder(chosen.encoder))
    examples = [make_example(paper, tokenizer, labels) for paper in train_papers]
    run = TrainingRun(chosen, labels, examples, out, device)
    run.train()
    run.write()
    evaluation = finish_pack(chosen, labels, out, dev_papers, device)
    shutil.rmtree(out / CHECKPOINT, ignore_errors=True)
    return Trained(folder=out, evaluation=evaluation, losses=tuple(run.losses))


def finish_pack(
    recipe: Recipe,
    labels: Labels,
    folder: Path,
    dev: Sequence[AnnotatedPaper],
    device: str = "auto",
) -> Evaluation:
    """Calibrate freshly written weights on the development split and write `pack.toml`."""
    raw = PackFile(
        name=recipe.name,
        version=recipe.version,
        recipe=recipe.name,
        encoder=EncoderName.model_validate(recipe.encoder.model_dump()),
        settings=recipe.model,
        labels=labels,
        calibration=identity_calibration(labels.types, labels.predicates),
        licences={corpus.name: corpus.licence for corpus in recipe.corpora},
    )
    write_pack_file(folder, raw)
    extractor = Extractor(load_pack(folder), device)
    split = ", ".join(name for corpus in recipe.corpora for name in corpus.dev)
    calibration, read = fit_calibration(extractor, dev, split)
    evaluation = score_predictions(extractor.pack, read)
    scores = _scores(evaluation, split)
    write_pack_file(
        folder, raw.model_copy(update={"calibration": calibration, "scores": (scores,)})
    )
    return evaluation


def _scores(evaluation: Evaluation, split: str) -> Scores:
    relations = evaluation.relations
    return Scores(
        split=split,
        entities=evaluation.ner.micro.f1,
        gold_pair=relations.gold_entities.pair.f1,
        gold_typed=relations.gold_entities.typed.f1,
        end_to_end_pair=relations.end_to_end.pair.f1,
        end_to_end_typed=relations.end_to_end.typed.f1,
        entity_ece=evaluation.calibration.entity_ece,
        relation_ece=evaluation.calibration.relation_ece,
    )

"""Training a tiny model on a toy corpus, from recipe to pack and back."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

import finetune
from extraction import EncoderName, Extractor, JointSettings, Labels, load_pack
from finetune import CORPORA, Evaluation, Recipe, load_recipe, packaged_recipes
from finetune.batches import epoch_batches
from finetune.data import data_folder
from finetune.examples import NO_RELATION, make_example, related_types
from finetune.recipe import Corpus, Loop, Lora
from finetune.run import CHECKPOINT, TrainingRun
from finetune.training import train
from kg import RecipeError, UnknownNameError
from tests.tiny_encoder import make_encoder

DRUGS = ("aba", "ebe", "ibi", "obo", "ubu", "yby")
ILLS = ("kok", "mom", "non", "pop", "ror", "sos")


def toy_corpus() -> str:
    """Six papers: a drug treats an ill, and another ill stands by."""
    papers = []
    for number, (drug, ill) in enumerate(zip(DRUGS, ILLS, strict=True)):
        other = ILLS[number - 1]
        title, abstract = f"{drug} cures {ill}", f"We gave {drug} for {ill} and saw {other}."
        text = f"{title} {abstract}"
        lines = [f"{number}|t|{title}", f"{number}|a|{abstract}"]
        for name, kind in ((drug, "ChemicalEntity"), (ill, "DiseaseOrPhenotypicFeature")):
            lines += [
                f"{number}\t{start}\t{start + 3}\t{name}\t{kind}\t{name.upper()}"
                for start in (text.find(name), text.rfind(name))
            ]
        start = text.find(other)
        lines.append(
            f"{number}\t{start}\t{start + 3}\t{other}\tDiseaseOrPhenotypicFeature\t{other.upper()}"
        )
        lines.append(f"{number}\tNegative_Correlation\t{drug.upper()}\t{ill.upper()}\tNovel")
        papers.append("\n".join(lines))
    return "\n\n".join([*papers, *papers]) + "\n"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the toy corpus, and the tiny encoder beside it."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "toy.pubtator").write_text(toy_corpus(), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, EncoderName]:
    """The folder that ABDUCE_ENCODERS names, and the encoder in it."""
    folder = tmp_path_factory.mktemp("encoders")
    return folder, make_encoder(folder / "tiny")


@pytest.fixture(autouse=True)
def _encoders_are_found(encoder: tuple[Path, EncoderName], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABDUCE_ENCODERS", str(encoder[0]))


@pytest.fixture(scope="module")
def recipe(encoder: tuple[Path, EncoderName]) -> Recipe:
    """A recipe that learns the toy corpus in seconds."""
    return Recipe(
        name="toy",
        version="0",
        domain="biomedicine",
        seed=1,
        encoder=encoder[1],
        corpora=(
            Corpus(name="Toy", licence="CC0", train=("toy.pubtator",), dev=("toy.pubtator",)),
        ),
        model=JointSettings(
            window=64,
            window_overlap=16,
            max_width=4,
            span_size=16,
            relation_size=16,
            block=4,
            dropout=0.0,
            pad_id=0,
            first_id=1,
            last_id=2,
            mask_id=3,
        ),
        lora=Lora(rank=4, alpha=8, dropout=0.0),
        loop=Loop(
            epochs=3,
            batch=4,
            adapter_rate=1e-2,
            head_rate=1e-2,
            warmup=0.1,
            weight_decay=0.0,
            relation_weight=1.0,
            relation_warmup_epochs=0,
            ema=0.5,
            mask_mentions=0.1,
            drop_mentions=0.1,
        ),
    )


def labels_of(data: Path, least: int) -> Labels:
    """The labels that training takes from the toy corpus."""
    domain = load_pack("biomedicine").domain
    papers = list(CORPORA["pubtator"](data / "toy.pubtator", domain))
    return Labels(
        types=tuple(domain.types),
        predicates=tuple(domain.relations),
        pairs=related_types(papers, least),
    )


def run_of(recipe: Recipe, data: Path, encoder: Path, out: Path) -> TrainingRun:
    """A training run on the toy corpus."""
    from extraction import load_tokenizer, resolve_encoder

    labels = labels_of(data, 1)
    tokenizer = load_tokenizer(resolve_encoder(recipe.encoder, encoder / "tiny"))
    domain = load_pack("biomedicine").domain
    papers = list(CORPORA["pubtator"](data / "toy.pubtator", domain))
    examples = [make_example(paper, tokenizer, labels) for paper in papers]
    return TrainingRun(recipe, labels, examples, out, "cpu")


def test_examples_hold_what_is_annotated(data: Path, encoder: tuple[Path, EncoderName]) -> None:
    """Each annotated mention is a span, each allowed pair has its relation or none."""
    from extraction import load_tokenizer, resolve_encoder

    labels = labels_of(data, 1)
    assert labels.pairs == (("Chemical", "Disease"),)
    paper = next(CORPORA["pubtator"](data / "toy.pubtator", load_pack("biomedicine").domain))
    tokenizer = load_tokenizer(resolve_encoder(encoder[1], encoder[0] / "tiny"))
    example = make_example(paper, tokenizer, labels)
    marked = {
        paper.text[example.encoded.offsets[first, 0] : example.encoded.offsets[last, 1]]
        for first, last, _ in example.spans
    }
    assert marked == {"aba", "kok", "sos"}
    treats = labels.predicates.index("NEGATIVE_CORRELATION")
    assert sorted(example.gold.values()) == [NO_RELATION, treats]


def test_batches_are_a_function_of_seed_and_epoch(
    recipe: Recipe, data: Path, encoder: tuple[Path, EncoderName], tmp_path: Path
) -> None:
    """The same epoch gives the same batches, another one others, each example once."""
    run = run_of(recipe, data, encoder[0], tmp_path)
    batches = [
        epoch_batches(run._examples, recipe.loop, recipe.model.mask_id, 1, epoch)
        for epoch in (0, 0, 1)
    ]

    def flat(index: int) -> list[list[int]]:
        return [text.encoded.ids.tolist() for batch in batches[index] for text in batch]

    assert flat(0) == flat(1) != flat(2)
    assert all(len(flat(index)) == len(run._examples) for index in range(3))
    seen = [id(text.example) for batch in batches[2] for text in batch]
    assert len(set(seen)) == len(run._examples)


def test_training_makes_a_pack_that_reads_alike(recipe: Recipe, data: Path, tmp_path: Path) -> None:
    """The loss falls; the pack loads from its folder and scores again what training reported."""
    longer = recipe.model_copy(update={"loop": recipe.loop.model_copy(update={"epochs": 30})})
    trained = train(longer, tmp_path / "pack", device="cpu", data=data)
    assert trained.losses[-1] < trained.losses[0] / 2
    assert trained.evaluation.ner.micro.f1 > 0.5
    assert not (tmp_path / "pack" / CHECKPOINT).exists()
    pack = load_pack(tmp_path / "pack")
    assert pack.scores[0].entities == trained.evaluation.ner.micro.f1
    again = finetune.evaluate([data / "toy.pubtator"], str(tmp_path / "pack"), device="cpu")
    assert again == trained.evaluation
    assert Extractor(pack, "cpu").pack.ref == "toy@0"


def test_an_interrupted_run_goes_on_to_the_same_weights(
    recipe: Recipe, data: Path, encoder: tuple[Path, EncoderName], tmp_path: Path
) -> None:
    """Stopped after an epoch and started again, training ends where one run ends."""
    whole = run_of(recipe, data, encoder[0], tmp_path / "whole")
    whole.train()
    first = run_of(recipe, data, encoder[0], tmp_path / "parts")

    class StopError(Exception):
        pass

    save = first._save

    def save_and_stop() -> None:
        save()
        raise StopError

    first._save = save_and_stop  # type: ignore[method-assign]
    with pytest.raises(StopError):
        first.train()
    second = run_of(recipe, data, encoder[0], tmp_path / "parts")
    second.train()
    assert second.losses == pytest.approx(whole.losses)
    for (name, one), other in zip(
        whole._model.state_dict().items(), second._model.state_dict().values(), strict=True
    ):
        torch.testing.assert_close(one, other, msg=name)


def test_a_checkpoint_of_another_recipe_is_refused(
    recipe: Recipe, data: Path, encoder: tuple[Path, EncoderName], tmp_path: Path
) -> None:
    """A folder with another recipe's checkpoint is not mixed up with it."""
    run_of(recipe, data, encoder[0], tmp_path)._save()
    other = recipe.model_copy(update={"seed": 2})
    with pytest.raises(RecipeError, match="another recipe"):
        run_of(other, data, encoder[0], tmp_path).train()


def test_the_evaluation_has_the_documented_form(data: Path) -> None:
    """The keys are those that `abduce evaluate --json` promises."""
    evaluation = finetune.evaluate([data / "toy.pubtator"], "biomedicine", device="cpu")
    values = json.loads(evaluation.model_dump_json())
    assert set(values["ner"]) == {"micro", "per_type"}
    assert set(values["ner"]["micro"]) == {"p", "r", "f1"}
    for side in ("gold_entities", "end_to_end"):
        assert set(values["relations"][side]) == {"pair", "typed"}
    assert set(values["calibration"]) == {"entity_ece", "relation_ece"}
    assert isinstance(evaluation, Evaluation)


def test_an_unknown_format_is_named(data: Path) -> None:
    """A corpus format that nobody reads is a wrong use."""
    with pytest.raises(UnknownNameError, match="pubtator"):
        finetune.evaluate([data / "toy.pubtator"], "biomedicine", format="pubtater")


@pytest.mark.parametrize("name", packaged_recipes())
def test_packaged_recipes_are_whole(name: str) -> None:
    """Each recipe that comes with Abduce is readable and says what it is measured against."""
    recipe = load_recipe(name)
    assert recipe.published
    assert recipe.reached


def test_an_unknown_recipe_names_the_nearest() -> None:
    """A name that no recipe has is an error with the names that look like it."""
    with pytest.raises(UnknownNameError, match="biomedicine"):
        load_recipe("biomedecine")


def test_a_broken_recipe_is_refused(tmp_path: Path) -> None:
    """A file that is not a recipe is an error that names it."""
    (tmp_path / "mine.toml").write_text("name = 1", encoding="utf-8")
    with pytest.raises(RecipeError, match=r"mine\.toml"):
        load_recipe(tmp_path / "mine.toml")


def test_a_missing_data_folder_is_said(
    recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without data, with a wrong folder, or without a file: an error that says what to set."""
    monkeypatch.delenv("ABDUCE_DATA", raising=False)
    with pytest.raises(RecipeError, match="ABDUCE_DATA"):
        data_folder(None)
    with pytest.raises(RecipeError, match="not a folder"):
        data_folder(tmp_path / "nowhere")
    with pytest.raises(RecipeError, match=r"toy\.pubtator"):
        train(recipe, tmp_path / "pack", device="cpu", data=tmp_path)


def test_importing_finetune_is_light() -> None:
    """`import finetune` does not import torch."""
    code = "import sys, finetune; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

"""The training loop of one run: model, optimiser, schedule, checkpoints."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import torch
from accelerate import Accelerator
from accelerate.utils import set_seed
from peft import LoraConfig, PeftModel, get_peft_model
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR

from extraction import (
    JointModel,
    choose_device,
    choose_precision,
    load_encoder,
    quiet_peft,
    resolve_encoder,
)
from finetune.averaging import WeightAverage
from finetune.batches import epoch_batches
from finetune.objective import Objective
from finetune.packing import write_weights
from finetune.progress import TrainingProgress
from kg import RecipeError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from extraction import Labels
    from finetune.examples import Example
    from finetune.recipe import Recipe

CHECKPOINT = ".checkpoint"
_FINGERPRINT = "recipe.sha256"
GREATEST_NORM = 1.0


class TrainingRun:
    """Trains one model; a checkpoint an epoch lets a killed run go on where it was."""

    def __init__(
        self,
        recipe: Recipe,
        labels: Labels,
        examples: Sequence[Example],
        out: Path,
        device: str,
    ) -> None:
        set_seed(recipe.seed)
        self.recipe = recipe
        self.losses: list[float] = []
        self._examples = examples
        self._out = out
        self._epoch = 0
        self._accelerator = _accelerator(device)
        encoder = load_encoder(resolve_encoder(recipe.encoder))
        self._adapted = _with_lora(encoder, recipe)
        self._model = JointModel(
            self._adapted, recipe.model, len(labels.types), len(labels.predicates)
        )
        loop = recipe.loop
        self._batches = -(-len(examples) // loop.batch) // self._accelerator.num_processes
        steps = loop.epochs * self._batches
        optimizer = _optimizer(self._model, recipe)
        scheduler = _schedule(optimizer, int(steps * loop.warmup), steps)
        self._objective, self._optimizer, self._scheduler = self._accelerator.prepare(
            Objective(self._model), optimizer, scheduler
        )
        self._average = WeightAverage(self._model, loop.ema)  # now that weights are on the device
        self._accelerator.register_for_checkpointing(self._average, self)

    def train(self) -> None:
        """Train all epochs that are not done yet, then put the averaged weights in place."""
        self._resume()
        loop = self.recipe.loop
        done = self._epoch * self._batches
        shown = self._accelerator.is_main_process
        with TrainingProgress(loop.epochs * self._batches, done, shown=shown) as progress:
            while self._epoch < loop.epochs:
                self._train_epoch(progress)
                self._epoch += 1
                self._save()
                progress.log(f"epoch {self._epoch} of {loop.epochs}: loss {self.losses[-1]:.4f}")
        self._average.copy_to_module()

    def write(self) -> None:
        """Write adapter and heads into the pack's folder."""
        if self._accelerator.is_main_process:
            write_weights(self._out, self._adapted, self._model, self.recipe.encoder.name)

    def state_dict(self) -> dict[str, int | list[float]]:
        """Where the run stands, for its checkpoint."""
        return {"epoch": self._epoch, "losses": self.losses}

    def load_state_dict(self, state: dict[str, int | list[float]]) -> None:
        """Go back to where a run stood."""
        epoch, losses = state["epoch"], state["losses"]
        assert isinstance(epoch, int)  # noqa: S101
        assert isinstance(losses, list)  # noqa: S101
        self._epoch, self.losses = epoch, losses

    def _train_epoch(self, progress: TrainingProgress) -> None:
        recipe, accelerator = self.recipe, self._accelerator
        batches = epoch_batches(
            self._examples, recipe.loop, recipe.model.mask_id, recipe.seed, self._epoch
        )
        own = batches[accelerator.process_index :: accelerator.num_processes][: self._batches]
        self._objective.train()
        total = 0.0
        for number, batch in enumerate(own):
            at = self._epoch + number / self._batches
            ramp = min(1.0, at / max(recipe.loop.relation_warmup_epochs, 1e-6))
            losses = self._objective(batch)
            loss = losses.total(ramp * recipe.loop.relation_weight)
            accelerator.backward(loss)
            accelerator.clip_grad_norm_(self._objective.parameters(), GREATEST_NORM)
            self._optimizer.step()
            self._scheduler.step()
            self._optimizer.zero_grad()
            self._average.update()
            total += loss.item()
            progress.step()
        self.losses.append(total / self._batches)

    def _save(self) -> None:
        folder = self._out / CHECKPOINT
        self._accelerator.save_state(str(folder))
        (folder / _FINGERPRINT).write_text(self._fingerprint(), encoding="utf-8")

    def _resume(self) -> None:
        folder = self._out / CHECKPOINT
        if not (folder / _FINGERPRINT).is_file():
            return
        if (folder / _FINGERPRINT).read_text(encoding="utf-8") != self._fingerprint():
            msg = f"{folder} is the checkpoint of another recipe; "
            raise RecipeError(msg + "remove it or choose another --out")
        self._accelerator.load_state(str(folder))

    def _fingerprint(self) -> str:
        settings = self.recipe.model_dump_json(exclude={"reached", "published", "description"})
        return hashlib.sha256(settings.encode()).hexdigest()


def _accelerator(device: str) -> Accelerator:
    chosen = choose_device(device)
    half = choose_precision(chosen).name == "bfloat16"
    return Accelerator(cpu=chosen.name == "cpu", mixed_precision="bf16" if half else "no")


def _with_lora(encoder: torch.nn.Module, recipe: Recipe) -> PeftModel:
    lora = recipe.lora
    config = LoraConfig(
        r=lora.rank,
        lora_alpha=lora.alpha,
        lora_dropout=lora.dropout,
        target_modules="all-linear",
        bias="none",
    )
    with quiet_peft():
        adapted = get_peft_model(encoder, config)
    assert isinstance(adapted, PeftModel)  # noqa: S101
    return adapted


def _optimizer(model: JointModel, recipe: Recipe) -> AdamW:
    trained = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    groups = [
        {
            "params": [p for n, p in trained if n.startswith("encoder.") == adapter],
            "lr": rate,
        }
        for adapter, rate in (
            (True, recipe.loop.adapter_rate),
            (False, recipe.loop.head_rate),
        )
    ]
    return AdamW(groups, weight_decay=recipe.loop.weight_decay, betas=(0.9, 0.98))


def _schedule(optimizer: AdamW, warmup: int, steps: int) -> LambdaLR:
    """Rates that rise linearly from zero over the first steps, and then fall linearly to zero."""

    def factor(step: int) -> float:
        if step < warmup:
            return step / warmup
        return (steps - step) / max(steps - warmup, 1)

    return LambdaLR(optimizer, factor)

"""Length-bucketed minibatches with data augmentation; a function of seed and epoch only."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from extraction import EncodedText, EntitySpans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from finetune.examples import Example
    from finetune.recipe import Loop

POOL = 16  # batches that are cut from one shuffled pool, sorted by length


@dataclass(frozen=True, slots=True)
class TrainingText:
    """An example as the model sees it in one step.

    Attributes:
        example: what it was made from; holds the labels.
        encoded: its pieces, some mentions masked.
        entities: its entities, some mentions left out.
    """

    example: Example
    encoded: EncodedText
    entities: tuple[EntitySpans, ...]


def epoch_batches(
    examples: Sequence[Example], loop: Loop, mask_id: int, seed: int, epoch: int
) -> list[list[TrainingText]]:
    """The batches of one epoch, in order."""
    rng = random.Random(f"{seed}/{epoch}")  # noqa: S311 - shuffling, not a secret
    order = list(range(len(examples)))
    rng.shuffle(order)
    batches = []
    for first in range(0, len(order), loop.batch * POOL):
        pool = sorted(
            order[first : first + loop.batch * POOL],
            key=lambda index: len(examples[index].encoded),
        )
        batches += [pool[at : at + loop.batch] for at in range(0, len(pool), loop.batch)]
    rng.shuffle(batches)
    return [[_augment(examples[index], loop, mask_id, rng) for index in batch] for batch in batches]


def _augment(example: Example, loop: Loop, mask_id: int, rng: random.Random) -> TrainingText:
    """Mask all mentions of some entities, so that context counts; hide some from the relations.

    The relation head learns from incomplete entities because that is what it will be given.
    """
    ids = example.encoded.ids.copy()
    entities = []
    for entity in example.entities:
        if rng.random() < loop.mask_mentions:
            for first, last in entity.mentions:
                ids[first : last + 1] = mask_id
        seen = tuple(m for m in entity.mentions if rng.random() >= loop.drop_mentions)
        entities.append(replace(entity, mentions=seen or (rng.choice(entity.mentions),)))
    return TrainingText(example, replace(example.encoded, ids=ids), tuple(entities))

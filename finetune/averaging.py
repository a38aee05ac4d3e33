"""An exponential moving average of the trained weights: what the pack is made of.

Averaged weights generalise better than the last ones and make stopping early needless (Polyak and
Juditsky 1992; Tarvainen and Valpola 2017).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor, nn


class WeightAverage:
    """The average of a module's trainable weights; `state_dict` makes it part of checkpoints."""

    def __init__(self, module: nn.Module, decay: float) -> None:
        self._weights = {n: p for n, p in module.named_parameters() if p.requires_grad}
        self._average = {n: p.detach().clone() for n, p in self._weights.items()}
        self._decay = decay
        self._steps = 0

    def update(self) -> None:
        """Take in the weights after a step; the first steps count more, so it starts unbiased."""
        self._steps += 1
        decay = min(self._decay, (1 + self._steps) / (10 + self._steps))
        with torch.no_grad():
            for name, weight in self._weights.items():
                self._average[name].lerp_(weight, 1 - decay)

    def copy_to_module(self) -> None:
        """Put the average in the place of the weights."""
        with torch.no_grad():
            for name, weight in self._weights.items():
                weight.copy_(self._average[name])

    def state_dict(self) -> dict[str, Tensor | int]:
        """The average and the number of steps taken in."""
        return {**self._average, "steps": self._steps}

    def load_state_dict(self, state: dict[str, Tensor | int]) -> None:
        """Take back what `state_dict` gave."""
        for name, value in state.items():
            if isinstance(value, int):
                self._steps = value
            else:
                self._average[name].copy_(value)

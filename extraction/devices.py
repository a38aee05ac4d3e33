"""Where the model runs and how precisely: each choice says why it was made."""

from __future__ import annotations

import os
from typing import NamedTuple

from kg import UnknownNameError, UsageError

# OpenMP reads this when torch is loaded. Its threads otherwise spin while they wait for each
# other: on two cores with another process beside, 0.6 abstracts a second instead of 12.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
# oneDNN keeps a compiled kernel for each of the last 1,024 shapes, and texts have many: 20 MB
# more with every hundred papers. It reads this when it is first used.
os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "16")

DEVICES = ("auto", "cpu", "cuda")


class Device(NamedTuple):
    """A device's name as torch knows it, and why it was chosen."""

    name: str
    reason: str


class Precision(NamedTuple):
    """The number format of the encoder's matrix products, and why it was chosen."""

    name: str
    reason: str


def choose_device(wanted: str = "auto") -> Device:
    """Return the device to run on: the GPU if there is one that torch can use, else the CPU.

    Raises:
        UnknownNameError: it is none of auto, cpu, cuda.
        UsageError: cuda is asked for and torch finds none.
    """
    import torch

    if wanted not in DEVICES:
        raise UnknownNameError("device", wanted, DEVICES, "give auto, cpu or cuda")
    if wanted == "cpu":
        return Device("cpu", "asked for")
    if torch.cuda.is_available():
        name = torch.cuda.get_device_name()
        return Device("cuda", f"{name} found" if wanted == "auto" else f"asked for; {name}")
    if wanted == "cuda":
        msg = "device 'cuda' is asked for, but torch finds no CUDA device here; use auto or cpu"
        raise UsageError(msg)
    return Device("cpu", "torch finds no CUDA device")


def choose_precision(device: Device) -> Precision:
    """Return bfloat16 where the device multiplies it in hardware, else float32."""
    import torch

    if device.name == "cuda":
        if torch.cuda.is_bf16_supported(including_emulation=False):
            return Precision("bfloat16", "the GPU multiplies it in hardware")
        return Precision("float32", "the GPU has no bfloat16 in hardware")
    capabilities = torch.cpu.get_capabilities()
    for name in ("amx_bf16", "avx512_bf16"):
        if capabilities.get(name):
            return Precision("bfloat16", f"the CPU has {name}")
    return Precision("float32", "the CPU has no bfloat16 instructions")

"""Serialisation of a pack to its folder: weights in half precision, everything else as TOML."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import tomli_w

from extraction import ADAPTER_FILE, ADAPTER_FOLDER, HEADS_FILE, PACK_FILE, PackFile
from kg import PackError

if TYPE_CHECKING:
    from pathlib import Path

    from peft import PeftModel
    from torch import Tensor

    from extraction import JointModel

GREATEST_BYTES = 8_000_000
"""A pack's weights are kept in the repository, so they must stay small."""


def write_weights(folder: Path, adapted: PeftModel, model: JointModel, encoder: str) -> None:
    """Write adapter and heads as float16 safetensors; `encoder` is the encoder's hub name.

    Raises:
        PackError: they are larger than a pack may be.
    """
    from peft import LoraConfig, get_peft_model_state_dict
    from safetensors.torch import save_file

    shutil.rmtree(folder / ADAPTER_FOLDER, ignore_errors=True)
    (folder / ADAPTER_FOLDER).mkdir(parents=True)
    config = adapted.peft_config["default"]
    assert isinstance(config, LoraConfig)  # noqa: S101 - finetune.run made it
    config.base_model_name_or_path = encoder
    config.inference_mode = True
    config.target_modules = sorted(config.target_modules or ())
    config.save_pretrained(str(folder / ADAPTER_FOLDER))
    # Embeddings are not trained; asking whether they were would look them up on the hub.
    state = get_peft_model_state_dict(adapted, save_embedding_layers=False)
    save_file(_half(state), folder / ADAPTER_FILE)
    save_file(_half(model.head_state()), folder / HEADS_FILE)
    for name in (ADAPTER_FILE, HEADS_FILE):
        (folder / name).chmod(0o644)  # safetensors makes files that only their owner may read
    size = sum((folder / name).stat().st_size for name in (ADAPTER_FILE, HEADS_FILE))
    if size > GREATEST_BYTES:
        msg = f"pack in {folder}: its weights have {size} bytes, {GREATEST_BYTES} are allowed; "
        raise PackError(msg + "lower the recipe's rank or the sizes of its heads")


def write_pack_file(folder: Path, pack: PackFile) -> None:
    """Write or replace `pack.toml`, whole or not at all."""
    temporary = folder / f"{PACK_FILE}.tmp"
    values = PackFile.model_validate(pack.model_dump(include=set(PackFile.model_fields)))
    text = tomli_w.dumps(values.model_dump(mode="json", exclude_none=True))
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(folder / PACK_FILE)


def _half(state: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: weight.detach().cpu().half().contiguous() for name, weight in state.items()}

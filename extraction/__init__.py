"""Papers in, annotation shards out."""

from typing import TYPE_CHECKING

from extraction.annotated import TextAnnotation
from extraction.calibration import Calibration, Curve
from extraction.devices import Device, Precision, choose_device, choose_precision
from extraction.encoders import (
    EncoderName,
    FoundEncoder,
    found_encoders,
    load_encoder,
    load_tokenizer,
    resolve_encoder,
)
from extraction.extractor import Annotation, Extractor, Linker
from extraction.linking import link_mentions
from extraction.loading import quiet_peft
from extraction.one_text import extract_text
from extraction.pack import (
    ADAPTER_FILE,
    ADAPTER_FOLDER,
    DOMAIN_FILE,
    HEADS_FILE,
    PACK_FILE,
    PACKS,
    JointSettings,
    Labels,
    Pack,
    PackFile,
    Scores,
    installed_packs,
    load_pack,
)
from extraction.passages import split_passages
from extraction.pipeline import build, extract
from extraction.readers import MAX_WORDS, READERS, Draft, Reader, read_papers
from extraction.sentences import sentences
from extraction.summaries import BuildSummary, ExtractSummary
from extraction.tokens import EncodedText, EntitySpans, encode_text

if TYPE_CHECKING:
    from extraction.joint import JointModel

__all__ = [
    "ADAPTER_FILE",
    "ADAPTER_FOLDER",
    "Annotation",
    "BuildSummary",
    "Calibration",
    "Curve",
    "DOMAIN_FILE",
    "Device",
    "Draft",
    "EncodedText",
    "EncoderName",
    "EntitySpans",
    "ExtractSummary",
    "Extractor",
    "FoundEncoder",
    "HEADS_FILE",
    "JointModel",
    "JointSettings",
    "Labels",
    "Linker",
    "MAX_WORDS",
    "PACKS",
    "PACK_FILE",
    "Pack",
    "PackFile",
    "Precision",
    "READERS",
    "Reader",
    "Scores",
    "TextAnnotation",
    "build",
    "choose_device",
    "choose_precision",
    "encode_text",
    "extract",
    "extract_text",
    "found_encoders",
    "installed_packs",
    "link_mentions",
    "load_encoder",
    "load_pack",
    "load_tokenizer",
    "quiet_peft",
    "read_papers",
    "resolve_encoder",
    "sentences",
    "split_passages",
]


def __getattr__(name: str) -> object:
    if name == "JointModel":  # it imports torch, so it is imported when first asked for
        from extraction.joint import JointModel

        return JointModel
    raise AttributeError(name)

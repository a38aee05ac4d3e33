"""Papers in, annotation shards out."""

import importlib

from extraction.abbreviations import find_definitions
from extraction.calibration import Calibration, Curve
from extraction.encoders import EncoderName, FoundEncoder, found_encoders, resolve_encoder
from extraction.linking import link_mentions
from extraction.pack import JointSettings, Pack, Scores, installed_packs, load_pack
from extraction.passages import split_passages
from extraction.readers import MAX_WORDS, READERS, Draft, Reader, read_papers
from extraction.sentences import sentences
from extraction.tokens import EncodedText, EntitySpans, encode_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from extraction.joint import JointModel as JointModel
    from extraction.relations import relation_loss as relation_loss
    from extraction.spans import decode_spans as decode_spans, span_loss as span_loss

# These import torch, so they are imported when they are first asked for.
_LAZY = {
    "JointModel": "extraction.joint",
    "decode_spans": "extraction.spans",
    "relation_loss": "extraction.relations",
    "span_loss": "extraction.spans",
}


def __getattr__(name: str) -> object:
    if name in _LAZY:
        return getattr(importlib.import_module(_LAZY[name]), name)
    raise AttributeError(name)

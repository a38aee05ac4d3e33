"""The joint model on a tiny encoder with random weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from extraction.devices import choose_device
from extraction.encoders import load_encoder, load_tokenizer, resolve_encoder
from extraction.joint import JointModel
from extraction.pack import JointSettings
from extraction.reading import JointReader
from extraction.relations import pair_features
from extraction.spans import NONE, decode_spans, span_loss
from extraction.tokens import EncodedText, EntitySpans, encode_text
from tests.tiny_encoder import make_encoder

if TYPE_CHECKING:
    from tokenizers import Tokenizer

SETTINGS = JointSettings(
    window=32,
    window_overlap=8,
    max_width=6,
    span_size=8,
    relation_size=8,
    block=4,
    dropout=0.1,
    pad_id=0,
    first_id=1,
    last_id=2,
    mask_id=3,
)
ENTITIES = [
    EntitySpans(0, ((1, 2), (9, 9))),
    EntitySpans(1, ((4, 5),)),
    EntitySpans(0, ((12, 14),)),
]


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> tuple[JointModel, Tokenizer]:
    """A model with random weights, also in the embedding of shapes, and its tokenizer."""
    folder = tmp_path_factory.mktemp("encoders") / "tiny"
    found = resolve_encoder(make_encoder(folder), folder)
    torch.manual_seed(1)
    model = JointModel(load_encoder(found), SETTINGS, n_types=2, n_predicates=3).eval()
    torch.nn.init.normal_(model.shape.weight)
    return model, load_tokenizer(found)


def text_of(parts: tuple[JointModel, Tokenizer], text: str) -> EncodedText:
    """A text in the tiny encoder's pieces: one a letter."""
    return encode_text(parts[1], text)


@torch.no_grad()
def test_padding_changes_nothing(parts: tuple[JointModel, Tokenizer]) -> None:
    """A text is read alike alone, padded, and beside a longer one."""
    model = parts[0]
    short, long = text_of(parts, "abcd efgh ijkl mno"), text_of(parts, "qwertyuiop asdfghjklz")
    [alone] = model.encode([short], 1)
    [padded] = model.encode([short], 16)
    beside = model.encode([short, long], 1)[0]
    torch.testing.assert_close(alone.hidden, padded.hidden, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(alone.hidden, beside.hidden, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(alone.attention[0][1], beside.attention[0][1], atol=1e-5, rtol=1e-4)


@torch.no_grad()
def test_a_long_text_is_read_whole(parts: tuple[JointModel, Tokenizer]) -> None:
    """A text of many windows has a state for every piece, and pairs that reach over all of it."""
    model = parts[0]
    text = text_of(parts, "abcdefghij " * 12)
    [states] = model.encode([text], 1)
    assert len(text) == 120
    assert states.hidden.shape == (120, 16)
    assert len(states.attention) > 3
    far = [EntitySpans(0, ((0, 2),)), EntitySpans(1, ((117, 119),))]
    scores = model.pair_scores(text, states, far, [(0, 1)])
    assert scores.context.shape == (1, 120)
    assert torch.isfinite(scores.related).all()


@torch.no_grad()
def test_pairs_have_no_direction(parts: tuple[JointModel, Tokenizer]) -> None:
    """Swapping the two entities of a pair changes no score."""
    model = parts[0]
    text = text_of(parts, "abcd efgh ijkl mno")
    [states] = model.encode([text], 1)
    forth = model.pair_scores(text, states, ENTITIES, [(0, 1), (0, 2), (1, 2)])
    back = model.pair_scores(text, states, ENTITIES, [(1, 0), (2, 0), (2, 1)])
    torch.testing.assert_close(forth.related, back.related)
    torch.testing.assert_close(forth.predicate, back.predicate)
    torch.testing.assert_close(forth.context, back.context)
    torch.testing.assert_close(forth.context.sum(-1), torch.ones(3))


def test_features_are_symmetric_and_bounded(parts: tuple[JointModel, Tokenizer]) -> None:
    """The places of two entities give the same numbers in either order, all in [0, 1]."""
    text = text_of(parts, "abcd efgh ijkl mno")
    forth = pair_features(text, ENTITIES, [(0, 1), (1, 2)])
    assert forth == pair_features(text, ENTITIES, [(1, 0), (2, 1)])
    assert all(0 <= value <= 1 for row in forth for value in row)


@torch.no_grad()
def test_spans_past_the_end_are_no_mentions(parts: tuple[JointModel, Tokenizer]) -> None:
    """A span that would reach past the last piece cannot be a mention, and costs no loss."""
    model = parts[0]
    text = text_of(parts, "abcd")
    [states] = model.encode([text], 1)
    logits = model.span_logits(text, states)
    assert logits.shape == (4, 6, 3)
    probabilities = logits.softmax(-1)
    for first in range(4):
        assert torch.all(probabilities[first, 4 - first :, NONE] > 0.999)
    inside = sum(
        float(-probabilities[first, width, NONE].log())
        for first in range(4)
        for width in range(4 - first)
    )
    assert float(span_loss(logits, [])) == pytest.approx(inside, rel=1e-3)


def test_decoding_takes_the_best_of_overlapping_spans() -> None:
    """Of spans that overlap the most probable stays; a span under its type's threshold goes."""
    probabilities = torch.zeros(5, 3, 3)
    probabilities[..., NONE] = 1.0
    for first, width, kind, value in ((0, 1, 0, 0.6), (1, 1, 1, 0.9), (3, 0, 0, 0.45)):
        probabilities[first, width] = torch.tensor([1 - value, 0.0, 0.0])
        probabilities[first, width, kind + 1] = value
    spans = decode_spans(probabilities, [0.5, 0.5])
    assert [(s.first, s.last, s.type_index) for s in spans] == [(1, 2, 1)]
    spans = decode_spans(probabilities, [0.4, 0.95])
    assert [(s.first, s.last, s.type_index) for s in spans] == [(0, 1, 0), (3, 3, 0)]


def test_heads_are_restored(parts: tuple[JointModel, Tokenizer]) -> None:
    """What `head_state` gives can be loaded into another model; a missing weight is an error."""
    model = parts[0]
    other = JointModel(model.encoder, SETTINGS, n_types=2, n_predicates=3)
    other.load_heads(model.head_state())
    for name, weight in model.head_state().items():
        torch.testing.assert_close(other.head_state()[name], weight)
    short = dict(list(model.head_state().items())[1:])
    with pytest.raises(RuntimeError, match="differ"):
        other.load_heads(short)


def test_reading_in_any_batch_is_the_same_on_the_cpu(
    parts: tuple[JointModel, Tokenizer],
) -> None:
    """Texts read together, alone, or among empty ones give the very same numbers."""
    reader = JointReader(parts[0], parts[1], choose_device("cpu"))
    texts = ["abcd efgh ijkl mno", "", "qrst uvwx yz"]
    together = reader.read(texts)
    alone = [reader.read([text])[0] for text in texts]
    for one, other in zip(together, alone, strict=True):
        assert one.spans([0.0, 0.0]) == other.spans([0.0, 0.0])
        if one.states is not None:
            [left], [right] = one.pairs(ENTITIES[:2], [(0, 1)]), other.pairs(ENTITIES[:2], [(0, 1)])
            assert left.related == right.related
            assert left.context.tolist() == right.context.tolist()
    assert together[1].spans([0.0, 0.0]) == []


def test_many_pairs_are_read_in_parts(parts: tuple[JointModel, Tokenizer]) -> None:
    """More pairs than are scored at once give what they give one by one."""
    reader = JointReader(parts[0], parts[1], choose_device("cpu"))
    [reading] = reader.read(["abcd efgh ijkl mno"])
    pairs = [(0, 1), (1, 2), (0, 2)] * 100
    many = [read.related for read in reading.pairs(ENTITIES, pairs)]
    few = [read.related for read in reading.pairs(ENTITIES, pairs[:3])]
    assert many[-3:] == pytest.approx(few, abs=1e-6)


def test_only_related_pairs_are_kept(parts: tuple[JointModel, Tokenizer]) -> None:
    """Pairs under the least probability are left out, the others come in the order asked."""
    reader = JointReader(parts[0], parts[1], choose_device("cpu"))
    [reading] = reader.read(["abcd efgh ijkl mno"])
    pairs = [(0, 1), (1, 2), (0, 2)]
    every = list(reading.pairs(ENTITIES, pairs))
    least = sorted(read.related for read in every)[1]
    kept = [read.pair for read in reading.pairs(ENTITIES, pairs, least)]
    assert kept == [read.pair for read in every if read.related >= least]
    assert len(kept) == 2

"""The extractor as a spaCy component: `nlp.add_pipe("abduce")`.

    import spacy
    nlp = spacy.blank("en")
    nlp.add_pipe("abduce", config={"pack": "biomedicine"})
    doc = nlp("Metformin lowers blood glucose in type 2 diabetes.")
    [(entity.text, entity.label_, entity.kb_id_) for entity in doc.ents]
    doc._.abduce_relations

Installed, spaCy finds it by its entry point; from a checkout, import this module first. spaCy
imports it whenever it starts, so nothing heavy stands at the top.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup
from spacy.util import filter_spans

from extraction.annotated import TextAnnotation
from kg import Certainty, Mention, Model, Paper, Polarity, paper_id

if TYPE_CHECKING:
    from extraction.annotator import Annotator

SPANS = "abduce"
"""The key of `doc.spans` under which every mention stands, also those that no token ends with."""


class DocRelation(Model):
    """A claim that a sentence of a Doc makes; `start` and `end` are tokens of the sentence."""

    subject: str
    predicate: str
    object: str
    polarity: Polarity
    certainty: Certainty
    confidence: float
    start: int
    end: int


@Language.factory(
    "abduce",
    default_config={"pack": "biomedicine", "device": "auto"},
    assigns=["doc.ents", "doc.spans", "doc._.abduce_relations", "token.is_sent_start"],
)
def make_component(nlp: Language, name: str, pack: str, device: str) -> AbduceComponent:
    """Make the component; `pack` is a pack's name or folder, `device` auto, cpu or cuda."""
    del nlp
    return AbduceComponent(name, pack, device)


class AbduceComponent:
    """Writes mentions, sentences and relations into Docs.

    Mentions that begin and end where tokens do become `doc.ents`, with their type as label and
    their entity as `kb_id_`. All mentions stand in `doc.spans["abduce"]`, widened to whole tokens
    where they must be, in the order of the text, with their confidences as
    `doc.spans["abduce"].attrs["confidences"]`. `doc._.abduce_relations` holds `DocRelation`s.
    Sentence starts are set where no component before this one has set them.
    """

    def __init__(self, name: str, pack: str, device: str) -> None:
        self.name = name
        self._pack = pack
        self._device = device
        if not Doc.has_extension("abduce_relations"):
            Doc.set_extension("abduce_relations", default=())

    @property
    def _annotator(self) -> Annotator:
        from extraction.one_text import annotator_for

        return annotator_for(self._pack, self._device)

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one Doc in place."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], batch_size: int = 64) -> Iterator[Doc]:
        """Annotate Docs in place, batch by batch; a Doc without words is left as it is."""
        docs_left = iter(stream)
        while docs := list(islice(docs_left, batch_size)):
            full = [doc for doc in docs if doc.text.strip()]
            papers = [Paper(id=paper_id("", doc.text), text=doc.text) for doc in full]
            for doc, annotation in zip(full, self._annotator.annotate(papers), strict=True):
                _write(doc, annotation)
            yield from docs


def _write(doc: Doc, annotation: TextAnnotation) -> None:
    if not doc.has_annotation("SENT_START"):
        _set_sentences(doc)
    mentions = annotation.mentions
    widened = [_span(doc, mention, "expand") for mention in mentions]
    confidences = [mention.confidence for mention in mentions]
    doc.spans[SPANS] = SpanGroup(
        doc, name=SPANS, spans=[s for s in widened if s], attrs={"confidences": confidences}
    )
    exact = [span for mention in mentions if (span := _span(doc, mention, "strict"))]
    doc.set_ents(filter_spans(exact))
    doc._.abduce_relations = tuple(_relations(doc, annotation))


def _span(doc: Doc, mention: Mention, alignment: str) -> Span | None:
    return doc.char_span(
        mention.start,
        mention.end,
        label=mention.type,
        kb_id=mention.entity,
        alignment_mode=alignment,
    )


def _relations(doc: Doc, annotation: TextAnnotation) -> Iterator[DocRelation]:
    for evidence in annotation.evidence:
        sentence = doc.char_span(evidence.start, evidence.end, alignment_mode="expand")
        if sentence is not None:
            yield DocRelation(
                subject=evidence.subject,
                predicate=evidence.predicate,
                object=evidence.object,
                polarity=evidence.polarity,
                certainty=evidence.certainty,
                confidence=evidence.confidence,
                start=sentence.start,
                end=sentence.end,
            )


def _set_sentences(doc: Doc) -> None:
    from extraction.sentences import sentences

    starts = {start for start, _ in sentences(doc.text)}
    begins = True
    for token in doc:
        # A token may begin before the sentence does where spaCy kept the two in one.
        inside = any(at in starts for at in range(token.idx, token.idx + len(token)))
        token.is_sent_start = begins or inside
        begins = False

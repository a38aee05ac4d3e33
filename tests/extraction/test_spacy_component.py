"""The extractor as a spaCy component."""

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import spacy
from spacy import displacy
from spacy.language import Language
from spacy.tokens import Doc

from extraction import extract_text
from extraction.spacy_component import SPANS, DocRelation
from kg import Polarity

PACK = "biomedicine"
TEXT = (
    "Fish oil and Raynaud disease. Eicosapentaenoic acid (EPA) reduced platelet aggregation. "
    "EPA did not change blood pressure. Nifedipine may relieve Raynaud disease."
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    """A blank English pipeline with the component."""
    language = spacy.blank("en")
    language.add_pipe("abduce", config={"pack": PACK, "device": "cpu"})
    return language


def test_entities_are_those_of_the_extractor(nlp: Language) -> None:
    """Spans, types and entity ids are the ones that `extract_text` gives."""
    doc = nlp(TEXT)
    expected = extract_text(TEXT, PACK, device="cpu").mentions
    found = [(e.start_char, e.end_char, e.label_, e.kb_id_) for e in doc.ents]
    assert found == [(m.start, m.end, m.type, m.entity) for m in expected]
    assert len(found) > 3
    assert [span.text for span in doc.spans[SPANS]] == [m.text for m in expected]
    assert doc.spans[SPANS].attrs["confidences"] == [m.confidence for m in expected]


def test_relations_name_their_sentence(nlp: Language) -> None:
    """Each relation is typed, and its tokens are the sentence that stands in the evidence."""
    doc = nlp(TEXT)
    evidence = extract_text(TEXT, PACK, device="cpu").evidence
    relations = doc._.abduce_relations
    assert all(isinstance(relation, DocRelation) for relation in relations)
    assert [doc[r.start : r.end].text for r in relations] == [item.quote for item in evidence]
    assert {r.polarity for r in relations} <= set(Polarity)


def test_sentences_are_set_unless_they_are_there(nlp: Language) -> None:
    """Sentences come from the extractor, but those of an earlier component stay."""
    assert next(sentence.text for sentence in nlp(TEXT).sents) == "Fish oil and Raynaud disease."
    assert len(list(nlp(TEXT).sents)) == 4
    words = ["Aspirin", "works", "."]
    given = Doc(nlp.vocab, words=words, sent_starts=[True, False, True])
    assert [sentence.text for sentence in nlp(given).sents] == ["Aspirin works", "."]


def test_a_mention_inside_a_token_is_kept_widened(nlp: Language) -> None:
    """What no token ends with is in `doc.spans`, as whole tokens, and not in `doc.ents`."""
    whole = Doc(nlp.vocab, words=TEXT.split(), spaces=[True] * (len(TEXT.split()) - 1) + [False])
    doc = nlp(whole)
    texts = {span.text for span in doc.spans[SPANS]}
    assert len(doc.spans[SPANS]) > len(doc.ents)
    assert any(text.startswith("(") or text.endswith((")", ".")) for text in texts)


def test_pipe_gives_what_single_calls_give(nlp: Language) -> None:
    """Streaming changes nothing, and an empty text passes through."""
    texts = [TEXT, "", "Aspirin reduced fever."]
    piped = [[e.kb_id_ for e in doc.ents] for doc in nlp.pipe(texts, batch_size=2)]
    assert piped == [[e.kb_id_ for e in nlp(text).ents] for text in texts]
    assert piped[1] == []


def test_displacy_draws_the_entities(nlp: Language) -> None:
    """A Doc is rendered by displaCy with our types as labels."""
    doc = nlp(TEXT)
    page = displacy.render(doc, style="ent", page=True, jupyter=False)
    for entity in doc.ents:
        assert entity.text in page
        assert entity.label_ in page
    spans = displacy.render(doc, style="span", options={"spans_key": SPANS}, jupyter=False)
    assert doc.ents[0].label_ in spans


def test_the_pipeline_is_saved_and_loaded_by_its_config(nlp: Language, tmp_path: Path) -> None:
    """`nlp.to_disk` and `spacy.load` give the component back with its pack."""
    nlp.to_disk(tmp_path)
    again = spacy.load(tmp_path)
    assert again.get_pipe_config("abduce") == nlp.get_pipe_config("abduce")
    assert [e.kb_id_ for e in again(TEXT).ents] == [e.kb_id_ for e in nlp(TEXT).ents]


def test_spacy_finds_it_by_its_entry_point() -> None:
    """Where Abduce is installed, `add_pipe("abduce")` needs no import of ours."""
    [entry] = entry_points(group="spacy_factories", name="abduce")
    assert entry.value == "extraction.spacy_component:make_component"
    program = 'import spacy; print(spacy.blank("en").add_pipe("abduce").name)'
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": ""},
    )
    assert done.stdout.strip() == "abduce"

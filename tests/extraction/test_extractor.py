"""The extractor with the shipped pack, on abstracts written for this test."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from extraction.devices import choose_device, choose_precision
from extraction.extractor import Annotation, Extractor
from extraction.pack import load_pack
from extraction.passages import split_passages
from kg import EncoderError, Mention, PackError, Paper, Passage, UnknownNameError, UsageError


@dataclass(frozen=True)
class Annotated:
    """An abstract with what a reader would mark in it: (text, type), and related pairs."""

    title: str
    abstract: str
    mentions: frozenset[tuple[str, str]]
    related: frozenset[frozenset[str]]


ABSTRACTS = [
    Annotated(
        "Nephrotoxicity caused by cisplatin in mice",
        "Cisplatin is used against ovarian cancer, but it often causes acute kidney injury. Mice "
        "that were given cisplatin developed nephrotoxicity within three days. Treatment with "
        "N-acetylcysteine reduced cisplatin-induced nephrotoxicity.",
        frozenset(
            {
                ("cisplatin", "Chemical"),
                ("Cisplatin", "Chemical"),
                ("Nephrotoxicity", "Disease"),
                ("nephrotoxicity", "Disease"),
                ("ovarian cancer", "Disease"),
                ("acute kidney injury", "Disease"),
                ("N-acetylcysteine", "Chemical"),
                ("mice", "Species"),
                ("Mice", "Species"),
            }
        ),
        frozenset({frozenset({"cisplatin", "nephrotoxicity"})}),
    ),
    Annotated(
        "A BRCA1 mutation in families with breast cancer",
        "We sequenced BRCA1 in 40 patients with breast cancer. The mutation c.68_69delAG was "
        "found in five patients. Carriers of BRCA1 mutations had a high risk of breast cancer "
        "and of ovarian cancer.",
        frozenset(
            {
                ("BRCA1", "Gene"),
                ("breast cancer", "Disease"),
                ("ovarian cancer", "Disease"),
                ("c.68_69delAG", "Variant"),
                ("patients", "Species"),
            }
        ),
        frozenset({frozenset({"brca1", "breast cancer"})}),
    ),
    Annotated(
        "Metformin lowers blood glucose in type 2 diabetes",
        "Metformin is the first drug for type 2 diabetes. In patients with type 2 diabetes, "
        "metformin lowered fasting glucose. Metformin activated AMPK in HepG2 cells.",
        frozenset(
            {
                ("Metformin", "Chemical"),
                ("metformin", "Chemical"),
                ("glucose", "Chemical"),
                ("type 2 diabetes", "Disease"),
                ("AMPK", "Gene"),
                ("HepG2", "CellLine"),
                ("patients", "Species"),
            }
        ),
        frozenset({frozenset({"metformin", "type 2 diabetes"})}),
    ),
]


def passage_of(one: Annotated) -> Passage:
    """The one passage of an abstract."""
    paper = Paper(id="pmid:1", title=one.title, text=f"{one.title} {one.abstract}")
    [passage] = split_passages(paper)
    return passage


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    """The shipped pack on the CPU."""
    return Extractor("biomedicine", "cpu")


@pytest.fixture(scope="module")
def readings(extractor: Extractor) -> list[Annotation]:
    """What it reads in the abstracts."""
    return list(extractor.annotate(passage_of(one) for one in ABSTRACTS))


def test_mentions_stand_where_they_say(readings: list[Annotation]) -> None:
    """A mention's text is the paper's text at its offsets; mentions do not overlap."""
    for annotation in readings:
        passage = annotation.passage
        for mention in annotation.mentions:
            place = slice(mention.start - passage.start, mention.end - passage.start)
            assert passage.text[place] == mention.text
            assert mention.entity
        ends = [mention.end for mention in annotation.mentions]
        starts = [mention.start for mention in annotation.mentions]
        assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))


def test_most_of_what_a_reader_would_mark_is_found(readings: list[Annotation]) -> None:
    """Of the names in plain abstracts 80 % are found, and 75 % of what is found is such a name."""
    due = found = both = 0
    for one, annotation in zip(ABSTRACTS, readings, strict=True):
        names = {(mention.text, mention.type) for mention in annotation.mentions}
        due += len(one.mentions)
        found += len(names)
        both += len(names & one.mentions)
    assert both / due >= 0.8
    assert both / found >= 0.75


def test_plain_relations_are_found(readings: list[Annotation]) -> None:
    """Each abstract's main relation is among those that are read."""
    for one, annotation in zip(ABSTRACTS, readings, strict=True):
        name = {m.entity: m.text.casefold() for m in reversed(annotation.mentions)}
        read = {frozenset((name[r.subject], name[r.object])) for r in annotation.relations}
        assert one.related <= read


def test_relations_follow_the_schema(extractor: Extractor, readings: list[Annotation]) -> None:
    """Each relation stands in the direction of a signature that the domain schema has."""
    domain = extractor.pack.domain
    relations = 0
    for annotation in readings:
        type_of = {m.entity: m.type for m in annotation.mentions}
        for relation in annotation.relations:
            ends = (type_of[relation.subject], type_of[relation.object])
            assert domain.signature(relation.predicate, *ends)
            relations += 1
    assert relations >= 3


def test_the_sentence_of_a_relation_names_both_ends_if_any_does(
    readings: list[Annotation],
) -> None:
    """A sentence that names both entities is preferred, and it is one of the passage's."""
    for annotation in readings:
        for relation in annotation.relations:
            assert (relation.start, relation.end) in annotation.passage.sentences

            def named(start: int, end: int, entity: str, where: Annotation = annotation) -> bool:
                return any(start <= m.start < end for m in where.mentions if m.entity == entity)

            best = max(
                named(*sentence, relation.subject) + named(*sentence, relation.object)
                for sentence in annotation.passage.sentences
            )
            chosen = (relation.start, relation.end)
            assert named(*chosen, relation.subject) + named(*chosen, relation.object) == best


def test_order_and_company_change_nothing(extractor: Extractor, readings: list[Annotation]) -> None:
    """Passages read alone, or in another order, give the very same annotations."""
    again = [next(extractor.annotate([passage_of(one)])) for one in reversed(ABSTRACTS)]
    assert again[::-1] == readings


def test_confidences_have_four_digits(readings: list[Annotation]) -> None:
    """Confidences are rounded, so that noise in the last bits does not reach the graph."""
    for annotation in readings:
        confidences = [m.confidence for m in annotation.mentions]
        confidences += [r.confidence for r in annotation.relations]
        assert confidences == [round(confidence, 4) for confidence in confidences]


def test_offsets_count_in_the_paper(extractor: Extractor) -> None:
    """A passage in the middle of a paper gives the same mentions, moved by where it begins."""
    passage = passage_of(ABSTRACTS[0])
    shift = 1000
    moved = Passage(
        paper=passage.paper,
        start=passage.start + shift,
        end=passage.end + shift,
        text=passage.text,
        sentences=tuple((start + shift, end + shift) for start, end in passage.sentences),
    )
    [here], [there] = extractor.annotate([passage]), extractor.annotate([moved])
    assert [m.start + shift for m in here.mentions] == [m.start for m in there.mentions]
    assert [m.entity for m in here.mentions] == [m.entity for m in there.mentions]
    assert [r.start + shift for r in here.relations] == [r.start for r in there.relations]


def test_relations_between_given_entities(extractor: Extractor) -> None:
    """From given entities, relations come back with the given ids; a strange span is left out."""
    passage = passage_of(ABSTRACTS[0])

    def spans(name: str, label: str) -> list[Mention]:
        starts = [i for i in range(len(passage.text)) if passage.text.startswith(name, i)]
        return [
            Mention(start=i, end=i + len(name), type=label, text=name, confidence=1.0)
            for i in starts
        ]

    given = {
        "MESH:D002945": spans("cisplatin", "Chemical"),
        "MESH:D007674": spans("nephrotoxicity", "Disease"),
        "MESH:D000000": [
            Mention(start=5000, end=5004, type="Disease", text="gone", confidence=1.0)
        ],
    }
    relations = extractor.relate(passage, given)
    assert {frozenset((r.subject, r.object)) for r in relations} == {
        frozenset(("MESH:D002945", "MESH:D007674"))
    }
    assert extractor.relate(passage, {}) == ()


def test_a_given_linker_names_the_entities() -> None:
    """The caller may say how mentions become entities."""
    pack = load_pack("biomedicine")
    mine = Extractor(pack, "cpu", link=lambda _, mentions: [f"x:{m.type}" for m in mentions])
    [annotation] = mine.annotate([passage_of(ABSTRACTS[0])])
    assert {m.entity for m in annotation.mentions} <= {f"x:{t}" for t in pack.labels.types}


def test_a_passage_without_words(extractor: Extractor) -> None:
    """White space has no mentions and no relations."""
    blank = Passage(paper="pmid:1", start=0, end=3, text=" \n ", sentences=())
    [annotation] = extractor.annotate([blank])
    assert annotation.mentions == ()
    assert annotation.relations == ()


def test_a_device_is_chosen_with_a_reason() -> None:
    """Device and precision come with the reason for them; a wrong device is a wrong use."""
    device = choose_device("auto")
    assert device.name in {"cpu", "cuda"}
    assert device.reason
    assert choose_precision(device).reason
    with pytest.raises(UnknownNameError, match="cuda"):
        choose_device("cudaa")
    if device.name == "cpu":
        with pytest.raises(UsageError, match="no CUDA"):
            choose_device("cuda")


def test_weights_that_do_not_fit_are_refused() -> None:
    """A pack whose settings are not those of its weights is an error that says so."""
    pack = load_pack("biomedicine")
    settings = pack.settings.model_copy(update={"span_size": 7})
    with pytest.raises(PackError, match="do not fit"):
        Extractor(pack.model_copy(update={"settings": settings}), "cpu")


def test_another_encoder_is_refused() -> None:
    """A pack that was trained on other weights than those found is an error."""
    pack = load_pack("biomedicine")
    other = pack.encoder.model_copy(update={"sha256": "0" * 64})
    with pytest.raises(EncoderError, match="sha256"):
        Extractor(pack.model_copy(update={"encoder": other}), "cpu")

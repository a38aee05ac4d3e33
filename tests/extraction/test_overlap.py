"""Overlapping passages: what two of them read of the same place becomes one."""

from extraction.extractor import Annotation
from extraction.overlap import merge_annotations
from kg import Mention, Passage, Relation

TEXT = "Carmustine (BCNU) helps. BCNU cures glioma."


def _passage(start: int, end: int) -> Passage:
    return Passage(paper="p", start=start, end=end, text=TEXT[start:end], sentences=((start, end),))


def _mention(name: str, start: int, entity: str, confidence: float, type_: str = "C") -> Mention:
    return Mention(
        start=start,
        end=start + len(name),
        type=type_,
        text=name,
        confidence=confidence,
        entity=entity,
    )


def _relation(subject: str, confidence: float) -> Relation:
    return Relation(
        subject=subject, predicate="R", object="D/glioma", confidence=confidence, start=25, end=43
    )


def test_a_place_read_twice_is_one_mention_of_one_entity() -> None:
    """The higher confidence counts, the earlier passage's entity is meant, relations follow it."""
    first = Annotation(
        passage=_passage(0, 43),
        mentions=(
            _mention("BCNU", 12, "C/carmustine", 0.9),
            _mention("BCNU", 25, "C/carmustine", 0.6),
            _mention("glioma", 36, "D/glioma", 0.7, "D"),
        ),
        relations=(_relation("C/carmustine", 0.5),),
    )
    second = Annotation(
        passage=_passage(25, 43),
        mentions=(
            _mention("BCNU", 25, "C/bcnu", 0.8),
            _mention("glioma", 36, "D/glioma", 0.6, "D"),
        ),
        relations=(_relation("C/bcnu", 0.7),),
    )
    mentions, relations = merge_annotations([first, second])
    assert [(m.start, m.entity, m.confidence) for m in mentions] == [
        (12, "C/carmustine", 0.9),
        (25, "C/carmustine", 0.8),
        (36, "D/glioma", 0.7),
    ]
    assert relations == (_relation("C/carmustine", 0.7),)


def test_one_span_with_two_types_stays_two() -> None:
    """A span that is read as two types is two mentions, and their entities are not joined."""
    annotations = [
        Annotation(
            passage=_passage(0, 43),
            mentions=(_mention("BCNU", 12, "C/x", 0.9, kind),),
            relations=(),
        )
        for kind in ("C", "G")
    ]
    assert len(merge_annotations(annotations)[0]) == 2

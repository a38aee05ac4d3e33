"""Scores against cases that are counted by hand."""

from __future__ import annotations

import pytest

from finetune.corpora import GoldMention, GoldRelation
from finetune.scoring import (
    Prediction,
    Score,
    Tally,
    align,
    expected_calibration_error,
    found_pairs,
    gold_pairs,
)
from kg import Mention, Relation


def gold(start: int, *concepts: str, kind: str = "Gene") -> GoldMention:
    """An annotated mention of five characters."""
    return GoldMention(start=start, end=start + 5, type=kind, concepts=concepts)


def mention(start: int, entity: str, kind: str = "Gene") -> Mention:
    """A predicted mention of five characters."""
    return Mention(
        start=start, end=start + 5, type=kind, text="xxxxx", confidence=0.9, entity=entity
    )


def relation(subject: str, object_: str, predicate: str = "BIND") -> Relation:
    """A predicted relation."""
    return Relation(
        subject=subject, predicate=predicate, object=object_, confidence=0.9, start=0, end=1
    )


def test_precision_recall_and_f1() -> None:
    """Three found, two right, four annotated: 2/3, 1/2 and 4/7, over two papers together."""
    tally = Tally()
    tally.add({1, 2}, {1, 3, 4})
    tally.add({5}, {5})
    assert tally.score() == Score(p=0.6667, r=0.5, f1=0.5714)


def test_nothing_found_and_nothing_due() -> None:
    """No division by zero: nothing scores nothing."""
    assert Tally().score() == Score(p=0.0, r=0.0, f1=0.0)


def test_pairs_have_no_order() -> None:
    """A relation is right whichever end comes first."""
    gold = gold_pairs([GoldRelation(subject="A", predicate="BIND", object="B")])
    assert found_pairs([relation("B", "A")]) == gold
    assert found_pairs([relation("B", "A", "COMPARISON")]) != gold


def test_an_entity_stands_for_the_concept_of_most_of_its_mentions() -> None:
    """Two mentions with concept B outweigh one with A; a wrong type or span is not shared."""
    marked = [gold(0, "A"), gold(10, "B"), gold(20, "B"), gold(30, "C", kind="Disease")]
    entities = {
        "e": [mention(0, "e"), mention(10, "e"), mention(20, "e")],
        "wrong type": [mention(30, "wrong type")],
        "wrong span": [mention(11, "wrong span")],
    }
    assert align(entities, marked) == {"e": ("B",)}


def test_a_mention_of_several_concepts_stands_for_all_of_them() -> None:
    """What is found in "types 1 and 2", which has two ids, is right for both."""
    marked = [gold(0, "A", "B"), gold(10, "A")]
    assert align({"e": [mention(0, "e")]}, marked) == {"e": ("A", "B")}
    assert align({"e": [mention(0, "e"), mention(10, "e")]}, marked) == {"e": ("A",)}


def test_of_equals_the_first_mentioned() -> None:
    """One mention each of two concepts: the entity stands for the first alone."""
    marked = [gold(10, "B"), gold(0, "A")]
    assert align({"e": [mention(10, "e"), mention(0, "e")]}, marked) == {"e": ("A",)}


def test_relations_of_entities_that_stand_for_nothing_are_wrong() -> None:
    """An entity that shares no mention keeps an id that no gold relation has, so it counts."""
    stands_for = {"e": ("A",), "f": ("B", "C")}
    found = found_pairs([relation("e", "f"), relation("e", "g")], stands_for)
    assert found == {
        (frozenset("AB"), "BIND"),
        (frozenset("AC"), "BIND"),
        (frozenset(("A", "?g")), "BIND"),
    }


def test_two_entities_of_one_concept_count_once() -> None:
    """A relation that is found twice under two names is found once."""
    stands_for = {"e": ("A",), "e2": ("A",), "f": ("B",)}
    assert len(found_pairs([relation("e", "f"), relation("f", "e2")], stands_for)) == 1


def test_calibration_error() -> None:
    """Ten at .95 of which eight are right, ten at .25 of which none: (10*.15 + 10*.25) / 20."""
    predictions = [Prediction("x", 0.95, index < 8) for index in range(10)]
    predictions += [Prediction("x", 0.25, correct=False)] * 10
    assert expected_calibration_error(predictions) == pytest.approx(0.2)
    assert expected_calibration_error([]) == 0.0
    assert expected_calibration_error([Prediction("x", 1.0, correct=True)]) == 0.0

"""The one entity that somebody means: by id, name or synonym, on both servers."""

from __future__ import annotations

import pytest

from kg import Entity, UnknownNameError, find_entity, mint_entity_id
from tests.kg.conftest import Load
from tests.kg.written import LOWERS, one_claim

FISH_OIL = mint_entity_id("Chemical", "fish oil")


def test_find_by_any_name(load: Load) -> None:
    """An entity is found by id, name, synonym, and by these in another case and punctuation."""
    spellings = ["fish oil", "fish oil", "Fish-Oil"]
    graph = load([one_claim(f"pmid:{n}", ("Chemical", s)) for n, s in enumerate(spellings)])
    expected = Entity(id=FISH_OIL, name="fish oil", type="Chemical", synonyms=("Fish-Oil",))
    for text in (FISH_OIL, "fish oil", " fish oil ", "Fish-Oil", "FISH  OIL", "fish_oil"):
        assert find_entity(graph, text) == expected, text


def test_find_the_most_mentioned(load: Load) -> None:
    """Where several entities have a name, the one of most papers is meant, or that of a type."""
    papers = [one_claim("pmid:1", ("Gene", "CAT"), LOWERS, ("Disease", "gout"))]
    papers += [one_claim(f"pmid:{n}", ("Species", "CAT")) for n in (2, 3)]
    graph = load(papers)
    assert find_entity(graph, "CAT").type == "Species"
    assert find_entity(graph, "cat").type == "Species"
    assert find_entity(graph, "cat", types=["Gene", "Disease"]).type == "Gene"
    with pytest.raises(UnknownNameError):
        find_entity(graph, "cat", types=["Disease"])


@pytest.mark.parametrize("slip", ["fish oils", "fissh oil", "raynauds diseas", "Reynaud disease"])
def test_unknown_entity(load: Load, slip: str) -> None:
    """A name that no entity has is an error that names the nearest ones."""
    graph = load([one_claim("pmid:1")])
    with pytest.raises(UnknownNameError) as error:
        find_entity(graph, slip)
    expected = "fish oil" if "oil" in slip else "Raynaud's disease"
    assert error.value.nearest[0] == expected
    assert expected in str(error.value)


@pytest.mark.parametrize("text", ["", "   ", "'", "\u0000", "{x: 1}", "🐟"])
def test_unknown_oddity(load: Load, text: str) -> None:
    """Text without a letter is an unknown name like any other."""
    with pytest.raises(UnknownNameError):
        find_entity(load([one_claim("pmid:1")]), text)

"""What follows from contributions: the same whatever their order, and nothing but them."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kg.contributions.belief import Reading
from kg.contributions.properties import (
    Entry,
    StoredTerm,
    claim_properties,
    entity_properties,
    entries_of,
    parse_terms,
)
from kg.curated_models import Term, TermName

NAMES = st.sampled_from(["fish oil", "Fish oil", "fish-oil", "omega 3", "ß 蛋白", "!"])
TERMS = st.lists(
    st.builds(
        StoredTerm,
        id=st.sampled_from(["X:1", "X:2"]),
        type=st.just("Chemical"),
        name=NAMES,
        names=st.lists(
            st.builds(
                TermName,
                text=NAMES,
                scope=st.sampled_from(["preferred", "exact", "broad", "related"]),
                language=st.sampled_from(["", "de", "pt-BR"]),
            ),
            max_size=2,
        ).map(tuple),
        source=st.sampled_from(["a@1", "b@1"]),
        xrefs=st.lists(st.sampled_from(["Y:1", "Y:2"]), max_size=2).map(tuple),
        retired=st.booleans(),
        obsolete=st.booleans(),
    ),
    max_size=3,
    unique_by=lambda term: (term.source, term.id),
)
FORMS = st.dictionaries(NAMES, st.integers(1, 4), max_size=4)
ENTRIES = st.lists(
    st.builds(
        Entry,
        source=st.sampled_from(["a@1", "b@2"]),
        row=st.sampled_from(["row 1", "row 2", ""]),
        polarity=st.sampled_from(["supports", "denies"]),
        details=st.sampled_from(["", '{"p": 1}']),
        read=st.sampled_from(["", "X:1\tX:2"]),
    ),
    max_size=4,
)


def present(properties: dict[str, Any]) -> dict[str, Any]:
    """Properties as a graph has them: what is None is not there."""
    return {name: value for name, value in properties.items() if value is not None}


@given(st.data(), TERMS, FORMS)
def test_an_entity_in_any_order(
    data: st.DataObject, terms: list[StoredTerm], forms: dict[str, int]
) -> None:
    """Terms and forms in any order give the same properties."""
    shuffled = data.draw(st.permutations(terms))
    other = dict(data.draw(st.permutations(list(forms.items()))))
    assert entity_properties("X:1", terms, forms, 3, ["Z:2", "Z:1"]) == entity_properties(
        "X:1", shuffled, other, 3, ["Z:1", "Z:2", "Z:1"]
    )


@given(TERMS, FORMS)
def test_an_entity_read_back(terms: list[StoredTerm], forms: dict[str, int]) -> None:
    """What a node keeps gives back what it was made from, and the same node again."""
    made = entity_properties("X:1", terms, forms, 3)
    back = parse_terms(made["terms"])
    used = dict(zip(made["forms"] or (), made["form_papers"] or (), strict=True))
    assert used == forms
    assert sorted(back, key=lambda term: (term.source, term.id)) == sorted(
        terms, key=lambda term: (term.source, term.id)
    )
    assert entity_properties("X:1", back, used, 3) == made


@given(TERMS, FORMS)
def test_a_name_is_one_of_its_names(terms: list[StoredTerm], forms: dict[str, int]) -> None:
    """An entity is called what a source or else a paper calls it, else by its id; once each."""
    made = entity_properties("X:1", terms, forms, 1)
    every = [made["name"], *made["synonyms"]]
    assert len(every) == len(set(every))
    assert set(forms) <= set(every)
    if not terms and not forms:
        assert every == ["X:1"]


def test_a_current_name_before_a_retired_one() -> None:
    """A term that is retired names an entity only where no other does."""
    old = StoredTerm(id="X:1", type="T", name="old", source="a@1", retired=True)
    new = StoredTerm(id="X:1", type="T", name="new", source="b@1")
    assert entity_properties("X:1", [old, new], {}, 0)["name"] == "new"
    assert "retired" not in present(entity_properties("X:1", [old, new], {}, 0))
    assert entity_properties("X:1", [old], {"read": 2}, 2)["retired"] is True


@given(ENTRIES)
def test_entries_read_back(entries: list[Entry]) -> None:
    """The entries of curated sources on an edge come back as they were, each once."""
    edge = present(claim_properties("c", [], {}, entries))
    assert entries_of(edge) == sorted(set(entries))
    assert edge["curated"] == bool(entries)


@given(st.data(), ENTRIES)
def test_a_claim_in_any_order(data: st.DataObject, entries: list[Entry]) -> None:
    """Readings and entries in any order give the same claim, and counts that add up."""
    readings = [
        Reading("pmid:1", "a@1", "supports", "stated", 0.9),
        Reading("pmid:2", "a@1", "denies", "hedged", 0.4, retracted=True),
        Reading("pmid:2", "b@1", "supports", "stated", 0.7, retracted=True),
    ]
    dates = {"pmid:1": "1986-07", "pmid:2": None}
    made = claim_properties("c", readings, dates, entries, {"a": 0.2})
    again = claim_properties(
        "c", data.draw(st.permutations(readings)), dates, reversed(entries), {"a": 0.2}
    )
    assert made == again
    assert made["n_support"] + made["n_deny"] == len(readings) + len(set(entries))
    assert (made["n_papers"], made["first_year"], made["last_year"]) == (2, 1986, 1986)


def test_a_term_that_a_source_says() -> None:
    """A stored term is a term with its source; what it does not say is not kept."""
    term = Term(id="X:1", type="Chemical", name="fish oil")
    stored = StoredTerm(**term.model_dump(), source="a@1")
    (text,) = entity_properties("X:1", [stored], {}, 0)["terms"]
    assert "definition" not in text
    assert parse_terms([text]) == [stored]

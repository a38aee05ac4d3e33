"""Belief, as a function of the evidence alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import Certainty, Evidence, Polarity, belief
from kg.contributions.belief import Reading, belief_in
from kg.contributions.properties import Entry

PAPERS = st.sampled_from(["pmid:1", "pmid:2", "pmid:3", "pmid:4"])
PACKS = st.sampled_from(["a@1", "b@1"])


def said(
    paper: str = "pmid:1",
    confidence: float = 0.9,
    polarity: Polarity = Polarity.SUPPORTS,
    certainty: Certainty = Certainty.STATED,
    pack: str = "a@1",
) -> Evidence:
    """One piece of evidence for one claim."""
    return Evidence(
        paper=paper,
        subject="x:1",
        predicate="BIND",
        object="x:2",
        polarity=polarity,
        certainty=certainty,
        confidence=confidence,
        start=0,
        end=1,
        quote="x",
        pack=pack,
    )


def evidence(polarity: st.SearchStrategy[Polarity]) -> st.SearchStrategy[Evidence]:
    """Any evidence of some polarity."""
    return st.builds(
        said,
        paper=PAPERS,
        confidence=st.floats(0, 1),
        polarity=polarity,
        certainty=st.sampled_from(Certainty),
        pack=PACKS,
    )


ANY = st.lists(evidence(st.sampled_from(Polarity)), max_size=12)


@given(ANY)
def test_a_probability(pile: list[Evidence]) -> None:
    """Belief is a probability, and never certainty."""
    assert 0.0 <= belief(pile) < 1.0


@given(ANY, evidence(st.just(Polarity.SUPPORTS)))
def test_support_never_lowers(pile: list[Evidence], more: Evidence) -> None:
    """One more piece of support never lowers belief, from whatever paper and pack."""
    assert belief([*pile, more]) >= belief(pile)


@given(ANY, evidence(st.just(Polarity.DENIES)))
def test_denial_never_raises(pile: list[Evidence], more: Evidence) -> None:
    """One more denial never raises belief, from whatever paper and pack."""
    assert belief([*pile, more]) <= belief(pile)


@given(ANY.flatmap(lambda pile: st.tuples(st.just(pile), st.permutations(pile))))
def test_order_does_not_matter(piles: tuple[list[Evidence], list[Evidence]]) -> None:
    """The same evidence in any order gives the same number, to the last bit."""
    assert belief(piles[0]) == belief(piles[1])


@given(ANY)
def test_repetition_does_not_matter(pile: list[Evidence]) -> None:
    """Evidence that is there twice counts once."""
    assert belief(pile + pile) == belief(pile)


@given(st.lists(evidence(st.just(Polarity.DENIES)), max_size=5))
def test_no_support_no_belief(pile: list[Evidence]) -> None:
    """Without support there is no belief, denied or not."""
    assert belief(pile) == 0.0


def test_one_sentence() -> None:
    """One sentence is believed as far as its pack is: INDRA's systematic error of 0.05."""
    assert belief([said(confidence=0.9)]) == pytest.approx(1 - (0.05 + 0.95 * 0.1))


def test_one_pack_has_a_ceiling() -> None:
    """However many papers one pack reads, belief stays under 0.95; a second pack lifts it."""
    many = [said(f"pmid:{n}", 0.9) for n in range(50)]
    assert belief(many) == pytest.approx(0.95)
    assert belief([*many, said("pmid:1", 0.9, pack="b@1")]) > 0.98


def test_a_paper_counts_once() -> None:
    """A second sentence of the same paper adds nothing unless it is stronger."""
    one = [said(confidence=0.8)]
    assert belief([*one, said(confidence=0.7)]) == belief(one)
    assert belief([*one, said(confidence=0.9)]) == belief([said(confidence=0.9)])
    assert belief([*one, said("pmid:2", 0.7)]) > belief(one)


def test_two_packs_do_not_make_two_papers() -> None:
    """Two packs that read one paper are believed more than one, and less than two papers are."""
    one = belief([said(confidence=0.8)])
    both = belief([said(confidence=0.8), said(confidence=0.8, pack="b@1")])
    assert one < both < belief([said(confidence=0.8), said("pmid:2", 0.8, pack="b@1")])


def test_hedged_counts_less() -> None:
    """A sentence that supposes a claim is believed less than one that states it."""
    assert belief([said(certainty=Certainty.HEDGED)]) < belief([said()])


def test_one_denial_among_many() -> None:
    """One denial does not undo a hundred papers, and one paper denied as strongly is a draw."""
    denial = said("pmid:0", 0.9, Polarity.DENIES)
    many = [said(f"pmid:{n}") for n in range(1, 101)]
    assert belief([*many, denial]) > 0.7
    assert 0.4 < belief([said("pmid:1", 0.9), denial]) < 0.5


CURATED = st.builds(
    lambda name, polarity: Entry(f"{name}@1", "row 1", polarity.value),
    st.sampled_from(["drugs", "genes"]),
    st.sampled_from(Polarity),
)
READINGS = st.lists(
    st.builds(
        Reading,
        paper=PAPERS,
        pack=PACKS,
        polarity=st.sampled_from(Polarity).map(str),
        certainty=st.sampled_from(Certainty).map(str),
        confidence=st.floats(0, 1),
        retracted=st.booleans(),
    ),
    max_size=8,
)
ERRORS = st.dictionaries(
    st.sampled_from(["a@1", "b@1", "drugs", "genes"]), st.floats(0, 1), max_size=4
)


@given(READINGS, st.lists(CURATED, max_size=4), ERRORS, st.sampled_from(["drugs", "genes"]))
def test_a_curated_row_moves_belief_its_way(
    pile: list[Reading], rows: list[Entry], errors: dict[str, float], source: str
) -> None:
    """A row that supports never lowers belief and one that denies never raises it, at any error."""
    before = belief_in(pile, rows, errors)
    for polarity, sign in (("supports", 1), ("denies", -1)):
        after = belief_in(pile, [*rows, Entry(f"{source}@2", "row 9", polarity)], errors)
        assert sign * (after - before) >= 0


@given(READINGS, ERRORS, st.data())
def test_order_does_not_matter_to_rows(
    pile: list[Reading], errors: dict[str, float], data: st.DataObject
) -> None:
    """Readings and rows in any order give the same number, to the last bit."""
    rows = data.draw(st.lists(CURATED, max_size=4))
    again = (data.draw(st.permutations(pile)), data.draw(st.permutations(rows)))
    assert belief_in(pile, rows, errors) == belief_in(*again, errors)


@given(st.lists(evidence(st.just(Polarity.SUPPORTS)), max_size=30))
def test_a_curated_fact_stands_above_any_pile(pile: list[Evidence]) -> None:
    """One row of a curated source is believed more than any pile of readings without one."""
    assert belief_in([], [Entry("drugs@1", "row 1", "supports")]) > belief(pile)


@given(READINGS, st.lists(CURATED, max_size=4), ERRORS)
def test_a_retracted_paper_weighs_nothing(
    pile: list[Reading], rows: list[Entry], errors: dict[str, float]
) -> None:
    """Belief is the same whether readings of retracted papers are there or not."""
    kept = [reading for reading in pile if not reading.retracted]
    assert belief_in(pile, rows, errors) == belief_in(kept, rows, errors)


@given(READINGS, st.lists(CURATED, max_size=4), ERRORS)
def test_a_probability_with_rows(
    pile: list[Reading], rows: list[Entry], errors: dict[str, float]
) -> None:
    """With curated rows and any error rates belief is a probability, and never certainty."""
    assert 0.0 <= belief_in(pile, rows, errors) < 1.0


def test_a_pack_that_errs_more_is_believed_less() -> None:
    """The systematic error of a pack bounds what all its readings together are believed."""
    many = [Reading(f"pmid:{n}", "a@1", "supports", "stated", 0.9) for n in range(50)]
    assert belief_in(many, errors={"a@1": 0.3}) == pytest.approx(0.7)
    assert belief_in(many, errors={"a@1": 0.3}) < belief_in(many, errors={"a@1": 0.01})


def test_a_source_counts_once_however_many_its_rows() -> None:
    """Ten rows of one source are one opinion; two sources are two."""
    row = Entry("drugs@1", "row 1", "supports")
    ten = [Entry("drugs@1", f"row {n}", "supports") for n in range(10)]
    errors = {"drugs": 0.1, "genes": 0.1}
    assert belief_in([], ten, errors) == belief_in([], [row], errors) == pytest.approx(0.9)
    both = [row, Entry("genes@1", "row 1", "supports")]
    assert belief_in([], both, errors) == pytest.approx(0.99)

"""The models, the ids and the errors: what all folders speak with."""

from __future__ import annotations

import inspect
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from kg import (
    AbduceError,
    Mention,
    Paper,
    Passage,
    UnknownNameError,
    UsageError,
    claim_id,
    errors,
    evidence_id,
    hypothesis_id,
    is_curie,
    mint_entity_id,
    nearest_names,
    normalise_name,
    paper_id,
    text_sha256,
)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("3797213", "pmid:3797213"),
        ("PMID:3797213", "pmid:3797213"),
        ("https://pubmed.ncbi.nlm.nih.gov/3797213", "pmid:3797213"),
        ("pmc12", "pmc:PMC12"),
        ("10.1353/pbm.1986.0087", "doi:10.1353/pbm.1986.0087"),
        ("https://doi.org/10.1353/pbm.1986.0087", "doi:10.1353/pbm.1986.0087"),
        ("1506.01234v2", "arxiv:1506.01234v2"),
        ("hep-th/9901001", "arxiv:hep-th/9901001"),
        ("PMID: 3797213", "pmid:3797213"),
        ("PMID3797213", "pmid:3797213"),
        ("pmid:00123", "pmid:123"),
        ("https://pubmed.ncbi.nlm.nih.gov/3797213/?dopt=Abstract", "pmid:3797213"),
        ("http://www.ncbi.nlm.nih.gov/pubmed/3797213", "pmid:3797213"),
        ("https://europepmc.org/article/MED/3797213", "pmid:3797213"),
        ("PMCID: PMC12", "pmc:PMC12"),
        ("pmc:12", "pmc:PMC12"),
        ("pmc:pmc12", "pmc:PMC12"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC12/", "pmc:PMC12"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC12/#s1", "pmc:PMC12"),
        ("DOI: 10.1000/x", "doi:10.1000/x"),
        ("http://dx.doi.org/10.1000/x", "doi:10.1000/x"),
        (
            "doi.org/10.1002/(SICI)1097-0258(1998)17:8%3C857::AID%3E3.0",
            "doi:10.1002/(SICI)1097-0258(1998)17:8<857::AID>3.0",
        ),
        ("https://doi.org/10.1000%2Fx", "doi:10.1000/x"),
        ("https://doi.org/10.1000/a%20b", "doi:10.1000/a%20b"),
        ("arXiv:1506.01234", "arxiv:1506.01234"),
        ("https://arxiv.org/pdf/1506.01234v2.pdf", "arxiv:1506.01234v2"),
        ("doi:none", "doi:none"),
        ("wos:000123", "wos:000123"),
        ("paper one", f"sha256:{text_sha256('text')}"),
        ("", f"sha256:{text_sha256('text')}"),
    ],
)
def test_paper_ids(raw: str, expected: str) -> None:
    """Every form of a known id gives one CURIE, and what is no id gives the text's hash."""
    assert paper_id(raw, "text") == expected
    assert is_curie(expected)


@example(raw="https://doi.org/10.1000/ 0")
@given(
    st.text(max_size=20)
    | st.from_regex(r"(https?://doi\.org/)?10\.1000/[a-z%0-9 ]{1,9}", fullmatch=True)
    | st.from_regex(r"(PM(C|CID|ID)?[: ]{0,2})?(PMC)?\d{1,9}", fullmatch=True)
)
def test_paper_id_is_stable(raw: str) -> None:
    """An id that was made from anything stays as it is when it is read again."""
    once = paper_id(raw, "text")
    assert paper_id(once, "text") == once


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Fish-Oil", "fish oil"),
        ("Raynaud's disease", "raynaud disease"),
        ("Raynaud\u2019s Disease", "raynaud disease"),
        ("  TNF_alpha ", "tnf alpha"),
        ("ﬁsh oil", "fish oil"),
        ("STRASSE", "straße"),
    ],
)
def test_spellings_of_one_name(left: str, right: str) -> None:
    """Case, hyphens, possessives, spaces and compatibility forms make no other name."""
    assert normalise_name(left) == normalise_name(right)
    assert mint_entity_id("Chemical", left) == mint_entity_id("Chemical", right)


@given(st.text(max_size=30))
def test_normalising_is_done_once(name: str) -> None:
    """A normalised name is its own normal form."""
    assert normalise_name(normalise_name(name)) == normalise_name(name)


@given(st.text(min_size=1, max_size=30))
def test_minted_ids_are_curies(name: str) -> None:
    """Every name gives an id of the form of a CURIE, and another type another id."""
    assert is_curie(mint_entity_id("Chemical", name))
    assert mint_entity_id("Chemical", name) != mint_entity_id("Gene", name)


def test_ids_tell_their_parts_apart() -> None:
    """Ids depend on each part and on where one part ends."""
    assert claim_id("ab", "C", "d") != claim_id("a", "bC", "d")
    assert claim_id("a", "B", "c") != claim_id("c", "B", "a")
    assert hypothesis_id("a", "B", "c") != claim_id("a", "B", "c")
    places = {evidence_id("c", "p", start, end, "k") for start, end in [(1, 23), (12, 3), (1, 2)]}
    assert len(places) == 3


def test_models_are_frozen_and_closed() -> None:
    """A model cannot be changed, and refuses fields that it does not know and bad values."""
    mention = Mention(start=0, end=4, type="Chemical", text="fish", confidence=1.0)
    with pytest.raises(ValidationError, match="frozen"):
        mention.text = "oil"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="extra"):
        Paper(id="pmid:1", text="x", colour="red")  # type: ignore[call-arg]
    with pytest.raises(ValidationError, match="less than or equal to 1"):
        Mention(start=0, end=4, type="Chemical", text="fish", confidence=1.1)
    with pytest.raises(ValidationError, match="span 3 characters"):
        Passage(paper="pmid:1", start=0, end=3, text="fish", sentences=((0, 3),))


def test_hash_of_any_text() -> None:
    """Half a surrogate pair has a hash too, another one than what stands beside it."""
    assert text_sha256("\ud83d") != text_sha256("\ud83e")
    assert Paper(id="pmid:1", text="x").sha256 == text_sha256("x")


def test_error_tree_is_drawn() -> None:
    """The tree in the docstring of kg.errors names every error, under its base, and no other."""
    names = re.finditer(r"^(.*?)(\w+Error)", errors.__doc__ or "", re.MULTILINE)
    drawn = [(len(name[1]), name[2]) for name in names]
    bases: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    for depth, name in drawn:
        above = [entry for entry in above if entry[0] < depth]
        bases[name] = above[-1][1] if above else "Exception"
        above.append((depth, name))
    classes = dict(inspect.getmembers(errors, inspect.isclass))
    real = {name: cls.__base__.__name__ for name, cls in classes.items() if cls.__base__}
    real.pop("ClassVar", None)
    assert bases == {name: base for name, base in real.items() if name.endswith("Error")}


def test_exit_codes() -> None:
    """What the user asked wrongly ends a command with 2; everything else that fails with 1."""
    assert UsageError.exit_code == UnknownNameError("pack", "x", []).exit_code == 2
    assert AbduceError.exit_code == errors.ShardError("f", "w", "r").exit_code == 1


def test_nearest_names() -> None:
    """Unknown names are answered with those that look like them, in their own spelling."""
    assert nearest_names("MAGNESIUN", ["Magnesium", "Manganese", "Zinc"])[0] == "Magnesium"
    error = UnknownNameError("entity", "magnesiun", ["Magnesium", "Zinc"], "in this graph")
    assert str(error) == ("no entity is called 'magnesiun'; nearest: Magnesium; in this graph")


def test_input_errors_say_where() -> None:
    """An input error reads file, place, reason, and keeps the three apart."""
    error = errors.BadRecordError("a.jsonl", "line 3", "not JSON")
    assert str(error) == "a.jsonl: line 3: not JSON"
    assert (error.path, error.where, error.reason) == ("a.jsonl", "line 3", "not JSON")

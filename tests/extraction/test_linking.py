"""Linking: spellings, short forms and brackets of one concept come out as one id."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.abbreviations import find_definitions
from extraction.linking import link_mentions
from extraction.names import canonical_name
from kg import Mention, mint_entity_id


def _link(text: str, *names: str, type_: str = "Chemical") -> list[str]:
    """Ids of the given names; each is found behind the one before it."""
    mentions, end = [], 0
    for name in names:
        start = text.index(name, end)
        end = start + len(name)
        mentions.append(Mention(start=start, end=end, type=type_, text=name, confidence=1))
    return link_mentions(text, mentions)


def _id(name: str, type_: str = "Disease") -> str:
    return mint_entity_id(type_, canonical_name(name))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("fish oil", "Fish oils"),
        ("Raynaud's disease", "Raynaud disease"),
        ("Raynaud\u2019s disease", "Raynaud's Disease"),
        ("migraine", "migraines"),
        ("kidney diseases", "kidney disease"),
        ("desminopathy", "desminopathies"),
        ("metastases", "metastasis"),
        ("mice", "mouse"),
        ("TGF-\u03b21", "TGF-beta1"),
        ("TGF\u03b2 1", "TGF-beta 1"),
        ("TNF-alpha", "TNF\u03b1"),
        ("IL-6", "IL6"),
        ("IL 6", "IL-6"),
        ("Bcl-2", "BCL2"),
        ("IGF-I", "IGF-1"),
        ("type II diabetes", "type 2 diabetes"),
        ("MPNSTs", "MPNST"),
        ("anti-depressants", "Anti depressant"),
        ("brain tumours", "brain tumor"),
        ("anaemia", "anemia"),
        ("hyperglycaemia", "hyperglycemia"),
        ("oestradiol", "Estradiol"),
        ("oesophageal oedema", "esophageal edema"),
    ],
)
def test_spellings_of_one_name_share_an_id(left: str, right: str) -> None:
    """Plural, possessive, case, Greek letter, roman numeral and hyphen make no second entity."""
    assert _id(left) == _id(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("AIDS", "aid"),
        ("Fas", "FA"),
        ("PTGS", "PTG"),
        ("kras", "KRA"),
        ("prostaglandin E1", "prostaglandin E2"),
        ("IL-1", "IL-10"),
        ("IL-1 beta", "IL-1 alpha"),
        ("factor V", "factor X"),
        ("diabetes", "diabete"),
        ("arthritis", "arthriti"),
        ("species", "specie"),
        ("aerobic", "erobic"),
        ("four", "for"),
    ],
)
def test_different_names_keep_their_ids(left: str, right: str) -> None:
    """Symbols and words that only look like plurals, and other numbers, stay apart."""
    assert _id(left) != _id(right)


@pytest.mark.parametrize("name", ["KRAS", "kras", "Kras"])
def test_a_gene_symbol_is_one_in_every_case(name: str) -> None:
    """A symbol that ends in s keeps it however it is cased."""
    assert _id(name, "Gene") == "abduce:Gene/kras"


def test_a_short_form_is_its_long_form() -> None:
    """A short form that the paper defines gets the id that the long form has in other papers."""
    text = "Thromboxane A2 (TXA2) rose. Platelets release TXA2."
    ids = _link(text, "Thromboxane A2", "TXA2", "TXA2")
    assert set(ids) == {"abduce:Chemical/thromboxane_a2"}


def test_a_short_form_inside_a_name_is_spelled_out() -> None:
    """Where a name holds a defined short form, its id is that of the name spelled out."""
    text = "Hepatocellular carcinoma (HCC) spreads; metastasis of HCC kills."
    assert _link(text, "metastasis of HCC", type_="Disease") == [
        "abduce:Disease/metastasis_of_hepatocellular_carcinoma"
    ]


def test_a_definition_with_a_remark_counts() -> None:
    """What follows a comma inside the brackets is no part of the short form."""
    assert find_definitions("systemic lupus erythematosus (SLE, n=5) was seen") == {
        "SLE": "systemic lupus erythematosus"
    }


def test_a_small_word_is_not_a_short_form() -> None:
    """A definition of IS does not turn the word "is" into it."""
    text = "Ischemic stroke (IS) is rare, as is stroke."
    assert _link(text, "is", type_="Disease") == ["abduce:Disease/is"]


def test_a_bracketed_synonym_is_the_same_entity() -> None:
    """A mention in brackets right behind one of its type names the same thing, there and later."""
    ids = _link("We gave BCNU (carmustine). BCNU helped.", "BCNU", "carmustine", "BCNU")
    assert set(ids) == {"abduce:Chemical/carmustine"}


def test_initials_link_only_when_they_fit_one_name() -> None:
    """An undefined initialism is linked to the one name it spells, and to none if there are two."""
    one = "AR binds. The androgen receptor acts."
    assert len(set(_link(one, "AR", "androgen receptor", type_="Gene"))) == 1
    two = "AR binds. The androgen receptor and the adenosine receptor act."
    ids = _link(two, "AR", "androgen receptor", "adenosine receptor", type_="Gene")
    assert len(set(ids)) == 3


def test_types_do_not_mix() -> None:
    """One name with two types is two entities."""
    mention = Mention(start=0, end=7, type="Gene", text="insulin", confidence=1)
    other = mention.model_copy(update={"type": "Chemical"})
    assert link_mentions("insulin", [mention, other]) == [
        "abduce:Gene/insulin",
        "abduce:Chemical/insulin",
    ]


def test_definitions_of_another_passage_count() -> None:
    """A short form that the paper defines in another passage is resolved in this one."""
    mention = Mention(start=0, end=3, type="Chemical", text="EPA", confidence=1)
    ids = link_mentions("EPA fell.", [mention], {"EPA": "eicosapentaenoic acid"})
    assert ids == ["abduce:Chemical/eicosapentaenoic_acid"]


@given(st.text(max_size=60), st.randoms(use_true_random=False))
def test_any_text_gets_ids_that_do_not_depend_on_the_order(text: str, random: object) -> None:
    """Linking never fails, and shuffling the mentions shuffles the ids with them."""
    mentions = [
        Mention(start=start, end=end, type="T", text=text[start:end], confidence=1)
        for start in range(0, len(text), 5)
        for end in (min(start + 4, len(text)),)
        if end > start
    ]
    shuffled = list(mentions)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    ids = dict(zip(mentions, link_mentions(text, mentions), strict=True))
    assert ids == dict(zip(shuffled, link_mentions(text, shuffled), strict=True))


def test_linking_keeps_up_with_any_extractor() -> None:
    """100 abstracts a second are linked on one core, many times what the encoder reads."""
    text = "Thromboxane A2 (TXA2) and fish oils change platelet aggregation in migraines. " * 15
    mentions = [
        Mention(start=at, end=at + len(name), type="Chemical", text=name, confidence=1)
        for name in ("TXA2", "fish oils", "migraines")
        for at in range(len(text))
        if text.startswith(name, at)
    ]
    link_mentions(text, mentions)
    started = time.thread_time()  # what other threads and processes take is not counted
    for _ in range(100):
        link_mentions(text, mentions)
    assert time.thread_time() - started < 1

"""Evidence of claims, best first and in pages, as one ranking of all of it in Python has it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import Certainty, Claim, Evidence, Graph, Polarity, claim_id, evidence_id
from kg.asking import AnyEvidence, CuratedEvidence, evidence_for
from kg.loading.curated import load_curated
from kg.snapshot import Window
from tests.kg.conftest import Load
from tests.kg.dated import FISH_OIL, NEW, OLD, PAPERS, RAYNAUD, fill
from tests.kg.loading.curated.sources import fact, source, term
from tests.kg.written import LOWERS, one_claim

CLAIM = Claim(subject=FISH_OIL, predicate=LOWERS, object=RAYNAUD)
TREATS = Claim(subject="x:1", predicate="TREATS", object="x:2")
OTHER = Claim(subject="x:2", predicate="TREATS", object="x:1")
DATES = (None, "soon", "2014", "2015-03", " 2015 ", "2015-02-30", "2016")
WINDOWS = (None, Window(as_of="2015"), Window(since="2015"), Window(as_of="2015-02"))


@dataclass(frozen=True)
class Told:
    """A sentence with what its paper's node says."""

    evidence: Evidence
    date: str | None
    retracted: bool


def papers(evidence: Iterable[AnyEvidence]) -> list[str]:
    """The papers of sentences, in their order."""
    return [item.paper for item in evidence if isinstance(item, Evidence)]


def test_best_evidence_first(load: Load) -> None:
    """Evidence comes best first: stated before hedged, then by confidence; as much as asked."""
    graph = load(
        [
            one_claim("pmid:1", confidence=0.7),
            one_claim("pmid:2", confidence=0.99, certainty=Certainty.HEDGED),
            one_claim("pmid:3", confidence=0.9),
            one_claim("pmid:4", confidence=0.8, polarity=Polarity.DENIES),
        ]
    )
    claim = Claim(subject=FISH_OIL, predicate=LOWERS, object=RAYNAUD)
    absent = Claim(subject=RAYNAUD, predicate=LOWERS, object=FISH_OIL)
    found = evidence_for(graph, [claim, absent], limit=9)
    assert papers(found[claim]) == ["pmid:3", "pmid:4", "pmid:1", "pmid:2"]
    assert found[claim][0] == one_claim("pmid:3", confidence=0.9).evidence[0]
    assert found[absent] == []
    assert papers(evidence_for(graph, [claim], limit=1)[claim]) == ["pmid:3"]
    denied = evidence_for(graph, [claim], polarity=Polarity.DENIES)[claim]
    assert papers(denied) == ["pmid:4"]


def test_one_sentence_once(load: Load) -> None:
    """A sentence that two packs read is shown once, as the surer one read it."""
    papers = [one_claim("pmid:1", confidence=0.7), one_claim("pmid:1", confidence=0.8, pack="b@1")]
    claim = Claim(subject=FISH_OIL, predicate=LOWERS, object=RAYNAUD)
    (item,) = evidence_for(load(papers), [claim])[claim]
    assert isinstance(item, Evidence)
    assert item.pack == "b@1"


def test_rows_beside_sentences(graph: Graph) -> None:
    """Rows of sources, with version, licence and place, stand beside sentences as evidence."""
    fill(graph, PAPERS, [OLD, NEW])
    found = evidence_for(graph, [CLAIM], limit=9)[CLAIM]
    rows = [item for item in found if isinstance(item, CuratedEvidence)]
    sentences = [item for item in found if isinstance(item, Evidence)]
    assert found == [*rows, *sentences]
    assert [(r.source, r.version, r.row, r.polarity.value) for r in rows] == [
        ("new", "1", "row 9", "supports"),
        ("old", "1", "row 7", "denies"),
    ]
    assert rows[0].licence == NEW.source.licence
    assert rows[0].claim == CLAIM
    assert [item.paper for item in sentences] == ["pmid:3", "pmid:2", "pmid:1", "pmid:4"]
    denying = evidence_for(graph, [CLAIM], polarity=Polarity.DENIES)[CLAIM]
    assert [getattr(item, "row", "") or getattr(item, "paper", "") for item in denying] == [
        "row 7",
        "pmid:2",
    ]


def test_evidence_of_a_time(graph: Graph) -> None:
    """Evidence can be asked for as of a date: later rows and sentences are not shown."""
    fill(graph, PAPERS, [OLD, NEW])
    found = evidence_for(graph, [CLAIM], limit=9, frame=Window(as_of="2015"))[CLAIM]
    assert [getattr(item, "row", "") or getattr(item, "paper", "") for item in found] == [
        "row 7",
        "pmid:2",
        "pmid:1",
    ]


def test_retracted_last(graph: Graph) -> None:
    """Sentences of retracted papers come last, or not at all if they are not wanted."""
    strong = one_claim("pmid:1", confidence=0.99, date="2014")
    gone = replace(strong, paper=strong.paper.model_copy(update={"retracted": True}))
    fill(graph, [gone, one_claim("pmid:2", confidence=0.5)])
    found = evidence_for(graph, [CLAIM])[CLAIM]
    assert [getattr(item, "paper", "") for item in found] == ["pmid:2", "pmid:1"]
    found = evidence_for(graph, [CLAIM], retracted=False)[CLAIM]
    assert [getattr(item, "paper", "") for item in found] == ["pmid:2"]


@st.composite
def tales(draw: st.DrawFn) -> list[Told]:
    """Sentences of few papers and places, so that several packs read the same one."""
    papers = [(draw(st.sampled_from(DATES)), draw(st.booleans())) for _ in range(3)]
    found = {}
    for _ in range(draw(st.integers(0, 14))):
        number, start = draw(st.integers(0, 2)), draw(st.sampled_from([0, 50]))
        claim, pack = draw(st.sampled_from([TREATS, TREATS, OTHER])), draw(st.sampled_from("abc"))
        evidence = Evidence(
            paper=f"pmid:{number}",
            **claim.model_dump(),
            polarity=draw(st.sampled_from(Polarity)),
            certainty=draw(st.sampled_from(Certainty)),
            confidence=draw(st.sampled_from([0.5, 0.75])),
            start=start,
            end=start + 9,
            quote="It helps.",
            pack=pack,
        )
        found[_id(evidence)] = Told(evidence, *papers[number])
    return list(found.values())


def _id(e: Evidence) -> str:
    return evidence_id(claim_id(e.subject, e.predicate, e.object), e.paper, e.start, e.end, e.pack)


def _write(graph: Graph, tales: Iterable[Told]) -> None:
    graph.clear()
    rows = [
        {"id": _id(t.evidence), "claim_id": _claim_id(t.evidence.claim), **t.evidence.model_dump()}
        for t in tales
    ]
    papers = [
        {"id": t.evidence.paper, "date": t.date, "retracted": t.retracted or None} for t in tales
    ]
    terms = [term("x:1"), term("x:2")]
    facts = [fact("x:1", "TREATS", "x:2", f"row {n}", denied=n == 1) for n in range(3)]
    load_curated(graph, source(terms, facts))
    graph.merge_nodes(["Paper"], papers)
    graph.merge_nodes(["Evidence"], rows)
    edges = [{"start": row["id"], "end": row["paper"]} for row in rows]
    graph.merge_edges("REPORTED_IN", edges, start="Evidence", end="Paper")


def _claim_id(claim: Claim) -> str:
    return claim_id(claim.subject, claim.predicate, claim.object)


def ranked(tales: Iterable[Told], asked: dict[str, Any]) -> list[Evidence]:
    """All sentences in their order, worked out from all of them."""
    frame, polarity = asked["frame"], asked["polarity"]
    every = [
        (t.retracted, e.certainty != "stated", -e.confidence, e.paper, e.start, e.end, e.pack, e)
        for t in tales
        for e in [t.evidence]
        if (frame is None or frame.place(t.date) == "inside")
        and (polarity is None or e.polarity == polarity)
        and (asked["retracted"] or not t.retracted)
    ]
    best: dict[tuple[Any, ...], Evidence] = {}
    for *_, e in sorted(every, key=lambda item: item[:-1]):
        best.setdefault((e.paper, e.start, e.end, e.polarity), e)
    return list(best.values())


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(st.data(), tales())
def test_a_page_is_a_part_of_all(graph: Graph, data: st.DataObject, tales: list[Told]) -> None:
    """What the server sorts and cuts is what comes of sorting all of it and cutting here."""
    _write(graph, tales)
    for frame in WINDOWS:
        asked = {
            "frame": frame,
            "polarity": data.draw(st.sampled_from([None, *Polarity])),
            "retracted": data.draw(st.booleans()),
        }
        offset, limit = data.draw(st.integers(0, 6)), data.draw(st.integers(1, 5))
        found = evidence_for(graph, [TREATS, OTHER], limit, offset=offset, **asked)
        every = evidence_for(graph, [TREATS, OTHER], 99, **asked)
        for claim in (TREATS, OTHER):
            sentences = [e for e in every[claim] if isinstance(e, Evidence)]
            assert sentences == ranked([t for t in tales if t.evidence.claim == claim], asked)
            assert found[claim] == every[claim][offset : offset + limit]
        rows = [e.row for e in every[TREATS] if isinstance(e, CuratedEvidence)]
        kept = {None: [0, 1, 2], Polarity.SUPPORTS: [0, 2], Polarity.DENIES: [1]}
        expected = [f"row {n}" for n in kept[asked["polarity"]]] if frame is None else []
        assert rows == expected  # the source has no date


def test_rows_of_hubs(graph: Graph) -> None:
    """The rows of a hub's claims are found whichever end is the hub, and of other claims too."""
    ends = [f"x:{n:03}" for n in range(120)]
    pairs = [(ends[0], end) for end in ends[1:60]]
    pairs += [(end, ends[1]) for end in ends[60:]]
    pairs += list(pairwise(ends[60:70]))
    facts = [fact(one, "TREATS", other, f"{one} {other}") for one, other in pairs]
    load_curated(graph, source([term(end) for end in ends], facts))
    claims = [Claim(subject=s, predicate="TREATS", object=o) for s, o in [*pairs, *pairs[:9]]]
    absent = Claim(subject=ends[1], predicate="TREATS", object=ends[0])
    found = evidence_for(graph, [*claims, absent])
    assert found.pop(absent) == []
    assert {
        (claim.subject, claim.object): [getattr(item, "row", "") for item in items]
        for claim, items in found.items()
    } == {pair: [" ".join(pair)] for pair in pairs}

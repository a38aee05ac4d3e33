"""The contract of a check, and for each one the cases that make it say what it can say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from kg import Certainty, Entity, FindingStatus, Graph, Polarity, open_graph, take_snapshot
from kg.asking import claims_in
from kg.snapshot import EdgeArrays, Snapshot, entity_table
from reasoning.checks import CHECKS, Batch, Case, run_checks
from tests.reasoning.literature import TYPES, Said, entity_id, load
from tests.reasoning.random_networks import DOMAIN, claim_arrays

_HELD = Said("nifedipine", "NEGATIVE_CORRELATION", "gout")  # so that no graph is empty
_TREATS = ("fish oil", "NEGATIVE_CORRELATION", "Raynaud")


@dataclass(frozen=True)
class Example:
    """What papers say, and what a check must say of a claim."""

    title: str
    status: FindingStatus
    says: str
    said: Sequence[Said] = (_HELD,)
    claim: tuple[str, str, str] = _TREATS
    relation: str = ""
    schema: bool = True
    n_sources: int = 0


def _said(
    predicate: str = "NEGATIVE_CORRELATION",
    polarity: Polarity = Polarity.SUPPORTS,
    certainty: Certainty = Certainty.STATED,
    confidence: float = 0.9,
) -> Said:
    return Said("fish oil", predicate, "Raynaud", polarity, certainty, confidence)


_DENIES, _HEDGED = Polarity.DENIES, Certainty.HEDGED
EXAMPLES: dict[str, tuple[Example, ...]] = {
    "type_signature": (
        Example("signature there", FindingStatus.FINE, "may hold between Chemical and Disease"),
        Example(
            "no signature",
            FindingStatus.INVALID,
            "COTREATMENT holds between Chemical and Chemical",
            claim=("fish oil", "COTREATMENT", "Raynaud"),
        ),
        Example(
            "alias between other types",
            FindingStatus.INVALID,
            "TREATS holds between Chemical and Disease",
            claim=("PTGIS", "NEGATIVE_CORRELATION", "Raynaud"),
            relation="TREATS",
        ),
        Example(
            "alias the wrong way round",
            FindingStatus.INVALID,
            "Raynaud is a Disease, fish oil a Chemical",
            claim=("Raynaud", "NEGATIVE_CORRELATION", "fish oil"),
            relation="TREATS",
        ),
        Example(
            "one entity twice",
            FindingStatus.INVALID,
            "both ends are gout",
            claim=("gout", "ASSOCIATION", "gout"),
        ),
        Example("no schema", FindingStatus.UNKNOWN, "keeps no domain schema", schema=False),
    ),
    "already_known": (
        Example("nothing held", FindingStatus.FINE, "nothing in the graph says"),
        Example("held", FindingStatus.KNOWN, "the graph holds it:", said=[_said()], n_sources=1),
        Example(
            "held without a schema",
            FindingStatus.KNOWN,
            "the graph holds it:",
            said=[_said()],
            schema=False,
            n_sources=1,
        ),
        Example(
            "held in the other direction of a symmetric relation",
            FindingStatus.KNOWN,
            "belief",
            said=[Said("gout", "ASSOCIATION", "migraine")],
            claim=("migraine", "ASSOCIATION", "gout"),
            n_sources=1,
        ),
        Example(
            "held from a hedge",
            FindingStatus.SUPPORTED,
            "but weakly",
            said=[_said(certainty=_HEDGED)],
            n_sources=1,
        ),
        Example(
            "a more general claim",
            FindingStatus.SUPPORTED,
            "more general claim is held: fish oil is associated with Raynaud",
            said=[_said("ASSOCIATION")],
            n_sources=1,
        ),
        Example(
            "a more specific claim",
            FindingStatus.SUPPORTED,
            "more specific claim is held: fish oil lowers or treats Raynaud",
            said=[_said()],
            claim=("fish oil", "ASSOCIATION", "Raynaud"),
            n_sources=1,
        ),
        Example(
            "only denied",
            FindingStatus.FINE,
            "nothing in the graph says",
            said=[_said(polarity=_DENIES)],
        ),
        Example(
            "the opposite only",
            FindingStatus.FINE,
            "nothing in the graph says",
            said=[_said("POSITIVE_CORRELATION")],
        ),
    ),
    "denied": (
        Example("nothing held", FindingStatus.FINE, "denies that fish oil lowers or treats"),
        Example(
            "denied",
            FindingStatus.CONTRADICTED,
            "denied: fish oil lowers or treats Raynaud (strong",
            said=[_said(polarity=_DENIES)],
            n_sources=1,
        ),
        Example(
            "denied with a hedge",
            FindingStatus.CONTRADICTED,
            "(weak",
            said=[_said(polarity=_DENIES, certainty=_HEDGED)],
            n_sources=1,
        ),
        Example(
            "denied once, supported more",
            FindingStatus.FINE,
            "denied: fish oil",
            said=[_said(), _said(), _said(), _said(polarity=_DENIES, confidence=0.5)],
            n_sources=1,
        ),
        Example(
            "supported with a hedge, denied flatly",
            FindingStatus.CONTRADICTED,
            "denied: fish oil",
            said=[_said(certainty=_HEDGED), _said(polarity=_DENIES)],
            n_sources=1,
        ),
        Example(
            "the opposite",
            FindingStatus.CONTRADICTED,
            "the opposite: fish oil causes or worsens Raynaud (strong",
            said=[_said("POSITIVE_CORRELATION")],
            n_sources=1,
        ),
        Example(
            "the opposite, believed less",
            FindingStatus.FINE,
            "the opposite: fish oil causes or worsens Raynaud (weak",
            said=[_said(), _said("POSITIVE_CORRELATION", certainty=_HEDGED)],
            n_sources=1,
        ),
        Example(
            "the opposite is denied",
            FindingStatus.FINE,
            "or says the opposite",
            said=[_said("POSITIVE_CORRELATION", _DENIES)],
        ),
        Example(
            "any association is denied",
            FindingStatus.CONTRADICTED,
            "denied: fish oil is associated with Raynaud",
            said=[_said("ASSOCIATION", _DENIES)],
            n_sources=1,
        ),
        Example("no schema", FindingStatus.UNKNOWN, "which relation is the opposite", schema=False),
        Example(
            "denied, without a schema",
            FindingStatus.CONTRADICTED,
            "denied: fish oil",
            said=[_said(polarity=_DENIES)],
            schema=False,
            n_sources=1,
        ),
    ),
}


def test_every_check_has_examples() -> None:
    """Each registered check stands in the contract suite, and nothing else does."""
    assert set(EXAMPLES) == set(CHECKS)
    assert all(CHECKS[name].name == name for name in CHECKS)


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_examples_cover_fine_and_more(name: str) -> None:
    """The examples of a check show it content, and show it saying something else."""
    statuses = {example.status for example in EXAMPLES[name]}
    assert FindingStatus.FINE in statuses
    assert len(statuses) > 1


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """One store for all examples, each of which empties it first."""
    with open_graph(tmp_path_factory.mktemp("examples") / "graph", create=True) as graph:
        yield graph


def _case(snapshot: Snapshot, example: Example) -> Case:
    subject, predicate, object_ = example.claim
    ends = [Entity(id=entity_id(n), name=n, type=TYPES[n]) for n in (subject, object_)]
    known = all(end.id in snapshot.row_of for end in ends)
    return Case(
        domain=snapshot.domain if example.schema else None,
        relation=example.relation or predicate,
        subject=ends[0],
        predicate=predicate,
        object=ends[1],
        held=claims_in(snapshot, ends[0].id, ends[1].id) if known else [],
    )


def _batch(graph: Graph, *examples: Example) -> Batch:
    snapshot = take_snapshot(graph)
    return Batch(graph, snapshot, [_case(snapshot, example) for example in examples])


@pytest.mark.parametrize(
    ("name", "example"),
    [
        pytest.param(name, example, id=f"{name}: {example.title}")
        for name, examples in EXAMPLES.items()
        for example in examples
    ],
)
def test_check_says(name: str, example: Example, store: Graph, tmp_path: Path) -> None:
    """A check says what its example expects, names itself, and cites the sentences."""
    store.clear()
    load(store, tmp_path / "shards", example.said, schema=example.schema)
    (finding,) = CHECKS[name](_batch(store, example))
    assert (finding.check, finding.status) == (name, example.status)
    assert example.says in finding.message
    assert len(finding.sources) == example.n_sources
    for source in finding.sources:
        paper, place, quote = source.split(" ", 2)
        start, end = (int(number) for number in place.strip("[]").split(":"))
        rows = store.read("MATCH (p:Paper {id: $id}) RETURN p.text AS text", id=paper)
        assert rows[0]["text"][start:end] == quote


def test_a_batch_says_what_its_cases_say_alone(store: Graph, tmp_path: Path) -> None:
    """Checked together, hypotheses get the findings that each gets when checked by itself."""
    store.clear()
    said = [
        _said(),
        _said(polarity=_DENIES, confidence=0.5),
        Said("olive oil", "ASSOCIATION", "gout", _DENIES),
        Said("caffeine", "POSITIVE_CORRELATION", "migraine"),
        Said("gout", "ASSOCIATION", "migraine", certainty=_HEDGED),
    ]
    load(store, tmp_path / "shards", said)
    claims = (_TREATS, ("olive oil", _TREATS[1], "gout"), ("caffeine", _TREATS[1], "migraine"))
    further = (("migraine", "ASSOCIATION", "gout"), ("caffeine", "BIND", "gout"), _TREATS)
    examples = [Example("", FindingStatus.FINE, "", claim=c) for c in (*claims, *further)]
    alone = [findings for one in examples for findings in run_checks(_batch(store, one))]
    together = run_checks(_batch(store, *examples))
    assert together == alone
    assert {finding.status for findings in together for finding in findings} == {
        FindingStatus.FINE,
        FindingStatus.KNOWN,
        FindingStatus.SUPPORTED,
        FindingStatus.CONTRADICTED,
        FindingStatus.INVALID,
    }
    assert run_checks(_batch(store)) == []


@pytest.mark.parametrize(
    ("predicate", "expected"), [("RAISES", FindingStatus.FINE), ("LOWERS", FindingStatus.KNOWN)]
)
def test_direction_counts_where_the_schema_says_so(
    predicate: str, expected: FindingStatus, store: Graph
) -> None:
    """A claim held the other way round makes a symmetric relation known, not a directed one."""
    ends = (Entity(id="x:1", name="one", type="A"), Entity(id="x:2", name="two", type="B"))
    entities = entity_table(("x:1", "x:2"), ("one", "two"), "AB")
    nothing = EdgeArrays.of(2, np.zeros(0, np.int32), np.zeros(0, np.int32))
    claims = claim_arrays(2, [(1, predicate, 0, 0.9)])
    snapshot = Snapshot.of(entities, np.zeros(2, np.int32), claims, nothing, DOMAIN)
    case = Case.of(snapshot, DOMAIN, predicate, ends[0], predicate, ends[1])
    (finding,) = CHECKS["already_known"](Batch(store, snapshot, [case]))
    assert finding.status is expected

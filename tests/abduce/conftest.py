"""The command line, run in this process, and a small graph to ask."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import abduce
from abduce.cli.main import main
from kg import Certainty, Evidence, Graph, Mention, Paper, Polarity, load_shards, mint_entity_id
from kg.loading import write_shard

PACK = "biomedicine@test"
LOWERS, RAISES = "NEGATIVE_CORRELATION", "POSITIVE_CORRELATION"
# What each paper of the small graph says, in one sentence that holds both names.
SAYINGS = [
    ("fish oil", "Chemical", LOWERS, "blood viscosity", "Disease", "lowers"),
    ("fish oil", "Chemical", LOWERS, "platelet aggregation", "Disease", "lowers"),
    ("fish oil", "Chemical", LOWERS, "blood viscosity", "Disease", "clearly reduced"),
    ("blood viscosity", "Disease", RAISES, "Raynaud disease", "Disease", "occurs with"),
    ("platelet aggregation", "Disease", RAISES, "Raynaud disease", "Disease", "occurs with"),
    ("nifedipine", "Chemical", LOWERS, "Raynaud disease", "Disease", "relieves"),
    ("nifedipine", "Chemical", LOWERS, "platelet aggregation", "Disease", "lowers"),
    ("nicotine", "Chemical", RAISES, "platelet aggregation", "Disease", "raises"),
    ("nicotine", "Chemical", RAISES, "Raynaud disease", "Disease", "worsens"),
]
FISH_OIL = mint_entity_id("Chemical", "fish oil")
RAYNAUD = mint_entity_id("Disease", "Raynaud disease")


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Standard output as `--json` writes it: one JSON object a line, and nothing else."""
        return [json.loads(line) for line in self.out.splitlines()]


RunAbduce = Callable[..., Done]


@pytest.fixture(autouse=True)
def _no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty working folder, and no setting of ours in the environment."""
    for name in os.environ:
        if name.startswith("ABDUCE_") and not name.startswith("ABDUCE_TEST_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run_abduce(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> RunAbduce:
    """Run `abduce` with these arguments in this process."""

    def run(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["abduce", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        code = ended.value.code
        return Done(code if isinstance(code, int) else int(code is not None), out, err)

    return run


@pytest.fixture(params=["embedded", "neo4j"])
def place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where an empty graph is, once in a folder and once on Neo4j; the environment names it."""
    graph: Graph = request.getfixturevalue(f"{request.param}_graph")
    if request.param == "neo4j":
        address = request.getfixturevalue("neo4j_address")
        monkeypatch.setenv("ABDUCE_USER", address.user)
        monkeypatch.setenv("ABDUCE_PASSWORD", address.password)
    monkeypatch.setenv("ABDUCE_GRAPH", graph.where)
    return graph.where


@pytest.fixture(scope="session")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of annotation shards: nine papers of one sentence, as written in SAYINGS."""
    folder = tmp_path_factory.mktemp("shards")
    papers, mentions, evidence = [], [], []
    for number, (subject, subject_type, predicate, object_, object_type, verb) in enumerate(
        SAYINGS
    ):
        text = f"{subject} {verb} {object_}."
        paper = f"pmid:{number + 1}"
        papers.append(Paper(id=paper, title=text, text=text, date=str(1980 + number)))
        ends = [_mention(text, subject, subject_type), _mention(text, object_, object_type)]
        mentions += [(paper, PACK, mention) for mention in ends]
        evidence.append(
            Evidence(
                paper=paper,
                subject=ends[0].entity,
                predicate=predicate,
                object=ends[1].entity,
                polarity=Polarity.SUPPORTS,
                certainty=Certainty.STATED,
                confidence=0.9,
                start=0,
                end=len(text),
                quote=text,
                pack=PACK,
            )
        )
    write_shard(folder, "small", papers, mentions, evidence, _domain(), packs=[PACK])
    return folder


@pytest.fixture
def small_graph(shards: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An embedded graph of the small shards, new for each test because hypotheses are stored."""
    folder = tmp_path_factory.mktemp("small") / "graph"
    with abduce.open_graph(folder, create=True) as graph:
        assert load_shards(graph, [shards]).failed == ()
    return folder


def _mention(text: str, name: str, type_: str) -> Mention:
    start = text.index(name)
    entity = mint_entity_id(type_, name)
    end = start + len(name)
    return Mention(start=start, end=end, type=type_, text=name, confidence=0.9, entity=entity)


def _domain() -> str:
    import extraction

    folder = Path(extraction.__file__).parent / "packs" / "biomedicine"
    return (folder / "domain.toml").read_text(encoding="utf-8")

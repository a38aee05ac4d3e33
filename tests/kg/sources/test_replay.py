"""A source is read once, and replayed after that: rows come back as they were, files stay shut."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from kg import Graph
from kg.curated_models import Fact, Source, Term, TermName
from kg.domain import Domain
from kg.files import Line
from kg.files import Source as File
from kg.loading.curated import fresh_rows, load_curated, load_files
from kg.models import Polarity
from kg.sources import FORMATS, SourceOptions, open_source, replay
from kg.sources.curated_source import Content
from kg.sources.request import Format, SourceRequest
from tests.kg.loading.curated.sources import DOMAIN, source, term
from tests.kg.sources.written import FILES, MAPPING, no_failure, write

TERMS = [
    Term(
        id=f"D:{n}",
        type="Disease",
        name=f"disease {n} \u2028蛋",
        names=(TermName(text="d\t", scope="broad", language="de"),) * (n % 3),
        xrefs=("MESH:1",) * (n % 2),
        parents=(f"D:{n // 2}",) if n else (),
        obsolete=n % 7 == 0,
        details='{"a": "\\"\n"}' if n % 5 == 0 else "",
        row=f"line {n}",
    )
    for n in range(50)
]
FACTS = [
    Fact(
        f"D:{n}",
        "RESEMBLES",
        f"D:{n + 1}",
        f"line {n}",
        Polarity.DENIES if n % 4 == 0 else Polarity.SUPPORTS,
        '{"n": "ü"}' if n % 3 == 0 else "",
    )
    for n in range(49)
]
MIXED: list[Term | Fact] = [row for pair in zip(FACTS, TERMS, strict=False) for row in pair]
MIXED.append(TERMS[-1])


class Reader:
    """A reader that counts how often it has come to the end of its rows.

    Args:
        schema: the source's own.
        facts_apart: whether facts stand in files of their own.
    """

    def __init__(self, schema: Domain | None, *, facts_apart: bool) -> None:
        self.schema, self.facts_apart = schema, facts_apart
        self.passes: Counter[str] = Counter()

    def read(self, _: SourceRequest) -> Content:
        """Return the content of the source."""
        return Content(
            source=Source(name="drugs", version="1"),
            rows=self._counted("rows", TERMS if self.facts_apart else MIXED),
            schema=lambda _: self.schema,
            more_facts=self._more_facts,
        )

    def _more_facts(self) -> Iterator[Fact]:
        for row in self._counted("facts", FACTS if self.facts_apart else ()):
            assert isinstance(row, Fact)
            yield row

    def _counted(self, what: str, rows: object) -> Iterator[Term | Fact]:
        yield from rows  # type: ignore[misc]
        self.passes[what] += 1


@pytest.fixture
def small_spool(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any source is one of many batches, and none of them stays in memory."""
    monkeypatch.setattr(replay, "IN_MEMORY", 1)
    monkeypatch.setattr(replay, "_BATCH", 7)


def _with_reader(reader: Reader, folder: Path, patch: pytest.MonkeyPatch) -> Path:
    patch.setitem(FORMATS, "obo", Format("obo", "made up", lambda *_: True, reader.read))
    (path,) = write(folder, {"x.obo": "anything"})
    return path


@pytest.mark.usefixtures("small_spool")
@pytest.mark.parametrize("facts_apart", [False, True])
def test_rows_come_back_as_they_were(
    facts_apart: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Terms and facts are the reader's, in its order, each time, and while another one reads."""
    path = _with_reader(Reader(None, facts_apart=facts_apart), tmp_path, monkeypatch)
    opened = open_source(path, SourceOptions(format="obo"), on_failure=no_failure)
    assert list(zip(opened.terms(), opened.terms(), strict=True)) == [(t, t) for t in TERMS]
    assert list(zip(opened.facts(), opened.facts(), strict=True)) == [(f, f) for f in FACTS]
    assert {type(fact.polarity) for fact in opened.facts()} == {Polarity}


@pytest.mark.usefixtures("small_spool")
@pytest.mark.parametrize("schema", [None, DOMAIN])
@pytest.mark.parametrize("facts_apart", [False, True])
def test_a_load_goes_through_a_source_once(
    embedded_graph: Graph,
    schema: Domain | None,
    facts_apart: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A load reads rows once, and facts that are apart twice if they have to show the schema."""
    reader = Reader(schema, facts_apart=facts_apart)
    path = _with_reader(reader, tmp_path, monkeypatch)
    summary = load_files(embedded_graph, [path], SourceOptions(format="obo"))
    assert (summary.terms, summary.facts, summary.failed) == (len(TERMS), len(FACTS), ())
    assert reader.passes["rows"] == 1
    assert reader.passes["facts"] <= (1 if schema else 2)


@pytest.mark.parametrize("format_", FILES)
def test_a_file_is_gone_through_twice_at_most(
    format_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To open a source and make all its records takes two passes over a file, in any format."""
    passes: Counter[str] = Counter()
    lines, stream = File.lines, File.stream

    def counted_lines(file: File) -> Iterator[Line]:
        yield from lines(file)
        passes[file.path] += 1

    def counted_stream(file: File) -> BinaryIO:
        passes[file.path] += 1
        return stream(file)

    monkeypatch.setattr(File, "lines", counted_lines)
    monkeypatch.setattr(File, "stream", counted_stream)
    paths = write(tmp_path / "s", FILES[format_])
    mapping = tmp_path / "m.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    opened = open_source(
        paths,
        SourceOptions(
            format=format_,
            mapping=mapping if format_ == "table" else None,
            version="1",  # else all of the file is hashed
        ),
        on_failure=no_failure,
    )
    assert list(fresh_rows(opened))
    assert set(passes) >= {str(path) for path in paths}
    assert max(passes.values()) <= 2


FULL_DISK = """
import resource, sys
from kg.sources import SourceOptions, open_source, replay
replay.IN_MEMORY = 1
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 12, 1 << 12))
open_source(sys.argv[1], on_failure=print)
"""


def test_a_full_disk_is_a_clear_error(tmp_path: Path) -> None:
    """Where the rows cannot be kept on disk, the error says so, and what to do."""
    path = tmp_path / "n_nodes.tsv"
    nodes = (f"A:{n}\tbiolink:Gene\n" for n in range(3000))
    path.write_text("id\tcategory\n" + "".join(nodes), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-c", FULL_DISK, path], capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "StoreError: rows cannot be kept on disk" in run.stderr
    assert "TMPDIR" in run.stderr


def test_what_was_made_by_hand_is_checked_too(graph: Graph) -> None:
    """A source that nobody opened goes through the same door, each refusal told once."""
    made = source([term("D:1"), term("no curie"), term("D:2", "Gene")], [])
    assert not made.checked
    summary = load_curated(graph, made)
    assert [failure.where for failure in summary.failed] == ["no curie"]
    assert summary.terms == 2

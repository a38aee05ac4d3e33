"""Extraction of a corpus: the shipped pack over real files, whole, resumed and killed."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import extraction.chunks
from extraction import Extractor, TextAnnotation, extract, extract_text, load_pack
from extraction.annotator import Annotator
from extraction.chunks import chunk_key, chunked, pack_digest
from kg import Failure, Paper, Passage, ShardError, UsageError
from kg.loading import read_shards
from tests.extraction.pipeline_corpus import PACK, read_rows, run_until_killed, sample, write_corpus


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve sample abstracts."""
    return write_corpus(tmp_path_factory.mktemp("corpus") / "papers.jsonl")


@pytest.fixture(scope="module")
def shards(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Their shards, in chunks of three, from one clean run."""
    folder = tmp_path_factory.mktemp("shards")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extraction.chunks, "MAX_CHUNK", 3)
        summary = extract([corpus], PACK, folder, device="cpu")
    assert (summary.papers, summary.resumed, summary.failed) == (12, 0, ())
    return folder


@pytest.fixture
def _chunks_of_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction.chunks, "MAX_CHUNK", 3)


def test_every_row_stands_where_it_says(shards: Path) -> None:
    """Texts stand at their offsets, and evidence joins mentions as the schema directs it."""
    failures: list[Failure] = []
    domain = load_pack(PACK).domain
    papers = list(read_shards([shards], on_failure=failures.append))
    assert len(papers) == 12
    assert failures == []
    for rows in papers:
        text = rows.papers[0].values["text"]
        types = {row.values["entity"]: row.values["type"] for row in rows.mentions}
        for row in (*rows.mentions, *rows.evidence):
            said = row.values.get("quote") or row.values["text"]
            assert text[row.values["start"] : row.values["end"]] == said
        for row in rows.evidence:
            subject, object_ = row.values["subject"], row.values["object"]
            signature = domain.signature(row.values["predicate"], types[subject], types[object_])
            assert signature is not None
            assert row.values["pack"] == load_pack(PACK).ref
    assert sum(len(rows.mentions) for rows in papers) > 50
    assert sum(len(rows.evidence) for rows in papers) > 10


def test_shards_carry_the_error_rate_of_the_pack(shards: Path) -> None:
    """Each file of a shard says how often the pack errs, as its calibration measured it."""
    pack = load_pack("biomedicine")
    rate = pack.calibration.systematic_error
    assert rate is not None
    for path in shards.glob("*.parquet"):
        carried = json.loads(pq.read_schema(path).metadata[b"abduce.pack_errors"])
        assert carried == {pack.ref: rate}


def test_a_text_alone_is_read_as_in_a_corpus(shards: Path) -> None:
    """`extract_text` gives the rows that the same paper has in the shards."""
    record = sample(0)
    alone = extract_text(record["abstract"], PACK, record["title"], device="cpu")
    [rows] = [
        rows for rows in read_shards([shards], on_failure=_no_failure) if rows.id == record["id"]
    ]
    assert alone.paper.text == rows.papers[0].values["text"]
    found = {
        (row.values["start"], row.values["end"], row.values["entity"]) for row in rows.mentions
    }
    assert {(m.start, m.end, m.entity) for m in alone.mentions} == found
    quotes = {(row.values["quote"], row.values["polarity"]) for row in rows.evidence}
    assert {(item.quote, item.polarity) for item in alone.evidence} == quotes


@pytest.mark.usefixtures("_chunks_of_three")
def test_what_is_done_is_not_done_again(corpus: Path, shards: Path) -> None:
    """A second run finds all shards there, touches none, and counts the same."""
    before = {path.name: path.stat().st_mtime_ns for path in shards.iterdir()}
    progress: list[tuple[int, int | None]] = []
    summary = extract([corpus], PACK, shards, on_progress=lambda *step: progress.append(step))
    assert (summary.papers, summary.resumed) == (12, 12)
    assert {path.name: path.stat().st_mtime_ns for path in shards.iterdir()} == before
    assert [done for done, _ in progress] == sorted(done for done, _ in progress)
    assert progress[-1][0] == 12


@pytest.mark.usefixtures("_chunks_of_three")
def test_killed_and_run_again_gives_the_same_shards(
    corpus: Path, shards: Path, tmp_path: Path
) -> None:
    """After SIGKILL at random moments the next run ends with the shards of one clean run."""
    run_until_killed(1, "extract", corpus, tmp_path, tmp_path / "no graph")
    assert read_rows(tmp_path) == read_rows(shards)


@pytest.mark.usefixtures("_chunks_of_three")
def test_a_passage_on_which_the_model_fails_is_listed_and_tried_again(
    corpus: Path, shards: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The paper is named, the rest is read, and the next run reads what is missing."""
    annotate = Extractor.annotate
    bad = sample(4)["title"]

    def fails(self: Extractor, passages: list[Passage]) -> object:
        for passage in passages:
            if passage.text.startswith(bad):
                raise RuntimeError("out of memory")
            yield from annotate(self, [passage])

    with monkeypatch.context() as patch:
        patch.setattr(Extractor, "annotate", fails)
        summary = extract([corpus], PACK, tmp_path, device="cpu")
    [failure] = summary.failed
    assert failure.path == str(corpus)
    assert failure.where.startswith(sample(4)["id"])
    assert "out of memory" in failure.reason
    assert summary.papers == 12
    again = extract([corpus], PACK, tmp_path, device="cpu")
    assert (again.failed, again.resumed) == ((), 9)
    assert read_rows(tmp_path) == read_rows(shards)


def test_bad_files_are_listed_and_the_rest_is_read(tmp_path: Path) -> None:
    """A line that is no JSON, and a file that is no text, stop nothing."""
    good = json.dumps(sample(1))
    (tmp_path / "a.jsonl").write_text(f"{good}\n{{broken\n", encoding="utf-8")
    (tmp_path / "b.xml").write_bytes(bytes(range(256)))
    summary = extract([tmp_path], PACK, tmp_path / "out", device="cpu")
    assert summary.papers == 1
    assert {Path(failure.path).name for failure in summary.failed} == {"a.jsonl", "b.xml"}


def test_nothing_to_read_gives_zero_papers(tmp_path: Path) -> None:
    """An empty file is listed, no model is loaded, and the summary says that nothing came."""
    (tmp_path / "empty.txt").touch()
    summary = extract([tmp_path / "empty.txt"], PACK, tmp_path / "out")
    assert (summary.papers, summary.evidence) == (0, 0)
    assert len(summary.failed) == 1


def test_a_disk_that_is_full_gives_an_error_that_names_the_shard(
    corpus: Path, tmp_path: Path
) -> None:
    """Where nothing can be written the error is ours, with the folder and what the disk said."""
    out = tmp_path / "out"
    out.write_text("a file where the folder should be")
    with pytest.raises(ShardError, match=str(out)):
        extract([corpus], PACK, out, limit=1, device="cpu")


def test_the_limit_counts_papers(corpus: Path, tmp_path: Path) -> None:
    """No more papers than the limit are read, and a limit below 1 is refused."""
    assert extract([corpus], PACK, tmp_path, limit=2, device="cpu").papers == 2
    with pytest.raises(UsageError, match="limit"):
        extract([corpus], PACK, tmp_path, limit=0)


def test_an_empty_text_is_refused() -> None:
    """`extract_text` says what it needs."""
    with pytest.raises(UsageError, match="nothing to read"):
        extract_text("  ", PACK)


def test_a_long_text_is_read_to_its_end() -> None:
    """A text of many passages has mentions in its last sentence, each once, at its place."""
    filler = "The committee met again in spring and discussed the minutes at length. " * 120
    annotation = extract_text(f"{filler}Aspirin reduced fever.", PACK, device="cpu")
    assert annotation.passages > 1
    last = [m for m in annotation.mentions if m.start >= len(filler)]
    assert [m.text for m in last].count("Aspirin") == 1
    places = [(m.start, m.end, m.type) for m in annotation.mentions]
    assert len(set(places)) == len(places)


def test_the_same_rows_whatever_comes_before() -> None:
    """A paper is annotated alike alone and among others."""
    papers = [
        Paper(id=f"test:{n}", text=f"{record['title']} {record['abstract']}")
        for n in range(4)
        for record in [sample(n)]
    ]
    annotator = Annotator(PACK, "cpu")
    together = list(annotator.annotate(papers))
    assert [one for paper in papers for one in annotator.annotate([paper])] == together
    assert all(isinstance(one, TextAnnotation) for one in together)


def test_a_new_paper_changes_its_own_chunk_alone() -> None:
    """A paper put in front leaves the keys of almost all chunks as they were."""
    papers = [Paper(id=f"pmid:{n}", text=str(n)) for n in range(2000)]
    new = Paper(id="pmid:999999", text="new")
    keys = {chunk_key("pack", chunk) for chunk in chunked(papers)}
    more = {chunk_key("pack", chunk) for chunk in chunked([new, *papers])}
    assert len(keys) > 2000 / extraction.chunks.MAX_CHUNK
    assert len(keys - more) <= 5
    assert all(len(chunk) <= extraction.chunks.MAX_CHUNK for chunk in chunked(papers))


def test_the_key_knows_text_and_pack() -> None:
    """Another text, retraction or pack is another shard; another place of the file is not."""
    paper = Paper(id="pmid:1", text="one", source="a.txt")
    key = chunk_key("pack", [paper])
    assert chunk_key("pack", [paper.model_copy(update={"source": "b.txt"})]) == key
    assert chunk_key("pack", [paper.model_copy(update={"text": "two"})]) != key
    assert chunk_key("pack", [paper.model_copy(update={"retracted": True})]) != key
    assert chunk_key("other", [paper]) != key
    assert len(pack_digest(load_pack(PACK))) == 64


def _no_failure(failure: Failure) -> None:
    raise AssertionError(failure)


def test_the_pipeline_reads_no_annotation_of_its_input(tmp_path: Path) -> None:
    """PubTator lines that annotate a paper change nothing."""
    head = "7|t|Aspirin and fever\n7|a|Aspirin reduced fever in children.\n"
    for name, extra in (("plain", ""), ("annotated", "7\t0\t7\tAspirin\tGene\t1\n")):
        (tmp_path / f"{name}.pubtator").write_text(head + extra + "\n")
        extract([tmp_path / f"{name}.pubtator"], PACK, tmp_path / name, device="cpu")
    assert read_rows(tmp_path / "plain") == read_rows(tmp_path / "annotated")

"""What every reader must do, whatever its format: one suite, one entry a reader."""

from __future__ import annotations

import codecs
import gzip
import json
import lzma
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from extraction import MAX_WORDS, READERS, read_papers
from kg import Failure, Paper

Record = tuple[str, str, str]
"""Id, title and abstract of a paper."""

RECORDS: list[Record] = [
    ("21810267", "Fish oil & viscosity", "Patients took <2 g of fish oil. Viscosity fell by 5 %."),
    ("21810268", "Magnesium in migraine", "Magnesium was low in β-patients (n = 30)."),
    ("21810269", "A third title", "Nothing was found."),
]


@dataclass(frozen=True)
class Case:
    """How to write papers in one format, and what the format can hold."""

    suffix: str
    write: Callable[[list[Record]], str]
    many: bool = True
    has_ids: bool = True
    separator: str = " "


def _pubtator(records: list[Record]) -> str:
    blocks = [
        f"{id_}|t|{title}\n{id_}|a|{abstract}\n{id_}\t0\t4\tFish\tSpecies\t7\n"
        for id_, title, abstract in records
    ]
    return "\n".join(blocks)


def _json_lines(records: list[Record]) -> str:
    keys = ("id", "title", "abstract")
    lines = [json.dumps(dict(zip(keys, record, strict=True))) for record in records]
    return "\n".join(lines) + "\n"


def _jats(records: list[Record]) -> str:
    ((id_, title, abstract),) = records
    escaped = [part.replace("&", "&amp;").replace("<", "&lt;") for part in (title, abstract)]
    return (
        "<?xml version='1.0'?><!DOCTYPE article PUBLIC '-//NLM//DTD JATS//EN' 'jats.dtd'>"
        f"<article><front><article-meta><article-id pub-id-type='pmid'>{id_}</article-id>"
        f"<title-group><article-title>{escaped[0]}</article-title></title-group>"
        f"<abstract><p>{escaped[1]}</p></abstract></article-meta></front></article>"
    )


def _text(records: list[Record]) -> str:
    ((_, title, abstract),) = records
    return f"{title}\n\n{abstract}\n"


CASES = {
    "pubtator": Case(".pubtator", _pubtator),
    "jsonl": Case(".jsonl", _json_lines),
    "jats": Case(".xml", _jats, many=False),
    "text": Case(".txt", _text, many=False, has_ids=False, separator="\n\n"),
}

each_reader = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


def xz(data: bytes) -> bytes:
    """Pack quickly."""
    return lzma.compress(data, preset=0)


def chance(seed: int) -> random.Random:
    """The same noise in every run."""
    return random.Random(seed)  # noqa: S311 noise, not a secret


def read(*paths: Path, limit: int | None = None) -> tuple[list[Paper], list[Failure]]:
    """Read the files, and return what came and what could not be used."""
    failures: list[Failure] = []
    return list(read_papers(paths, limit=limit, on_failure=failures.append)), failures


def some(case: Case) -> list[Record]:
    """As many of the records as one file of this format holds."""
    return RECORDS if case.many else RECORDS[:1]


def saved(folder: Path, case: Case, content: str | bytes, name: str = "file") -> Path:
    """Write a file of this format."""
    path = folder / f"{name}{case.suffix}"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_every_reader_has_an_entry() -> None:
    """A reader that is registered is tested by this suite."""
    assert set(CASES) == set(READERS)


@each_reader
def test_papers_come_letter_by_letter_and_in_order(case: Case, tmp_path: Path) -> None:
    """Ids, titles and texts are those of the file."""
    records = some(case)
    papers, failures = read(saved(tmp_path, case, case.write(records)))
    assert failures == []
    assert [paper.title for paper in papers] == [title for _, title, _ in records]
    for paper, (id_, title, abstract) in zip(papers, records, strict=True):
        assert paper.text.rstrip("\n") == f"{title}{case.separator}{abstract}"
        assert paper.id == (f"pmid:{id_}" if case.has_ids else f"sha256:{paper.sha256}")
        assert paper.source.endswith(case.suffix)


@each_reader
@pytest.mark.parametrize("pack", [gzip.compress, xz])
def test_packed_files_read_the_same(
    case: Case, pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    """A file in .gz or .xz gives the same papers, also when it has several members."""
    whole = case.write(some(case)).encode()
    plain = saved(tmp_path, case, whole)
    packed = tmp_path / f"packed{case.suffix}.packed"
    packed.write_bytes(pack(whole[:50]) + pack(whole[50:]))
    named = packed.rename(plain.with_suffix(f"{case.suffix}.gz"))
    assert [paper.text for paper in read(named)[0]] == [paper.text for paper in read(plain)[0]]


@each_reader
def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(case: Case, tmp_path: Path) -> None:
    """Files as Windows writes them give the same titles."""
    content = case.write(some(case)).replace("\n", "\r\n")
    papers, failures = read(saved(tmp_path, case, codecs.BOM_UTF8 + content.encode()))
    assert failures == []
    assert [paper.title for paper in papers] == [title for _, title, _ in some(case)]


@each_reader
@pytest.mark.parametrize("pack", [gzip.compress, xz])
def test_a_cut_off_file_is_listed_after_what_stands_before_the_cut(
    case: Case, pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    """A packed file that ends too early gives the papers before the cut, and one failure."""
    letters = chance(1)
    records = [
        (str(number), f"Title {number}", "".join(letters.choices("abcdefgh ", k=2000)) + ".")
        for number in range(150 if case.many else 1)
    ]
    packed = pack(case.write(records).encode())
    path = saved(tmp_path, case, packed[: len(packed) * 2 // 3])
    papers, (failure,) = read(path)
    assert [paper.title for paper in papers] == [title for _, title, _ in records][: len(papers)]
    assert case.many == (len(papers) > 50)
    assert all(paper.text.endswith(records[i][2]) for i, paper in enumerate(papers))
    assert failure.path == str(path)
    assert failure.where.startswith("byte ")
    assert "cut off" in failure.reason


@each_reader
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n\n \t", "white space"),
        (chance(7).randbytes(20_000), "zero byte"),
        (b"\xff\xfeA\x00", "UTF-16"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"\x1f\x8b" + b"\x07" * 500, "damaged"),
        (b"\xfd7zXZ\x00" + b"\x07" * 500, "damaged"),
    ],
    ids=["empty", "blank", "noise", "UTF-16", "PDF", "bad gzip", "bad xz"],
)
def test_what_is_no_text_is_listed(case: Case, content: bytes, reason: str, tmp_path: Path) -> None:
    """A file that holds no text at all is one failure, and the next file is read."""
    bad = saved(tmp_path, case, content, "bad")
    good = saved(tmp_path, case, case.write(some(case)), "good")
    papers, (failure,) = read(bad, good)
    assert len(papers) == len(some(case))
    assert failure.path == str(bad)
    assert reason in failure.reason


@each_reader
@pytest.mark.parametrize(
    ("abstract", "reason"),
    [
        ("word " * 100_000, f"more than the {MAX_WORDS:,}"),
        ("x" * 1_100_000, "characters, more than"),
    ],
    ids=["100,000 words", "one long word"],
)
def test_a_paper_that_is_too_long_is_listed(
    case: Case, abstract: str, reason: str, tmp_path: Path
) -> None:
    """A paper over the limit is listed with its place; it is neither cut nor in the way."""
    records = [("5", "Too long", abstract), *RECORDS][: 4 if case.many else 1]
    path = saved(tmp_path, case, case.write(records))
    papers, (failure,) = read(path)
    assert [paper.title for paper in papers] == [title for _, title, _ in records[1:]]
    assert reason in failure.reason
    assert failure.where or not case.has_ids


@each_reader
def test_bytes_that_are_not_utf8_are_listed_with_their_line(case: Case, tmp_path: Path) -> None:
    """A byte that is no UTF-8 is a failure with its place; the other papers come."""
    content = case.write(some(case)).encode().replace(b"Patients", b"Patients \xe9\xe8", 1)
    papers, (failure,) = read(saved(tmp_path, case, content))
    assert [paper.title for paper in papers] == [title for _, title, _ in some(case)[1:]]
    assert failure.where.startswith("line ")
    assert "UTF-8" in failure.reason or "encoding" in failure.reason


@each_reader
def test_a_zero_character_after_the_beginning_is_listed(case: Case, tmp_path: Path) -> None:
    """A NUL character deep inside a file makes its paper a failure, not a crash."""
    padding = "word " * 20_000
    records = [("7", "With zero", f"{padding}\0 end"), *RECORDS][: 4 if case.many else 1]
    content = case.write(records)
    papers, failures = read(saved(tmp_path, case, content))
    assert [paper.title for paper in papers] == [title for _, title, _ in records[1:]]
    assert len(failures) == 1


@each_reader
def test_the_same_paper_again_is_read_once(case: Case, tmp_path: Path) -> None:
    """The same id with the same text, in two files, is one paper and no failure."""
    one, other = (saved(tmp_path, case, case.write(some(case)), name) for name in "ab")
    papers, failures = read(one, other, one)
    assert failures == []
    assert len(papers) == len(some(case))


@each_reader
def test_the_content_tells_the_format_before_the_name(case: Case, tmp_path: Path) -> None:
    """A structured file with a foreign ending is read all the same."""
    path = saved(tmp_path, case, case.write(some(case)))
    renamed = path.rename(tmp_path / "file.data")
    papers, failures = read(renamed)
    if case.has_ids:
        assert (len(papers), failures) == (len(some(case)), [])
    else:
        assert papers == []
        assert "name it .txt" in failures[0].reason


@each_reader
def test_a_duplicate_id_with_another_text_is_listed(case: Case, tmp_path: Path) -> None:
    """The first text under an id is kept; another one is listed with the id."""
    id_, title, _ = RECORDS[0]
    first = saved(tmp_path, case, case.write(RECORDS[:1]), "first")
    other = saved(tmp_path, case, case.write([(id_, title, "Quite another text.")]), "other")
    papers, failures = read(first, other)
    if not case.has_ids:
        assert (len(papers), failures) == (2, [])
        return
    assert [paper.text for paper in papers] == [f"{title} {RECORDS[0][2]}"]
    assert [(failure.path, id_ in failure.where) for failure in failures] == [(str(other), True)]


@each_reader
def test_any_bytes_give_papers_or_failures(case: Case, tmp_path: Path) -> None:
    """However a good file is damaged, the reader ends with papers or failures, and no crash."""
    whole = case.write(some(case)).encode()
    damage = chance(3)
    for number in range(150):
        damaged = bytearray(whole)
        for _ in range(damage.randint(1, 4)):
            at = damage.randrange(len(damaged))
            damaged[at : at + damage.randint(0, 3)] = damage.randbytes(damage.randint(0, 3))
        papers, failures = read(saved(tmp_path, case, bytes(damaged), f"damaged{number}"))
        assert papers or failures
        assert all(paper.text.strip() for paper in papers)
        assert all(failure.reason for failure in failures)

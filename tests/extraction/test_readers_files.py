"""Files and folders: what is found, in which order, what is refused, and in how much memory."""

from __future__ import annotations

import functools
import gzip
import json
import lzma
import os
import socket
import tempfile
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from extraction import read_papers
from kg import Failure, Paper, UsageError

NOBODY = 65534


def read(*paths: Path | str, limit: int | None = None) -> tuple[list[Paper], list[Failure]]:
    """Read the files, and return what came and what could not be used."""
    failures: list[Failure] = []
    return list(read_papers(paths, limit=limit, on_failure=failures.append)), failures


def write(path: Path, text: str) -> Path:
    """Write a file, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def line(number: int, length: int = 20) -> str:
    """One paper as JSON."""
    record = {"id": number, "title": f"Title {number}", "abstract": f"{number:060} " * length}
    return json.dumps(record) + "\n"


@contextmanager
def without_rights() -> Iterator[Path]:
    """A folder, and the rights of nobody: permissions do not bind the superuser."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        root = os.geteuid() == 0
        yield folder
        if root:
            os.seteuid(0)


def test_a_folder_is_read_with_all_below_it_sorted_by_name(tmp_path: Path) -> None:
    """Files and folders come sorted by name, among each other; hidden ones do not come."""
    for name in ("b.txt", "a/z.txt", "a/y/x.txt", "c.txt", ".hidden.txt", ".git/d.txt", "a.txt"):
        write(tmp_path / name, f"Text of {name}.")
    papers, failures = read(tmp_path)
    assert failures == []
    names = [Path(paper.source).relative_to(tmp_path).as_posix() for paper in papers]
    assert names == ["a/y/x.txt", "a/z.txt", "a.txt", "b.txt", "c.txt"]


def test_a_hidden_file_is_read_when_it_is_named(tmp_path: Path) -> None:
    """What is named is read, whatever its name."""
    papers, failures = read(write(tmp_path / ".hidden.txt", "Text."))
    assert (len(papers), failures) == (1, [])


def test_unknown_files_beside_papers_are_listed(tmp_path: Path) -> None:
    """Nothing is left out silently: a file that no reader takes is a failure of its own."""
    write(tmp_path / "paper.txt", "A text.")
    others = [write(tmp_path / name, "T1\tNot a paper") for name in ("README", "a.ann", "b.tsv")]
    papers, failures = read(tmp_path)
    assert len(papers) == 1
    assert [failure.path for failure in failures] == list(map(str, others))
    assert all("name it .txt" in failure.reason for failure in failures)


def test_absent_files_and_empty_folders_are_listed(tmp_path: Path) -> None:
    """A path that is not there, a link to nothing and an empty folder each have a reason."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "dangling.txt").symlink_to("nothing")
    names = ("absent.txt", "empty", "dangling.txt", "x" * 300, "nul\0.txt")
    papers, failures = read(*(f"{tmp_path}/{name}" for name in names))
    assert papers == []
    words = ["No such file", "no file", "No such file", "name too long", "null"]
    assert len(failures) == len(words)
    for word, failure in zip(words, failures, strict=True):
        assert word in failure.reason


def test_links_that_lead_back_do_not_hang(tmp_path: Path) -> None:
    """A folder that links to itself or to one above is read once, and the link is listed."""
    write(tmp_path / "a/paper.txt", "A text.")
    (tmp_path / "a/loop").symlink_to(tmp_path)
    (tmp_path / "self.txt").symlink_to("self.txt")
    papers, failures = read(tmp_path)
    assert len(papers) == 1
    assert [Path(failure.path).name for failure in failures] == ["loop", "self.txt"]
    assert "a link leads back" in failures[0].reason


def test_pipes_sockets_and_devices_do_not_hang(tmp_path: Path) -> None:
    """What is not a regular file is refused without being opened."""
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as server:
        folder = Path.cwd()
        os.chdir(tmp_path)  # the address of a socket may not be long
        server.bind("socket.txt")
        os.chdir(folder)
        papers, failures = read(tmp_path, "/dev/zero")
    assert papers == []
    assert len(failures) == 3
    assert all("not a regular file" in failure.reason for failure in failures)


def test_files_and_folders_without_permission_are_listed() -> None:
    """A file that may not be read, and a folder that may not be entered, are failures."""
    with without_rights() as folder:
        good = write(folder / "good.txt", "A text.")
        closed = write(folder / "closed.txt", "Another text.")
        closed.chmod(0)
        locked = write(folder / "locked/inside.txt", "A third text.").parent
        locked.chmod(0)
        listed = write(folder / "listed/inside.txt", "A fourth text.").parent
        listed.chmod(0o444)
        if os.geteuid() == 0:
            os.seteuid(NOBODY)
        papers, failures = read(good, closed, locked, listed)
    assert [paper.source for paper in papers] == [str(good)]
    paths = [str(closed), str(locked), str(listed / "inside.txt")]
    assert [failure.path for failure in failures] == paths
    assert all("ermission denied" in failure.reason for failure in failures)


def test_a_name_that_is_not_utf8_is_shown_with_escapes(tmp_path: Path) -> None:
    """A path in any bytes can be written to a report."""
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_text("A text.")
    (paper,), failures = read(tmp_path)
    assert failures == []
    assert paper.source.encode().endswith(rb"caf\udce9.txt")


def test_the_limit_counts_papers_over_all_files(tmp_path: Path) -> None:
    """No more papers than asked for are read, and nothing behind them is touched."""
    one = write(tmp_path / "1.jsonl", line(1) + line(2))
    two = write(tmp_path / "2.jsonl", line(3) + "not JSON\n")
    papers, failures = read(one, two, limit=3)
    assert ([paper.id for paper in papers], failures) == (["pmid:1", "pmid:2", "pmid:3"], [])


def test_wrong_use_is_refused_at_once(tmp_path: Path) -> None:
    """A limit below 1, and a lone path in place of a list, are errors of use."""
    for paths, limit in (([tmp_path], 0), (str(tmp_path), None), (tmp_path, None)):
        with pytest.raises(UsageError):
            read_papers(paths, limit=limit, on_failure=print)  # type: ignore[arg-type]


def test_a_large_packed_file_is_streamed(tmp_path: Path) -> None:
    """Papers of 8 MB in one .xz take 2 MB: one is held at a time, with a digest of each."""
    path = tmp_path / "many.jsonl.xz"
    with lzma.open(path, "wt", encoding="utf-8", preset=0) as file:
        file.writelines(line(number, 60) for number in range(2_000))
    failures: list[Failure] = []
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_papers([path], on_failure=failures.append))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (count, failures) == (2_000, [])
    assert peak < 2 << 20


@functools.cache
def bomb(ending: str) -> bytes:
    """Eighty million letters in a few thousand bytes."""
    letters = b"a" * 80_000_000
    return gzip.compress(letters, 1) if ending == "gz" else lzma.compress(letters, preset=0)


@pytest.mark.parametrize("name", ["bomb.jsonl", "bomb.txt", "bomb.xml", "bomb.pubtator"])
@pytest.mark.parametrize("ending", ["gz", "xz"])
def test_a_decompression_bomb_is_refused(name: str, ending: str, tmp_path: Path) -> None:
    """A small file that unpacks to many MB is a failure, and is not held in memory."""
    path = tmp_path / f"{name}.{ending}"
    path.write_bytes(bomb(ending))
    tracemalloc.start()
    try:
        papers, (failure,) = read(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert papers == []
    assert "times its size" in failure.reason or "larger than" in failure.reason
    assert peak < 100 << 20


def test_a_line_of_a_gigabyte_is_refused(tmp_path: Path) -> None:
    """A line without an end is given up after 256 MB; the papers before it have come."""
    path = write(tmp_path / "long.jsonl", line(1) + '{"title": "' + "a" * 100_000)
    os.truncate(path, 1 << 30)
    papers, (failure,) = read(path)
    assert [paper.id for paper in papers] == ["pmid:1"]
    assert failure.where == "line 2"
    assert "longer than" in failure.reason


def test_a_line_of_9_megabytes_is_listed_and_passed_over(tmp_path: Path) -> None:
    """A line that is too long is a failure; the lines around it are read."""
    path = write(tmp_path / "long.jsonl", line(1) + "{" + " " * (9 << 20) + "}\n" + line(3))
    papers, (failure,) = read(path)
    assert [paper.id for paper in papers] == ["pmid:1", "pmid:3"]
    assert failure.where == "line 2"


def test_an_xz_that_asks_for_gigabytes_of_memory_is_refused(tmp_path: Path) -> None:
    """A dictionary of 1 GiB in the header of an .xz is not allocated."""
    path = tmp_path / "greedy.jsonl.xz"
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 20}]
    data = bytearray(lzma.compress(line(1).encode(), filters=filters))
    # The LZMA2 filter's size byte: 36 stands for 1 GiB; the block header's CRC follows it.
    header = data[12 : 12 + (data[12] + 1) * 4]
    at = header.index(b"\x21\x01") + 2
    header[at] = 36
    header[-4:] = zlib.crc32(header[:-4]).to_bytes(4, "little")
    data[12 : 12 + len(header)] = header
    path.write_bytes(data)
    papers, (failure,) = read(path)
    assert papers == []
    assert "Memory usage limit" in failure.reason


def test_a_file_of_nothing_but_bad_records_is_given_up(tmp_path: Path) -> None:
    """After 100 bad records and no good one, the rest of a file is not read."""
    path = write(tmp_path / "prose.jsonl", "No JSON here.\n" * 5_000)
    papers, failures = read(path)
    assert papers == []
    assert len(failures) == 101
    assert "the rest is not read" in failures[-1].reason

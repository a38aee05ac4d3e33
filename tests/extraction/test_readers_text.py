"""Plain text: kept letter by letter, with a title where one stands apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from extraction import read_papers
from kg import Failure, Paper


def read(folder: Path, content: bytes) -> tuple[list[Paper], list[Failure]]:
    """Read a file with this content."""
    path = folder / "paper.txt"
    path.write_bytes(content)
    failures: list[Failure] = []
    return list(read_papers([path], on_failure=failures.append)), failures


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Fish oil\n\nIt lowers viscosity.\n", "Fish oil"),
        ("\n  Fish oil \r\n\r\n\r\nIt lowers.\r\n", "Fish oil"),
        ("Fish oil lowers\nviscosity, as we show.\n", ""),
        ("Only one line", ""),
        ("Only one line\n\n", ""),
        ("word " * 80 + "\n\nA paragraph.", ""),
    ],
)
def test_a_title_stands_apart_and_the_text_is_kept(text: str, title: str, tmp_path: Path) -> None:
    """A first line with an empty line after it is the title; no letter of the text changes."""
    (paper,), failures = read(tmp_path, text.encode())
    assert (paper.text, paper.title, failures) == (text, title, [])


def test_a_wrong_byte_is_listed_with_line_and_place(tmp_path: Path) -> None:
    """A text in another encoding is refused, with the first byte that shows it."""
    papers, (failure,) = read(tmp_path, "Erste Zeile\nfür Größen".encode("latin-1"))
    assert papers == []
    assert failure.where == "line 2"
    assert failure.reason.startswith("byte 2 of it, 0xfc,")

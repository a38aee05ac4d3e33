"""How values and rows are printed."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.cli.console import print_json, print_rows, shown

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda parts: st.lists(parts) | st.dictionaries(st.text(), parts),
)


@settings(deadline=None)  # machines are busy
@given(st.text())
def test_no_text_can_command_a_terminal(text: str) -> None:
    """No control character but newline and tab is left in what is shown."""
    assert not [c for c in shown(text) if ord(c) in {*range(32), *range(127, 160)} - {9, 10}]


@settings(deadline=None)  # machines are busy
@given(VALUES)
def test_json_is_one_line_that_reads_back(value: object) -> None:
    """What is printed as JSON is one line of UTF-8, and reads back as what it was."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        print_json(value)
    (line,) = out.buffer.getvalue().split(b"\n")[:-1]
    assert json.loads(line.decode()) == _finite(value)


def _finite(value: object) -> object:
    if isinstance(value, float) and value in {float("inf"), float("-inf")}:
        return "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, list):
        return [_finite(item) for item in value]
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return value


@settings(deadline=None)  # machines are busy
@given(st.lists(st.text(st.characters(codec="ascii", categories=["L", "N"])), min_size=1))
def test_a_table_holds_every_letter(names: list[str]) -> None:
    """However long its values are, a table holds every letter, in 80 columns."""
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        patch.setenv("COLUMNS", "80")
        print_rows([{"a": name, "b": name} for name in names])
    written = out.getvalue()
    assert max(map(len, written.splitlines())) <= 80
    for name in names:
        assert all(written.count(c) >= 2 * name.count(c) for c in set(name))

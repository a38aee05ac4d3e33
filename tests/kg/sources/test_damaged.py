"""Files that are damaged anywhere: each gives terms, failures or one error of ours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import AbduceError, Failure
from kg.curated_models import Fact, Term
from kg.sources import SourceOptions, guess_format, open_source
from tests.kg.sources.written import FILES, KGX_LINES, MAPPING, OWL_FUNCTIONAL

CONTENTS = [
    *((name, text) for name, files in FILES.items() for text in files.values()),
    ("kgx", KGX_LINES),
    ("owl", OWL_FUNCTIONAL),
    ("rdf", '{"@context": {"p": "http://e.org/"}, "@id": "http://e.org/a", "p:b": {"@id": "p:c"}}'),
    ("rdf", '<http://e.org/a> <http://e.org/b> "c"@en .\n_:a <http://e.org/b> _:c .\n'),
]
EDITS = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 20), st.binary(max_size=8)),
    min_size=1,
    max_size=4,
)


def damaged(text: str, edits: list[tuple[float, int, bytes]]) -> bytes:
    """The text with some stretches replaced by others."""
    data = text.encode()
    for place, length, new in edits:
        start = int(place * len(data))
        data = data[:start] + new + data[start + length :]
    return data


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=st.sampled_from(CONTENTS), edits=EDITS, named=st.booleans())
def test_damage_is_told(
    content: tuple[str, str], edits: list[tuple[float, int, bytes]], named: bool, tmp_path: Path
) -> None:
    """Whatever is changed in a file, reading it raises no error but ours, and rows can be kept."""
    format_, text = content
    path = tmp_path / "file"
    path.write_bytes(damaged(text, edits))
    _read_all(path, format_ if named or format_ == "table" else None, tmp_path)


def _read_all(path: Path, format_: str | None, folder: Path) -> None:
    mapping = folder / "m.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    failures: list[Failure] = []
    try:
        guess_format(path)
        opened = open_source(
            path,
            SourceOptions(format=format_, mapping=mapping if format_ == "table" else None),
            on_failure=failures.append,
        )
        said: list[Term | Fact] = [*opened.terms(), *opened.facts()]
    except AbduceError:
        return
    for one in said:
        told = one._asdict() if isinstance(one, Fact) else one.model_dump()
        assert json.dumps(told, ensure_ascii=False).encode()
    for failure in failures:
        assert failure.reason
        assert failure.model_dump_json()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.binary(min_size=1, max_size=300), format_=st.sampled_from([*FILES, None]))
def test_noise_is_told(data: bytes, format_: str | None, tmp_path: Path) -> None:
    """Any bytes at all, read as any format, raise no error but ours."""
    path = tmp_path / "file"
    path.write_bytes(data)
    _read_all(path, format_, tmp_path)


@pytest.mark.parametrize("text", ["\n", "\ufeff", " \n \n", "\0" * 10, "{}", "[]", "<", "@", '"'])
@pytest.mark.parametrize("format_", FILES)
def test_next_to_nothing_is_told(format_: str, text: str, tmp_path: Path) -> None:
    """A file with next to nothing in it raises no error but ours."""
    path = tmp_path / "file"
    path.write_text(text, encoding="utf-8")
    _read_all(path, format_, tmp_path)

"""What holds of every format: one small source of each is read."""

from __future__ import annotations

import gzip
import json
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from kg import Failure, UnknownNameError, UnreadableFileError, UsageError
from kg.curated_models import Fact, Term
from kg.identifiers import is_curie
from kg.sources import FORMATS, SourceOptions, guess_format, open_source
from tests.kg.sources.written import FILES, MAPPING, no_failure, read, write

PACKERS: dict[str, Callable[[bytes], bytes]] = {"gz": gzip.compress, "xz": lzma.compress}


def test_every_format_has_a_source_here() -> None:
    """No format is registered without being tested by this suite."""
    assert set(FILES) == set(FORMATS)


@pytest.mark.parametrize("format_", FILES)
def test_a_source_says_the_same_each_time(format_: str, tmp_path: Path) -> None:
    """Terms and facts can be read again and again, in any order, and are the same."""
    opened, failures = read(tmp_path / "s", format_)
    facts = list(opened.facts())
    terms = list(opened.terms())
    assert terms
    assert facts
    assert not failures
    assert list(opened.terms()) == terms
    assert list(opened.facts()) == facts
    again, _ = read(tmp_path / "s", format_)
    assert list(again.terms()) == terms
    assert again.source == opened.source


@pytest.mark.parametrize("format_", FILES)
def test_a_source_is_well_formed(format_: str, tmp_path: Path) -> None:
    """Ids are CURIEs, each term stands once, rows say where, and details are JSON."""
    opened, _ = read(tmp_path / "s", format_)
    terms = list(opened.terms())
    assert len({term.id for term in terms}) == len(terms)
    names = {Path(name).name for name in FILES[format_]}
    every: list[Term | Fact] = [*terms, *opened.facts()]
    for said in every:
        assert said.row.split(" ")[0] in names
        assert not said.details or json.loads(said.details)
        ids = [said.subject, said.object] if isinstance(said, Fact) else [said.id]
        assert all(is_curie(id_) or id_.startswith("http://example.org/") for id_ in ids)
    assert opened.source.format == format_


@pytest.mark.parametrize("packed", PACKERS)
@pytest.mark.parametrize("format_", FILES)
def test_a_packed_source_is_the_same(format_: str, packed: str, tmp_path: Path) -> None:
    """A file packed with gzip or xz says what the plain one says, and has its version."""
    plain, _ = read(tmp_path / "s", format_)
    folder = tmp_path / "packed" / "s"
    folder.mkdir(parents=True)
    paths = []
    for name, text in FILES[format_].items():
        path = folder / f"{name}.{packed}"
        path.write_bytes(PACKERS[packed](text.encode()))
        paths.append(path)
    mapping = tmp_path / "m.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    again = open_source(
        paths,
        SourceOptions(format=format_, mapping=mapping if format_ == "table" else None),
        on_failure=no_failure,
    )
    assert [term.id for term in again.terms()] == [term.id for term in plain.terms()]
    assert len(list(again.facts())) == len(list(plain.facts()))
    assert (again.source.name, again.source.version) == (plain.source.name, plain.source.version)


@pytest.mark.parametrize("format_", [name for name in FILES if name != "table"])
def test_a_format_is_told_by_content(format_: str, tmp_path: Path) -> None:
    """The format is known whatever the file is called, also from a folder with other files."""
    misnamed = {f"{number}.dat": text for number, text in enumerate(FILES[format_].values())}
    paths = write(tmp_path / "s", misnamed)
    assert [guess_format(path) for path in paths] == [format_] * len(paths)
    (tmp_path / "s" / "STATUS.tsv").write_text("what\thow\nall\tfine\n", encoding="utf-8")
    (tmp_path / "s" / "empty").touch()
    assert guess_format(tmp_path / "s") == format_
    from_folder = open_source(tmp_path / "s", on_failure=no_failure)
    from_files = open_source(paths, on_failure=no_failure)
    assert list(from_folder.facts()) == list(from_files.facts())


@pytest.mark.parametrize("format_", FILES)
def test_each_fact_fits_the_schema(format_: str, tmp_path: Path) -> None:
    """A source with facts has a schema, its own or one that they show, and each fact fits it."""
    opened, _ = read(tmp_path / "s", format_)
    types = {term.id: term.type for term in opened.terms()}
    facts = [f for f in opened.facts() if f.subject in types and f.object in types]
    assert (opened.domain is not None) or not facts
    for fact in facts:
        assert opened.domain is not None
        ends = (types[fact.subject], types[fact.object])
        assert opened.domain.signature(fact.predicate, *ends) is not None


@pytest.mark.parametrize("format_", FILES)
def test_what_the_caller_says_wins(format_: str, tmp_path: Path) -> None:
    """Name, version, licence, date and labels of the caller go before those of the content."""
    said = {"name": "mine", "version": "7", "licence": "MIT", "date": "2020-02-02"}
    opened, _ = read(tmp_path / "s", format_, None, types="*=Topic", **said)
    source = opened.source
    assert (source.name, source.version) == ("mine", "7")
    assert (source.licence, source.date) == ("MIT", "2020-02-02")
    assert {term.type for term in opened.terms()} == {"Topic"}
    if opened.domain is not None:
        assert set(opened.domain.types) == {"Topic"}


@pytest.mark.parametrize("format_", FILES)
def test_a_file_that_is_cut_off_is_an_error(format_: str, tmp_path: Path) -> None:
    """A packed file that ends too early is an error with its name, never a smaller source."""
    packed = {name: gzip.compress(text.encode()) for name, text in FILES[format_].items()}
    mapping = tmp_path / "m.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    for name, data in packed.items():
        (tmp_path / name).write_bytes(data[: len(data) - 10])
    paths = [tmp_path / name for name in packed]
    with pytest.raises(UnreadableFileError, match=next(iter(packed))):
        _count_terms(paths, format_, mapping)


def _count_terms(paths: list[Path], format_: str, mapping: Path) -> int:
    opened = open_source(
        paths,
        SourceOptions(format=format_, mapping=mapping if format_ == "table" else None),
        on_failure=lambda _: None,
    )
    return len(list(opened.terms()))


@pytest.mark.parametrize("format_", FILES)
def test_a_file_of_another_format_is_an_error(format_: str, tmp_path: Path) -> None:
    """Reading a file as what it is not is one error or nothing but failures: no term comes out."""
    path = tmp_path / "novel.txt"
    path.write_text("It was a dark and stormy night.\n" * 3, encoding="utf-8")
    mapping = tmp_path / "m.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    found: list[Failure] = []
    try:
        opened = open_source(
            path,
            SourceOptions(format=format_, mapping=mapping if format_ == "table" else None),
            on_failure=found.append,
        )
    except UnreadableFileError:
        return
    assert not list(opened.terms())
    assert found


def test_an_unknown_content_is_an_error_that_names_the_formats(tmp_path: Path) -> None:
    """A file of no known format is refused with the formats that there are."""
    path = tmp_path / "novel.txt"
    path.write_text("It was a dark and stormy night.\n", encoding="utf-8")
    assert guess_format(path) is None
    with pytest.raises(UnreadableFileError, match=r"hetionet, kgx, obo"):
        open_source(path, on_failure=no_failure)


def test_files_of_two_formats_are_not_one_source(tmp_path: Path) -> None:
    """Files of several formats are refused, named or in a folder."""
    paths = write(tmp_path / "s", FILES["obo"] | FILES["skos"])
    with pytest.raises(UsageError, match="obo, skos"):
        open_source(paths, on_failure=no_failure)
    with pytest.raises(UsageError, match="obo, skos"):
        guess_format(tmp_path / "s")


def test_wrong_use_is_told(tmp_path: Path) -> None:
    """An unknown format, no file, a folder without files and a label that cannot be are errors."""
    (path,) = write(tmp_path / "s", FILES["obo"])
    with pytest.raises(UnknownNameError, match="nearest: obo"):
        open_source(path, SourceOptions(format="oboe"), on_failure=no_failure)
    for name in ("my source", "", "a@b"):
        with pytest.raises(UsageError, match="name of a source"):
            open_source(path, SourceOptions(source=name), on_failure=no_failure)
    for version in ("1\n2", "", "v" * 1000):
        with pytest.raises(UsageError, match="version of a source"):
            open_source(path, SourceOptions(version=version), on_failure=no_failure)
    with pytest.raises(UsageError, match="no file"):
        open_source([], on_failure=no_failure)
    with pytest.raises(UsageError, match="cannot be a label"):
        open_source(path, SourceOptions(types={"DOID": "Disease`)//"}), on_failure=no_failure)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnreadableFileError, match="no file in this folder"):
        open_source(tmp_path / "empty", SourceOptions(format="obo"), on_failure=no_failure)
    with pytest.raises(UnreadableFileError, match="absent"):
        open_source(tmp_path / "absent.obo", on_failure=no_failure)


def test_a_bad_row_is_told_once(tmp_path: Path) -> None:
    """A row that cannot be used is one failure with its place, however often it is read."""
    edges = FILES["hetionet"]["edges.sif"] + "Compound::DB1\tXxX\tDisease::DOID:1\n\tone\n"
    opened, failures = read(tmp_path / "s", "hetionet", FILES["hetionet"] | {"edges.sif": edges})
    for _ in range(3):
        assert len(list(opened.facts())) == 2
    assert [(Path(f.path).name, f.where) for f in failures] == [
        ("edges.sif", "line 4"),
        ("edges.sif", "line 5"),
    ]
    assert "XxX" in failures[0].reason

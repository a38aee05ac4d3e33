"""Tables, by a mapping."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kg import UnreadableFileError, UsageError
from kg.sources import SourceOptions, open_source
from tests.kg.sources.written import MAPPING, TABLE, no_failure, read, terms, triples

EXPECTED = [
    ("DRUGBANK:DB00571", "TREATS", "DOID:6364", "supports"),
    ("DRUGBANK:DB00316", "PALLIATES", "DOID:6364", "supports"),
    ("DRUGBANK:DB00571", "TREATS", "DOID:2841", "denies"),
]


def test_rows_are_facts_and_a_not_is_a_denial(tmp_path: Path) -> None:
    """A value of the predicate's column is a relation and a polarity; other columns are kept."""
    opened, failures = read(tmp_path / "s", "table")
    assert triples(opened) == EXPECTED
    first = next(iter(opened.facts()))
    assert (json.loads(first.details), first.row) == ({"n": "3"}, "indications.tsv line 2")
    assert not failures


def test_both_ends_are_terms(tmp_path: Path) -> None:
    """Each entity is a term once, with its type and name."""
    opened, _ = read(tmp_path / "s", "table")
    assert {(t.id, t.type, t.name) for t in opened.terms()} == {
        ("DRUGBANK:DB00571", "Compound", "Propranolol"),
        ("DRUGBANK:DB00316", "Compound", "Acetaminophen"),
        ("DOID:6364", "Disease", "migraine"),
        ("DOID:2841", "Disease", "asthma"),
    }


def test_a_name_may_stand_in_any_row(tmp_path: Path) -> None:
    """An entity whose first row has no name for it has the name of a later row."""
    first, second, *rest = TABLE.splitlines(keepends=True)
    nameless = second.replace("Propranolol", "").replace("migraine", "")
    text = "".join([first, nameless, second, *rest])
    opened, failures = read(tmp_path / "s", "table", {"indications.tsv": text})
    found = terms(opened)
    assert (found["DRUGBANK:DB00571"].name, found["DOID:6364"].name) == ("Propranolol", "migraine")
    assert found["DOID:6364"].row == "indications.tsv line 2"
    assert len(found) == len(list(opened.terms())) == 4
    assert not failures


def test_the_mapping_names_the_source_and_its_schema(tmp_path: Path) -> None:
    """Name, licence and error rate are those of the mapping; its types and relations a schema."""
    opened, _ = read(tmp_path / "s", "table")
    assert opened.source.name == "indications"
    assert (opened.source.licence, opened.source.error) == ("CC0-1.0", 0.01)
    assert opened.domain is not None
    assert set(opened.domain.relations) == {"TREATS", "PALLIATES"}


def test_the_sample_mapping_reads_the_sample_table() -> None:
    """The mapping that is shipped reads the table beside it."""
    folder = Path(__file__).resolve().parents[3] / "samples" / "curated"
    opened = open_source(
        folder / "indications.tsv",
        SourceOptions(mapping=folder / "indications.toml"),
        on_failure=no_failure,
    )
    assert [fact[1] + fact[3] for fact in triples(opened)] == [
        "TREATSsupports",
        "PALLIATESsupports",
        "TREATSdenies",
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
def test_the_delimiter_is_seen(delimiter: str, tmp_path: Path) -> None:
    """Commas, semicolons, bars and tabs are told apart by the first line."""
    text = TABLE.replace("\t", delimiter).replace("asthma", f'"asthma{delimiter} ""mild"""')
    opened, _ = read(tmp_path / "s", "table", {"t.csv": text})
    assert triples(opened) == EXPECTED
    assert terms(opened)["DOID:2841"].name == f'asthma{delimiter} "mild"'


def test_parquet_says_the_same(tmp_path: Path) -> None:
    """A Parquet file with numbers and nulls is read as the text of a CSV is."""
    rows = [line.split("\t") for line in TABLE.splitlines()]
    columns = {name: [row[at] for row in rows[1:]] for at, name in enumerate(rows[0])}
    table = pa.table(columns | {"n": [3, None, 1]})
    path = tmp_path / "t.bin"
    pq.write_table(table, path)
    mapping = tmp_path / "m.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    opened = open_source(path, SourceOptions(mapping=mapping), on_failure=no_failure)
    assert triples(opened) == EXPECTED
    assert [fact.details for fact in opened.facts()] == ['{"n": "3"}', "", '{"n": "1"}']
    assert next(iter(opened.facts())).row == "t.bin row 1"


def test_types_and_ids_can_come_from_columns(tmp_path: Path) -> None:
    """A column can say the type, a template the id, and one value be ignored."""
    mapping = """null = ["", "-"]
[subject]
column = "a"
template = "NCBIGene:{}"
type = "Gene"
[object]
column = "b"
type_column = "kind"
types = { dis = "Disease" }
[predicate]
column = "says"
values = { yes = "LINKED", no = { predicate = "LINKED", polarity = "denies" } }
ignore = ["maybe"]
"""
    text = "a,b,kind,says\n1,DOID:1,dis,yes\n2,MESH:D1,side effect,no\n3,DOID:3,dis,maybe\n"
    opened, failures = read(tmp_path / "s", "table", {"t.csv": text}, mapping=mapping)
    assert triples(opened) == [
        ("NCBIGene:1", "LINKED", "DOID:1", "supports"),
        ("NCBIGene:2", "LINKED", "MESH:D1", "denies"),
    ]
    assert terms(opened)["MESH:D1"].type == "SideEffect"
    assert "NCBIGene:3" not in terms(opened)
    assert not failures


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("\tx\tDOID:1\ty\tDM\t1", "'drug_id' is empty"),
        ("DB1\tx\tmigraine\ty\tDM\t1", "no CURIE"),
        ("DB1\tx\tDOID:1\ty\tMAYBE\t1", "'MAYBE' in column 'category' has no meaning"),
        ("DB1\tx\tDOID:1\ty\tDM\t1\t2\t3", "8 cells"),
    ],
)
def test_a_wrong_row_is_told(row: str, reason: str, tmp_path: Path) -> None:
    """A row that cannot be used is a failure with its line, and the rest goes on."""
    opened, failures = read(tmp_path / "s", "table", {"t.tsv": f"{TABLE}{row}\n"})
    list(opened.terms())
    assert triples(opened) == EXPECTED
    assert {failure.where for failure in failures} == {"line 5"}
    assert any(reason in failure.reason for failure in failures)


def test_a_wrong_column_names_the_nearest(tmp_path: Path) -> None:
    """An absent column is an error: the key, the column, all that there are, the nearest."""
    with pytest.raises(UnreadableFileError) as raised:
        read(tmp_path / "s", "table", mapping=MAPPING.replace('"drug_id"', '"drugid"'))
    message = str(raised.value)
    assert "s.toml: subject.column" in message
    assert "no column 'drugid'; did you mean 'drug_id'?" in message
    assert "'drug_id', 'drug', 'doid', 'disease', 'category', 'n'" in message


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('column = "doid"', 'colum = "doid"', "object.colum is no key here; did you mean 'column'"),
        ('column = "doid"\n', "", "object.column is missing"),
        ('type = "Disease"', 'type = "a disease"', "object.type"),
        ('type = "Disease"\n', "", "either `type` or `type_column`"),
        ('prefix = "DRUGBANK"', 'prefix = "D"\ntemplate = "{}"', "either `prefix` or `template`"),
        ('DM = "TREATS"', 'DM = "treats"', "predicate.values.DM"),
        ("[subject]", "[subject", "is no TOML"),
        ("[predicate]", "[relations.TREAT]\nsign = -1\n[predicate]", "TREAT is the relation of no"),
        ('type = "Disease"', 'type = "Disease"\ntypes = { a = "B" }', "`types` is for a `type_col"),
        ('column = "category"', 'fixed = "TREATS"', "`values` and `ignore` are for a `column`"),
    ],
)
def test_a_wrong_mapping_names_the_key(old: str, new: str, reason: str, tmp_path: Path) -> None:
    """A mapping that says what it cannot say is an error with the key, and what was expected."""
    with pytest.raises(UnreadableFileError) as raised:
        read(tmp_path / "s", "table", mapping=MAPPING.replace(old, new, 1))
    assert reason in str(raised.value)


def test_a_table_needs_a_mapping(tmp_path: Path) -> None:
    """A table without a mapping is wrong use, and the message says what to name."""
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(UsageError, match="--mapping"):
        open_source(path, SourceOptions(format="table"), on_failure=no_failure)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('name = "', 'date = "yesterday"\nname = "', "'yesterday' is no date; it is a year"),
        ('name = "', 'date = 2016-99-99\nname = "', "is no TOML"),
    ],
)
def test_a_date_that_is_none_is_told(old: str, new: str, reason: str, tmp_path: Path) -> None:
    """The date of a source is a year, a month or a day."""
    with pytest.raises(UnreadableFileError, match=reason):
        read(tmp_path / "s", "table", mapping=MAPPING.replace(old, new, 1))


def test_a_date_of_toml_is_a_date(tmp_path: Path) -> None:
    """A date need not be in quotes."""
    mapping = MAPPING.replace('name = "', 'date = 2016-08-04\nname = "', 1)
    opened, _ = read(tmp_path / "s", "table", mapping=mapping)
    assert opened.source.date == "2016-08-04"


def test_a_relation_cannot_have_the_name_of_a_type(tmp_path: Path) -> None:
    """A mapping that calls a relation and a type the same is told so, before a row is read."""
    mapping = MAPPING.replace('"TREATS"', '"DISEASE"')
    with pytest.raises(UnreadableFileError, match="DISEASE has the name of the type Disease"):
        read(tmp_path / "s", "table", mapping=mapping)


@pytest.mark.parametrize("date", ["yesterday", "2016-99-99", "16", "2016-9-1", ""])
def test_a_date_is_a_year_a_month_or_a_day(date: str, tmp_path: Path) -> None:
    """What the caller says is the date must be one."""
    with pytest.raises(UsageError, match="cannot be the date of a source"):
        read(tmp_path / "s", "hetionet", date=date)


def test_a_table_may_have_very_many_columns(tmp_path: Path) -> None:
    """100,000 columns are read; looking for two of one name does not compare all with all."""
    more = ",".join(f"c{n}" for n in range(100_000))
    head, row, *_ = TABLE.replace("\t", ",").splitlines()
    opened, failures = read(tmp_path / "s", "table", {"t.csv": f"{head},{more}\n{row}\n"})
    assert len(triples(opened)) == 1
    assert not failures

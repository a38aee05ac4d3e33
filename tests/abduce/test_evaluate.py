"""`abduce evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.abduce.conftest import RunAbduce

TITLE = "Metformin in type 2 diabetes"
ABSTRACT = "Metformin lowers glucose in patients with type 2 diabetes."
ANNOTATED = f"""1|t|{TITLE}
1|a|{ABSTRACT}
1\t0\t9\tMetformin\tChemicalEntity\tD008687
1\t13\t28\ttype 2 diabetes\tDiseaseOrPhenotypicFeature\tD003924
1\t29\t38\tMetformin\tChemicalEntity\tD008687
1\tNegative_Correlation\tD008687\tD003924\tNovel

"""
SCORE = {"p", "r", "f1"}


@pytest.fixture
def annotated(tmp_path: Path) -> Path:
    """One annotated abstract as PubTator."""
    path = tmp_path / "gold.pubtator"
    path.write_text(ANNOTATED, encoding="utf-8")
    return path


def test_the_scores_have_the_keys_that_programs_read(
    run_abduce: RunAbduce, annotated: Path
) -> None:
    """`evaluate --json` prints one object: ner, relations, calibration, each score as p, r, f1."""
    done = run_abduce("evaluate", annotated, "--pack", "biomedicine", "--json")
    assert done.code == 0, done.err
    (scores,) = done.rows
    assert {"ner", "relations", "calibration"} <= set(scores)
    assert set(scores["ner"]) == {"micro", "per_type"}
    assert set(scores["ner"]["micro"]) >= SCORE
    assert set(scores["relations"]) == {"gold_entities", "end_to_end"}
    for kind in scores["relations"].values():
        assert set(kind) == {"pair", "typed"}
        assert set(kind["pair"]) >= SCORE
    assert set(scores["calibration"]) == {"entity_ece", "relation_ece"}


def test_people_read_every_score(run_abduce: RunAbduce, annotated: Path) -> None:
    """Without --json every score has its name and one line."""
    done = run_abduce("evaluate", annotated, "--pack", "biomedicine")
    assert "relations.end_to_end.typed.f1" in done.out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["absent.pubtator", "--pack", "biomedicine"], 1, "absent.pubtator"),
        (["gold.pubtator", "--pack", "biomedicin"], 2, "biomedicine"),
        (["gold.pubtator", "--pack", "biomedicine", "--format", "pubtatr"], 2, "pubtator"),
    ],
)
@pytest.mark.usefixtures("annotated")
def test_what_cannot_be_measured_is_an_error(
    run_abduce: RunAbduce, arguments: list[str], code: int, message: str
) -> None:
    """An absent file, an unknown pack and an unknown format are errors that name it."""
    done = run_abduce("evaluate", *arguments, "--json")
    assert (done.code, done.out) == (code, "")
    assert message in done.err

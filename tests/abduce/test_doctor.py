"""`abduce doctor`."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.abduce.conftest import RunAbduce


def test_what_is_here_is_found(run_abduce: RunAbduce) -> None:
    """Device with its reason, encoder with its true hash, pack, store, Java and Neo4j are told."""
    done = run_abduce("doctor", "--json")
    assert done.code == 0, done.err
    (report,) = done.rows
    assert report["device"]["name"] in {"cpu", "cuda"}
    assert report["device"]["reason"]
    (encoder,) = report["encoders"]
    weights = Path(encoder["folder"]) / "model.safetensors"
    assert encoder["sha256"] == hashlib.sha256(weights.read_bytes()).hexdigest()
    assert [pack["name"] for pack in report["packs"]] == ["biomedicine"]
    assert report["store"] == {"name": "ArcadeDB", "version": version("arcadedb")}
    assert "25" in report["java"]["version"]


def test_what_is_missing_comes_with_the_line_that_installs_it(run_abduce: RunAbduce) -> None:
    """A Neo4j that is not installed here is optional, and named with the line that starts it."""
    done = run_abduce("doctor", "--json")
    (report,) = done.rows
    assert report["neo4j"]["installed"] is False
    (missing,) = [part for part in report["missing"] if part["what"] == "Neo4j"]
    assert (missing["required"], missing["install"]) == (False, "abduce neo4j start")
    assert "abduce neo4j start" in done.err


def test_without_its_encoder_a_pack_is_of_no_use(
    run_abduce: RunAbduce, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the encoder is absent, doctor ends with 1 and says what installs it."""
    monkeypatch.setattr("abduce.doctor.found_encoders", lambda: ())
    done = run_abduce("doctor")
    assert done.code == 1
    assert "pip install" in done.err


def test_people_read_it_in_80_columns(run_abduce: RunAbduce) -> None:
    """The report fits 80 columns, with the whole hash."""
    done = run_abduce("doctor")
    assert max(map(len, done.out.splitlines())) <= 80
    assert "biomedicine" in done.out

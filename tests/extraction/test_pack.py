"""Packs on disk."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pydantic import ValidationError

from extraction.calibration import Curve
from extraction.pack import PACKS, installed_packs, load_pack
from kg import PackError, UnknownNameError

GREATEST_BYTES = 8_000_000


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The shipped pack in a folder of its own."""
    return Path(shutil.copytree(PACKS / "biomedicine", tmp_path / "mine"))


def test_the_shipped_pack_is_whole() -> None:
    """Pack biomedicine has BioRED's types and relations, a calibration for each, and scores."""
    pack = load_pack("biomedicine")
    assert set(pack.labels.types) == set(pack.domain.types)
    assert set(pack.labels.predicates) == set(pack.domain.relations)
    assert set(pack.calibration.mentions) == set(pack.labels.types)
    assert set(pack.calibration.relations) == set(pack.labels.predicates)
    assert pack.scores
    assert pack.licences
    assert pack.ref == f"biomedicine@{pack.version}"


@pytest.mark.parametrize("name", installed_packs())
def test_packs_are_small_and_hold_no_code(name: str) -> None:
    """A pack's folder is text and safetensors, 8 MB at most."""
    files = [path for path in (PACKS / name).rglob("*") if path.is_file()]
    assert {path.suffix for path in files} <= {".toml", ".json", ".safetensors"}
    assert sum(path.stat().st_size for path in files) <= GREATEST_BYTES


def test_a_pack_is_loaded_from_its_folder(copied: Path) -> None:
    """A folder anywhere is as good as an installed pack."""
    assert load_pack(copied).labels == load_pack("biomedicine").labels
    assert load_pack(str(copied)).folder == copied


def test_an_unknown_pack_names_the_nearest() -> None:
    """A name that no pack has is an error with the names that look like it."""
    with pytest.raises(UnknownNameError, match="biomedicine") as caught:
        load_pack("biomedecine")
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    "name", ["domain.toml", "heads.safetensors", "adapter/adapter_model.safetensors"]
)
def test_a_pack_that_lacks_a_file_is_refused(copied: Path, name: str) -> None:
    """The error says which file is missing."""
    (copied / name).unlink()
    with pytest.raises(PackError, match=name):
        load_pack(copied)


def test_a_pack_with_a_type_that_its_domain_lacks_is_refused(copied: Path) -> None:
    """Labels must be names of the domain schema."""
    file = copied / "pack.toml"
    file.write_text(file.read_text().replace('"CellLine"', '"Cells"'))
    with pytest.raises(PackError, match="Cells"):
        load_pack(copied)


def test_a_broken_pack_file_is_refused(copied: Path) -> None:
    """What is not TOML is an error that names the file."""
    (copied / "pack.toml").write_text("name = ")
    with pytest.raises(PackError, match=r"pack\.toml"):
        load_pack(copied)


def test_a_curve_interpolates_and_is_flat_outside() -> None:
    """Between two knots a curve is a straight line, and beyond the last ones it does not move."""
    curve = Curve(raw=(0.2, 0.6), calibrated=(0.1, 0.9))
    assert [curve(x) for x in (0.0, 0.2, 0.4, 0.6, 1.0)] == pytest.approx([0.1, 0.1, 0.5, 0.9, 0.9])


@pytest.mark.parametrize(
    ("raw", "calibrated"),
    [((0.5, 0.5), (0.1, 0.2)), ((0.1, 0.2), (0.9, 0.1)), ((0.1,), (0.1, 0.2))],
)
def test_a_curve_that_falls_is_refused(
    raw: tuple[float, ...], calibrated: tuple[float, ...]
) -> None:
    """More raw confidence never means less calibrated confidence."""
    with pytest.raises(ValidationError):
        Curve(raw=raw, calibrated=calibrated)

"""Packs: all that extraction needs for one domain, as a folder of text and safetensors.

A pack's folder holds `pack.toml` (this model), `domain.toml` (the schema), `adapter/` (LoRA, as
peft writes it) and `heads.safetensors`. No pickle is ever read.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import Field, ValidationError

from extraction.calibration import Calibration
from extraction.encoders import EncoderName
from kg import Domain, Model, PackError, UnknownNameError, parse_domain

PACK_FILE = "pack.toml"
DOMAIN_FILE = "domain.toml"
HEADS_FILE = "heads.safetensors"
ADAPTER_FOLDER = "adapter"
ADAPTER_FILE = f"{ADAPTER_FOLDER}/adapter_model.safetensors"
PACKS = Path(__file__).parent / "packs"


class JointSettings(Model):
    """Shapes of the joint model; sizes are numbers of units, widths are in wordpieces."""

    window: int = Field(default=512, gt=2, description="wordpieces at once, special ones too")
    window_overlap: int = Field(default=128, ge=0)
    max_width: int = Field(default=24, gt=0)
    span_size: int = Field(default=256, gt=0)
    relation_size: int = Field(default=256, gt=0)
    block: int = Field(default=32, gt=0)
    dropout: float = Field(default=0.2, ge=0, lt=1)
    pad_id: int = Field(default=0, ge=0)
    first_id: int = Field(default=101, ge=0, description="the id of [CLS]")
    last_id: int = Field(default=102, ge=0, description="the id of [SEP]")
    mask_id: int = Field(default=103, ge=0)


class Scores(Model):
    """F1 in [0, 1], as `abduce evaluate` counts it, on the split named."""

    split: str
    entities: float
    gold_pair: float
    gold_typed: float
    end_to_end_pair: float
    end_to_end_typed: float
    entity_ece: float
    relation_ece: float


class Labels(Model):
    """What the heads' outputs stand for.

    Attributes:
        types: entity types, in the order of the span head's classes.
        predicates: in the order of the relation head's classes.
        pairs: pairs of types between which the relation head was trained, and is asked.
    """

    types: tuple[str, ...] = Field(min_length=1)
    predicates: tuple[str, ...] = Field(min_length=1)
    pairs: tuple[tuple[str, str], ...]

    def allows(self, one: str, other: str) -> bool:
        """Whether the relation head is asked about two entities of these types."""
        return (one, other) in self.pairs or (other, one) in self.pairs


class PackFile(Model):
    """What `pack.toml` holds."""

    name: str
    version: str
    recipe: str
    encoder: EncoderName
    settings: JointSettings
    labels: Labels
    calibration: Calibration
    scores: tuple[Scores, ...] = ()
    licences: dict[str, str] = Field(description="licence of each corpus it was trained on")


class Pack(PackFile):
    """A pack as it lies on disk, with its domain schema."""

    folder: Path
    domain: Domain

    @property
    def ref(self) -> str:
        """Name and version, as evidence names the pack."""
        return f"{self.name}@{self.version}"

    @property
    def errors(self) -> dict[str, float]:
        """Its systematic error rate by its ref, as a shard carries it; empty if not measured."""
        rate = self.calibration.systematic_error
        return {} if rate is None else {self.ref: rate}


def installed_packs() -> tuple[str, ...]:
    """Names of the packs that are installed with Abduce, sorted."""
    return tuple(sorted(path.parent.name for path in PACKS.glob(f"*/{PACK_FILE}")))


def load_pack(name_or_path: str | Path) -> Pack:
    """Read a pack by the name of an installed one, or by its folder.

    Raises:
        UnknownNameError: neither an installed pack nor a folder has that name.
        PackError: the folder is not a complete pack.
    """
    if str(name_or_path) in installed_packs():
        return _read(PACKS / str(name_or_path))
    folder = Path(name_or_path)
    if folder.is_dir():
        return _read(folder)
    hint = "give an installed pack's name or a pack's folder"
    raise UnknownNameError("pack", str(name_or_path), installed_packs(), hint)


def _read(folder: Path) -> Pack:
    for name in (PACK_FILE, DOMAIN_FILE, HEADS_FILE, ADAPTER_FILE):
        if not (folder / name).is_file():
            msg = f"pack in {folder}: no {name}; copy the whole folder, or train it again"
            raise PackError(msg)
    domain = parse_domain(
        (folder / DOMAIN_FILE).read_text(encoding="utf-8"), str(folder / DOMAIN_FILE)
    )
    try:
        values = tomllib.loads((folder / PACK_FILE).read_text(encoding="utf-8"))
        pack = Pack.model_validate({**values, "folder": folder, "domain": domain})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        msg = f"pack in {folder}: {PACK_FILE} is not what a pack needs: {error}"
        raise PackError(msg) from error
    for label in (*pack.labels.types, *(end for pair in pack.labels.pairs for end in pair)):
        if label not in domain.types:
            msg = f"pack in {folder}: type {label!r} is not in its {DOMAIN_FILE}"
            raise PackError(msg)
    for predicate in pack.labels.predicates:
        if predicate not in domain.relations:
            msg = f"pack in {folder}: relation {predicate!r} is not in its {DOMAIN_FILE}"
            raise PackError(msg)
    return pack

